import ArgumentParser
import Workflow

/// `cellgen report`.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "One page with the tables, figures and structures in the folder of a run.",
    discussion: """
      The page needs nothing but itself: no network, no other files. Structures can be turned with the \
      mouse or the arrow keys. Of long tables the first rows are shown; pictures that are no charts of \
      cellgen are left out.

      Examples:

        cellgen hull energies.csv
        cellgen report hull
        cellgen report hull --out hull-page.html
      """)

  @Argument(help: ArgumentHelp("Folder of a run.", valueName: "folder"))
  var folder: String

  @Option(help: ArgumentHelp("File for the page (default: report.html).", valueName: "file"))
  var out: String?

  @Flag(help: "Replace the file that is there.")
  var force = false

  @Flag(help: "Print one JSON object on standard output and nothing else.")
  var json = false

  @Flag(help: "Print no remarks.")
  var quiet = false

  func run() throws {
    let path = out ?? "report.html"
    let report = try FolderReport(folder)
    try report.write(to: path, replaces: force)
    let console = Console(quiet: quiet)
    for warning in report.warnings { console.note("note: \(warning)") }
    let counts = report.counts
    if json {
      print(
        try jsonText(
          JSONValue.object([
            "cellgen": .text(cellgenVersion), "command": .text("report"), "report": .text(path),
            "tables": .integer(counts.tables), "figures": .integer(counts.figures),
            "structures": .integer(counts.structures),
            "notes": .array(report.warnings.map(JSONValue.text)),
          ])), terminator: "")
      return
    }
    print(
      "\(path): \(counts.tables) tables, \(counts.figures) figures, \(counts.structures) structures"
    )
  }
}
