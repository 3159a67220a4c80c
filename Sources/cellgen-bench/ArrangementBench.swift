import Arrangement
import Crystal
import Energetics
import Foundation
import Search
import Symmetry
import Workflow

/// Speed of counting, listing and ranking, beside brute force and published times of other programs.
enum ArrangementBench {
  static func rows() async throws -> [CellgenBench.Row] {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "cellgen-bench-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func file(_ name: String, _ text: String) throws -> String {
      let path = folder.appending(path: name).path
      try Data(text.utf8).write(to: URL(filePath: path))
      return path
    }
    let spinel = try file("spinel.yaml", spinelText)
    let rutile = try file("rutile.yaml", rutileText)
    var rows: [CellgenBench.Row] = []
    for (cell, expected) in [("2x1x1", "163"), ("3x1x1", "15487"), ("2x2x1", "2357871")] {
      rows.append(try countRow(spinel, cell, expected, "< 0.05 s"))
    }
    rows.append(try countRow(rutile, "2x3x3", "63075916", "< 1 s"))
    rows.append(try bruteForceRow(spinel))
    rows.append(
      try await enumerationRow(
        spinel, "2x2x1", limit: nil, folder, twin: "disorder: 116 s, SHRY: 348 s",
        required: "< 5 s"))
    rows.append(
      try await enumerationRow(
        rutile, "2x3x3", limit: 10_000_000, folder,
        twin: "supercell: 143 s for all on 8 cores (published)", required: "> 1 million/s"))
    for (cell, twin, required) in [
      ("3x1x1", "pymatgen: 27 s", "< 1 s"),
      ("2x2x1", "pymatgen: over 60 s, 2 distinct of 10", "< 3 s"),
      ("2x2x2", "GOAC: no bound", "-15453.9408 eV"),
    ] {
      rows.append(try await rankRow(spinel, cell, folder, twin: twin, required: required))
    }
    rows.append(try proposalRow(spinel))
    return rows
  }

  /// Half-filled 8a of a spinel.
  private static let spinelText = """
    lattice: [[8.5, 0, 0], [0, 8.5, 0], [0, 0, 8.5]]
    origin: 2
    spacegroup: Fd-3m
    sites:
      - {label: 8a,  frac: [0.125, 0.125, 0.125], allowed: [Mg, Va]}
      - {label: 16d, frac: [0.5, 0.5, 0.5], allowed: [Mn]}
      - {label: 32e, frac: [0.2625, 0.2625, 0.2625], allowed: [O]}
    composition: Mg0.5Mn2O4
    oxidation: {Mg: 2, O: -2, Mn: auto}
    energy: ewald

    """

  /// FeSbO4 on the cations of rutile.
  private static let rutileText = """
    lattice: [[4.63, 0, 0], [0, 4.63, 0], [0, 0, 3.07]]
    spacegroup: P4_2/mnm
    sites:
      - {label: 2a, frac: [0, 0, 0], allowed: [Fe, Sb]}
      - {label: 4f, frac: [0.305, 0.305, 0], allowed: [O]}
    composition: Fe0.5Sb0.5O2
    oxidation: {Fe: 3, Sb: 5, O: -2}
    energy: ewald

    """

  private static func choice(_ path: String, _ cell: String) -> ProblemChoice {
    var choice = ProblemChoice()
    choice.problem = path
    choice.supercell = cell
    return choice
  }

  private static func problem(_ path: String, _ cell: String) throws -> ArrangementProblem {
    try ArrangementProblem(choice(path, cell).load().file.specification)
  }

  private static func countRow(
    _ path: String, _ cell: String, _ expected: String, _ required: String
  ) throws -> CellgenBench.Row {
    var distinct = ""
    let time = try CellgenBench.seconds {
      let problem = try problem(path, cell)
      distinct =
        "\(ArrangementCount(problem, try ProblemSymmetry(problem).permutations).distinct)"
    }
    return CellgenBench.Row(
      what: "count, \(cell)", figure: "\(fixed(1000 * time, 1)) ms, symmetry included",
      twin: "\(distinct) distinct, expected \(expected)", required: required)
  }

  /// Canonical forms of all arrangements, on a cell that is small enough.
  private static func bruteForceRow(_ path: String) throws -> CellgenBench.Row {
    let problem = try problem(path, "2x1x1")
    let symmetry = try ProblemSymmetry(problem)
    var found: Set<[UInt8]> = []
    let slow = CellgenBench.seconds(1) {
      for bits in 0..<(1 << 16) where bits.nonzeroBitCount == 8 {
        let arrangement = (0..<16).map { UInt8(bits >> $0 & 1) }
        found.insert(symmetry.canonicalForm(arrangement).arrangement)
      }
    }
    let enumeration = Enumeration(problem, OrderedGroup(symmetry.permutations))
    let walk = enumeration.makeWalk()
    var count = 0
    let fast = CellgenBench.seconds {
      count = 0
      _ = enumeration.segment([], walk: walk) { _ in count += 1 }
    }
    return CellgenBench.Row(
      what: "enumerate, 2x1x1, one core",
      figure: "\(fixed(1e-6 * Double(count) / fast, 2)) million/s",
      twin: "canonical forms of all: \(fixed(1e-6 * Double(found.count) / slow, 4)) million/s",
      required: "")
  }

  private static func enumerationRow(
    _ path: String, _ cell: String, limit: Int?, _ folder: URL, twin: String, required: String
  ) async throws -> CellgenBench.Row {
    var specification = EnumerateSpecification()
    specification.problem = choice(path, cell)
    specification.limit = limit
    specification.format = .compact
    let run = try EnumerateRun(specification)
    let clock = ContinuousClock()
    let start = clock.now
    let result = try await run(
      to: folder.appending(path: "list").path,
      threads: ProcessInfo.processInfo.activeProcessorCount)
    let time = (clock.now - start) / .seconds(1)
    return CellgenBench.Row(
      what: "enumerate, \(cell), \(result.written)",
      figure: "\(fixed(time, 2)) s, \(fixed(1e-6 * Double(result.written) / time, 2)) million/s",
      twin: twin, required: required)
  }

  private static func rankRow(
    _ path: String, _ cell: String, _ folder: URL, twin: String, required: String
  ) async throws -> CellgenBench.Row {
    var specification = RankSpecification()
    specification.problem = choice(path, cell)
    let clock = ContinuousClock()
    let start = clock.now
    let result = try await RankRun(specification)(
      in: OutputFolder(folder.appending(path: "rank-\(cell)").path),
      threads: ProcessInfo.processInfo.activeProcessorCount)
    let time = (clock.now - start) / .seconds(1)
    let verdict = result.isProved ? "10 lowest proved" : "gap \(fixed(result.gap, 3)) eV"
    return CellgenBench.Row(
      what: "rank --top 10, \(cell)",
      figure: "\(fixed(time, 2)) s, \(verdict)",
      twin: "\(fixed(result.entries.first?.energy ?? .nan, 4)) eV; \(twin)", required: required)
  }

  /// Exchange proposals on 64 mobile sites, at a temperature at which one in fifty is accepted.
  private static func proposalRow(_ path: String) throws -> CellgenBench.Row {
    let space = try SearchSpace(problem(path, "2x2x2"), potentials: nil)
    var stream = RandomStream(seed: 5, purpose: "bench")
    var state = LatticeState(
      table: space.table, arrangement: space.problem.randomArrangement(using: &stream))
    let sampler = ExchangeSampler(space.rules)
    let energy = Constants.boltzmann * 20_000
    state.sample(proposals: 200_000, thermalEnergy: energy, sampler: sampler, using: &stream)
    let count = 5_000_000
    var accepted = 0
    let time = CellgenBench.seconds {
      accepted = state.sample(
        proposals: count, thermalEnergy: energy, sampler: sampler, using: &stream)
    }
    return CellgenBench.Row(
      what: "proposals, 64 sites, one core",
      figure: "\(fixed(1e-6 * Double(count) / time, 1)) million/s",
      twin: "\(fixed(100 * Double(accepted) / Double(count), 1)) % accepted; GOAC: 1.7 million/s",
      required: "> 8.5 million/s")
  }
}
