internal import Crystal

/// Checks that every code shares: distances of atoms and charges.
enum StructureLint {
  /// Below this fraction of the sum of the covalent radii two atoms are one too many.
  static let overlapping = 0.5

  /// Below this fraction a distance is doubtful; short bonds such as U=O reach 0.67.
  static let close = 0.62

  /// Adds what is wrong with the distances of atoms.
  ///
  /// - Parameters:
  ///   - structure: The atoms in the order of the file.
  ///   - file: The file that holds them.
  ///   - lineOfAtom: Lines of the atoms.
  ///   - report: Where findings go.
  static func checkDistances(
    _ structure: Structure, file: String, lineOfAtom: (Int) -> Int?, _ report: inout LintReport
  ) {
    let found = CloseAtoms(structure, limit: close)
    guard let pair = found.closest else { return }
    let (a, b) = (structure.species[pair.first].element, structure.species[pair.second].element)
    let what =
      pair.first == pair.second
      ? "atom \(pair.first + 1) (\(a)) and its image are"
      : "atoms \(pair.first + 1) (\(a)) and \(pair.second + 1) (\(b)) are"
    let more = found.count > 1 ? "; \(counted(found.count - 1, "more pair")) as close" : ""
    report.add(
      pair.ratio < overlapping ? .atomsTooClose : .atomsClose, file, lineOfAtom(pair.second),
      "\(what) \(fixed(pair.distance, 2)) Å apart, expected at least "
        + "\(fixed(pair.distance / pair.ratio * close, 2)) Å" + more)
  }

  /// Charges that differ by less are equal, e; oxidation states may be means of a mixture.
  static let chargeTolerance = 1e-3

  /// Compares the charge of the input, e, with the sum of the oxidation states, if all atoms have one.
  static func checkCharge(
    _ charge: Double, of structure: Structure, file: String, line: Int?, _ report: inout LintReport
  ) {
    let states = structure.species.compactMap(\.oxidationState)
    guard states.count == structure.count else { return }
    let sum = states.reduce(0, +)
    guard (sum - charge).magnitude > chargeTolerance else { return }
    report.add(
      .notNeutral, file, line,
      "the charge of the cell is \(signed(charge)) e, but the oxidation states add up to "
        + "\(signed(sum)) e", hint: "add or remove ions, or check the oxidation states")
  }

  /// `+2`, `-0.5`, `0`.
  static func signed(_ charge: Double) -> String {
    let text = charge == charge.rounded() ? fixed(charge, 0) : fixed(charge, 3)
    return charge > 0 ? "+\(text)" : text
  }
}
