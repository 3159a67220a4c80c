public import Crystal

/// Shortest-path rings of a network, by the criterion of King.
///
/// For every centre and every pair of its neighbours, the rings are the shortest closed paths along bonds that
/// contain both bonds to these neighbours. Paths may leave the cell but have to come back to the same image of
/// the centre: chains that close only through the periodic boundary are no rings.
///
/// Conventions: the size of a ring is its number of centres, so that six SiO₄ tetrahedra make a ring of six.
/// Where centres and neighbours are the same elements, it is the number of atoms. A ring that is found from
/// several of its centres is one ring.
///
/// References: S. V. King, Nature 213, 1112 (1967); S. Le Roux and P. Jund, Comput. Mater. Sci. 49, 70 (2010).
public struct ShortestPathRings: Sendable {
  /// Number of centres.
  public let centreCount: Int

  /// Different rings per cell by their size: entry s counts the rings of s centres.
  public let rings: [Int]

  /// Pairs of neighbours of a centre by the size of their shortest ring; entry 0 counts those without a ring up
  /// to the largest size.
  public let angles: [Int]

  /// Finds rings.
  ///
  /// - Parameters:
  ///   - shells: The neighbours of all atoms.
  ///   - centres: Elements of the centres.
  ///   - ligands: Elements between them; the same for networks without.
  ///   - largest: Size of the largest ring that is looked for.
  /// - Complexity: O(centres × neighbours × atoms within `largest` bonds).
  public init(
    _ shells: NeighbourShells, centres: Set<Element>, ligands: Set<Element>, largest: Int
  ) {
    let network = RingNetwork(shells, centres: centres, ligands: ligands)
    let bondsPerCentre = centres.isDisjoint(with: ligands) ? 2 : 1
    var found: Set<[Int]> = []
    var (rings, angles) = ([Int](repeating: 0, count: largest + 1), [Int]())
    angles = rings
    var centreCount = 0
    for atom in shells.atoms.indices where centres.contains(shells.atoms[atom]) {
      centreCount += 1
      let start = RingNetwork.node(atom, .zero)
      let bonds = network.neighbours(of: start)
      for (position, from) in bonds.enumerated() where position + 1 < bonds.count {
        let targets = Array(bonds[(position + 1)...])
        let search = network.paths(
          from: from, to: targets, avoiding: start, longest: bondsPerCentre * largest - 2)
        for target in targets {
          guard let distance = search.distances[target] else {
            angles[0] += 1
            continue
          }
          let size = (distance + 2) / bondsPerCentre
          angles[size] += 1
          for path in search.paths(to: target) {
            if found.insert(RingNetwork.canonical([start] + path)).inserted { rings[size] += 1 }
          }
        }
      }
    }
    self.centreCount = centreCount
    self.rings = rings
    self.angles = angles
  }
}

/// Bonds between images of atoms, an image being one whole number.
private struct RingNetwork {
  private let bonds: [[(atom: Int, cell: SIMD3<Int32>)]]

  init(_ shells: NeighbourShells, centres: Set<Element>, ligands: Set<Element>) {
    bonds = shells.neighbours.enumerated().map { atom, neighbours in
      let own = shells.atoms[atom]
      return neighbours.filter {
        let other = shells.atoms[$0.atom]
        return centres.contains(own) && ligands.contains(other)
          || ligands.contains(own) && centres.contains(other)
      }
      .map { ($0.atom, $0.cell) }
    }
  }

  /// Atom and cell in one number; cells from −2048 to 2047.
  static func node(_ atom: Int, _ cell: SIMD3<Int32>) -> Int {
    let (x, y, z) = (Int(cell.x) + 2048, Int(cell.y) + 2048, Int(cell.z) + 2048)
    return atom << 36 | x << 24 | y << 12 | z
  }

  static func atom(_ node: Int) -> Int { node >> 36 }

  static func cell(_ node: Int) -> SIMD3<Int32> {
    SIMD3(
      Int32(node >> 24 & 4095) - 2048, Int32(node >> 12 & 4095) - 2048, Int32(node & 4095) - 2048)
  }

  func neighbours(of node: Int) -> [Int] {
    let cell = RingNetwork.cell(node)
    return bonds[RingNetwork.atom(node)].map { RingNetwork.node($0.atom, cell &+ $0.cell) }
  }

  /// Shortest paths from one node.
  struct Paths {
    /// Bonds to each node that was reached.
    var distances: [Int: Int]
    /// The nodes before each on its shortest paths.
    var before: [Int: [Int]]

    /// All shortest paths to a node, each from the start to the node.
    func paths(to node: Int) -> [[Int]] {
      guard let before = before[node], !before.isEmpty else { return [[node]] }
      return before.flatMap { paths(to: $0) }.map { $0 + [node] }
    }
  }

  /// Goes outwards from a node until all targets are reached or the paths are too long.
  func paths(from start: Int, to targets: [Int], avoiding centre: Int, longest: Int) -> Paths {
    var paths = Paths(distances: [start: 0], before: [:])
    var missing = Set(targets)
    var front = [start]
    var distance = 0
    while !missing.isEmpty, !front.isEmpty, distance < longest {
      distance += 1
      var next: [Int] = []
      for node in front {
        for neighbour in neighbours(of: node) where neighbour != centre {
          if let known = paths.distances[neighbour] {
            if known == distance { paths.before[neighbour]?.append(node) }
          } else {
            paths.distances[neighbour] = distance
            paths.before[neighbour] = [node]
            next.append(neighbour)
          }
        }
      }
      for node in next { missing.remove(node) }
      front = next
    }
    return paths
  }

  /// The same list for every image, start and direction of a closed path.
  static func canonical(_ ring: [Int]) -> [Int] {
    guard let least = ring.map(atom).min() else { return [] }
    var best: [Int] = []
    for start in ring.indices where atom(ring[start]) == least {
      let origin = cell(ring[start])
      for direction in [1, -1] {
        let turned = ring.indices.map { step in
          let node = ring[((start + direction * step) % ring.count + ring.count) % ring.count]
          return RingNetwork.node(atom(node), cell(node) &- origin)
        }
        if best.isEmpty || turned.lexicographicallyPrecedes(best) { best = turned }
      }
    }
    return best
  }
}
