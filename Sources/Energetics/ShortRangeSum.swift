internal import Crystal

/// Short-range energies of one site with all others, by species.
struct ShortRangeSum {
  private let lattice: Lattice
  private let positions: [Fractional]
  private let fixedSpecies: [Species?]
  private let species: [Species]
  private let potentials: PotentialSet?
  private let images: [SIMD3<Double>]

  /// The energies of one site, eV.
  struct Row {
    /// With all fixed sites: m entries for an active site, one for a fixed site; for both the site's
    /// own images count half.
    var withFixed: [Double]
    /// With each active site that interacts, m × m, own species first.
    var withActive: [(site: Int, energies: [Double])]
  }

  init(
    lattice: Lattice, positions: [Fractional], fixedSpecies: [Species?], species: [Species],
    potentials: PotentialSet?
  ) {
    self.lattice = lattice
    self.positions = positions
    self.fixedSpecies = fixedSpecies
    self.species = species
    self.potentials = potentials
    self.images = lattice.latticePoints(within: potentials?.cutoff ?? 0).map {
      Double($0.x) * lattice.a + Double($0.y) * lattice.b + Double($0.z) * lattice.c
    }
  }

  func row(of site: Int) -> Row {
    let own = fixedSpecies[site].map { [$0] } ?? species
    var row = Row(withFixed: [Double](repeating: 0, count: own.count), withActive: [])
    guard let potentials else { return row }
    // One potential for each pair of species that can meet.
    let kinds = Array(Set(fixedSpecies.compactMap { $0 })).sorted()
    let toFixed = own.map { s in kinds.map { potentials.potential(s, $0) } }
    let toActive = own.map { s in species.map { potentials.potential(s, $0) } }
    let toSelf = own.map { potentials.potential($0, $0) }
    let activeInteract = toActive.contains { $0.contains { $0 != nil } }

    for other in positions.indices {
      let fixed = fixedSpecies[other]
      if fixed == nil && !activeInteract && other != site { continue }
      let distances = distances(site, other, within: potentials.cutoff)
      if distances.isEmpty { continue }
      func sum(_ potential: PairPotential?) -> Double {
        guard let potential else { return 0 }
        return distances.reduce(0) { $0 + potential.energy($1) }
      }
      if other == site {
        let isFixed = fixed != nil
        for s in own.indices { row.withFixed[s] += (isFixed ? 1 : 0.5) * sum(toSelf[s]) }
      } else if let fixed, let kind = kinds.firstIndex(of: fixed) {
        for s in own.indices { row.withFixed[s] += sum(toFixed[s][kind]) }
      } else if fixedSpecies[site] == nil {
        let energies = toActive.flatMap { $0.map(sum) }
        row.withActive.append((other, energies))
      }
    }
    return row
  }

  private func distances(_ i: Int, _ j: Int, within cutoff: Double) -> [Double] {
    var f = positions[j].components - positions[i].components
    f -= f.rounded(.toNearestOrEven)
    let d = lattice.cartesian(Fractional(f)).components
    return images.compactMap { image in
      let r2 = dot(d + image, d + image)
      return r2 <= cutoff * cutoff && !(i == j && image == .zero) ? r2.squareRoot() : nil
    }
  }
}
