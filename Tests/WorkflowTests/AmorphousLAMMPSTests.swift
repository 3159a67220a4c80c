import Crystal
import Energetics
import Engines
import Foundation
import StructureIO
import Testing

@testable import Workflow

/// Melt–quench with LAMMPS.
@Suite(.serialized, .enabled(if: LAMMPSProgram.isInstalled, "needs LAMMPS"))
struct AmorphousLAMMPSTests {
  private static let schedule = """
    time_step: 1 fs
    segments:
      - {name: cool, temperature: [900, 600], time: 40 fs, damping: 20 fs}
      - {name: press, temperature: [600, 300], time: 42 fs, thermostat: nose-hoover, damping: 50 fs, pressure: [0, 20], cell: full, pressure_damping: 100 fs}
      - {name: minimise, relax: isotropic, force: 0.5, steps: 20}
    """

  /// Rocksalt MgO, 64 atoms, with atoms off their sites.
  ///
  /// - Parameter displacement: Largest displacement of a coordinate, Å.
  private func magnesia(_ folder: String, displacement: Double = 0.05) throws -> String {
    var random = RandomStream(seed: 2, purpose: "magnesia")
    var lines = ""
    for n in 0..<64 {
      let place = SIMD3(n / 16, n / 4 % 4, n % 4)
      let r =
        2.1 * SIMD3<Double>(place)
        + displacement
        * (2 * SIMD3(random.uniform(), random.uniform(), random.uniform()) - 1)
      let isMagnesium = (place.x + place.y + place.z).isMultiple(of: 2)
      lines += "\(isMagnesium ? "Mg" : "O") \(r.x) \(r.y) \(r.z) \(isMagnesium ? 2 : -2)\n"
    }
    let file = "\(folder)/start.extxyz"
    try """
    64
    Lattice="8.4 0 0 0 8.4 0 0 0 8.4" Properties=species:S:1:pos:R:3:initial_charges:R:1
    \(lines)
    """.write(toFile: file, atomically: true, encoding: .utf8)
    return file
  }

  private func specification(
    _ folder: String, _ schedule: String = schedule, processes: Int = 1, displacement: Double = 0.05
  ) throws -> AmorphousSpecification {
    var energy = EnergySpecification(
      structure: try magnesia(folder, displacement: displacement))
    energy.model = "lewis-catlow"
    energy.cutoff = 6
    energy.accuracy = 1e-6
    energy.engine = EngineSpecification("lammps:\(processes)")
    var specification = AmorphousSpecification(
      energy: energy, schedule: try MeltSchedule(parsing: schedule, file: "test"), seed: 4)
    specification.logInterval = 10
    specification.frameInterval = 15
    return specification
  }

  /// Lines of the log as words.
  private func log(_ folder: OutputFolder) throws -> [[Substring]] {
    try folder.read("thermo.csv").split(separator: "\n").dropFirst().map {
      $0.split(separator: ",")
    }
  }

  private func frames(_ folder: OutputFolder) throws -> [Structure] {
    var reader = try StructureFrames(folder.file("trajectory.extxyz"))
    var frames: [Structure] = []
    while let reading = try reader.next() { frames.append(reading.structure) }
    return frames
  }

