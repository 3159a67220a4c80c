internal import Crystal

/// The atoms of one period grouped into layers.
struct LayerStack: Sendable {
  /// Coordinates along the vectors for the plane; the third from 0 to 1, counted from the lowest cut.
  let coordinates: [SIMD3<Double>]
  /// The layers from the bottom up.
  let layers: [SurfaceStacking.Layer]
  /// Heights of the cuts, cut i above layer i, in periods from the lowest cut; the last one is 1.
  let cuts: [Double]
  /// Height of the lowest cut in the crystal, in periods.
  let origin: Double
  private let period: Double
  private let charges: [Double]?
  private let isAtom: [Bool]
  /// Layer of each atom; −1 for empty sites.
  let layerOfAtom: [Int]

  init(
    _ crystal: Structure, basis: SurfaceBasis, charges: [Double]?, tolerance: Double
  ) throws(InputError) {
    let period = basis.spacing
    let raw = crystal.positions.map { basis.coordinates($0) }
    let isAtom = crystal.species.map { !$0.isVacancy }
    func wrapped(_ height: Double) -> Double {
      let own = height - height.rounded(.down)
      return own >= 1 - 1e-12 ? 0 : own
    }
    let order = raw.indices.filter { isAtom[$0] }
      .map { (index: $0, height: wrapped(raw[$0].z)) }.sorted {
        ($0.height, $0.index) < ($1.height, $1.index)
      }
    // Gap i lies above atom i of the order; the last one leads into the next period.
    let gaps = order.indices.map { i in
      i + 1 < order.count
        ? order[i + 1].height - order[i].height : order[0].height + 1 - order[i].height
    }
    let open = gaps.indices.filter { gaps[$0] * period > tolerance }
    guard let last = open.last else {
      throw InputError(
        "no gap between layers is wider than \(tolerance) Å", at: "layer_tolerance",
        hint: "the widest is \(fixed((gaps.max() ?? 0) * period, 4)) Å")
    }
    let origin = order[last].height + gaps[last] / 2
    self.origin = origin
    self.period = period
    self.charges = charges
    self.isAtom = isAtom
    self.coordinates = raw.map { SIMD3($0.x, $0.y, wrapped($0.z - origin)) }
    let heights = coordinates
    var layerOfAtom = Array(repeating: -1, count: raw.count)
    var (layers, cuts): ([SurfaceStacking.Layer], [Double]) = ([], [])
    var members: [Int] = []
    for step in 1...order.count {
      let place = (last + step) % order.count
      members.append(order[place].index)
      guard gaps[place] * period > tolerance else { continue }
      for atom in members { layerOfAtom[atom] = layers.count }
      let own = members.map { heights[$0].z * period }
      var counts: [Element: Int] = [:]
      for atom in members { counts[crystal.species[atom].element, default: 0] += 1 }
      let highest = own.max() ?? 0
      layers.append(
        SurfaceStacking.Layer(
          height: own.reduce(0, +) / Double(own.count), lowest: own.min() ?? 0, highest: highest,
          counts: counts, charge: charges.map { all in members.reduce(0) { $0 + all[$1] } }))
      cuts.append(step == order.count ? 1 : highest / period + gaps[place] / 2)
      members = []
    }
    self.layers = layers
    self.cuts = cuts
    self.layerOfAtom = layerOfAtom
  }

  /// Σ q z of the repeat unit below a cut, e·Å; nil without charges.
  func repeatDipole(_ cut: Int) -> Double? {
    guard let charges else { return nil }
    var sum = 0.0
    for (atom, position) in coordinates.enumerated() where isAtom[atom] {
      // Layers above the cut belong to the period below.
      let height = position.z - (layerOfAtom[atom] > cut ? 1 : 0)
      sum += charges[atom] * (height - cuts[cut]) * period
    }
    return sum
  }

  /// The distinct cuts, those without dipole first.
  func terminations(_ images: CutImages) -> [SurfaceStacking.Termination] {
    let strength = (charges ?? []).reduce(0) { $0 + $1.magnitude } * period
    let isCharged = layers.contains { ($0.charge ?? 0).magnitude > 1e-6 }
    let raw = images.classes.map { cuts in
      let dipole = repeatDipole(cuts[0])
      let type: SurfaceStacking.TaskerType? = dipole.map {
        $0.magnitude > 1e-4 * strength ? .polar : isCharged ? .noDipole : .neutralLayers
      }
      return (cuts: cuts, dipole: dipole, type: type)
    }
    // Dipoles that differ by rounding alone must not decide the order.
    let order = raw.indices.sorted { i, j in
      let (a, b) = (raw[i], raw[j])
      let sizes = [a, b].map { Int((($0.dipole ?? 0).magnitude * 1e4).rounded()) }
      return (a.type?.rawValue ?? 0, sizes[0], a.cuts[0])
        < (b.type?.rawValue ?? 0, sizes[1], b.cuts[0])
    }
    var placeOfCut: [Int: Int] = [:]
    for (place, index) in order.enumerated() {
      for cut in raw[index].cuts { placeOfCut[cut] = place }
    }
    return order.map { index in
      let own = raw[index]
      let (top, next) = (own.cuts[0], (own.cuts[0] + 1) % layers.count)
      let above = layers[next].lowest + (next <= top ? period : 0)
      return SurfaceStacking.Termination(
        top: top, next: next, gap: above - layers[top].highest, repeatDipole: own.dipole,
        type: own.type, reverse: images.turned[top].first.flatMap { placeOfCut[$0] },
        equivalents: own.cuts)
    }
  }
}

/// What the symmetry operations do to the cuts between layers.
struct CutImages: Sendable {
  /// Cuts that operations carry into each other without turning the normal over, lowest first.
  let classes: [[Int]]
  /// The cuts onto which operations that turn the normal over put each cut, ascending.
  let turned: [[Int]]

  /// Heights are in periods; cuts are counted from `origin`.
  init(
    cuts: [Double], origin: Double, period: Double, maps: [(sign: Double, shift: Double)]
  ) {
    func image(_ cut: Int, _ map: (sign: Double, shift: Double)) -> Int? {
      let height = map.sign * (cuts[cut] + origin) + map.shift - origin
      let found = cuts.indices.map { other in
        let difference = height - cuts[other]
        return (other, (difference - difference.rounded(.toNearestOrEven)).magnitude * period)
      }.min { $0.1 < $1.1 }
      guard let found, found.1 < 0.02 else { return nil }
      return found.0
    }
    var classOfCut = Array(cuts.indices)
    for cut in cuts.indices {
      for map in maps where map.sign > 0 {
        guard let other = image(cut, map) else { continue }
        let (low, high) = (
          min(classOfCut[cut], classOfCut[other]), max(classOfCut[cut], classOfCut[other])
        )
        for index in cuts.indices where classOfCut[index] == high { classOfCut[index] = low }
      }
    }
    self.classes = Set(classOfCut).sorted().map { name in
      cuts.indices.filter { classOfCut[$0] == name }
    }
    self.turned = cuts.indices.map { cut in
      Set(maps.filter { $0.sign < 0 }.compactMap { image(cut, $0) }).sorted()
    }
  }
}
