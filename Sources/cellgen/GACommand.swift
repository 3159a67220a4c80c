public import ArgumentParser
import Arrangement
import Crystal
import Foundation
import Report
public import Search
public import Workflow

/// `cellgen ga`.
struct GACommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ga",
    abstract: "Search the arrangements of cations and vacancies with a genetic algorithm.",
    discussion: """
      Without a problem file it searches \(BuiltInProblem.summary).

      Examples:

        cellgen ga --generations 500
        cellgen ga --composition Mg1/3ZnMnO3 --seed 7 --out third
        cellgen ga --sweep 'Mg{x}ZnMnO3' --x 0,1/4,1/2,1 --out series
        cellgen ga --resume ga

      Energies of relaxed atoms: --energy takes a built-in model, --engine a program (see cellgen \
      energy --help), and --relax says what moves. Each arrangement is evaluated once up to symmetry, \
      recorded at once, and never again, also after --resume. One that fails is recorded with the \
      reason, and the search goes on; --resume tries it again, with another --engine-time-limit if one \
      is given.

        cellgen spinel --supercell 1x1x1 --out host
        cellgen ga host/problem.yaml --generations 20 --energy lattice \\
          --relax ions --out relaxed
        cellgen ga host/problem.yaml --generations 9 --energy lattice \\
          --relax ions --learn --out ml
        cellgen ga host/problem.yaml --engine ase:chgnet --clients 2 \\
          --relax cell --out chgnet

      Results: energies.csv, occupancy.csv, history.csv, structures/, figures/, report.html and \
      run.sqlite, a record that is complete after every generation. Equal settings and seed give the \
      same bytes for any number of threads, also after an interruption and --resume; only the times \
      in manifest.json differ.
      """)

  private static let defaults = GeneticAlgorithm.Parameters()

  @Argument(help: ArgumentHelp("Problem file (YAML).", valueName: "problem"))
  var problem: String?

  @Option(help: "Generations at most (default: 500).")
  var generations: Int?

  @Option(
    help: "Stop after so many generations without a lower energy (default: 100; 0 for never).")
  var plateau: Int?

  @Option(help: ArgumentHelp("Composition instead of the problem's.", valueName: "formula"))
  var composition: String?

  @Option(
    help: ArgumentHelp("Formula with {x}: search a series of compositions.", valueName: "formula"))
  var sweep: String?

  @Option(help: ArgumentHelp("Values of x for --sweep, such as 0,1/4,1/2,1.", valueName: "list"))
  var x: String?

  @Option(help: "Energies: lattice (Ewald and short-range terms) or ewald.")
  var model: EnergyModelChoice?

  @OptionGroup var evaluation: EvaluationOptions

  @Option(
    help: ArgumentHelp(
      "Candidates per evaluated structure: the lowest in the lattice energy are evaluated (default: 1; 10 with --learn).",
      valueName: "number"))
  var prescreen: Int?

  @Flag(
    help:
      "Learn a lattice model from the energies, and screen with it once it beats their mean.")
  var learn = false

  @Flag(help: "Round a composition that does not fit to the nearest that does.")
  var round = false

  @Flag(help: "Accept a cell with a net charge, compensated by a uniform background.")
  var allowCharge = false

  @Option(help: "Individuals per generation (default: \(GACommand.defaults.population)).")
  var population: Int?

  @Option(help: "Best individuals that pass unchanged (default: \(GACommand.defaults.elites)).")
  var elites: Int?

  @Option(
    help:
      "Fraction of the population that may become parents (default: \(GACommand.defaults.survival))."
  )
  var survival: Double?

  @Option(help: "Probability of a two-point crossover (default: \(GACommand.defaults.twoPoint)).")
  var twoPoint: Double?

  @Option(help: "Probability of a uniform crossover (default: \(GACommand.defaults.uniform)).")
  var uniform: Double?

  @Option(
    help:
      "Probability of a cut-and-splice crossover in space (default: \(GACommand.defaults.splice)).")
  var splice: Double?

  @Option(
    help:
      "Probability per site of an exchange by mutation (default: 0.02, at most two exchanges per child on average)."
  )
  var mutation: Double?

  @Option(
    help: ArgumentHelp(
      "Exchanges tried to refine each child at the lattice energy, per site; 0 for a plain genetic algorithm (default: \(GACommand.defaults.refinement); 0 with --energy or --engine).",
      valueName: "refine"))
  var refine: Int?

  @Option(
    help: ArgumentHelp(
      "First generation: periodic (annealed repeat units) or random (default: periodic; random with --energy or --engine).",
      valueName: "start"))
  var start: GeneticAlgorithm.Start?

  @Option(help: "Best distinct structures that are written (default: 5).")
  var top: Int?

  @Option(help: "Seed of the random numbers (default: a new one, which is printed).")
  var seed: UInt64?

  @Option(help: "Threads (default: all cores); no effect on any result.")
  var threads: Int?

  @Option(help: ArgumentHelp("Go on with the search in this folder.", valueName: "folder"))
  var resume: String?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    func require(_ condition: Bool, _ message: String) throws {
      if !condition { throw ValidationError(message) }
    }
    func probability(_ value: Double, _ name: String) throws {
      try require(value >= 0 && value <= 1, "--\(name) is \(value), expected 0 to 1")
    }
    try require((generations ?? 1) >= 0, "--generations is negative")
    try require((generations ?? 1) < 1_000_000_000, "--generations is absurdly large")
    try require(plateau ?? 0 >= 0, "--plateau is negative")
    let rates = parameters
    try require(
      (2...100_000).contains(rates.population),
      "--population is \(rates.population), expected 2 to 100000")
    try require(
      rates.elites >= 0 && rates.elites < rates.population,
      "--elites is \(rates.elites), expected 0 to \(rates.population - 1)")
    try require(
      rates.survival > 0 && rates.survival <= 1,
      "--survival is \(rates.survival), expected above 0, up to 1")
    try probability(rates.twoPoint, "two-point")
    try probability(rates.uniform, "uniform")
    try probability(rates.splice, "splice")
    try probability(mutation ?? 0, "mutation")
    try require(
      rates.twoPoint + rates.uniform + rates.splice <= 1 + 1e-9,
      "--two-point, --uniform and --splice add up to more than 1")
    try require(
      (0...100_000).contains(refine ?? 0), "--refine is \(refine ?? 0), expected 0 to 100000")
    try require((1...999).contains(top ?? 1), "--top is \(top ?? 1), expected 1 to 999")
    try require(
      (1...1024).contains(threads ?? 1), "--threads is \(threads ?? 1), expected 1 to 1024")
    try require(
      (1...1000).contains(prescreen ?? 1), "--prescreen is \(prescreen ?? 1), expected 1 to 1000")
    try require(
      evaluation.isGiven || prescreen ?? 1 == 1,
      "--prescreen needs --energy or --engine: the lattice energy has nothing to screen for")
    try require(
      !learn || evaluation.isGiven && prescreen ?? 10 > 1,
      "--learn needs --energy or --engine, and a --prescreen of 2 or more")
    try require(
      !evaluation.isGiven || refine ?? 0 == 0,
      "--refine moves species at the lattice energy, which --energy or --engine replaces; "
        + "--prescreen makes use of it")
    if resume != nil {
      let others: [Any?] = [
        problem, plateau, composition, sweep, x, model, prescreen, population, elites, survival,
        twoPoint, uniform, splice, mutation, refine, start, top, seed,
      ]
      try output.checkResuming(
        isChanged: !evaluation.isEmpty || learn || round || allowCharge
          || others.contains { $0 != nil },
        allowed: ["--generations", "--threads", "the limits of the engine"])
    } else {
      try evaluation.engine.checkLimits()
    }
  }

  func run() async throws {
    let console = Console(quiet: output.quiet)
    let search: GeneticSearch
    let folder: OutputFolder
    if let resume {
      folder = try OutputFolder(resume, existing: .resume)
      search = try GeneticSearch(
        resuming: folder, generations: generations, limits: evaluation.engine.limits)
      console.note("Resuming the search in \(resume).")
    } else {
      search = try GeneticSearch(specification())
      folder = try OutputFolder(output.out ?? "ga", existing: output.force ? .replace : .refuse)
      if problem == nil {
        console.note("No problem file: using the built-in problem, \(BuiltInProblem.summary).")
      }
    }
    console.note(
      "Seed \(search.specification.seed). Active sites: "
        + "\(search.runs.first?.problem.activeSites.count ?? 0). Results in \(folder.path)/.")
    for warning in orderedSet(search.runs.flatMap(\.warnings)) { console.warn(warning) }

    let interruption = Interruption()
    let clock = ContinuousClock()
    let began = clock.now
    let results: [GAResult]
    do {
      results = try await search(
        in: folder, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount,
        willStart: { number in announce(search, number, console) },
        progress: progressPrinter(console), announce: console.note,
        shouldStop: { interruption.isRequested })
    } catch let stop as GARun.Interrupted {
      console.endProgress()
      let place =
        stop.generation < 0 ? "in the first generation" : "after generation \(stop.generation)"
      console.warn("interrupted \(place); go on with: cellgen ga --resume \(folder.path)")
      throw ExitCode(130)
    }
    console.endProgress()
    let seconds = (clock.now - began) / .seconds(1)
    if output.json {
      try printJSON(search, results, folder, seconds)
    } else {
      printTables(search, results, folder, seconds)
    }
  }

  private func specification() throws -> GASpecification {
    var specification = GASpecification(seed: seed ?? UInt64.random(in: 0..<1_000_000_000))
    specification.problem = problem
    specification.composition = composition
    specification.sweep = sweep
    specification.x =
      x?.split(separator: ",").map {
        $0.trimmingCharacters(in: .whitespaces)
      } ?? []
    specification.model = model
    specification.evaluation = try evaluation.makeSpecification()
    specification.prescreen = prescreen ?? (learn ? 10 : 1)
    specification.learn = learn
    specification.round = round
    specification.allowCharge = allowCharge
    specification.generations = generations ?? 500
    if let plateau { specification.plateau = plateau }
    if let top { specification.top = top }
    specification.parameters = parameters
    return specification
  }

  /// Sizes and rates.
  private var parameters: GeneticAlgorithm.Parameters {
    var parameters = GACommand.defaults
    if let population { parameters.population = population }
    if let elites { parameters.elites = elites }
    if let survival { parameters.survival = survival }
    if let twoPoint { parameters.twoPoint = twoPoint }
    if let uniform { parameters.uniform = uniform }
    if let splice { parameters.splice = splice }
    if let mutation { parameters.mutation = mutation }
    // Exchanges at the lattice energy would undo what other energies prefer.
    let isLattice = !evaluation.isGiven
    parameters.refinement = refine ?? (isLattice ? parameters.refinement : 0)
    parameters.start = start ?? (isLattice ? .periodic : .random)
    return parameters
  }

  private func announce(_ search: GeneticSearch, _ number: Int, _ console: Console) {
    console.endProgress()
    let run = search.runs[number]
    let series = search.values.isEmpty ? "" : "[\(number + 1)/\(search.runs.count)] "
    console.note(
      "\(series)\(run.formula ?? "\(run.problem.composition)"): "
        + "\(run.problem.atomCount) atoms, total charge "
        + "\(fixed(run.problem.ledger.totalCharge, 2)) e")
    for note in run.problem.ledger.notes { console.note("note: \(note)") }
  }

  private func progressPrinter(_ console: Console) -> (GARun.Progress) -> Void {
    let clock = ContinuousClock()
    var last: ContinuousClock.Instant?
    return { progress in
      let now = clock.now
      if let last, (now - last) / .seconds(1) < console.progressInterval { return }
      last = now
      let (done, count) = progress.evaluated
      let best = progress.best.isNaN ? "-" : fixed(progress.best, 5)
      let pace =
        count > 0
        ? "structure \(done) of \(count) for the next"
        : "\(fixed(progress.rate, progress.rate < 10 ? 2 : 0))/s  at most "
          + "\(duration(progress.timeLeft)) left"
      console.progress(
        "generation \(progress.generation)/\(progress.generations)  best \(best) eV/atom  "
          + "\(progress.evaluations) evaluated  \(pace)")
    }
  }

  private func printTables(
    _ search: GeneticSearch, _ results: [GAResult], _ folder: OutputFolder, _ seconds: Double
  ) {
    if search.values.isEmpty, let result = results.first {
      print(result.ledgerTable.text)
      print(result.occupancyTable.text)
      print(
        "Best energy \(fixed(result.energy, 6)) eV, \(fixed(result.energyPerAtom, 6)) eV/atom")
      print(
        "\(result.evaluations) arrangements evaluated, \(result.duplicates) of them symmetry copies;"
          + " \(result.ending)")
      if let evaluated = result.evaluated { print(evaluated.text) }
      if let text = result.learningText { print("Model \(text)") }
      if let table = result.evaluated?.failedTable { print(table.text) }
    } else {
      print(search.table(results).text)
    }
    print("Energy model: \(results.first?.caveat ?? "")")
    print("Results in \(folder.path)/ after \(duration(seconds)); see \(folder.path)/report.html")
  }

  private func printJSON(
    _ search: GeneticSearch, _ results: [GAResult], _ folder: OutputFolder, _ seconds: Double
  ) throws {
    if search.values.isEmpty, let result = results.first {
      print(
        try jsonText(GASummary(result, folder: folder.path, wallTime: seconds)), terminator: "")
    } else {
      let summaries = zip(search.values, results).map { x, result in
        GASummary(result, folder: "\(folder.path)/\(GeneticSearch.folderName(x))")
      }
      print(
        try jsonText(
          Series(
            seed: search.specification.seed, x: search.values.map(\.description),
            results: summaries, wall_s: seconds)), terminator: "")
    }
  }

  /// The JSON object of a sweep.
  private struct Series: Encodable {
    var cellgen = cellgenVersion
    var seed: UInt64
    var x: [String]
    var results: [GASummary]
    var wall_s: Double
  }
}

extension EnergyModelChoice: ExpressibleByArgument {}
extension GeneticAlgorithm.Start: ExpressibleByArgument {}
