import ArgumentParser
import Foundation
import Report
import Workflow

/// `cellgen count`.
struct CountCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "count",
    abstract: "Count arrangements, all and distinct ones, exactly and before any is looked at.",
    discussion: """
      Counts by Burnside's lemma over the symmetry of the supercell, for any number of species and \
      sets of sites, and forecasts what listing or ranking them would take on this machine. Numbers in \
      the problem file may be ranges (counts: {8a: {Mg: 0..8}}) or open (counts: all); then every \
      composition is counted. Without a problem file it counts \(BuiltInProblem.summary).

      Examples:

        cellgen count
        cellgen count problem.yaml --supercell 2x2x1
        cellgen count problem.yaml --up-to 4      all supercells with up to 4 cells
      """)

  @OptionGroup var problem: ProblemOptions

  @Option(
    help: ArgumentHelp(
      "Count in all distinct supercells with up to so many cells, too.", valueName: "cells"))
  var upTo: Int?

  @Option(help: "Threads that the forecast reckons with (default: all cores).")
  var threads: Int?

  @Flag(help: "Print one JSON object on standard output and nothing else.")
  var json = false

  @Flag(help: "Print no remarks.")
  var quiet = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads is \(threads), expected 1 to 1024")
    }
    if let upTo, !(1...64).contains(upTo) {
      throw ValidationError("--up-to is \(upTo), expected 1 to 64 cells")
    }
  }

  func run() throws {
    var specification = CountSpecification()
    specification.problem = problem.choice
    specification.upTo = upTo
    specification.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    let console = Console(quiet: quiet)
    problem.announce(console)
    let run = try CountRun(specification)
    for note in run.loaded.notes { console.note("note: \(note)") }
    let result = try run()
    for warning in result.warnings { console.warn(warning) }
    if json {
      print(try jsonText(result.json), terminator: "")
    } else {
      print(result.text, terminator: "")
    }
  }
}
