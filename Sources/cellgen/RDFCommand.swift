public import Analysis
public import ArgumentParser
import Crystal
import Foundation
import Workflow

/// `cellgen rdf`.
struct RDFCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rdf",
    abstract: "Radial distribution functions, running coordination numbers, structure factors.",
    discussion: """
      Partial and total g(r) as means over all frames, with standard errors from blocks of frames. \
      g(r) counts pairs over all images, so that the radius may be larger than the cell. Structure \
      factors S(q) follow by transform, partial ones as defined by Faber and Ziman, and their sums for \
      X-rays (form factors of neutral atoms) and neutrons (natural isotopes).

      The folder gets rdf.csv, running_numbers.csv, structure_factor.csv and figures of all curves; the \
      results do not depend on the number of threads.

      Examples:

        cellgen pack SiO2 --units 60 --density 2.2 --seed 1
        cellgen rdf pack.extxyz
        cellgen rdf pack.extxyz --pairs Si-O,O-O --radius 12 --bin 0.02 --out fine
      """)

  @OptionGroup var trajectory: TrajectoryOptions

  @Option(
    help: ArgumentHelp("Pairs of elements, such as Mg-O,O-O (default: all).", valueName: "list"))
  var pairs: String?

  @Option(parsing: .unconditional, help: "Where the functions end [Å].")
  var radius = RDFSpecification(files: []).radius

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Width of a bin [Å].", valueName: "width"))
  var bin = RDFSpecification(files: []).binWidth

  @Option(parsing: .unconditional, help: ArgumentHelp("Largest wave number [1/Å].", valueName: "q"))
  var qMax = RDFSpecification(files: []).largestWavenumber

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Step of wave numbers [1/Å].", valueName: "q"))
  var qStep = RDFSpecification(files: []).wavenumberStep

  @Option(help: "How the transform to wave numbers ends: lorch, without ripples, or none, sharper.")
  var window = RDFSpecification(files: []).window

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Blocks of frames that errors come from, at most.", valueName: "number"))
  var blocks = FrameSelection(files: []).blocks

  @OptionGroup var analysis: AnalysisOptions

  @OptionGroup var output: OutputOptions

  private var specification: RDFSpecification {
    var specification = RDFSpecification(files: trajectory.files)
    specification.frames = trajectory.selection(blocks: blocks)
    specification.pairs = commaSeparated(pairs ?? "")
    specification.radius = radius
    specification.binWidth = bin
    specification.largestWavenumber = qMax
    specification.wavenumberStep = qStep
    specification.window = window
    return specification
  }

  func validate() throws {
    try validated {
      try trajectory.checkFiles(of: "rdf")
      try specification.validate()
    }
  }

  func run() throws {
    let console = Console(quiet: output.quiet)
    let run = try RDFRun(specification, trajectory.open())
    let folder = try output.folder(named: "rdf")
    let result = try run(threads: analysis.threadCount, progress: analysis.progress(console))
    console.endProgress()
    try folder.map { try result.write(to: $0) }
    for warning in result.warnings { console.warn(warning) }
    if output.json {
      print(try jsonText(result.json(folder: folder?.path)), terminator: "")
      return
    }
    print(result.text, terminator: "")
    if let folder { console.note("written to \(folder.path): tables and figures") }
  }
}

extension StructureFactor.Window: ExpressibleByArgument {}

extension TrajectoryOptions {
  /// The frames that are averaged over.
  func selection(blocks: Int) -> FrameSelection {
    var selection = FrameSelection(files: files)
    selection.skip = skip ?? 0
    selection.every = every ?? 1
    selection.blocks = blocks
    return selection
  }
}

/// What all analyses of many frames share.
struct AnalysisOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Threads; the results do not depend on them (default: all cores).", valueName: "number"))
  var threads: Int?

  func validate() throws {
    try validated {
      if let threads, !(1...1024).contains(threads) {
        throw InputError("\(threads), expected 1 to 1024", at: "--threads")
      }
    }
  }

  /// How many threads work.
  var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  /// Shows the number of frames from time to time.
  func progress(_ console: Console) -> (Int) -> Void {
    let clock = ContinuousClock()
    let start = clock.now
    var last = start
    return { frames in
      let now = clock.now
      guard (now - last) / .seconds(1) >= console.progressInterval else { return }
      last = now
      let rate = Double(frames) / ((now - start) / .seconds(1))
      console.progress("\(frames) frames, \(fixed(rate, 1)) frames/s")
    }
  }
}
