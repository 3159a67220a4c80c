public import Crystal

/// Oxidation states that magnetic moments tell, beside those that a structure was given.
public struct OxidationCheck: Hashable, Sendable {
  /// One entry for every atom.
  public let atoms: [Atom]

  /// What is doubtful, one sentence each.
  public let warnings: [String]

  /// An atom.
  public struct Atom: Hashable, Sendable {
    /// Index in the structure.
    public var index: Int
    /// Its species, with the oxidation state that was given, if any.
    public var species: Species
    /// Magnetic moment, μB.
    public var moment: Double
    /// What the moment tells.
    public var finding: OxidationByMoment.Finding
    /// Whether this agrees with what was given; nil if either is unknown.
    ///
    /// A state that is an average, such as 3.5, agrees with the whole numbers on both sides.
    public var agrees: Bool?
  }

  /// Compares moments with oxidation states.
  ///
  /// The warnings name each element of which atoms disagree; and, if every atom has a state that is given
  /// or told by its moment, a sum that is not the charge of the cell.
  ///
  /// - Parameters:
  ///   - species: The atoms, with the oxidation states that they were given.
  ///   - moments: μB, one for every atom.
  ///   - charge: Charge of the cell, e.
  /// - Precondition: as many moments as species.
  public init(species: [Species], moments: [Double], charge: Double = 0) {
    precondition(species.count == moments.count, "one moment per atom")
    var atoms: [Atom] = []
    var sum: Double? = 0
    var disagreeing: [Element: [Int]] = [:]
    for (n, (species, moment)) in zip(species, moments).enumerated() {
      let finding = OxidationByMoment.finding(moment, of: species.element)
      var agrees: Bool?
      if case .state(let state) = finding {
        sum = sum.map { $0 + Double(state) }
        if let given = species.oxidationState {
          agrees = (Double(state) - given).magnitude < 1 - 1e-9
        }
      } else if let given = species.oxidationState, finding == .unknown {
        sum = sum.map { $0 + given }
      } else {
        sum = nil
      }
      if agrees == false { disagreeing[species.element, default: []].append(n) }
      atoms.append(
        Atom(index: n, species: species, moment: moment, finding: finding, agrees: agrees))
    }
    self.atoms = atoms
    var warnings: [String] = []
    for (element, indices) in disagreeing.sorted(by: { $0.key < $1.key }) {
      let examples = indices.prefix(3).map { n -> String in
        guard case .state(let state) = atoms[n].finding else { return "" }
        return "atom \(n + 1) was \(species[n]), \(fixed(moments[n], 2)) μB tell "
          + "\(Species(element, oxidationState: Double(state)))"
      }
      warnings.append(
        "moments disagree with the oxidation states of \(indices.count) \(element): "
          + examples.joined(separator: "; ") + (indices.count > 3 ? "; …" : ""))
    }
    if let sum, (sum - charge).magnitude > 0.5, atoms.contains(where: { $0.finding != .unknown }) {
      warnings.append(
        "the oxidation states told by the moments add up to \(fixed(sum, 2)), the charge of the cell is "
          + "\(fixed(charge, 2))")
    }
    self.warnings = warnings
  }
}
