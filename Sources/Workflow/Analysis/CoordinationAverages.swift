internal import Analysis
internal import Crystal

/// Averages over frames of what the neighbours of atoms are like.
struct CoordinationAverages {
  /// Neighbours of the atoms of one element.
  struct Shell: Hashable {
    var centre: Element
    /// One element, or all anions around a cation, or all cations around an anion.
    var neighbours: Set<Element>

    /// The element, or `anions` or `cations` where there are several.
    var name: String {
      guard neighbours.count > 1 else { return neighbours.first?.symbol ?? "-" }
      return centre.isUsualAnion ? "cations" : "anions"
    }
  }

  /// An angle.
  struct Angle: Hashable {
    var first: Element
    var centre: Element
    var second: Element
  }

  /// Links between the polyhedra of two elements.
  struct Link: Hashable {
    var first: Element
    var second: Element
  }

  /// A mean with its standard error where there are several frames.
  struct Mean {
    var value: Double
    var error: Double?
  }

  /// More neighbours than this count as this many.
  static let mostNeighbours = 24

  let shells: [Shell]
  let angles: [Angle]
  let links: [Link]
  let networks: [(centre: Element, ligand: Element)]
  let largestRing: Int

  private let centres: Set<Element>
  private let ligands: Set<Element>
  private var blocks: FrameBlocks

  private static let perShell = 2 + mostNeighbours + 1
  private static let perAngle = 2 + 90
  private static let perLink = 3
  private var perNetwork: Int { 2 * (largestRing + 1) }

  /// No frame yet.
  ///
  /// - Parameters:
  ///   - pairs: Pairs of elements that can be neighbours.
  ///   - networks: Centres and ligands whose rings are counted.
  ///   - largestRing: Size of the largest ring.
  init(
    pairs: [(Element, Element)], networks: [(centre: Element, ligand: Element)], largestRing: Int
  ) {
    var partners: [Element: Set<Element>] = [:]
    for (a, b) in pairs {
      partners[a, default: []].insert(b)
      partners[b, default: []].insert(a)
    }
    let all = partners.keys.sorted { ($0.isUsualAnion ? 1 : 0, $0) < ($1.isUsualAnion ? 1 : 0, $1) }
    shells = all.flatMap { centre -> [Shell] in
      let neighbours = (partners[centre] ?? []).sorted()
      let each = neighbours.map { Shell(centre: centre, neighbours: [$0]) }
      let opposite = Set(neighbours.filter { $0.isUsualAnion != centre.isUsualAnion })
      return opposite.count > 1 ? each + [Shell(centre: centre, neighbours: opposite)] : each
    }
    angles = all.flatMap { centre -> [Angle] in
      let ends = (partners[centre] ?? []).sorted()
      return ends.indices.flatMap { a in
        ends[a...].map { Angle(first: ends[a], centre: centre, second: $0) }
      }
    }
    // Polyhedra are those of atoms that are no anions; where there is no anion, there are none.
    let anions = Set(all.filter(\.isUsualAnion))
    let linked = all.filter { centre in
      !centre.isUsualAnion && !(partners[centre] ?? []).isDisjoint(with: anions)
    }
    centres = Set(linked)
    ligands = anions
    links = linked.indices.flatMap { a in
      linked[a...].map { Link(first: linked[a], second: $0) }
    }
    self.networks = networks
    self.largestRing = largestRing
    let width =
      shells.count * CoordinationAverages.perShell + angles.count * CoordinationAverages.perAngle
      + links.count * CoordinationAverages.perLink + networks.count * 2 * (largestRing + 1)
    blocks = FrameBlocks(width: width)
  }

  /// Number of frames.
  var frameCount: Int { blocks.frameCount }

