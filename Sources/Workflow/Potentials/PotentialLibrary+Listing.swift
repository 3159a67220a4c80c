internal import Crystal
internal import Energetics
internal import Report

extension PotentialLibrary {
  /// The sets that come with cellgen as a table.
  ///
  /// - Returns: Text of several lines.
  /// - Throws: ``InputErrors`` if one of them cannot be read.
  public static func listing() throws -> String {
    var table = Table(columns: ["name", "for", "species", "cutoff (Å)", "charges"])
    for file in try shipped() {
      table.append([
        file.set.name, file.title, file.species.joined(separator: " "), fixed(file.set.cutoff, 1),
        file.set.charges.isEmpty ? "formal" : "of the set",
      ])
    }
    return table.text
  }

  /// The sets that come with cellgen for programs.
  ///
  /// - Returns: One object.
  /// - Throws: ``InputErrors`` if one of them cannot be read.
  public static func json() throws -> JSONValue {
    .object([
      "cellgen": .text(cellgenVersion), "command": .text("potentials"),
      "potentials": .array(
        try shipped().map { file in
          .object([
            "name": .text(file.set.name), "title": .text(file.title),
            "source": .text(file.set.source), "status": .text(file.status),
            "cutoff_A": .real(file.set.cutoff), "species": .texts(file.species),
            "formal_charges": .logical(file.set.charges.isEmpty),
          ])
        }),
    ])
  }
}

extension PotentialFile {
  /// The species that it has parameters for, by atomic number.
  fileprivate var species: [String] {
    Set(set.pairs.flatMap { [$0.first, $0.second] }).sorted().map { "\($0)" }
  }
}
