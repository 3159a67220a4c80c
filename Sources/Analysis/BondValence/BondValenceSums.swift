public import Crystal

/// The bond valences around each ion, beside its oxidation state.
///
///     v(i) = Σⱼ exp((R0 − rᵢⱼ) / b)          [valence units]
///
/// over the ions of the other sign within the cutoff. The global instability index is the root mean square of
/// v(i) − |q(i)| over the ions; above about 0.2 a crystal is strained or its oxidation states are wrong.
///
/// Reference: I. D. Brown and D. Altermatt, Acta Cryst. B 41, 244 (1985); A. Salinas-Sanchez et al., J. Solid
/// State Chem. 100, 201 (1992): the index.
public struct BondValenceSums: Sendable {
  /// v of every atom; 0 for atoms without charge.
  public let sums: [Double]

  /// |q| of every atom.
  public let expected: [Double]

  /// Number of ions of the other sign within the cutoff, of every atom.
  public let bondCounts: [Int]

  /// Adds up the valences.
  ///
  /// - Parameters:
  ///   - structure: The atoms; empty sites have no charge.
  ///   - charges: Oxidation state of every site.
  ///   - table: The parameters.
  ///   - cutoff: Longest bond, Å.
  /// - Throws: ``InputError`` for a pair without parameters.
  public init(
    _ structure: Structure, charges: [Double], table: BondValenceTable, cutoff: Double
  ) throws(InputError) {
    precondition(charges.count == structure.count, "one charge per site")
    try checkUsable(structure.positions)
    // One kind for each element and charge, so that parameters are looked up once for each pair of kinds.
    let ions = zip(structure.species, charges).map { Species($0.element, oxidationState: $1) }
    let kinds = Set(ions.indices.filter { charges[$0] != 0 }.map { ions[$0] }).sorted()
    let kindOfAtom = ions.map { kinds.firstIndex(of: $0) ?? -1 }
    var bonds: [[BondValence?]] = []
    for cation in kinds {
      var row: [BondValence?] = []
      for anion in kinds {
        guard let q = cation.oxidationState, let p = anion.oxidationState, q > 0, p < 0 else {
          row.append(nil)
          continue
        }
        row.append(try table.bond(cation: cation, anion: anion.element))
      }
      bonds.append(row)
    }
    let grid = NeighbourGrid(
      lattice: structure.lattice, positions: structure.positions, radius: cutoff)
    var sums = [Double](repeating: 0, count: structure.count)
    var bondCounts = [Int](repeating: 0, count: structure.count)
    for (atom, position) in structure.positions.enumerated() where kindOfAtom[atom] >= 0 {
      let kind = kindOfAtom[atom]
      grid.forEach(near: position, within: cutoff) { other in
        let otherKind = kindOfAtom[other.index]
        guard otherKind >= 0, let bond = bonds[kind][otherKind] ?? bonds[otherKind][kind] else {
          return
        }
        sums[atom] += bond.valence(other.distance)
        bondCounts[atom] += 1
      }
    }
    self.sums = sums
    self.bondCounts = bondCounts
    expected = charges.map(\.magnitude)
  }

  /// Root mean square of v − |q| over the ions; 0 without any.
  public var globalInstability: Double {
    let squares = sums.indices.filter { expected[$0] > 0 }.map {
      (sums[$0] - expected[$0]) * (sums[$0] - expected[$0])
    }
    return squares.isEmpty ? 0 : (squares.reduce(0, +) / Double(squares.count)).squareRoot()
  }
}
