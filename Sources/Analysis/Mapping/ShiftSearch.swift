internal import Crystal

/// Finds the rigid shift that brings the atoms of a structure onto sites.
///
/// Every displacement of a few framework atoms from the sites of one parent cell is a possible shift.
/// Each is judged with a sample of the atoms; the best ones are refined with all atoms until the mean
/// displacement of the framework vanishes.
struct ShiftSearch {
  /// The shift, Å.
  let shift: SIMD3<Double>

  /// Mean over the atoms of the squared distance to the nearest site, Å².
  let cost: Double

  /// Atoms whose displacements are tried.
  private static let probes = 2

  /// Atoms in the sample.
  private static let sampleSize = 80

  /// Shifts that are refined.
  private static let finalists = 8

  /// A longer shift must lower the cost by this factor, so that noise does not change the origin.
  private static let preference = 1.15

  /// If the sample is not better than this with any shift, none is refined, Å².
  private static let hopelessCost = 0.9

  /// Looks for a shift.
  ///
  /// - Parameters:
  ///   - matching: The atoms and sites.
  ///   - parent: Unit cell of the parent, whose translations are no shifts.
  ///   - firstCell: Indices of the framework's sites in one unit cell.
  init(_ matching: SiteMatching, parent: Lattice, firstCell: [Int]) {
    let all = Array(matching.atoms.indices)
    let sample = ShiftSearch.spread(all, ShiftSearch.sampleSize)
    var tried: [(cost: Double, shift: SIMD3<Double>)] = []
    func judge(_ shift: SIMD3<Double>) {
      var shift = shift
      for _ in 0..<2 {
        shift += matching.quality(sample, without: shift).meanDisplacement
      }
      shift = ShiftSearch.shortest(shift, modulo: parent)
      let cost = matching.quality(sample, without: shift).cost
      tried.append(((cost * 1000).rounded(.toNearestOrEven) / 1000, shift))
    }
    for atom in ShiftSearch.spread(matching.framework, ShiftSearch.probes) {
      for site in firstCell {
        let difference = matching.atoms[atom].components - matching.sites[site].components
        judge(matching.lattice.cartesian(Fractional(difference)).components)
      }
    }
    tried.sort { ($0.cost, length($0.shift)) < ($1.cost, length($1.shift)) }
    if let first = tried.first, first.cost > ShiftSearch.hopelessCost,
      matching.quality(sample, without: .zero).cost > ShiftSearch.hopelessCost
    {
      self.shift = first.shift
      self.cost = first.cost
      return
    }
    var starts = [SIMD3<Double>.zero]
    for candidate in tried where starts.count <= ShiftSearch.finalists {
      if starts.allSatisfy({ length($0 - candidate.shift) > 0.05 }) {
        starts.append(candidate.shift)
      }
    }
    var finals: [(cost: Double, shift: SIMD3<Double>)] = []
    for start in starts {
      var shift = start
      for _ in 0..<8 {
        let step = matching.quality(all, without: shift).meanDisplacement
        shift += step
        if length(step) < 1e-6 { break }
      }
      shift = ShiftSearch.shortest(shift, modulo: parent)
      finals.append((matching.quality(all, without: shift).cost, shift))
    }
    let least = finals.map(\.cost).min() ?? 0
    let good = finals.filter { $0.cost <= ShiftSearch.preference * least + 1e-6 }
    let best = good.min { length($0.shift) < length($1.shift) }
    self.shift = best?.shift ?? .zero
    self.cost = best?.cost ?? 0
  }

  /// At most `count` of some values, evenly spread over them.
  private static func spread(_ values: [Int], _ count: Int) -> [Int] {
    guard values.count > count else { return values }
    return (0..<count).map { values[$0 * values.count / count] }
  }

  /// The shortest vector that differs from one by a lattice translation.
  static func shortest(_ shift: SIMD3<Double>, modulo lattice: Lattice) -> SIMD3<Double> {
    var f = lattice.fractional(Cartesian(shift)).components
    f -= f.rounded(.toNearestOrEven)
    var best = lattice.cartesian(Fractional(f)).components
    for point in lattice.latticePoints(within: length(best)) {
      let step = SIMD3(Double(point.x), Double(point.y), Double(point.z))
      let other = lattice.cartesian(Fractional(f + step)).components
      if length(other) < length(best) - 1e-9 { best = other }
    }
    return best
  }
}
