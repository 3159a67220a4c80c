internal import Crystal

/// Compares the formula that a CIF block states with the atoms that it lists.
///
/// Occupancies that are missing, sites that are listed twice and images that were merged wrongly all
/// show in the composition, and in nothing else.
enum CIFFormula {
  /// Amounts that differ by less than this fraction agree: occupancies have few digits.
  private static let slack = 0.03

  /// - Parameters:
  ///   - block: The block with `_chemical_formula_sum`; without it, nothing is compared.
  ///   - amounts: Atoms of each element in the cell, by occupancy.
  /// - Returns: What does not agree, as one sentence with its place; nil if all is well.
  static func disagreement(_ block: CIFBlock, _ amounts: [Element: Double]) -> String? {
    guard let given = block.value("_chemical_formula_sum"),
      let formula = try? Composition(parsing: given.text), !amounts.isEmpty
    else { return nil }
    let units = formulaUnits(block, formula, amounts)
    guard units > 0 else { return nil }
    let elements = Set(formula.elements).union(amounts.keys.filter { $0.atomicNumber > 0 })
    let wrong = elements.sorted().filter { element in
      let (stated, found) = (formula[element].doubleValue, (amounts[element] ?? 0) / units)
      return (stated - found).magnitude > slack * max(stated, found)
    }
    guard !wrong.isEmpty else { return nil }
    let list = wrong.map { element in
      "\(round(formula[element].doubleValue)) \(element) by the formula and "
        + "\(round((amounts[element] ?? 0) / units)) by the sites"
    }
    return "\(given.place): the formula \(quotedForMessage(given.text)) and the sites disagree: "
      + list.joined(separator: ", ") + "; are sites or occupancies missing?"
  }

  /// Formula units in the cell: the median of what the elements say, so that one that is wrong does
  /// not make all others wrong.
  private static func formulaUnits(
    _ block: CIFBlock, _ formula: Composition, _ amounts: [Element: Double]
  ) -> Double {
    if let text = block.value("_cell_formula_units_z")?.text, let units = NumberReader.real(text) {
      return units
    }
    let ratios = formula.amounts.map { (amounts[$0.element] ?? 0) / $0.amount.doubleValue }.sorted()
    return ratios.isEmpty ? 0 : ratios[ratios.count / 2]
  }

  private static func round(_ value: Double) -> String {
    let text = fixed(value, 2)
    return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
  }
}
