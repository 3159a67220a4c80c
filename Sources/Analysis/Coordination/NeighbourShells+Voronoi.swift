public import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

extension NeighbourShells {
  /// Finds the neighbours by the solid angles of the faces of Voronoi cells.
  ///
  /// - Parameters:
  ///   - lattice: The cell.
  ///   - positions: Any images.
  ///   - atoms: What they are.
  ///   - leastShare: Atoms are neighbours if the face between them fills at least this share of the solid angle
  ///     of the largest face of one of them, in (0, 1].
  /// - Throws: ``InputError`` if two atoms coincide or the cell is too long and thin.
  ///
  /// Reference: M. O'Keeffe, Acta Cryst. A 35, 772 (1979).
  public init(
    _ lattice: Lattice, positions: [Fractional], atoms: [Element], leastShare: Double
  ) throws(InputError) {
    let tessellation = try VoronoiTessellation(lattice: lattice, positions: positions)
    let faces = positions.indices.map { index in
      SeenFace.all(of: index, tessellation.cells[index], positions, lattice)
    }
    let largest = faces.map { $0.map(\.solidAngle).max() ?? 0 }
    let wrapped = positions.map { $0.wrapped.components }
    let neighbours = faces.enumerated().map { i, faces in
      // A face has the same solid angle on both sides, so that the smaller limit decides for both.
      faces.filter {
        $0.solidAngle >= leastShare * min(largest[i], largest[$0.atom]) * (1 - 1e-9)
      }
      .map { face in
        NeighbourShells.neighbour(
          face.atom, face.vector, from: wrapped[i], to: wrapped[face.atom], lattice)
      }
      .sorted { ($0.distance, $0.atom) < ($1.distance, $1.atom) }
    }
    self.init(atoms: atoms, neighbours: neighbours)
  }
}

/// A face of a Voronoi cell as its atom sees it.
private struct SeenFace {
  /// The atom on the other side.
  var atom: Int
  /// From the atom of the cell to that image, Å.
  var vector: SIMD3<Double>
  /// Steradian.
  var solidAngle: Double

  /// The faces of a cell.
  static func all(
    of index: Int, _ cell: VoronoiTessellation.Cell, _ positions: [Fractional], _ lattice: Lattice
  ) -> [SeenFace] {
    guard let first = cell.vertices.first else { return [] }
    // The middle of a cell is nearer to its own atom than to any other.
    let steps = cell.vertices.map { $0.components - first.components }
    let middle = first.components + steps.reduce(.zero, +) / Double(steps.count)
    let centre = middle + nearest(positions[index].components - middle, lattice, without: nil)
    let corners = cell.vertices.map {
      lattice.cartesian(Fractional($0.components - centre)).components
    }
    return cell.faces.map { face in
      // The same holds for the middle of a face and the two atoms that it lies between.
      let place = face.centre.components
      let own = face.neighbour == index ? centre - place : nil
      let image =
        place + nearest(positions[face.neighbour].components - place, lattice, without: own)
      let vector = lattice.cartesian(Fractional(image - centre)).components
      return SeenFace(
        atom: face.neighbour, vector: vector, solidAngle: solidAngle(corners, beyond: vector))
    }
  }

  /// The shortest of the vectors that differ from one by lattice vectors, fractional.
  private static func nearest(
    _ step: SIMD3<Double>, _ lattice: Lattice, without excluded: SIMD3<Double>?
  ) -> SIMD3<Double> {
    let start = step - step.rounded(.toNearestOrEven)
    func size(_ f: SIMD3<Double>) -> Double { length(lattice.cartesian(Fractional(f)).components) }
    // The second nearest is at most one lattice vector farther away.
    let lengths = lattice.lengths
    let reach = size(start) + (excluded == nil ? 0 : min(lengths.x, lengths.y, lengths.z))
    var best = (vector: start, size: Double.infinity)
    for point in lattice.latticePoints(within: reach) {
      let candidate = start + SIMD3(Double(point.x), Double(point.y), Double(point.z))
      if let excluded, size(candidate - excluded) < 1e-6 { continue }
      let length = size(candidate)
      if length < best.size { best = (candidate, length) }
    }
    return best.vector
  }

  /// The solid angle of the face half way to a neighbour, seen from the origin.
  ///
  ///     tan(Ω/2) = a·(b×c) / (1 + a·b + b·c + c·a)
  ///
  /// for each triangle of unit vectors (A. Van Oosterom and J. Strackee, IEEE Trans. Biomed. Eng. 30, 125, 1983).
  private static func solidAngle(
    _ corners: [SIMD3<Double>], beyond vector: SIMD3<Double>
  ) -> Double {
    let distance = length(vector)
    let axis = vector / distance
    let onFace = corners.filter { (dot($0, axis) - distance / 2).magnitude < 1e-6 * distance }
    guard onFace.count > 2 else { return 0 }
    let middle = onFace.reduce(.zero, +) / Double(onFace.count)
    let u = onFace[0] - middle
    let v = cross(axis, u)
    let turned = onFace.map { (corner: $0, angle: atan2(dot($0 - middle, v), dot($0 - middle, u))) }
      .sorted { $0.angle < $1.angle }.map { $0.corner / length($0.corner) }
    var sum = 0.0
    for k in 1..<(turned.count - 1) {
      let (a, b, c) = (turned[0], turned[k], turned[k + 1])
      sum += 2 * atan2(dot(a, cross(b, c)).magnitude, 1 + dot(a, b) + dot(b, c) + dot(c, a))
    }
    return sum
  }
}
