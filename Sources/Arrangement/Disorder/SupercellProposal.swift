public import Crystal

/// A supercell in which the occupancies of a disordered crystal become whole numbers of atoms.
public struct SupercellProposal: Sendable {
  /// The supercell; diagonal unless that would be much longer in one direction than in others.
  public let supercell: SupercellMatrix

  /// Numbers of the occupants on the sites of each group that is not filled by one element.
  public let counts: [ProblemSpecification.LabelCounts]

  /// The largest |count / sites − occupancy|.
  public let largestDeviation: Double

  /// Whether every number is whole within the tolerance of its occupancy.
  public let fits: Bool

  /// Net charge of the supercell, e; nil where an element is left to balance it.
  public let netCharge: Double?

  /// Number of unit cells.
  public var index: Int { supercell.cellCount }
}

/// The supercells that suit the occupancies of a disordered crystal.
public struct SupercellProposals: Sendable {
  /// Those in which all numbers are whole, smallest first; empty if there is none.
  public let fitting: [SupercellProposal]

  /// The supercell whose numbers come nearest to the occupancies, of all that were looked at.
  public let closest: SupercellProposal
}

extension DisorderedCrystal {
  /// Cells that are looked at unless told otherwise.
  public static let defaultMaximumIndex = 64

  /// Finds the smallest supercells in which the occupancies become whole numbers.
  ///
  /// For a group of N sites in the unit cell, index Z and occupancy x, the number N Z x is whole if
  ///
  ///     |n / (N Z) − x| ≤ tolerance          for some integer n
  ///
  /// Numbers of a group always add up to its sites. Multiples of a supercell that fits also fit.
  ///
  /// - Parameters:
  ///   - maximumIndex: The largest number of unit cells that is looked at, 1 to 1000.
  ///   - tolerance: What an occupancy may be off; nil takes what each is known to: its standard
  ///     uncertainty, or half a unit of the last digit.
  ///   - limit: The largest number of proposals.
  ///   - oxidation: Rules that come before the oxidation numbers of the structure, for the charges.
  /// - Returns: Proposals by index, one for each index that fits, and the closest one.
  public func supercellProposals(
    maximumIndex: Int = DisorderedCrystal.defaultMaximumIndex, tolerance: Double? = nil,
    limit: Int = 5, oxidation: [Element: ProblemSpecification.OxidationRule] = [:]
  ) -> SupercellProposals {
    precondition((1...1000).contains(maximumIndex), "maximumIndex must be in 1...1000")
    precondition(tolerance.map { $0 > 0 && $0 < 1 } ?? true, "tolerance must be in (0, 1)")
    var fitting: [Int] = []
    var closest = (index: 1, excess: Double.infinity)
    for index in 1...maximumIndex {
      let excess = excess(cells: index, tolerance: tolerance)
      if excess <= 1, fitting.count < limit { fitting.append(index) }
      if excess < closest.excess - 1e-9 { closest = (index, excess) }
    }
    return SupercellProposals(
      fitting: fitting.map { proposal(index: $0, tolerance, oxidation) },
      closest: proposal(index: closest.index, tolerance, oxidation))
  }

  /// The largest deviation over its tolerance, of all groups.
  func excess(cells: Int, tolerance: Double?) -> Double {
    counts(cells: cells).map { $0.excess(tolerance: tolerance) }.max() ?? 0
  }

  /// Whole numbers for every group that is not filled by one element.
  func counts(cells: Int) -> [GroupCounts] {
    groups.filter(\.isMixed).map { GroupCounts($0, cells: cells) }
  }

  /// The smallest supercell that fits and is neutral; nil if there is none up to the usual index.
  func neutralSupercell(
    _ tolerance: Double?, _ oxidation: [Element: ProblemSpecification.OxidationRule]
  ) -> SupercellProposal? {
    let index = (1...DisorderedCrystal.defaultMaximumIndex).first { index in
      excess(cells: index, tolerance: tolerance) <= 1
        && ChargeBalance(self, counts(cells: index), cells: index, given: oxidation).netCharge == 0
    }
    return index.map { proposal(index: $0, tolerance, oxidation) }
  }

  private func proposal(
    index: Int, _ tolerance: Double?,
    _ oxidation: [Element: ProblemSpecification.OxidationRule]
  ) -> SupercellProposal {
    let counts = counts(cells: index)
    let deviations = counts.flatMap { counts in
      counts.counts.indices.map { counts.deviation($0).magnitude }
    }
    let supercell = SupercellMatrix.compact(index: index, lattice: parent.lattice)
    return SupercellProposal(
      supercell: supercell, counts: counts.map(\.labelCounts),
      largestDeviation: deviations.max() ?? 0,
      fits: excess(cells: index, tolerance: tolerance) <= 1,
      netCharge: ChargeBalance(self, counts, cells: index, given: oxidation).netCharge)
  }
}
