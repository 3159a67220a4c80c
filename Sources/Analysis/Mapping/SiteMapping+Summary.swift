internal import Crystal

extension SiteMapping {
  /// Atoms for which no site was free within the cutoff.
  public var unassigned: [MappedAtom] { atoms.filter { $0.site == nil } }

  /// Atoms for which another site is nearly as good, or nearer.
  public var ambiguous: [MappedAtom] { atoms.filter(\.isAmbiguous) }

  /// Atoms on a site with another label than that of their origin.
  public var migrated: [MappedAtom] { atoms.filter(\.isMigrated) }

  /// Indices of the sites without an atom.
  public var emptySites: [Int] {
    structure.species.indices.filter { structure.species[$0].isVacancy }
  }

  /// Root mean square of the displacements of the assigned atoms, Å.
  public var rootMeanSquareDisplacement: Double {
    let squares = atoms.filter { $0.site != nil }.map { dot($0.displacement, $0.displacement) }
    return squares.isEmpty ? 0 : (squares.reduce(0, +) / Double(squares.count)).squareRoot()
  }

  /// What sits on the sites of each label, in the order of the labels in the parent.
  public var fillings: [LabelFilling] {
    LabelFilling.all(structure.labels ?? [], structure.species)
  }

  /// Migrated atoms by element and labels.
  public var migrations: [Migration] {
    var symbols: [Int: String] = [:]
    for (site, atom) in atomOfSite.enumerated() where atom >= 0 {
      symbols[atom] = structure.species[site].element.symbol
    }
    var counts: [[String]: Int] = [:]
    for atom in migrated {
      guard let from = atom.origin, let to = atom.site?.label, let symbol = symbols[atom.atom]
      else { continue }
      counts[[symbol, from, to], default: 0] += 1
    }
    return counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }
      .map { Migration(element: $0.key[0], from: $0.key[1], to: $0.key[2], count: $0.value) }
  }

  /// The degree of inversion of a spinel: the fraction of the 8a sites held by ions that the parent has
  /// on 16d.
  ///
  ///     i = N(8a sites with an element of 16d) / N(8a sites)
  ///
  /// 0 for a normal spinel, 1 for an inverse one; nil if the parent has no labels 8a and 16d, no
  /// element on 16d, or the same elements on both. Elements that the parent has on 8a too do not count.
  public var degreeOfInversion: Double? {
    let labels = structure.labels ?? []
    func elements(_ label: String) -> Set<Element> {
      Set(
        zip(labels, parentSpecies).filter { $0.0 == label && !$0.1.isVacancy }.map(\.1.element))
    }
    let inverted = elements("16d").subtracting(elements("8a"))
    let tetrahedral = labels.indices.filter { labels[$0] == "8a" }
    guard !inverted.isEmpty, !tetrahedral.isEmpty else { return nil }
    let held = tetrahedral.count { inverted.contains(structure.species[$0].element) }
    return Double(held) / Double(tetrahedral.count)
  }

  /// Index of the atom on each site, −1 where there is none.
  var atomOfSite: [Int] {
    guard case .integer(let values) = structure[column: SiteMapping.atomColumn]?.values else {
      return [Int](repeating: -1, count: structure.count)
    }
    return values
  }
}
