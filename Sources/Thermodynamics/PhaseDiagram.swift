public import Crystal

/// Formation energies, the convex hull and the energy above it for compounds of any elements.
///
/// For an entry with shares λⱼ of the references, all per atom,
///
///     formation energy = E - Σⱼ λⱼ E(reference j)          [eV/atom]
///     energy above hull = E - Σᵥ wᵥ E(v)                    [eV/atom]
///
/// where the stable phases v with atomic fractions wᵥ have the composition of the entry and the
/// lowest energy of all such mixtures.
///
/// Conventions: the references are the lowest entries of the pure elements. If some elements have
/// none, but all compositions are mixtures of entries that could serve instead (both ends of a
/// line, three corners of a triangle, …), those are taken and ``references`` says so.
///
/// Reference: S. P. Ong et al., Chem. Mater. 20, 1798 (2008). Hull: C. B. Barber et al., ACM Trans.
/// Math. Softw. 22, 469 (1996).
public struct PhaseDiagram: Sendable {
  /// An entry on or above the hull.
  public struct Phase: Sendable {
    /// The entry.
    public let entry: EnergyEntry

    /// Shares of the references, in atoms, sum 1.
    public let shares: [Double]

    /// Energy of formation from the references, eV/atom.
    public let formationEnergyPerAtom: Double

    /// Energy above the hull, eV/atom, ≥ 0.
    public let energyAboveHullPerAtom: Double

    /// The stable phases that it decomposes into; itself if it is stable.
    public let decomposition: [Product]

    /// Whether the energy above the hull is within the tolerance.
    public let isStable: Bool
  }

  /// A product of a decomposition.
  public struct Product: Hashable, Sendable {
    /// Index of the product in the list of phases.
    public let phase: Int

    /// How much of it there is: the fraction of all atoms, or of all host formula units in an
    /// ``InsertionHull``.
    public let fraction: Double
  }

  /// What formation energies refer to.
  public let references: References

  /// The entries that the references can make up, in the order of the input.
  public let phases: [Phase]

  /// Entries that are no mixture of the end members that the user named.
  public let outside: [EnergyEntry]

  /// Indices of the stable phases.
  public var stable: [Int] { phases.indices.filter { phases[$0].isStable } }

  /// Computes the diagram.
  ///
  /// - Parameters:
  ///   - entries: At least one entry.
  ///   - endMembers: References instead of the elements; each needs an entry.
  ///   - tolerance: Largest energy above the hull of a stable phase, eV/atom.
  /// - Throws: ``InputError`` that says which rows to add if references are missing.
  /// - Complexity: O(entries × facets).
  public init(
    _ entries: [EnergyEntry], endMembers: [Composition] = [], tolerance: Double = 1e-9
  ) throws(InputError) {
    guard !entries.isEmpty else { throw InputError("there are no energies") }
    let shares = try Shares(entries, endMembers: endMembers)
    let components = shares.references.compositions.count
    let inside = shares.inside.map { entries[$0] }
    let rows = inside.indices.map {
      Array(shares.coordinates[($0 * components)..<(($0 + 1) * components)])
    }
    let lowest = (0..<components).map { component in
      zip(inside, rows).reduce(Double.infinity) {
        $1.1[component] > 1 - sameComposition ? min($0, $1.0.energyPerAtom) : $0
      }
    }
    let formation = zip(inside, rows).map { entry, row in
      // A pure reference is compared with one energy, so that the lowest gives exactly zero.
      row.firstIndex { $0 > 1 - sameComposition }.map { entry.energyPerAtom - lowest[$0] }
        ?? entry.energyPerAtom - zip(row, lowest).reduce(0.0) { $0 + $1.0 * $1.1 }
    }
    let size = inside.reduce(1.0) { max($0, $1.energyPerAtom.magnitude) }
    let hull = try LowerHull(
      coordinates: shares.coordinates, energies: formation, names: inside.map(\.id),
      components: components, tolerance: tolerance, roundoff: 1e-14 * size)
    references = shares.references
    outside = Set(entries.indices).subtracting(shares.inside).sorted().map { entries[$0] }
    phases = inside.indices.map { index in
      Phase(
        entry: inside[index], shares: rows[index], formationEnergyPerAtom: formation[index],
        energyAboveHullPerAtom: hull.energyAboveHull[index],
        decomposition: hull.decomposition[index].map {
          Product(phase: $0.point, fraction: $0.weight)
        },
        isStable: hull.isStable[index])
    }
  }
}
