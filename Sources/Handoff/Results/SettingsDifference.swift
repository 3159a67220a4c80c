public import Crystal

/// A setting that is known for several calculations and not the same for all of them.
public struct SettingsDifference: Hashable, Sendable {
  /// What differs, such as `functional` or `U of Mn`.
  public var setting: String

  /// The values in order.
  public var values: [Value]

  /// One of the values.
  public struct Value: Hashable, Sendable {
    /// The value with its unit.
    public var value: String
    /// The calculations that have it.
    public var ids: [String]
  }

  /// One line: every value with at most three calculations.
  public var description: String {
    let parts = values.map { entry in
      let names = entry.ids.prefix(3).joined(separator: ", ")
      let more = entry.ids.count > 3 ? " and \(entry.ids.count - 3) more" : ""
      return "\(entry.value) (\(names)\(more))"
    }
    return "\(setting): \(parts.joined(separator: "; "))"
  }

  /// What must be the same for energies in one hull, and is not.
  ///
  /// U and pseudopotentials are compared element by element, among calculations that contain the element:
  /// a metal without U goes with an oxide with U on another element. Whether spin is polarised may differ.
  ///
  /// - Parameter calculations: Name, elements and settings of each.
  /// - Returns: One entry for each setting that differs.
  public static func all(
    _ calculations: [(id: String, elements: Set<Element>, settings: CalculationSettings)]
  ) -> [SettingsDifference] {
    let elements = Set(calculations.flatMap(\.elements)).sorted()
    typealias Values = (String, (Set<Element>, CalculationSettings) -> String?)
    var kinds: [Values] = [
      ("code", { $1.code?.title }), ("functional", { $1.functional }),
      ("dispersion", { $1.dispersion }), ("cutoff", { $1.cutoffEV.map { "\(fixed($0, 1)) eV" } }),
    ]
    for element in elements {
      kinds.append(
        (
          "U of \(element)",
          { present, settings in
            guard present.contains(element) else { return nil }
            return settings.hubbardEV.map { "\(fixed($0[element.symbol] ?? 0, 2)) eV" }
          }
        ))
      kinds.append(
        (
          "pseudopotential of \(element)",
          { present, settings in
            present.contains(element) ? settings.pseudopotentials?[element.symbol] : nil
          }
        ))
    }
    return kinds.compactMap { name, value in
      var ids: [String: [String]] = [:]
      for calculation in calculations {
        guard let text = value(calculation.elements, calculation.settings) else { continue }
        ids[text, default: []].append(calculation.id)
      }
      guard ids.count > 1 else { return nil }
      return SettingsDifference(
        setting: name,
        values: ids.sorted { $0.key < $1.key }.map { Value(value: $0.key, ids: $0.value) })
    }
  }

  /// What a calculation was to be done with, and was not.
  ///
  /// - Parameters:
  ///   - wanted: As in `calculation.json`.
  ///   - found: As in the output.
  ///   - elements: Elements of the cell.
  /// - Returns: One sentence for each setting.
  public static func departures(
    from wanted: CalculationSettings, in found: CalculationSettings, elements: Set<Element>
  ) -> [String] {
    var (wanted, found) = (wanted, found)
    if found.code == .lammps {
      // The log names pair styles, the record the set of potentials.
      found.functional = nil
    }
    if found.code == .qe, found.dispersion == "D3", wanted.dispersion == "D3BJ" {
      // pw.x does not print the damping.
      found.dispersion = "D3BJ"
    }
    if found.code == .cp2k {
      // GTH-PBE-q6 in the output is q6 of the record, whose functional stands beside it.
      wanted.pseudopotentials = wanted.pseudopotentials?.mapValues(lastPart)
      found.pseudopotentials = found.pseudopotentials?.mapValues(lastPart)
    }
    return all([
      ("calculation.json", elements, wanted), ("the output", elements, found),
    ]).map { "different settings: \($0.description)" }
  }

  /// What stands behind the last hyphen.
  private static func lastPart(_ label: String) -> String {
    label.split(separator: "-").last.map(String.init) ?? label
  }
}
