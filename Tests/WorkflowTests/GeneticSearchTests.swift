import Arrangement
import CellgenTestSupport
import Crystal
import Foundation
import Search
import StructureIO
import Testing

@testable import Workflow

/// Sixteen 8a sites, half of them Mg: small enough for seconds, large enough to need a search.
private let smallProblem = """
  lattice: 8.5
  spacegroup: Fd-3m
  origin: 2
  sites:
    - {label: 8a,  frac: [0.125, 0.125, 0.125], allowed: [Mg, Va]}
    - {label: 16d, frac: [0.5, 0.5, 0.5], allowed: [Mn]}
    - {label: 32e, frac: [0.2625, 0.2625, 0.2625], allowed: [O]}
  supercell: 2x1x1
  counts: {8a: {Mg: 8}}
  oxidation: {Mg: 2, O: -2, Mn: auto}
  energy: ewald

  """

@Suite struct GeneticSearchTests {
  /// A folder that is empty before the test and gone after it.
  private func withFolder(_ work: (String) async throws -> Void) async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "cellgen-\(UUID())")
    try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: path) }
    try await work(path.path())
  }

  private func specification(in folder: String, generations: Int = 12) throws -> GASpecification {
    let problem = "\(folder)/problem.yaml"
    try smallProblem.write(toFile: problem, atomically: true, encoding: .utf8)
    var specification = GASpecification(seed: 5)
    specification.problem = problem
    specification.generations = generations
    specification.parameters.population = 8
    return specification
  }

  /// Every file of a folder but the manifest, which holds times, by relative name.
  private func contents(_ folder: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder)
    where name != OutputFolder.manifestName {
      if let data = FileManager.default.contents(atPath: "\(folder)/\(name)") { files[name] = data }
    }
    return files
  }

  @Test("the same bytes for one thread and for three, and twice in a row")
  func determinism() async throws {
    try await withFolder { folder in
      let search = try GeneticSearch(specification(in: folder))
      var results: [[String: Data]] = []
      for threads in [1, 3, 1] {
        let out = try OutputFolder("\(folder)/out\(results.count)")
        _ = try await search(in: out, threads: threads)
        results.append(try contents(out.path))
      }
      #expect(results[0].count > 10)
      #expect(results[0] == results[1])
      #expect(results[0] == results[2])
    }
  }

  @Test("a search that was stopped and resumed ends with the same bytes", arguments: [0, 1, 5])
  func resume(stopAfter: Int) async throws {
    try await withFolder { folder in
      let search = try GeneticSearch(specification(in: folder))
      let whole = try OutputFolder("\(folder)/whole")
      _ = try await search(in: whole, threads: 2)

      let broken = try OutputFolder("\(folder)/broken")
      var generation = 0
      await #expect(throws: GARun.Interrupted.self) {
        _ = try await search(
          in: broken, threads: 2, progress: { generation = $0.generation },
          shouldStop: { generation >= stopAfter })
      }
      let record = try RunRecord(path: broken.file("run.sqlite"))
      #expect(try record.population()?.generation == stopAfter)
      let resumed = try GeneticSearch(
        resuming: OutputFolder(broken.path, existing: .resume))
      _ = try await resumed(in: broken, threads: 1)
      #expect(try contents(whole.path) == contents(broken.path))
      // Resuming a finished search changes nothing.
      _ = try await resumed(in: broken, threads: 2)
      #expect(try contents(whole.path) == contents(broken.path))
    }
  }

  @Test("a search finds the known optimum of the half-filled spinel")
  func optimum() async throws {
    try await withFolder { folder in
      var specification = try specification(in: folder)
      try smallProblem.replacing("supercell: 2x1x1", with: "supercell: 1x1x1")
        .replacing("Mg: 8}", with: "Mg: 4}")
        .write(toFile: "\(folder)/problem.yaml", atomically: true, encoding: .utf8)
      specification.generations = 5
      let out = try OutputFolder("\(folder)/out")
      let results = try await GeneticSearch(specification)(in: out, threads: 2)
      // Exhaustive search with two programs: -1931.7426 eV.
      #expect(abs((results.first?.energy ?? 0) + 1931.7426) < 1e-4)
      let summary = try jsonValue(GASummary.self, from: out.read("summary.json"))
      #expect(summary.occupancy["8a"] == ["Mg": 0.5, "Va": 0.5])
      #expect(summary.charges.first { $0.species == "Mn" }?.oxidation_state == 3.5)
    }
  }

  @Test("a sweep writes one energy for each x, and occupancies for each label")
  func sweep() async throws {
    try await withFolder { folder in
      var specification = try specification(in: folder, generations: 2)
      try smallProblem.replacing("counts: {8a: {Mg: 8}}", with: "composition: Mg0.5Mn2O4")
        .write(toFile: "\(folder)/problem.yaml", atomically: true, encoding: .utf8)
      specification.sweep = "Mg{x}Mn2O4"
      specification.x = ["0", "1/4", "1/2", "1"]
      let out = try OutputFolder("\(folder)/out")
      let search = try GeneticSearch(specification)
      _ = try await search(in: out, threads: 2)
      let rows = try out.read("energies.csv").split(whereSeparator: \.isNewline)
      #expect(rows.count == 5)
      #expect(rows[2].hasPrefix("x0.2500-001,Mg4Mn32O64,100,"))
      #expect(try out.read("occupancy.csv").contains("1/4,Mg0.25Mn2O4,8a,16,Mg,4,0.250000"))
      #expect(out.has("x0.2500/structures/001.cif"))
    }
  }

  @Test("a parent file is kept with the results, so that a search can be resumed without it")
  func parentFile() async throws {
    try await withFolder { folder in
      var specification = try specification(in: folder, generations: 2)
      let file = try ProblemFile(parsing: smallProblem, file: "x")
      var parent = file.specification.parent
      for (i, allowed) in file.specification.allowed.enumerated() {
        parent.setSpecies(Species(allowed[0]), at: i)
      }
      try StructureFile.write(parent, to: "\(folder)/host.extxyz")
      try """
      parent: host.extxyz
      allowed: {8a: [Mg, Va]}
      supercell: [[2, 0, 0], [0, 1, 0], [0, 0, 1]]
      counts: {8a: {Mg: 8}}
      energy: ewald

      """.write(toFile: "\(folder)/problem.yaml", atomically: true, encoding: .utf8)
      specification.problem = "\(folder)/problem.yaml"
      let out = try OutputFolder("\(folder)/out")
      let first = try await GeneticSearch(specification)(in: out, threads: 1)
      try FileManager.default.removeItem(atPath: "\(folder)/host.extxyz")
      let resumed = try GeneticSearch(
        resuming: OutputFolder(out.path, existing: .resume), generations: 4)
      let second = try await resumed(in: out, threads: 1)
      #expect((second.first?.energy ?? 0) <= (first.first?.energy ?? 0))
      #expect(second.first?.generation == 4)
    }
  }

  @Test("settings that contradict each other are refused")
  func contradictions() throws {
    var specification = GASpecification(seed: 1)
    specification.x = ["0"]
    #expect(throws: InputError.self) { try GeneticSearch(specification) }
    specification.sweep = "MgZnMnO3"
    #expect(throws: InputError.self) { try GeneticSearch(specification) }
    specification.sweep = "Mg{x}ZnMnO3"
    specification.x = ["0", "0/5", "half", "-1", "0.16"]
    let errors = #expect(throws: InputErrors.self) { try GeneticSearch(specification) }
    #expect(errors?.problems.count == 4, "all values of x are checked at once")
    #expect("\(errors as Any)".contains("46 (Mg23/144 = 0.1597)"))
  }
}
