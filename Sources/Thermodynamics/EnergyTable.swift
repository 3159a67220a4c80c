public import Crystal

/// Energies of compositions, the hinge between searches, first-principles codes and hulls.
///
/// The header of tables written by cellgen is
///
///     id,formula,atoms,energy_eV,energy_per_atom_eV,source,structure
///
/// Other tables are understood if they have a column `formula` (or `composition`) and a column of
/// energies whose name says whether it is a total or per atom, and the unit: `energy (Ry)`,
/// `energy_kJ_mol`, `energy_per_atom`. Energies and volumes in a row belong to `atoms` atoms, or to
/// the formula as written if there is no such column.
public struct EnergyTable: Hashable, Sendable {
  /// The rows, in the order of the table.
  public var entries: [EnergyEntry]

  /// A table of energies from elsewhere.
  public init(entries: [EnergyEntry]) {
    self.entries = entries
  }

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - text: Fields separated by commas, semicolons or tabs, with a header.
  ///   - file: Name of the file, for messages.
  /// - Throws: ``InputErrors`` with everything that is wrong, each with `file:line`.
  public init(parsing text: String, file: String) throws(InputErrors) {
    try self.init(joining: [(file, text)])
  }

  /// Reads tables into one.
  ///
  /// If a name stands in several tables, all names of these get that of their folder before them:
  /// `charged/001`.
  ///
  /// - Parameter tables: Name and text of each file.
  /// - Throws: ``InputErrors`` with everything that is wrong, each with `file:line`.
  public init(joining tables: [(file: String, text: String)]) throws(InputErrors) {
    var problems: [InputError] = []
    var parts: [(file: String, entries: [EnergyEntry])] = []
    for table in tables {
      let (entries, found) = EnergyTable.read(table.text, file: table.file)
      parts.append((table.file, entries))
      problems += found
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
    var uses: [String: Int] = [:]
    for entry in parts.flatMap(\.entries) { uses[entry.id, default: 0] += 1 }
    entries = parts.flatMap { part in
      guard part.entries.contains(where: { uses[$0.id] ?? 0 > 1 }) else { return part.entries }
      let prefix = EnergyTable.shortName(part.file)
      return part.entries.map { entry in
        var entry = entry
        entry.id = "\(prefix)/\(entry.id)"
        return entry
      }
    }
    let all = tables.map(\.file).joined(separator: ", ")
    if let problem = EnergyTable.repeatedName(entries) ?? EnergyTable.singleComposition(entries) {
      throw InputErrors([problem.inside(all)])
    }
  }

  /// The name of the folder of a file, or of the file itself if it is not in one.
  private static func shortName(_ file: String) -> String {
    let parts = file.split(separator: "/")
    if parts.count > 1 { return String(parts[parts.count - 2]) }
    return String(parts.first?.prefix { $0 != "." } ?? "")
  }

  /// The complaint that two entries have the same name.
  private static func repeatedName(_ entries: [EnergyEntry]) -> InputError? {
    var seen: Set<String> = []
    guard let entry = entries.first(where: { !seen.insert($0.id).inserted }) else { return nil }
    return InputError(
      "there are two rows \"\(entry.id)\"", hint: "each table must be given once")
  }

  /// The rows of a table, and what is wrong with it.
  private static func read(
    _ text: String, file: String
  ) -> (entries: [EnergyEntry], problems: [InputError]) {
    let table = DelimitedText(text)
    guard let header = table.records.first else {
      let problem = InputError(
        "the table is empty", at: file,
        hint: "the first line names the columns, such as id,formula,atoms,energy_eV")
      return ([], [problem])
    }
    let columns = EnergyColumns(header.fields)
    var problems = columns.problems.map { $0.inside("\(file):\(header.line)") }
    var reader = EnergyRowReader(columns: columns, separator: table.separator)
    var entries: [EnergyEntry] = []
    for record in table.records.dropFirst() {
      let (entry, found) = reader.read(record)
      if let entry { entries.append(entry) }
      problems += found.map {
        InputError($0.message, at: "\(file):\(record.line)", hint: $0.hint)
      }
    }
    problems += table.problems.map {
      InputError($0.message, at: "\(file):\($0.location ?? "1")", hint: $0.hint)
    }
    if table.records.count == 1 { problems.append(InputError("the table has no rows", at: file)) }
    // Paths in a table are relative to its folder.
    let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
    for n in entries.indices
    where !entries[n].structure.isEmpty && entries[n].structure.first != "/" {
      entries[n].structure = folder + entries[n].structure
    }
    return (entries, problems)
  }

  /// The complaint that all entries have the same composition.
  private static func singleComposition(_ entries: [EnergyEntry]) -> InputError? {
    guard let first = entries.first, let kind = reducedAmounts(first) else { return nil }
    guard entries.allSatisfy({ reducedAmounts($0) == kind }) else { return nil }
    return InputError(
      "all rows have the composition \(first.formula)",
      hint: "stability is relative to other compositions: add rows of the end members")
  }

  private static func reducedAmounts(_ entry: EnergyEntry) -> [Element: Rational]? {
    guard let reduced = try? entry.formula.reduced().formula else { return nil }
    return Dictionary(uniqueKeysWithValues: reduced.amounts.map { ($0.element, $0.amount) })
  }
}
