internal import Crystal

/// Finds the site that a symmetry operation maps each site onto.
struct SiteMatcher {
  private let structure: Structure
  private let types: [Int]?
  private let index: SiteIndex
  private let tolerance: Double

  init(parent: Structure, types: [Int]?, tolerance: Double) {
    self.structure = parent
    self.types = types
    self.tolerance = tolerance
    self.index = SiteIndex(lattice: parent.lattice, positions: parent.positions)
  }

  /// For every site i the site j and the lattice point T with W xᵢ + w = xⱼ + T.
  func images(
    under operation: SymmetryOperation
  ) throws(InputError) -> (sites: [Int], translations: [SIMD3<Int>]) {
    var (sites, translations): ([Int], [SIMD3<Int>]) = ([], [])
    var isTaken = [Bool](repeating: false, count: structure.count)
    for (site, position) in structure.positions.enumerated() {
      let near = index.sites(near: operation.image(of: position), within: tolerance)
      let match = near.filter { isAlike(site, $0.site) && !isTaken[$0.site] }
        .min { ($0.distance, $0.site) < ($1.distance, $1.site) }
      guard let match else {
        throw InputError(
          "operation \(operation.triplet) maps site \(site + 1) (\(structure.species[site])) onto no "
            + "free site of its kind within \(tolerance) Å")
      }
      isTaken[match.site] = true
      sites.append(match.site)
      translations.append(match.translation)
    }
    return (sites, translations)
  }

  private func isAlike(_ i: Int, _ j: Int) -> Bool {
    types.map { $0[i] == $0[j] } ?? (structure.species[i] == structure.species[j])
  }
}
