internal import Crystal

/// Whole numbers of the occupants of a group in a supercell.
struct GroupCounts {
  let group: SiteGroup

  /// Sites of the group in the supercell.
  let siteCount: Int

  /// Numbers by occupant, in the order of the group; they add up to ``siteCount``.
  var counts: [Int]

  /// The nearest whole numbers that add up to the sites.
  ///
  /// Every occupant gets the whole part of its share, and the sites that are left go to the largest
  /// remainders, of equal ones to the first.
  init(_ group: SiteGroup, cells: Int) {
    self.group = group
    siteCount = group.sites.count * cells
    let shares = group.occupants.map { $0.occupancy * Double(group.sites.count * cells) }
    // A share such as 2.9999999 is 3 already.
    counts = shares.map { Int(($0 + 1e-9).rounded(.down)) }
    let left = siteCount - counts.reduce(0, +)
    let order = shares.indices.sorted { i, j in
      let (a, b) = (shares[i] - Double(counts[i]), shares[j] - Double(counts[j]))
      return (a - b).magnitude > 1e-9 ? a > b : i < j
    }
    for n in order.prefix(max(0, left)) { counts[n] += 1 }
  }

  /// The exact share of an occupant, perhaps not whole.
  func share(_ n: Int) -> Double { group.occupants[n].occupancy * Double(siteCount) }

  /// count / sites − occupancy.
  func deviation(_ n: Int) -> Double {
    Double(counts[n]) / Double(siteCount) - group.occupants[n].occupancy
  }

  /// The largest deviation of an occupancy over what is allowed; 1 or less fits.
  ///
  /// On a site that is full one occupancy follows from the others, so of 0.33, 0.33 and 0.34 the
  /// last one may be off by what the others may be off together.
  ///
  /// - Parameter tolerance: What every occupancy may be off; nil takes what each is known to.
  /// - Returns: 0 for numbers that are whole.
  func excess(tolerance: Double?) -> Double {
    let real = group.occupants.indices.filter { !group.occupants[$0].element.isVacancy }
    let allowed = real.map { tolerance ?? group.occupants[$0].tolerance }
    let ratios = zip(real, allowed).map { n, allowed in
      max(0, deviation(n).magnitude - 1e-9) / max(allowed, 1e-12)
    }
    guard let worst = ratios.indices.max(by: { ratios[$0] < ratios[$1] }) else { return 0 }
    guard tolerance == nil, real.count == group.occupants.count, real.count > 1 else {
      return ratios[worst]
    }
    let others = allowed.indices.reduce(0) { $0 + ($1 == worst ? 0 : allowed[$1]) }
    let second = ratios.indices.filter { $0 != worst }.map { ratios[$0] }.max() ?? 0
    let shared = deviation(real[worst]).magnitude / max(allowed[worst], others)
    return max(second, min(ratios[worst], shared))
  }

  /// The entry of a specification: every occupant with its number.
  var labelCounts: ProblemSpecification.LabelCounts {
    ProblemSpecification.LabelCounts(
      label: group.label,
      counts: Dictionary(
        zip(group.elements, counts), uniquingKeysWith: +))
  }

  /// What to call an occupant: `Li1`, or `8a Mg` where the label does not tell.
  func name(_ n: Int) -> String {
    let element = group.occupants[n].element
    let real = group.occupants.count { !$0.element.isVacancy }
    return real == 1 && group.label.hasPrefix(element.symbol)
      ? group.label : "\(group.label) \(element)"
  }

  /// What rounding did, one sentence for each occupant that is not whole; vacancies follow.
  var notes: [String] {
    group.occupants.indices.compactMap { n in
      let occupant = group.occupants[n]
      let exact = share(n)
      guard !occupant.element.isVacancy, (exact - Double(counts[n])).magnitude > 1e-6 else {
        return nil
      }
      let shift = deviation(n).magnitude
      return "\(name(n)): \(shortest(occupant.occupancy)) × \(siteCount) = \(fixed(exact, 3)) → "
        + "\(counts[n]), a shift of \(fixed(shift, 4)) per site "
        + "(\(fixed(100 * shift / occupant.occupancy, 2)) %)"
    }
  }
}
