public import Crystal

/// How many neighbours the atoms of an element have, and at what angles.
public struct LocalOrder: Sendable {
  /// The atoms in the middle.
  public let centre: Element

  /// Their neighbours.
  public let neighbours: Set<Element>

  /// Atoms with 0, 1, 2, … neighbours.
  public let histogram: [Int]

  /// Angles neighbour–centre–neighbour.
  public let angles: AngleHistogram

  /// Mean distance of the neighbours, Å; nil without any.
  public let meanDistance: Double?

  /// Counts neighbours.
  ///
  /// - Parameters:
  ///   - shells: The neighbours of all atoms.
  ///   - centre: The atoms in the middle.
  ///   - neighbours: Elements of the neighbours that count.
  public init(_ shells: NeighbourShells, centre: Element, neighbours: Set<Element>) {
    var histogram: [Int] = []
    var angles = AngleHistogram()
    var (sum, count) = (0.0, 0)
    for atom in shells.atoms.indices where shells.atoms[atom] == centre {
      let bonds = shells.neighbours[atom].filter { neighbours.contains(shells.atoms[$0.atom]) }
      while histogram.count <= bonds.count { histogram.append(0) }
      histogram[bonds.count] += 1
      for (position, bond) in bonds.enumerated() {
        sum += bond.distance
        count += 1
        for other in bonds[..<position] { angles.add(bond.vector, other.vector) }
      }
    }
    self.centre = centre
    self.neighbours = neighbours
    self.histogram = histogram
    self.angles = angles
    meanDistance = count > 0 ? sum / Double(count) : nil
  }

  /// The mean number of neighbours.
  public var meanNumber: Double {
    let atoms = histogram.reduce(0, +)
    let neighbours = histogram.enumerated().reduce(0) { $0 + $1.offset * $1.element }
    return Double(neighbours) / Double(max(1, atoms))
  }

  /// The nearest two atoms, if they are nearer than a distance.
  ///
  /// - Parameters:
  ///   - lattice: The cell.
  ///   - positions: Any images.
  ///   - distance: Å.
  /// - Returns: Indices and distance, Å; nil if all are farther apart.
  public static func nearestPair(
    _ lattice: Lattice, positions: [Fractional], within distance: Double
  ) -> (first: Int, second: Int, distance: Double)? {
    let grid = NeighbourGrid(lattice: lattice, positions: positions, radius: distance)
    var best: (Int, Int, Double)?
    for (i, position) in positions.enumerated() {
      grid.forEach(near: position, within: distance) { other in
        guard other.index > i, other.distance < best?.2 ?? .infinity else { return }
        best = (i, other.index, other.distance)
      }
    }
    return best
  }
}
