internal import Building
internal import Crystal
internal import Report

/// The structure types of a library, for people and for programs.
public struct PrototypeList: Sendable {
  private let library: PrototypeLibrary

  /// The list of a library.
  public init(_ library: PrototypeLibrary) { self.library = library }

  /// A table of names, titles, space groups and sources.
  public var text: String {
    var table = Table(
      title: "\(library.files.count) structure types: cellgen prototype NAME",
      columns: ["name", "what", "space group", "labels", "free coordinates", "status"])
    for definition in library.files.map(\.definition) {
      let origin = definition.originChoice.map { ":\($0)" } ?? ""
      table.append([
        definition.name, definition.title, definition.spaceGroup + origin,
        definition.sites.map(\.label).joined(separator: " "),
        PrototypeList.names(definition), definition.status.rawValue,
      ])
    }
    return table.text
  }

  /// Names of the free coordinates and ratios, or their number where they are many.
  private static func names(_ definition: PrototypeDefinition) -> String {
    let names = definition.parameters.map(\.name)
    let shown = names.count > 4 ? ["\(names.count)"] : names
    return (shown + definition.ratios.map(\.name)).joined(separator: " ")
  }

  /// The same for programs, with all numbers.
  public var json: JSONValue {
    .object([
      "cellgen": .text(cellgenVersion), "command": .text("prototype"),
      "prototypes": .array(
        library.files.map { file in
          let definition = file.definition
          return .object([
            "name": .text(definition.name), "title": .text(definition.title),
            "aliases": .texts(definition.aliases), "space_group": .text(definition.spaceGroup),
            "origin": definition.originChoice.map { .integer($0) } ?? .null,
            "labels": .texts(definition.sites.map(\.label)),
            "parameters": .texts(definition.parameters.map(\.name)),
            "ratios": .texts(definition.ratios.map(\.name)), "source": .text(definition.source),
            "status": .text(definition.status.rawValue), "file": .text(file.file),
          ])
        }),
    ])
  }
}
