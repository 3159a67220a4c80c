import ArgumentParser
import Workflow

/// Where results go; the same for every command that writes a folder.
struct OutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Folder for the results (default: named after the command).", valueName: "folder"))
  var out: String?

  @Flag(help: "Replace the results that are in the folder.")
  var force = false

  @Flag(help: "Print one JSON object on standard output and nothing else.")
  var json = false

  @Flag(help: "Print no progress and no remarks.")
  var quiet = false

  /// Refuses settings beside `--resume`.
  ///
  /// - Parameters:
  ///   - isChanged: Whether a setting of the run is given.
  ///   - allowed: Options that may go with it besides `--json` and `--quiet`.
  /// - Throws: `ValidationError` if there is any.
  func checkResuming(isChanged: Bool, allowed: [String] = []) throws {
    guard isChanged || out != nil || force else { return }
    throw ValidationError(
      "--resume takes all settings from the folder; only "
        + (allowed + ["--json and --quiet go with it"]).joined(separator: ", "))
  }

  /// Opens the folder for the results of quick commands; nil with `--json` but without `--out`.
  func folder(named name: String) throws -> OutputFolder? {
    if json && out == nil { return nil }
    return try OutputFolder(out ?? name, existing: force ? .replace : .refuse)
  }
}

/// Runs a check of options; what is wrong counts as wrong usage.
func validated(_ check: () throws -> Void) throws {
  do {
    try check()
  } catch {
    throw ValidationError("\(error)")
  }
}

/// Words separated by commas, without spaces around them.
func commaSeparated(_ text: String) -> [String] {
  text.split(separator: ",").map { word in
    String(word.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
