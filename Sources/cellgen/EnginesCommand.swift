import ArgumentParser
import Engines
import Workflow

/// `cellgen engines`.
struct EnginesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "engines",
    abstract: "Programs that can give energies: which are installed, and how to get the others.",
    discussion: """
      Looks on the search path, and for Python packages in .venv-engines, which make engines makes, and \
      in python3. How an engine is named: cellgen energy --help.

      Example:

        cellgen engines
      """)

  @Flag(help: "Print one JSON object on standard output and nothing else.")
  var json = false

  func run() throws {
    let inventory = try EngineInventory()
    print(json ? try jsonText(inventory.json) : inventory.text, terminator: "")
  }
}
