public import Crystal
internal import Foundation
internal import StructureIO

/// Writes the one structure that a command makes.
public enum StructureOutput {
  /// Refuses a name that nothing can be written to, before any work is done.
  ///
  /// - Throws: ``InputError`` for a file in the way, or a name that tells no format.
  public static func check(_ path: String, replaces: Bool) throws(InputError) {
    if FileManager.default.fileExists(atPath: path), !replaces {
      throw InputError(
        "the file exists", at: path, hint: "choose another --out, or replace it with --force")
    }
    _ = try StructureFile.format(of: path)
  }

  /// Writes a structure; the name's ending tells the format.
  ///
  /// - Parameters:
  ///   - structure: What to write; formats without empty sites leave them out.
  ///   - path: The file.
  ///   - replaces: What to do about a file that exists.
  /// - Returns: What the format loses and what is no longer true, one sentence each.
  /// - Throws: ``InputError`` if it cannot be written.
  public static func write(
    _ structure: Structure, to path: String, replaces: Bool
  ) throws(InputError) -> [String] {
    try check(path, replaces: replaces)
    let format = try StructureFile.format(of: path)
    let whole = format == .extxyz ? structure : structure.withoutVacancies().groupedBySpecies()
    try StructureFile.write(whole, to: path, existing: .replace)
    return (format.losses(structure) + staleResults(structure)).map { "\(path): \($0)" }
  }

  /// Says which results of a calculation came along from the structure before it was changed.
  private static func staleResults(_ structure: Structure) -> [String] {
    let names =
      structure.info.map(\.key).filter(["energy", "free_energy", "stress", "virial"].contains)
      + structure.columns.map(\.name).filter { $0 == Column.Name.force }
    guard !names.isEmpty else { return [] }
    return [
      "\(names.joined(separator: ", ")): still those of the structure before; calculate them anew"
    ]
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
