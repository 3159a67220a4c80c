public import Crystal

/// The short-range energy of ions in a periodic cell, with its derivatives, by a plain sum.
///
///     E = ½ Σᵢⱼ Σ_T' vᵢⱼ(r)    for r ≤ cutoff          [eV]
///
/// Conventions: pairs without parameters do not interact; the set says what happens at the cutoff.
public struct PairSum: Sendable {
  /// Energy per cell, eV.
  public let energy: Double

  /// Force on each site, eV/Å; n sites.
  public let forces: [SIMD3<Double>]

  /// Derivative by a symmetric strain ε, eV: rows of the 3 × 3 matrix ∂E/∂ε; stress is this over V.
  public let strainDerivative: [SIMD3<Double>]

  /// Sums over a cell.
  ///
  /// - Parameters:
  ///   - lattice: The cell, Å.
  ///   - positions: Sites; any image, no two on the same point.
  ///   - species: What sits on them, n entries.
  ///   - potentials: Interactions by species.
  /// - Complexity: O(n² × images of the cell within the cutoff).
  /// - Precondition: as many species as positions.
  public init(
    lattice: Lattice, positions: [Fractional], species: [Species], potentials: PotentialSet
  ) {
    precondition(positions.count == species.count, "one species per site")
    let n = positions.count
    let kinds = Array(Set(species)).sorted()
    var kindOfSpecies: [Species: Int] = [:]
    for (index, kind) in kinds.enumerated() { kindOfSpecies[kind] = index }
    let kindOfSite = species.map { kindOfSpecies[$0] ?? 0 }
    let table = kinds.map { a in
      kinds.map { b in
        potentials.potential(a, b).map {
          PairFunction(
            short: $0, truncation: potentials.truncation, cutoff: potentials.cutoff, product: 0,
            splitting: 0)
        }
      }
    }
    let images = lattice.latticePoints(within: potentials.cutoff).map {
      Double($0.x) * lattice.a + Double($0.y) * lattice.b + Double($0.z) * lattice.c
    }
    let cutoff2 = potentials.cutoff * potentials.cutoff

    var energy = 0.0
    var forces = [SIMD3<Double>](repeating: .zero, count: n)
    var strain = [SIMD3<Double>](repeating: .zero, count: 3)
    for i in 0..<n {
      for j in 0...i {
        guard let potential = table[kindOfSite[i]][kindOfSite[j]] else { continue }
        var f = positions[i].components - positions[j].components
        f -= f.rounded(.toNearestOrEven)
        let d = lattice.cartesian(Fractional(f)).components
        let weight = i == j ? 0.5 : 1.0
        for image in images where !(i == j && image == .zero) {
          let r = d + image
          let r2 = dot(r, r)
          guard r2 <= cutoff2 else { continue }
          let distance = r2.squareRoot()
          energy += weight * potential.energy(distance)
          let slope = weight * potential.shortDerivative(distance) / distance
          if i != j {
            forces[i] -= slope * r
            forces[j] += slope * r
          }
          for row in 0..<3 { strain[row] += slope * r[row] * r }
        }
      }
    }
    self.energy = energy
    self.forces = forces
    self.strainDerivative = strain
  }
}
