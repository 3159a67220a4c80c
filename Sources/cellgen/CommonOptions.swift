import ArgumentParser

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
}
