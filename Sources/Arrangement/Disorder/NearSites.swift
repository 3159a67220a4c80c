internal import Crystal
internal import Symmetry

/// Sites that are too near to each other to be occupied at once.
struct NearSites {
  /// Pairs nearer than ``DisorderedCrystal/splitDistance``, as errors.
  private(set) var split: [InputError] = []

  /// Pairs of partially occupied sites nearer than ``DisorderedCrystal/crowdedDistance``.
  private(set) var crowded: [String] = []

  /// Pairs of sites are told once for the rows they come from, with the least distance.
  init(_ sites: [DisorderedSite], lattice: Lattice, source: String?) {
    struct Pair {
      var first: DisorderedSite
      var second: DisorderedSite
      var distance: Double
    }
    let problems = DisorderProblems(source: source)
    let index = SiteIndex(lattice: lattice, positions: sites.map(\.position))
    var pairs: [Pair] = []
    var pairOfRows: [String: Int] = [:]
    for (n, site) in sites.enumerated() where site.isMixed {
      for near in index.sites(near: site.position, within: DisorderedCrystal.crowdedDistance)
      where near.site != n {
        let other = sites[near.site]
        // A full site is expected to have neighbours, though not at a fraction of a bond length.
        guard other.isMixed || near.distance < DisorderedCrystal.splitDistance else { continue }
        guard other.occupants.first?.element != .vacancy else { continue }
        guard !(other.isMixed && near.site < n) else { continue }
        let key = [site.rowKey, other.rowKey].sorted().joined(separator: " | ")
        if let known = pairOfRows[key] {
          pairs[known].distance = min(pairs[known].distance, near.distance)
        } else {
          pairOfRows[key] = pairs.count
          pairs.append(Pair(first: site, second: other, distance: near.distance))
        }
      }
    }
    for pair in pairs {
      let (one, two) = (pair.first.names(problems), pair.second.names(problems))
      let isSplit = pair.distance < DisorderedCrystal.splitDistance
      let hasVacancies = [pair.first, pair.second].allSatisfy {
        $0.occupants.last?.element.isVacancy ?? false
      }
      guard isSplit || hasVacancies else { continue }
      let names = one == two ? "images of \(one)" : "\(one) and \(two)"
      let place = pair.first.atoms.min { $0.index < $1.index }.flatMap { problems.place($0) }
      if isSplit {
        split.append(
          InputError(
            "\(names) are \(fixed(pair.distance, 2)) Å apart, too near to be occupied at once, "
              + "and single sites do not exclude each other",
            at: place,
            hint: "put the atoms on one position, remove one of the rows, or accept that "
              + "arrangements may fill both"))
      } else {
        crowded.append(
          "\(names) are \(fixed(pair.distance, 2)) Å apart and partly vacant; arrangements may fill "
            + "both, and the energy must keep them apart")
      }
    }
  }
}