  @Test("segments run in LAMMPS, and log, frames and structures are those of the built-in dynamics")
  func segments() async throws {
    try await withTemporaryFolder { folder in
      let out = try OutputFolder("\(folder)/out")
      let result = try AmorphousRun(specification(folder))(in: out)
      #expect(result.models.count == 1)
      let rows = try log(out)
      #expect(
        rows.map { "\($0[0]) \($0[1])" } == [10, 20, 30, 40].map { "cool \($0)" }
          + [10, 20, 30, 40, 42].map { "press \($0)" })
      #expect(rows.map { Double($0[2]) } == [10, 20, 30, 40, 50, 60, 70, 80, 82])
      #expect(Set(rows.prefix(4).map { $0[8] }).count == 1 && rows[8][8] != rows[7][8])
      for row in rows {
        let temperature = try #require(Double(row[3]))
        #expect((200...1200).contains(temperature), "\(temperature)")
      }
      // The energy in the log is that of the built-in model, and so is the density.
      let frames = try frames(out)
      #expect(
        frames.map { frame in frame.info.first { $0.key == "time_fs" }?.value }
          == ["15.0", "30.0", "40.0", "55.0", "70.0", "82.0"])
      for (frame, row) in [(2, 3), (5, 8)] {
        let structure = frames[frame]
        let setup = try ForceFieldSetup(structure, model: "lewis-catlow", file: "frame")
        let model = setup.makeModel(lattice: structure.lattice, cutoff: 6, accuracy: 1e-7)
        let energy = try model.evaluate(
          Configuration(
            lattice: structure.lattice, species: setup.species,
            positions: structure.cartesianPositions.map(\.components))
        ).energy
        #expect(abs(energy - (Double(rows[row][4]) ?? .nan)) < 2e-3)
        #expect(abs(structure.lattice.volume / (Double(rows[row][8]) ?? .nan) - 1) < 1e-9)
      }
      // The last frame of a segment is the structure that the next one begins with.
      let next = try StructureFile.read(out.file("2-press.extxyz")).structure
      #expect(next[column: Column.Name.velocity] != nil)
      for (a, b) in zip(next.positions, frames[5].positions) {
        #expect(length(a.wrapped.components - b.components) < 1e-9)
      }
      #expect(!out.has("lammps"))
    }
  }

  private static let processes = ProcessInfo.processInfo.activeProcessorCount > 1 ? [1, 2] : [1]

  @Test("a run that was stopped or killed goes on to the same bytes", arguments: processes)
  func resume(processes: Int) async throws {
    try await withTemporaryFolder { folder in
      let run = try AmorphousRun(specification(folder, processes: processes))
      let whole = try OutputFolder("\(folder)/whole")
      _ = try run(in: whole)
      let part = try OutputFolder("\(folder)/part")
      // LAMMPS has begun with the second segment, and is ended.
      #expect(throws: AmorphousRun.Interrupted.self) {
        _ = try run(in: part, shouldStop: { part.has("1-cool.extxyz") })
      }
      #expect(!part.has("lammps") && !part.has("2-press.extxyz"))
      // What a killed run leaves: half a line, half a frame, and what LAMMPS had written.
      for name in ["thermo.csv", "trajectory.extxyz"] {
        try part.write(part.read(name) + "press,10,5", to: name)
      }
      try part.write("ITEM: TIMESTEP\n", to: "lammps/trajectory.lammpstrj")
      let folder = try OutputFolder(part.path, existing: .resume)
      _ = try AmorphousRun(resuming: folder)(in: folder)
      for name in [
        "final.extxyz", "thermo.csv", "trajectory.extxyz", "rdf.csv", "2-press.extxyz",
        "state.json", "report.html",
      ] { #expect(try whole.read(name) == part.read(name), "\(name)") }
      #expect(!part.has("lammps"))
    }
  }

  @Test("guards and LAMMPS itself stop a run with a diagnosis")
  func guards() async throws {
    try await withTemporaryFolder { folder in
      let cold = "segments: [{name: melt, temperature: 300, time: 1 ps, thermostat: none}]"
      let wild = """
        time_step: 20 fs
        segments: [{name: melt, temperature: 9000, time: 2 ps, thermostat: none}]
        """
      for (name, schedule, displacement, words) in [
        ("hot", cold, 0.6, "temperature runaway in melt"), ("wild", wild, 0.05, "in melt"),
      ] {
        let out = try OutputFolder("\(folder)/\(name)")
        let run = try AmorphousRun(
          specification(folder, schedule, displacement: displacement))
        var warnings: [String] = []
        let error = #expect(throws: InputError.self) {
          _ = try run(in: out, warn: { warnings.append($0) })
        }
        #expect(error?.message.contains(words) ?? false, "\(error as Any)")
        #expect(error?.hint != nil)
        #expect(!out.has("final.extxyz") && !out.has("1-melt.extxyz"))
        #expect(warnings.contains { $0.contains("is unstable") } == (name == "wild"))
      }
    }
  }

  @Test("what LAMMPS cannot do is refused before the start")
  func refusals() async throws {
    try await withTemporaryFolder { folder in
      let shape = "segments: [{temperature: 300, time: 1 ps, pressure: 0, cell: shape}]"
      let error = #expect(throws: InputErrors.self) {
        try AmorphousRun(specification(folder, shape))
      }
      #expect("\(error as Any)".contains("changes the shape at constant volume"))
    }
  }
}
