import Arrangement
import Crystal
import Energetics
import Foundation
import Search
import Thermodynamics
import Workflow

/// Speed of the kernels at full size, each beside its naive twin, measured in the same run.
///
/// Nothing here is a test: machines differ, ratios tell.
@main
struct CellgenBench {
  /// One line of the result.
  struct Row {
    var what: String
    var figure: String
    var twin: String
    var required: String
  }

  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.first == "reading", let folder = arguments.dropFirst().first {
      return try ReadingBench.printFiles(in: folder)
    }
    if arguments.first == "force-field" {
      return printTable(try ForceFieldBench.rows() + [memoryRow()])
    }
    if arguments.first == "analysis" {
      return printTable(
        try PairBench.rows() + AnalysisBench.rows() + DiffusionBench.rows() + [memoryRow()])
    }
    if arguments.first == "handoff" {
      return printTable(try HandoffBench.rows() + [memoryRow()])
    }
    var rows: [Row] = []
    let problem = try ArrangementProblem(
      ProblemFile(parsing: BuiltInProblem.text, file: BuiltInProblem.name).specification)
    let symmetry = try ProblemSymmetry(problem)
    rows.append(tableRow(problem, symmetry))
    let space = try SearchSpace(problem, potentials: .lewisCatlow)
    rows += energyRows(space)
    rows.append(proposalRow(space))
    rows.append(canonicalRow(space))
    rows.append(try hullRow())
    rows.append(await searchRow(space))
    rows += try await ArrangementBench.rows()
    rows += try ReadingBench.rows()
    rows += try AnalysisBench.rows()
    rows.append(memoryRow())
    // These need more memory than the rest.
    rows += try ForceFieldBench.rows()
    rows += try PairBench.rows()
    printTable(rows)
  }

  private static func printTable(_ rows: [Row]) {
    let widths = [34, 34, 52, 18]
    for row in [Row(what: "what", figure: "here", twin: "naive twin", required: "required")] + rows
    {
      let cells = [row.what, row.figure, row.twin, row.required]
      print(zip(cells, widths).map { $0.padded(to: $1) }.joined(separator: " "))
    }
  }

  /// Wall time of the fastest of some runs, s.
  static func seconds(_ runs: Int = 3, _ work: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    var best = Double.infinity
    for _ in 0..<runs {
      let start = clock.now
      try work()
      best = min(best, (clock.now - start) / .seconds(1))
    }
    return best
  }

  static func tableRow(_ problem: ArrangementProblem, _ symmetry: ProblemSymmetry) -> Row {
    func table(_ translations: [[Int]], _ sites: Int) -> InteractionTable {
      InteractionTable(
        lattice: problem.structure.lattice,
        positions: Array(problem.structure.positions.prefix(sites)),
        fixedSpecies: Array(problem.fixedSpecies.prefix(sites)), species: problem.species,
        translations: translations, potentials: .lewisCatlow)
    }
    let all = problem.structure.count
    let fast = seconds { _ = table(symmetry.translations, all) }
    // Without translations on a part of the sites; the cost grows with their square.
    let part = 243
    let slow = seconds(1) { _ = table([Array(0..<part)], part) }
    let factor = Double(all * all) / Double(part * part)
    return Row(
      what: "interaction table, \(all) sites", figure: "\(fixed(fast, 3)) s",
      twin: "all pairs: \(fixed(slow * factor, 1)) s (from \(part) sites)", required: "< 1 s")
  }

  static func energyRows(_ space: SearchSpace) -> [Row] {
    var stream = RandomStream(seed: 1, purpose: "bench")
    let arrangement = space.problem.randomArrangement(using: &stream)
    var state = LatticeState(table: space.table, arrangement: arrangement)
    let count = 200
    let fast = seconds { for _ in 0..<count { state.refresh() } } / Double(count)
    let charges = arrangement.map { space.table.charges[Int($0)] }
    let n = charges.count
    var sum = 0.0
    let slow = seconds {
      sum = 0
      for i in 0..<n {
        for j in 0..<n { sum += charges[i] * charges[j] * space.table.coulomb[i * n + j] }
      }
    }
    return [
      Row(
        what: "full energies, one core", figure: "\(fixed(1 / fast, 0)) /s",
        twin: "double loop: \(fixed(1 / slow, 0)) /s" + (sum.isNaN ? "!" : ""),
        required: "> 2000 /s")
    ]
  }

  static func proposalRow(_ space: SearchSpace) -> Row {
    var stream = RandomStream(seed: 2, purpose: "bench")
    var state = LatticeState(
      table: space.table, arrangement: space.problem.randomArrangement(using: &stream))
    let count = 2_000_000
    // From hot to cold, as in a search: the proposals that are accepted are paid for too.
    let fast =
      seconds {
        state.metropolis(
          proposals: count, start: 0.05 * space.exchangeScale, end: 0.002 * space.exchangeScale,
          rules: space.rules, using: &stream)
      } / Double(count)
    let slow = seconds(1) { for _ in 0..<50 { state.refresh() } } / 50
    return Row(
      what: "exchange proposals, one core", figure: "\(fixed(1e-6 / fast, 1)) million/s",
      twin: "difference of energies: \(fixed(0.5 / slow, 0)) /s", required: "> 5 million/s")
  }

  static func canonicalRow(_ space: SearchSpace) -> Row {
    var stream = RandomStream(seed: 3, purpose: "bench")
    let arrangements = (0..<20).map { _ in space.problem.randomArrangement(using: &stream) }
    let form = space.symmetry.canonicalForm
    let fast =
      seconds { for arrangement in arrangements { _ = form(arrangement) } }
      / Double(arrangements.count)
    return Row(
      what: "canonical forms, one core", figure: "\(fixed(1 / fast, 0)) /s",
      twin: "\(form.groupOrder) operations on \(form.siteCount) sites", required: "")
  }

  static func hullRow() throws -> Row {
    var stream = RandomStream(seed: 4, purpose: "bench")
    let elements = ["Li", "Mg", "Mn", "Zn", "O"].compactMap { Element(symbol: $0) }
    var entries: [EnergyEntry] = try elements.map {
      EnergyEntry(
        id: $0.symbol, formula: try Composition([($0, .one)]), energy: 0, atoms: 1)
    }
    for i in 0..<10_000 {
      let amounts = elements.map { ($0, Rational(stream.integer(below: 9))) }
      guard let formula = try? Composition(amounts), !formula.amounts.isEmpty else { continue }
      entries.append(
        EnergyEntry(
          id: "e\(i)", formula: formula, energy: -formula.atomCount * stream.uniform(),
          atoms: formula.atomCount))
    }
    var stable = 0
    let fast = try seconds { stable = try PhaseDiagram(entries).stable.count }
    return Row(
      what: "hull, \(entries.count) entries, 5 components", figure: "\(fixed(fast, 3)) s",
      twin: "pymatgen 2026: 4.4 s + 31 s for every E_hull", required: "< 2 s, \(stable) stable")
  }

  static func searchRow(_ space: SearchSpace) async -> Row {
    let search = GeneticAlgorithm(space: space, seed: 1)
    let clock = ContinuousClock()
    let start = clock.now
    let threads = ProcessInfo.processInfo.activeProcessorCount
    var (population, _) = await search.start(threads: threads)
    while population.generation < 500 && population.generation - population.lastImprovement < 100 {
      (population, _) = await search.next(after: population, threads: threads)
    }
    let time = (clock.now - start) / .seconds(1)
    let energy = population.members.first?.energy ?? 0
    return Row(
      what: "ga, 500 generations or plateau", figure: "\(fixed(time, 1)) s",
      twin: "\(fixed(energy, 3)) eV (best known -38424.550)", required: "< 10 s")
  }

  static func memoryRow() -> Row {
    var usage = rusage()
    #if os(Linux)
      _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      let megabytes = usage.ru_maxrss / 1024
    #else
      _ = unsafe getrusage(RUSAGE_SELF, &usage)
      let megabytes = usage.ru_maxrss / (1024 * 1024)
    #endif
    return Row(
      what: "peak memory", figure: "\(megabytes) MB", twin: "", required: "< 300 MB")
  }
}
