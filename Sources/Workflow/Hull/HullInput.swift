public import Crystal
internal import Foundation

internal import Thermodynamics

/// Tables of energies and where they come from.
public struct HullInput: Hashable, Sendable {
  /// The files as they were named, with their texts.
  let tables: [Table]

  /// A file.
  struct Table: Hashable {
    var path: String
    var text: String
  }

  /// Whether this is the table that comes with cellgen, because there was no file.
  public let isExample: Bool

  /// Tables of earlier runs in folders one level below, such as `ga/energies.csv`.
  public let tablesBelow: [String]

  /// A table that is known already.
  public init(path: String, text: String) {
    tables = [Table(path: path, text: text)]
    isExample = false
    tablesBelow = []
  }

  /// Names of the files, for messages.
  var name: String { tables.map(\.path).joined(separator: ", ") }

  /// All rows.
  ///
  /// - Throws: ``InputErrors`` with everything that is wrong.
  func table() throws(InputErrors) -> EnergyTable {
    try EnergyTable(joining: tables.map { ($0.path, $0.text) })
  }

  /// Reads tables.
  ///
  /// Where only `energies.csv` is asked for in a folder without any CSV file, the example that comes with
  /// cellgen is written there and used.
  ///
  /// - Throws: ``InputError`` if the file cannot be read, with tables found one folder below.
  public init(opening paths: [String]) throws(InputError) {
    let manager = FileManager.default
    guard let path = paths.first(where: { !manager.fileExists(atPath: $0) }) else {
      var tables: [Table] = []
      for path in paths { tables.append(Table(path: path, text: try readText(path))) }
      self.tables = tables
      isExample = false
      tablesBelow = []
      return
    }
    let folder = URL(filePath: path).deletingLastPathComponent().relativePath
    let names = ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    let prefix = folder == "." ? "" : "\(folder)/"
    let below = names.map { "\(prefix)\($0)/\(HullExample.fileName)" }
      .filter { manager.fileExists(atPath: $0) }
    let tables = names.filter { $0.lowercased().hasSuffix(".csv") }
    guard paths == [HullExample.fileName], tables.isEmpty else {
      let near = below + tables.map { prefix + $0 }
      throw InputError(
        "there is no such file", at: path,
        hint: near.isEmpty
          ? "give a table with columns id,formula,atoms,energy_eV"
          : "there is \(near.prefix(5).joined(separator: ", "))")
    }
    do {
      try Data(HullExample.text.utf8).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw InputError("the example cannot be written: \(reason(error))", at: path)
    }
    self.tables = [Table(path: path, text: HullExample.text)]
    isExample = true
    tablesBelow = below
  }
}
