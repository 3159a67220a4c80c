internal import Crystal
internal import Handoff
internal import Report

extension InputRun {
  /// What was written, for people.
  public var text: String {
    var table = Table(
      title: "\(specification.code.title), \(specification.settingsName)",
      columns: ["calculation", "formula", "atoms", "charge (e)", "k-points", "moment (µB)"])
    for entry in entries.prefix(InputRun.mostRows) {
      table.append([
        entry.record.id, entry.record.formula, "\(entry.record.atoms)",
        entry.record.charge.map { InputRun.short($0) } ?? "unknown",
        specification.code == .lammps
          ? "" : "\(entry.grid.x)x\(entry.grid.y)x\(entry.grid.z)",
        entry.record.settings.isSpinPolarised == true ? InputRun.short(entry.moment) : "no spin",
      ])
    }
    let rest = entries.count - InputRun.mostRows
    return table.text + (rest > 0 ? "and \(rest) more\n" : "")
  }

  private static let mostRows = 20

  private static func short(_ value: Double) -> String {
    let text = fixed(value, 2)
    return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
  }

  /// The same for programs.
  ///
  /// - Parameter folder: Where the folders are; nil if nothing was written.
  /// - Returns: An object with the calculations.
  public func json(folder: String?) -> JSONValue {
    var object: [String: JSONValue] = [
      "cellgen": .text(cellgenVersion), "code": .text(specification.code.rawValue),
      "preset": .text(calculation.preset), "warnings": .texts(warnings),
      "notes": .texts(calculation.notes),
      "calculations": .array(
        entries.map { entry in
          .object([
            "id": .text(entry.record.id), "formula": .text(entry.record.formula),
            "atoms": .integer(entry.record.atoms),
            "charge_e": entry.record.charge.map { .real($0) } ?? .null,
            "kpoints": .array([
              .integer(entry.grid.x), .integer(entry.grid.y), .integer(entry.grid.z),
            ]),
            "source": .text(entry.record.source),
          ])
        }),
    ]
    if let folder { object["folder"] = .text(folder) }
    return .object(object)
  }
}
