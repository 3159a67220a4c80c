import Crystal
import Dynamics
import Engines
import Foundation
import Testing

@testable import Workflow

private let hasPython = ["/usr/bin/python3", "/usr/local/bin/python3"].contains {
  FileManager.default.isExecutableFile(atPath: $0)
}

/// Relaxations and dynamics by programs outside cellgen.
@Suite struct EngineMotionTests {
  /// A structure of two atoms in a folder.
  private func structure(_ folder: String) throws -> String {
    let path = "\(folder)/m.extxyz"
    try """
    2
    Lattice="4 0 0 0 4 0 0 0 4" Properties=species:S:1:pos:R:3
    Mg 0 0 0
    O 2 2 2

    """.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  /// An engine that knows neither forces nor stress.
  private let flat =
    "command:echo '{\"energy_eV\": -1, \"forces_eV_A\": [[0, 0, 0], [0, 0, 0]]}' > {out} # {in}"

  private func energy(_ folder: String, _ engine: String) throws -> EnergySpecification {
    var energy = EnergySpecification(structure: try structure(folder))
    energy.engine = EngineSpecification(engine)
    energy.engine?.limits.attempts = 1
    return energy
  }

  private func dynamics(_ energy: EnergySpecification) -> MDSpecification {
    MDSpecification(energy: energy, times: [3], temperatures: [Schedule.Ramp(300)], seed: 1)
  }

  /// Springs to the places of the file, k = 1 eV/Å². It notes every call, and from a certain one on it
  /// hangs while a file exists.
  private func springs(_ folder: String, hangsFrom call: Int) throws -> String {
    try """
    import json, os, sys, time
    folder, limit, source, target = sys.argv[1:5]
    with open(folder + '/calls', 'a') as calls:
        calls.write('x')
    if os.path.getsize(folder + '/calls') >= int(limit) and os.path.exists(folder + '/hang'):
        time.sleep(60)
    homes = [[0, 0, 0], [2, 2, 2]]
    energy, forces = 0.0, []
    for line, home in zip(open(source).read().splitlines()[2:], homes):
        r = [float(x) for x in line.split()[1:4]]
        d = [(x - h + 2) % 4 - 2 - 0.1 for x, h in zip(r, home)]
        energy += 0.5 * sum(x * x for x in d)
        forces.append([-x for x in d])
    json.dump({'energy_eV': energy, 'forces_eV_A': forces}, open(target, 'w'))

    """.write(toFile: "\(folder)/springs.py", atomically: true, encoding: .utf8)
    try Data().write(to: URL(filePath: "\(folder)/hang"))
    return "command:exec python3 \(folder)/springs.py \(folder) \(call) {in} {out}"
  }

  /// Asks to stop once the program has been called so often and for a moment.
  private func interruption(_ folder: String, after call: Int) -> () -> Bool {
    var since: ContinuousClock.Instant?
    return {
      let data = FileManager.default.contents(atPath: "\(folder)/calls") ?? Data()
      guard data.count >= call else { return false }
      since = since ?? ContinuousClock().now
      return ContinuousClock().now - (since ?? ContinuousClock().now) > .milliseconds(100)
    }
  }

  @Test("an interruption does not wait for a program that works on a step", .enabled(if: hasPython))
  func interruptedRelaxation() async throws {
    try await withTemporaryFolder { folder in
      let second = try energy(folder, springs(folder, hangsFrom: 2))
      let run = try RelaxRun(
        RelaxSpecification(energy: second), isInterrupted: interruption(folder, after: 2))
      let began = ContinuousClock().now
      let result = try run(in: OutputFolder("\(folder)/out"))
      #expect(result.ending == .stopped && result.last.number == 0)
      #expect(ContinuousClock().now - began < .seconds(30))

      try FileManager.default.removeItem(atPath: "\(folder)/calls")
      let first = try energy(folder, springs(folder, hangsFrom: 1))
      let none = try RelaxRun(
        RelaxSpecification(energy: first), isInterrupted: interruption(folder, after: 1))
      #expect(throws: RelaxRun.Interrupted.self) { try none(in: OutputFolder("\(folder)/none")) }
    }
  }

  @Test(
    "dynamics that is interrupted in the middle of a step goes on with the same bytes",
    .enabled(if: hasPython))
  func interruptedDynamics() async throws {
    try await withTemporaryFolder { folder in
      let whole = try OutputFolder("\(folder)/whole")
      let specification = dynamics(try energy(folder, springs(folder, hangsFrom: 1_000_000)))
      _ = try MDRun(specification)(in: whole)
      let calls = try #require(FileManager.default.contents(atPath: "\(folder)/calls")).count

      try FileManager.default.removeItem(atPath: "\(folder)/calls")
      // The last call belongs to the last step.
      let hanging = dynamics(try energy(folder, springs(folder, hangsFrom: calls)))
      let broken = try OutputFolder("\(folder)/broken")
      let run = try MDRun(hanging, isInterrupted: interruption(folder, after: calls))
      let stop = #expect(throws: MDRun.Interrupted.self) { try run(in: broken) }
      #expect(stop?.step == 2)
      try FileManager.default.removeItem(atPath: "\(folder)/hang")
      _ = try MDRun(resuming: OutputFolder(broken.path, existing: .resume))(in: broken)
      for name in ["trajectory.extxyz", "thermo.csv", "final.extxyz"] {
        #expect(try broken.read(name) == whole.read(name), "\(name)")
      }
    }
  }

  @Test("a cell that may change needs a program that computes its stress")
  func stress() async throws {
    try await withTemporaryFolder { folder in
      var relaxation = RelaxSpecification(energy: try energy(folder, flat))
      let fixed = try RelaxRun(relaxation)
      #expect(try fixed(in: OutputFolder("\(folder)/fixed")).ending == .converged)
      #expect(fixed.remarks.contains { $0.contains("it gives no stress") })
      relaxation.cell = .full
      let run = try RelaxRun(relaxation)
      let error = #expect(throws: EngineError.self) { try run(in: OutputFolder("\(folder)/full")) }
      #expect("\(error as Any)".contains("compute its stress"))

      var motion = dynamics(try energy(folder, flat))
      let still = try MDRun(motion)
      _ = try still(in: OutputFolder("\(folder)/still"))
      #expect(still.remarks.contains { $0.contains("it gives no stress") })
      motion.cell = .isotropic
      let moving = try MDRun(motion)
      #expect(throws: EngineError.self) { try moving(in: OutputFolder("\(folder)/moving")) }
    }
  }
}
