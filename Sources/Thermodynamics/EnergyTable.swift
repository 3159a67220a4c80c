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
    let table = DelimitedText(text)
    guard let header = table.records.first else {
      throw InputErrors([
        InputError(
          "the table is empty", at: file,
          hint: "the first line names the columns, such as id,formula,atoms,energy_eV")
      ])
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
    if table.records.count == 1 {
      problems.append(InputError("the table has no rows", at: file))
    } else if problems.isEmpty, let problem = EnergyTable.singleComposition(entries) {
      problems.append(problem.inside(file))
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
    self.entries = entries
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
