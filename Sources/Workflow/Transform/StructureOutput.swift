public import Crystal
internal import Foundation
internal import StructureIO

/// Writes the one structure that a command makes.
public enum StructureOutput {
  /// Writes a structure; the name's ending tells the format.
  ///
  /// - Parameters:
  ///   - structure: What to write; formats without empty sites leave them out.
  ///   - path: The file.
  ///   - replaces: What to do about a file that exists.
  /// - Throws: ``InputError`` if it cannot be written.
  public static func write(
    _ structure: Structure, to path: String, replaces: Bool
  ) throws(InputError) {
    if FileManager.default.fileExists(atPath: path), !replaces {
      throw InputError(
        "the file exists", at: path, hint: "choose another --out, or replace it with --force")
    }
    let format = StructureFormat(fileName: path)
    let whole = format == .extxyz ? structure : structure.withoutVacancies().groupedBySpecies()
    try StructureFile.write(whole, to: path, existing: .replace)
  }

  /// What a structure is, as a JSON object.
  public static func json(
    _ structure: Structure, path: String, seed: UInt64? = nil, notes: [String] = [],
    _ more: [String: JSONValue] = [:]
  ) -> JSONValue {
    var object: [String: JSONValue] = [
      "cellgen": .text(cellgenVersion), "structure": .text(path),
      "formula": .text("\(structure.composition)"),
      "atoms": .integer(structure.withoutVacancies().count), "sites": .integer(structure.count),
      "lattice_A": .array(structure.lattice.vectors.map(JSONValue.vector)),
      "notes": .texts(notes),
    ]
    if let seed { object["seed"] = .integer(Int(clamping: seed)) }
    return .object(object.merging(more) { _, new in new })
  }
}
