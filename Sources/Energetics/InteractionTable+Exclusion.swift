internal import Crystal

extension InteractionTable {
  /// The same energies with a penalty for every given pair of active sites of which both hold an ion.
  ///
  /// - Parameters:
  ///   - pairs: Pairs of active sites, each once.
  ///   - penalty: Added for each pair of two species that are no vacancies, eV.
  /// - Returns: The table with the penalties among its short-range terms.
  public func penalizing(_ pairs: [(Int, Int)], by penalty: Double) -> InteractionTable {
    guard !pairs.isEmpty else { return self }
    let m = species.count
    let kind = Int32(shortRange.energies.count / (m * m))
    var lists = (0..<siteCount).map { Array(shortRange.neighbours(of: $0)) }
    for (i, j) in pairs {
      lists[i].append(ShortRange.Neighbour(site: Int32(j), kind: kind))
      lists[j].append(ShortRange.Neighbour(site: Int32(i), kind: kind))
    }
    let energies = (0..<(m * m)).map { pair in
      species[pair / m].isVacancy || species[pair % m].isVacancy ? 0 : penalty
    }
    return InteractionTable(
      siteCount: siteCount, species: species, charges: charges, constant: constant,
      siteEnergies: siteEnergies, coulomb: coulomb,
      shortRange: ShortRange(lists: lists, energies: shortRange.energies + energies))
  }
}
