public import Engines
internal import Report

extension EngineInventory {
  /// The programs as they are printed on a terminal.
  public var text: String {
    var table = Table(
      title: "Programs for energies", columns: ["program", "version", "found at", "used for"])
    for entry in entries {
      table.append([
        entry.name, entry.path == nil ? "-" : entry.version ?? "unknown", entry.path ?? "-",
        entry.use,
      ])
    }
    let missing = entries.filter { $0.path == nil }.map { entry in
      "  \(entry.name): \(entry.installation.joined(separator: ", or "))\n"
    }
    return table.text + (missing.isEmpty ? "" : "\nTo get the others:\n" + missing.joined())
  }

  /// The programs for programs.
  public var json: JSONValue {
    .object([
      "cellgen": .text(cellgenVersion), "command": .text("engines"),
      "engines": .array(
        entries.map { entry in
          .object([
            "name": .text(entry.name), "installed": .logical(entry.path != nil),
            "path": .optional(entry.path), "version": .optional(entry.version),
            "use": .text(entry.use), "installation": .texts(entry.installation),
          ])
        }),
    ])
  }
}
