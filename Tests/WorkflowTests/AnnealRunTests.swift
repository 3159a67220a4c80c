import Arrangement
import Crystal
import Foundation
import Search
import Testing

@testable import Workflow

@Suite struct AnnealRunTests {
  @Test("occupancies at temperatures, their errors and energies are those of the Boltzmann sum")
  func boltzmannSum() async throws {
    try await AnnealFixtures.inFolder { folder in
      var specification = try AnnealFixtures.specification(AnnealFixtures.twoKinds, in: folder)
      specification.temperatures = [20000, 60000, 200_000]
      specification.equilibration = 100
      specification.rounds = 3000
      let run = try AnnealRun(specification)
      let out = try OutputFolder("\(folder)/out")
      _ = try await run(in: out, threads: 2)

      let space = try SearchSpace(run.problem, potentials: run.energy.potentials)
      let arrangements = AnnealFixtures.arrangements(run.problem)
      #expect(arrangements.count == 560)
      let energies = arrangements.map { space.energy($0) }
      let lowest = try #require(energies.min())
      func mean(_ temperature: Double, _ value: (Int) -> Double) -> Double {
        let weights = energies.map { exp(-($0 - lowest) / (Constants.boltzmann * temperature)) }
        return arrangements.indices.reduce(0) { $0 + weights[$1] * value($1) }
          / weights.reduce(0, +)
      }
      let table = try out.read("occupancy.csv").split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
      #expect(table[0] == AnnealResult.occupancyHeader)
      #expect(table.count == 1 + 3 * 2 * 3)
      var spread: Set<Int> = []
      for row in table.dropFirst() {
        let (temperature, fraction, error) = (
          try #require(Double(row[0])), try #require(Double(row[4])), try #require(Double(row[5]))
        )
        let exact = mean(temperature) { k in
          let label = run.problem.occupancy(of: arrangements[k]).first { $0.label == row[1] }
          return Double(label?.elements.first { $0.element.symbol == row[3] }?.count ?? 0) / 4
        }
        #expect((fraction - exact).magnitude < 4.5 * error + 1e-9, "\(row) \(exact)")
        #expect(error < 0.02)
        spread.insert(Int(10 * exact))
      }
      #expect(spread.count > 2, "the labels are alike, and the test says little")

      let thermodynamics = try out.read("thermodynamics.csv").split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
      for row in thermodynamics.dropFirst() {
        let numbers = row.compactMap(Double.init)
        let exact = mean(numbers[0]) { energies[$0] }
        #expect((numbers[1] - exact).magnitude < 4.5 * numbers[2])
        let square = mean(numbers[0]) { (energies[$0] - exact) * (energies[$0] - exact) }
        let capacity = square / (Constants.boltzmann * numbers[0] * numbers[0])
        #expect((numbers[7] - capacity).magnitude < 4.5 * numbers[8])
        #expect((numbers[9] - numbers[7] / Constants.boltzmann / 14).magnitude < 1e-9)
      }
    }
  }

  private static func cases(_ folder: String) throws -> [AnnealSpecification] {
    let energy = try AnnealFixtures.specification(AnnealFixtures.twoKinds, in: folder)
    var open = try AnnealFixtures.specification(AnnealFixtures.twoKinds, in: folder)
    open.temperatures = [10000, 40000]
    open.chemicalPotentials = ["Mg": 1, "Li": 0]
    var order = try AnnealFixtures.specification(AnnealFixtures.twoKinds, in: folder, .sqs)
    order.replicas = 3
    order.targets = [0.2]
    return [energy, open, order]
  }

  @Test("the same bytes for one thread and for three", arguments: 0..<3)
  func threads(number: Int) async throws {
    try await AnnealFixtures.inFolder { folder in
      let run = try AnnealRun(AnnealRunTests.cases(folder)[number])
      let one = try OutputFolder("\(folder)/one")
      let three = try OutputFolder("\(folder)/three")
      _ = try await run(in: one, threads: 1)
      _ = try await run(in: three, threads: 3)
      let files = try AnnealFixtures.contents(one)
      #expect(files.count > 10)
      #expect(try AnnealFixtures.contents(three) == files)
    }
  }

