public import Crystal
internal import Foundation

/// The text of a table of energies and where it comes from.
public struct HullInput: Hashable, Sendable {
  /// The file as it was named.
  public let path: String

  /// Its text.
  public let text: String

  /// Whether this is the table that comes with cellgen, because there was no file.
  public let isExample: Bool

  /// Tables of earlier runs in folders one level below, such as `ga/energies.csv`.
  public let tablesBelow: [String]

  /// A table that is known already.
  public init(path: String, text: String) {
    self.path = path
    self.text = text
    isExample = false
    tablesBelow = []
  }

  /// Reads a table.
  ///
  /// Where `energies.csv` is asked for in a folder without any CSV file, the example that comes with
  /// cellgen is written there and used.
  ///
  /// - Throws: ``InputError`` if the file cannot be read, with tables found one folder below.
  public init(opening path: String) throws(InputError) {
    let manager = FileManager.default
    self.path = path
    guard !manager.fileExists(atPath: path) else {
      text = try readText(path)
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
    guard path == HullExample.fileName, tables.isEmpty else {
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
    text = HullExample.text
    isExample = true
    tablesBelow = below
  }
}
