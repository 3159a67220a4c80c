extension LatticeState {
  /// A new species on one site.
  public struct SiteChange: Hashable, Sendable {
    /// The active site.
    public var site: Int
    /// Index of the species that it takes.
    public var species: UInt8

    /// A change.
    public init(site: Int, species: UInt8) {
      self.site = site
      self.species = species
    }
  }

  /// The change of energy if some sites took other species, eV.
  ///
  /// With d = q(new) - q(old) on each of the sites,
  ///
  ///     ΔE = Σᵢ hᵢ(new) - hᵢ(old) + dᵢ φᵢ + Σᵢ<ⱼ dᵢ dⱼ Φᵢⱼ + Δ(short range)             [eV]
  ///
  /// - Parameter changes: Different sites; the numbers of species need not stay the same.
  /// - Returns: ΔE, eV.
  /// - Complexity: O(k²) for k changes, and O(k² × neighbours) with short-range interactions.
  public func difference(_ changes: [SiteChange]) -> Double {
    let (n, m) = (table.siteCount, table.species.count)
    var sum = 0.0
    for (k, change) in changes.enumerated() {
      let (i, a, b) = (change.site, Int(arrangement[change.site]), Int(change.species))
      let d = table.charges[b] - table.charges[a]
      sum += table.siteEnergies[i * m + b] - table.siteEnergies[i * m + a]
      var potential = potentials[i]
      for before in changes[..<k] {
        let j = before.site
        let other =
          table.charges[Int(before.species)] - table.charges[Int(arrangement[j])]
        potential += other * table.coulomb[i * n + j]
      }
      sum += d * potential
      if !table.shortRange.isEmpty { sum += shortRangeDifference(change, after: changes[..<k]) }
    }
    return sum
  }

  /// Puts other species on some sites.
  ///
  /// - Parameters:
  ///   - changes: Different sites.
  ///   - difference: ``difference(_:)`` of the same changes, eV.
  /// - Complexity: O(n) per change of charge.
  public mutating func apply(_ changes: [SiteChange], difference: Double) {
    let n = table.siteCount
    for change in changes {
      let (i, a, b) = (change.site, Int(arrangement[change.site]), Int(change.species))
      arrangement[i] = change.species
      let d = table.charges[b] - table.charges[a]
      if d == 0 { continue }
      for k in 0..<n { potentials[k] += d * table.coulomb[i * n + k] }
    }
    energy += difference
  }

  /// The short-range part of one change, eV, where some others have been made already.
  private func shortRangeDifference(
    _ change: SiteChange, after earlier: ArraySlice<SiteChange>
  ) -> Double {
    let m = table.species.count
    let (a, b) = (Int(arrangement[change.site]), Int(change.species))
    var sum = 0.0
    for neighbour in table.shortRange.neighbours(of: change.site) {
      let j = Int(neighbour.site)
      let t = Int(earlier.first { $0.site == j }?.species ?? arrangement[j])
      let energies = Int(neighbour.kind) * m
      sum += table.shortRange.energies[(energies + b) * m + t]
      sum -= table.shortRange.energies[(energies + a) * m + t]
    }
    return sum
  }
}
