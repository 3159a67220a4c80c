public import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// How many neighbours the atoms of an element have, and at what angles.
public struct LocalOrder: Sendable {
  /// The atoms in the middle.
  public let centre: Element

  /// Their neighbours.
  public let neighbour: Element

  /// Distance up to which atoms are neighbours, Å.
  public let cutoff: Double

  /// Atoms with 0, 1, 2, … neighbours.
  public let histogram: [Int]

  /// Angles neighbour–centre–neighbour in bins of 2°, from 0 to 180.
  public let angles: [Int]

  /// Mean and standard deviation of these angles, degrees; nil without any.
  public let angle: (mean: Double, deviation: Double)?

  /// Counts neighbours.
  ///
  /// - Parameters:
  ///   - lattice: The cell.
  ///   - positions: Any images.
  ///   - atoms: What they are.
  ///   - centre: The atoms in the middle.
  ///   - neighbour: Their neighbours.
  ///   - cutoff: Å.
  public init(
    _ lattice: Lattice, positions: [Fractional], atoms: [Element], centre: Element,
    neighbour: Element, cutoff: Double
  ) {
    let grid = NeighbourGrid(lattice: lattice, positions: positions, radius: cutoff)
    var histogram: [Int] = []
    var angles = [Int](repeating: 0, count: 90)
    var (count, sum, squares) = (0.0, 0.0, 0.0)
    for (i, position) in positions.enumerated() where atoms[i] == centre {
      var bonds: [SIMD3<Double>] = []
      grid.forEach(near: position, within: cutoff) { other in
        guard atoms[other.index] == neighbour, other.distance > 0 else { return }
        bonds.append(other.vector / other.distance)
      }
      while histogram.count <= bonds.count { histogram.append(0) }
      histogram[bonds.count] += 1
      for j in bonds.indices {
        for k in 0..<j {
          let angle = acos(max(-1, min(1, dot(bonds[j], bonds[k])))) * 180 / Double.pi
          angles[min(89, Int(angle / 2))] += 1
          count += 1
          sum += angle
          squares += angle * angle
        }
      }
    }
    self.centre = centre
    self.neighbour = neighbour
    self.cutoff = cutoff
    self.histogram = histogram
    self.angles = angles
    let mean = sum / max(1, count)
    angle =
      count == 0 ? nil : (mean, max(0, squares / count - mean * mean).squareRoot())
  }

  /// The mean number of neighbours.
  public var meanNumber: Double {
    let atoms = histogram.reduce(0, +)
    let neighbours = histogram.enumerated().reduce(0) { $0 + $1.offset * $1.element }
    return Double(neighbours) / Double(max(1, atoms))
  }
}

extension LocalOrder {
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
