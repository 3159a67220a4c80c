import ArgumentParser
import Workflow

/// `cellgen potentials`.
struct PotentialsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "potentials",
    abstract: "List the sets of pair potentials, or show one as a file to start from.",
    discussion: """
      Their names are values of --model in energy, relax, md and amorphous; so is a file of your own.

      Examples:

        cellgen potentials
        cellgen potentials --show bks
      """)

  @Option(help: ArgumentHelp("Print the file of a set.", valueName: "name"))
  var show: String?

  @Flag(help: "Print one JSON object on standard output and nothing else.")
  var json = false

  func run() throws {
    if let show {
      print(try PotentialLibrary.set(named: show).text, terminator: "")
      return
    }
    print(
      json ? try jsonText(PotentialLibrary.json()) : try PotentialLibrary.listing(),
      terminator: "")
  }
}