  /// Adds a frame.
  mutating func add(_ neighbours: NeighbourShells) {
    var values: [Double] = []
    for shell in shells {
      let order = LocalOrder(neighbours, centre: shell.centre, neighbours: shell.neighbours)
      let atoms = Double(max(1, order.histogram.reduce(0, +)))
      values += [order.meanNumber, order.meanDistance ?? 0]
      var shares = [Double](repeating: 0, count: CoordinationAverages.mostNeighbours + 1)
      for (number, count) in order.histogram.enumerated() {
        shares[min(number, CoordinationAverages.mostNeighbours)] += Double(count) / atoms
      }
      values += shares
    }
    for angle in angles {
      let histogram = AngleHistogram(neighbours, angle.first, angle.centre, angle.second)
      values += [histogram.mean ?? 0, histogram.deviation ?? 0] + histogram.density
    }
    let sharing =
      links.isEmpty
      ? [] : PolyhedraSharing(neighbours, centres: centres, ligands: ligands).counts
    for link in links {
      let elements = [link.first, link.second].sorted()
      let count = sharing.first { [$0.first, $0.second] == elements }
      values += [count?.corners, count?.edges, count?.faces].map { Double($0 ?? 0) }
    }
    for network in networks {
      let rings = ShortestPathRings(
        neighbours, centres: [network.centre], ligands: [network.ligand], largest: largestRing)
      let atoms = Double(max(1, rings.centreCount))
      let angles = Double(max(1, rings.angles.reduce(0, +)))
      values += rings.rings.map { Double($0) / atoms } + rings.angles.map { Double($0) / angles }
    }
    blocks.add(values)
  }

  /// The means.
  ///
  /// - Parameter count: Blocks that errors come from, at most.
  /// - Returns: One value for each quantity, in the order of ``Layout``.
  func means(blocks count: Int) -> Layout {
    let (values, errors) = blocks.estimate(blocks: count) { $0 }
    return Layout(averages: self, values: values, errors: errors)
  }

  /// Where each mean is.
  struct Layout {
    fileprivate let averages: CoordinationAverages
    fileprivate let values: [Double]
    fileprivate let errors: [Double]?

    private func mean(_ place: Int) -> Mean {
      Mean(value: values[place], error: errors?[place])
    }

    private var angleStart: Int { averages.shells.count * CoordinationAverages.perShell }
    private var linkStart: Int {
      angleStart + averages.angles.count * CoordinationAverages.perAngle
    }
    private var ringStart: Int { linkStart + averages.links.count * CoordinationAverages.perLink }

    /// Number of neighbours.
    func number(_ shell: Int) -> Mean { mean(shell * CoordinationAverages.perShell) }

    /// Their distance, Å.
    func distance(_ shell: Int) -> Mean { mean(shell * CoordinationAverages.perShell + 1) }

    /// Shares of the centres with 0, 1, 2, … neighbours.
    func shares(_ shell: Int) -> [Mean] {
      let start = shell * CoordinationAverages.perShell + 2
      return (start...(start + CoordinationAverages.mostNeighbours)).map(mean)
    }

    /// Mean angle, degrees.
    func angle(_ angle: Int) -> Mean { mean(angleStart + angle * CoordinationAverages.perAngle) }

    /// Standard deviation of the angles of a frame, degrees.
    func deviation(_ angle: Int) -> Mean {
      mean(angleStart + angle * CoordinationAverages.perAngle + 1)
    }

    /// Distribution of the angles, per degree.
    func density(_ angle: Int) -> [Mean] {
      let start = angleStart + angle * CoordinationAverages.perAngle + 2
      return (start..<(start + 90)).map(mean)
    }

    /// Numbers of common corners, edges and faces in the cell.
    func links(_ link: Int) -> [Mean] {
      let start = linkStart + link * CoordinationAverages.perLink
      return (start..<(start + 3)).map(mean)
    }

    /// Rings per centre by size.
    func rings(_ network: Int) -> [Mean] {
      let start = ringStart + network * averages.perNetwork
      return (start...(start + averages.largestRing)).map(mean)
    }

    /// Shares of the pairs of neighbours by the size of their shortest ring; the first is those without one.
    func ringAngles(_ network: Int) -> [Mean] {
      let start = ringStart + network * averages.perNetwork + averages.largestRing + 1
      return (start...(start + averages.largestRing)).map(mean)
    }
  }
}