  @Test(
    "a run that was stopped and resumed ends with the same bytes",
    arguments: [(0, 0), (0, 7), (0, 25), (1, 15), (2, 11)])
  func resume(number: Int, stopAfter: Int) async throws {
    try await AnnealFixtures.inFolder { folder in
      let run = try AnnealRun(AnnealRunTests.cases(folder)[number])
      let whole = try OutputFolder("\(folder)/whole")
      _ = try await run(in: whole, threads: 2)

      let broken = try OutputFolder("\(folder)/broken")
      var round = 0
      await #expect(throws: AnnealRun.Interrupted.self) {
        _ = try await run(
          in: broken, threads: 2, progress: { round = $0.round },
          shouldStop: { round >= stopAfter })
      }
      #expect(!broken.has("summary.json"))
      // The problem file of the user may be gone.
      try FileManager.default.removeItem(atPath: "\(folder)/problem.yaml")
      let resumed = try AnnealRun(resuming: OutputFolder(broken.path, existing: .resume))
      _ = try await resumed(in: broken, threads: 1)
      #expect(try AnnealFixtures.contents(whole) == AnnealFixtures.contents(broken))
      // Once more changes nothing, and neither does the loss of the state.
      _ = try await resumed(in: broken, threads: 2)
      #expect(try AnnealFixtures.contents(whole) == AnnealFixtures.contents(broken))
      try broken.remove("state.json")
      _ = try await resumed(in: broken, threads: 2)
      #expect(try AnnealFixtures.contents(whole) == AnnealFixtures.contents(broken))
    }
  }

  @Test("more rounds later are the same as at once; fewer than were done are refused")
  func moreRounds() async throws {
    try await AnnealFixtures.inFolder { folder in
      var specification = try AnnealRunTests.cases(folder)[0]
      let out = try OutputFolder("\(folder)/out")
      _ = try await AnnealRun(specification)(in: out, threads: 2)
      let longer = try AnnealRun(resuming: out, rounds: 45)
      _ = try await longer(in: out, threads: 2)
      specification.rounds = 45
      let whole = try OutputFolder("\(folder)/whole")
      _ = try await AnnealRun(specification)(in: whole, threads: 2)
      #expect(try AnnealFixtures.contents(whole) == AnnealFixtures.contents(out))

      let before = try out.read(OutputFolder.manifestName)
      let shorter = try AnnealRun(resuming: out, rounds: 44)
      let error = await #expect(throws: InputError.self) {
        _ = try await shorter(in: out, threads: 1)
      }
      #expect(error?.message.contains("has done 45") == true)
      #expect(try out.read(OutputFolder.manifestName) == before)
      try out.write("{", to: "state.json")
      await #expect(throws: InputError.self) { _ = try await longer(in: out, threads: 1) }
    }
  }

  @Test("the lowest arrangements of the half-filled spinel, each once")
  func lowest() async throws {
    try await AnnealFixtures.inFolder { folder in
      var specification = try AnnealFixtures.specification(AnnealFixtures.spinel, in: folder)
      specification.temperatures = [20000, 60000, 200_000]
      specification.rounds = 200
      specification.top = 20
      let out = try OutputFolder("\(folder)/out")
      let result = try await AnnealRun(specification)(in: out, threads: 2)
      // Exhaustive search with two programs: -1931.7426 eV; all 70 arrangements.
      #expect(abs((result.entries.first?.energy ?? 0) + 1931.7426) < 1e-4)
      #expect(result.entries.reduce(0) { $0 + $1.degeneracy } == 70)
      #expect(result.duplicates > 0)
      let rows = try out.read("energies.csv").split(separator: "\n")
      #expect(rows.count == 1 + result.entries.count)
      #expect(rows[1].hasPrefix("001,Mg4Mn16O32,52,-1931.74"))
      #expect(out.has("structures/001.cif") && out.has("structures/001.vasp"))
      #expect(try out.read("structures/001.extxyz").contains("energy_model=ewald"))
    }
  }

  @Test("a quasirandom structure of 64 sites meets its targets, with the energies of the model")
  func quasirandom() async throws {
    try await AnnealFixtures.inFolder { folder in
      var specification = try AnnealFixtures.specification(
        AnnealFixtures.spinel.replacing("counts: {8a: {Mg: 4}}", with: "counts: {8a: {Mg: 32}}")
          .replacing("energy:", with: "supercell: 2x2x2\nenergy:"), in: folder, .sqs)
      specification.rounds = 200
      specification.sweeps = 20
      let out = try OutputFolder("\(folder)/out")
      let result = try await AnnealRun(specification)(in: out, threads: 2)
      #expect(result.entries.first?.value ?? 1 <= 1e-12)
      let rows = try out.read("sqs.csv").split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
      #expect(rows[0] == AnnealResult.targetHeader)
      let unlike = rows.filter { $0[0] == "1" && $0[4] == "Mg-Va" }
      #expect(unlike.count == 2)
      #expect(unlike.allSatisfy { $0[5] == "0.0" && Double($0[7])?.magnitude ?? 1 < 1e-6 })
      #expect(!out.has("thermodynamics.csv") && out.has("energies.csv"))
    }
  }

  @Test("quasirandom structures need no energy model")
  func withoutEnergies() async throws {
    try await AnnealFixtures.inFolder { folder in
      let specification = try AnnealFixtures.specification(
        AnnealFixtures.spinel.replacing("Mg", with: "Pb").replacing("ewald", with: "lattice"),
        in: folder, .sqs)
      let run = try AnnealRun(specification)
      #expect(run.warnings.contains { $0.hasPrefix("no energies: no published short-range") })
      let out = try OutputFolder("\(folder)/out")
      let result = try await run(in: out, threads: 1)
      #expect(result.energies.allSatisfy { $0 == nil })
      #expect(!out.has("energies.csv") && out.has("structures/001.extxyz"))
    }
  }
}
