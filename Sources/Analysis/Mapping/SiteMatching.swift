internal import Crystal

/// Atoms and sites in one cell, and how far they are from each other after a rigid shift.
struct SiteMatching: Sendable {
  /// The cell without strain.
  let lattice: Lattice

  /// The sites.
  let sites: [Fractional]

  /// The atoms, in multiples of the same vectors.
  let atoms: [Fractional]

  /// Whether each atom may only take sites of anions, or only the others; equal for all if all may.
  let isAnion: [Bool]

  /// Indices of the atoms that define the shift: the anions if there are any, otherwise all.
  let framework: [Int]

  /// Å.
  let cutoff: Double

  /// How much farther than the cutoff the next site is looked for.
  static let nextSiteReach = 1.6

  private let anionSites, otherSites: [Int]
  private let anionGrid, otherGrid: NeighbourGrid

  init(
    lattice: Lattice, sites: [Fractional], siteIsAnion: [Bool], atoms: [Fractional],
    isAnion: [Bool], cutoff: Double
  ) {
    self.lattice = lattice
    self.sites = sites
    self.atoms = atoms
    self.isAnion = isAnion
    self.cutoff = cutoff
    let anions = atoms.indices.filter { isAnion[$0] }
    self.framework = anions.isEmpty ? Array(atoms.indices) : anions
    let anionSites = sites.indices.filter { siteIsAnion[$0] }
    let otherSites = sites.indices.filter { !siteIsAnion[$0] }
    self.anionSites = anionSites
    self.otherSites = otherSites
    let radius = cutoff * SiteMatching.nextSiteReach
    self.anionGrid = NeighbourGrid(
      lattice: lattice, positions: anionSites.map { sites[$0] }, radius: radius)
    self.otherGrid = NeighbourGrid(
      lattice: lattice, positions: otherSites.map { sites[$0] }, radius: radius)
  }

  /// The position of an atom when a shift (Cartesian, Å) is taken off.
  func position(of atom: Int, without shift: SIMD3<Double>) -> Fractional {
    let step = lattice.fractional(Cartesian(shift)).components
    return Fractional(atoms[atom].components - step)
  }

  /// The sites that an atom may take, nearest first, each by its nearest image: index of the site and
  /// displacement of the atom from it, Å.
  func options(
    for atom: Int, without shift: SIMD3<Double>, within distance: Double
  ) -> [(site: Int, displacement: SIMD3<Double>, distance: Double)] {
    let grid = isAnion[atom] ? anionGrid : otherGrid
    let indices = isAnion[atom] ? anionSites : otherSites
    var seen: Set<Int> = []
    return grid.neighbours(of: position(of: atom, without: shift), within: distance)
      .filter { seen.insert($0.index).inserted }
      .map { (indices[$0.index], -$0.vector, $0.distance) }
  }

  /// The mean over some atoms of the squared distance to the nearest site, at most cutoff², Å²; and
  /// the mean displacement of those of the framework, Å.
  func quality(
    _ chosen: [Int], without shift: SIMD3<Double>
  ) -> (cost: Double, meanDisplacement: SIMD3<Double>) {
    var (cost, sum, count) = (0.0, SIMD3<Double>.zero, 0)
    let framesOnly = framework.count < atoms.count
    for atom in chosen {
      let grid = isAnion[atom] ? anionGrid : otherGrid
      guard
        let near = grid.nearest(to: position(of: atom, without: shift), within: cutoff)
      else {
        cost += cutoff * cutoff
        continue
      }
      cost += near.distance * near.distance
      if !framesOnly || isAnion[atom] {
        sum -= near.vector
        count += 1
      }
    }
    return (cost / Double(max(1, chosen.count)), count > 0 ? sum / Double(count) : .zero)
  }

  /// The optimal assignment after a shift: the site of each atom, and its displacement, Å.
  func assignment(
    without shift: SIMD3<Double>
  ) -> [(site: Int, displacement: SIMD3<Double>)?] {
    let options = atoms.indices.map { self.options(for: $0, without: shift, within: cutoff) }
    let edges = options.map { options in
      options.map { OptimalAssignment.Edge(column: $0.site, cost: $0.distance * $0.distance) }
    }
    let solution = OptimalAssignment(
      edges: edges, columnCount: sites.count, penalty: cutoff * cutoff)
    return atoms.indices.map { atom in
      guard let site = solution.columnOfRow[atom],
        let option = options[atom].first(where: { $0.site == site })
      else { return nil }
      return (site, option.displacement)
    }
  }
}
