public import Crystal

/// How the coordination polyhedra of centres share their corners.
///
/// Two centres with one common neighbour share a corner, with two an edge, with three or more a face. Images of
/// a centre count as centres of their own, so that the numbers hold for cells of any size.
public struct PolyhedraSharing: Sendable {
  /// Numbers for one pair of elements.
  public struct Count: Hashable, Sendable {
    /// One centre.
    public var first: Element
    /// The other.
    public var second: Element
    /// Pairs of polyhedra with one common corner, per cell.
    public var corners = 0
    /// Pairs with two.
    public var edges = 0
    /// Pairs with three or more.
    public var faces = 0
  }

  /// One entry for each pair of elements with a link, by atomic number.
  public let counts: [Count]

  /// Counts links.
  ///
  /// - Parameters:
  ///   - shells: The neighbours of all atoms.
  ///   - centres: Elements in the middle of polyhedra.
  ///   - ligands: Elements at their corners.
  public init(_ shells: NeighbourShells, centres: Set<Element>, ligands: Set<Element>) {
    // The image of the second centre relative to the first one tells the pair from its translations.
    struct Link: Hashable {
      var first: Int
      var second: Int
      var cell: SIMD3<Int32>
    }
    var shared: [Link: Int] = [:]
    for ligand in shells.atoms.indices where ligands.contains(shells.atoms[ligand]) {
      let around = shells.neighbours[ligand].filter { centres.contains(shells.atoms[$0.atom]) }
      for (position, one) in around.enumerated() {
        for other in around[..<position] {
          let step = other.cell &- one.cell
          let link =
            (one.atom, 0) < (other.atom, PolyhedraSharing.sign(step))
            ? Link(first: one.atom, second: other.atom, cell: step)
            : Link(first: other.atom, second: one.atom, cell: SIMD3(0, 0, 0) &- step)
          shared[link, default: 0] += 1
        }
      }
    }
    var counts: [[Element]: Count] = [:]
    for (link, number) in shared {
      let pair = [shells.atoms[link.first], shells.atoms[link.second]].sorted()
      var count = counts[pair] ?? Count(first: pair[0], second: pair[1])
      switch number {
      case 1: count.corners += 1
      case 2: count.edges += 1
      default: count.faces += 1
      }
      counts[pair] = count
    }
    self.counts = counts.values.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
  }

  /// Whether the first component that is not zero is positive (1), negative (−1), or there is none.
  private static func sign(_ step: SIMD3<Int32>) -> Int {
    for axis in 0..<3 where step[axis] != 0 { return step[axis] > 0 ? 1 : -1 }
    return 0
  }
}
