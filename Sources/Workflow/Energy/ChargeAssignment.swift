internal import Crystal

/// The charge of every site of a structure, and where it comes from.
struct ChargeAssignment {
  /// One charge per site, e; vacancies have none.
  let charges: [Double]

  /// Where the charges come from, half a sentence.
  let origin: String

  /// What is doubtful.
  let warnings: [String]

  /// - Parameters:
  ///   - structure: The sites.
  ///   - given: Charges by element, which come before what the file says.
  ///   - file: Name of the file, for messages.
  /// - Throws: ``InputErrors`` that name atoms without charge, or charges without atoms.
  init(_ structure: Structure, given: [Element: Double], file: String) throws {
    let present = Set(structure.species.filter { !$0.isVacancy }.map(\.element))
    let example = present.sorted().map { element in
      let state = element.oxidationStates.first ?? 1
      return "\(element)=\(state)"
    }.joined(separator: ",")
    var warnings: [String] = []
    if given.isEmpty, let column = structure.charges {
      charges = zip(structure.species, column).map { $0.isVacancy ? 0 : $1 }
      origin = "column \(Column.Name.charge)"
      guard charges.contains(where: { $0 != 0 }) else {
        throw InputError(
          "all charges in the column \(Column.Name.charge) are zero", at: file,
          hint: "give charges by element, such as --charges \(example)")
      }
    } else {
      var problems: [InputError] = []
      for element in given.keys.sorted() where !present.contains(element) {
        problems.append(
          InputError(
            "\(element) has a charge but does not occur in \(file)", at: "charges",
            hint: "its elements are \(present.sorted().map(\.symbol).joined(separator: ", "))"))
      }
      let found = structure.species.map { species in
        species.isVacancy ? 0 : given[species.element] ?? species.oxidationState
      }
      let missing = Set(zip(structure.species, found).filter { $0.1 == nil }.map(\.0.element))
      if !missing.isEmpty {
        let names = missing.sorted().map(\.symbol).joined(separator: ", ")
        problems.append(
          InputError(
            "no charges for \(names)", at: file,
            hint: "give charges by element, such as --charges \(example), or a column "
              + "\(Column.Name.charge)"))
      }
      guard problems.isEmpty else { throw InputErrors(problems) }
      charges = found.map { $0 ?? 0 }
      origin = given.isEmpty ? "oxidation states in the file" : "given by element"
      if !given.isEmpty, structure.charges != nil {
        warnings.append(
          "the column \(Column.Name.charge) of \(file) is not used, because charges were given")
      }
    }
    let total = charges.reduce(0, +)
    if total.magnitude > ChargeAssignment.neutral * Double(max(1, charges.count)) {
      warnings.append(
        "the cell has a net charge of \(fixed(total, 4)) e, compensated by a uniform background")
    }
    self.warnings = warnings
  }

  /// Charge per site that is put down to rounding, e.
  private static let neutral = 1e-9
}
