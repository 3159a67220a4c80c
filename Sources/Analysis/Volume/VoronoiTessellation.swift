internal import CVoro
public import Crystal
internal import Dispatch

/// The Voronoi cells of the atoms of a periodic structure, plain or weighted by radii.
///
/// A point x belongs to the atom i with the least |x − rᵢ|, or |x − rᵢ|² − Rᵢ² with radii Rᵢ (radical cells):
/// then the face between two atoms that touch or overlap lies where their spheres do.
///
/// Reference: C. H. Rycroft, Chaos 19, 041111 (2009): voro++, which computes the cells. B. J. Gellatly and
/// J. L. Finney, J. Non-Cryst. Solids 50, 313 (1982): radical cells.
public struct VoronoiTessellation: Sendable {
  /// The cell of each point, in the order of the points.
  public let cells: [Cell]

  /// The points that are nearer to one point than to any other.
  public struct Cell: Sendable {
    /// Å³; 0 for a small atom between large ones, which may have no radical cell.
    public var volume: Double
    /// The faces.
    public var faces: [Face]
    /// The corners, equally far from four or more points; any image.
    public var vertices: [Fractional]
  }

  /// A face between two cells.
  public struct Face: Sendable {
    /// Index of the point on the other side; a point may be its own neighbour in a small cell.
    public var neighbour: Int
    /// Å².
    public var area: Double
    /// Its centre of gravity; any image.
    public var centre: Fractional
  }

  /// Two points closer than this have no cells, Å.
  public static let leastDistance = 1e-3

  /// Reduced cells whose edges differ by more than this factor are refused.
  private static let largestElongation = 12.0

  /// Computes the cells.
  ///
  /// - Parameters:
  ///   - lattice: The periodic cell, of any shape.
  ///   - positions: At least one point; any images.
  ///   - radii: Of every point, Å, for radical cells; nil for plain ones.
  /// - Throws: ``InputError`` if two points coincide or the cell is too long and thin.
  /// - Complexity: O(points), on all cores; the result does not depend on how many there are.
  public init(
    lattice: Lattice, positions: [Fractional], radii: [Double]? = nil
  ) throws(InputError) {
    precondition(radii.map { $0.count == positions.count } ?? true, "one radius per point")
    guard !positions.isEmpty else {
      throw InputError("a structure without atoms has no Voronoi cells")
    }
    try checkUsable(positions)
    let grid = NeighbourGrid(lattice: lattice, positions: positions, radius: 1)
    for (index, position) in positions.enumerated() {
      let near = grid.neighbours(of: position, within: VoronoiTessellation.leastDistance)
      if let other = near.first(where: { $0.index != index }) {
        throw InputError(
          "atoms \(index + 1) and \(other.index + 1) are on the same point",
          hint: "remove one of the two")
      }
    }
    let frame = try VoronoiTessellation.frame(lattice)
    let box = [
      frame.box.a.x, frame.box.b.x, frame.box.b.y, frame.box.c.x, frame.box.c.y, frame.box.c.z,
    ]
    var coordinates: [Double] = []
    coordinates.reserveCapacity(3 * positions.count)
    for position in positions {
      let reduced = frame.reduced.fractional(lattice.cartesian(position)).wrapped
      let point = frame.box.cartesian(reduced).components
      coordinates += [point.x, point.y, point.z]
    }
    // voro++ makes images of points as cells need them, and the order of the images decides about last
    // digits: a fixed number of parts gives the same bytes for any number of threads.
    let parts = max(1, min(VoronoiTessellation.mostParts, positions.count / 256))
    var found = [[Cell]?](repeating: nil, count: parts)
    let fixedCoordinates = coordinates
    unsafe found.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let results = unsafe buffer
      DispatchQueue.concurrentPerform(iterations: parts) { part in
        let range = (part * positions.count / parts)..<((part + 1) * positions.count / parts)
        unsafe results[part] = VoronoiTessellation.cells(
          of: range, count: positions.count, box, fixedCoordinates, radii
        ) { point in
          lattice.fractional(frame.reduced.cartesian(frame.box.fractional(Cartesian(point))))
        }
      }
    }
    var cells: [Cell] = []
    cells.reserveCapacity(positions.count)
    for part in found {
      guard let part else { throw InputError("voro++ found no Voronoi cells for the structure") }
      cells += part
    }
    let total = cells.reduce(0) { $0 + $1.volume }
    guard (total - lattice.volume).magnitude < 1e-6 * lattice.volume else {
      throw InputError(
        "the Voronoi cells fill \(fixed(total, 3)) Å³ of \(fixed(lattice.volume, 3)) Å³",
        hint: "are two atoms nearly on the same point?")
    }
    self.cells = cells
  }

  /// Parts that the points are divided into at most.
  private static let mostParts = 16

  /// The cells of a range of the points; nil if voro++ fails.
  private static func cells(
    of range: Range<Int>, count: Int, _ box: [Double], _ coordinates: [Double], _ radii: [Double]?,
    place: (SIMD3<Double>) -> Fractional
  ) -> [Cell]? {
    var found = unsafe CVoroCells()
    defer { unsafe cvoro_free(&found) }
    let status = unsafe coordinates.withUnsafeBufferPointer { coordinates in
      unsafe (radii ?? []).withUnsafeBufferPointer { values in
        var points = unsafe CVoroPoints(
          box: (box[0], box[1], box[2], box[3], box[4], box[5]), count: Int32(count),
          positions: coordinates.baseAddress, radii: radii == nil ? nil : values.baseAddress)
        return unsafe cvoro_cells(
          &points, Int32(range.lowerBound), Int32(range.upperBound), &found)
      }
    }
    guard status == 0 else { return nil }
    func point(_ values: UnsafeMutablePointer<Double>, _ index: Int) -> Fractional {
      unsafe place(SIMD3(values[3 * index], values[3 * index + 1], values[3 * index + 2]))
    }
    var (cells, face, vertex): ([Cell], Int, Int) = ([], 0, 0)
    for index in 0..<range.count {
      let (lastFace, lastVertex) = unsafe (
        Int(found.face_ends[index]), Int(found.vertex_ends[index])
      )
      let faces = (face..<lastFace).map { face in
        unsafe Face(
          neighbour: Int(found.neighbours[face]), area: found.areas[face],
          centre: point(found.centres, face))
      }
      let vertices = (vertex..<lastVertex).map { unsafe point(found.vertices, $0) }
      cells.append(unsafe Cell(volume: found.volumes[index], faces: faces, vertices: vertices))
      (face, vertex) = (lastFace, lastVertex)
    }
    return cells
  }

  /// A reduced basis of the lattice, and the same one turned so that its matrix is lower triangular.
  private static func frame(
    _ lattice: Lattice
  ) throws(InputError) -> (reduced: Lattice, box: Lattice) {
    do {
      let reduced = try lattice.pairReduced()
      let (a, b, c) = (reduced.a, reduced.b, reduced.c)
      let x = a / length(a)
      let normal = cross(a, b)
      let z = normal / length(normal)
      let y = cross(z, x)
      let box = try Lattice(
        a: SIMD3(dot(a, x), 0, 0), b: SIMD3(dot(b, x), dot(b, y), 0),
        c: SIMD3(dot(c, x), dot(c, y), dot(c, z)))
      let (lengths, spacings) = (reduced.lengths, reduced.planeSpacings)
      let elongation =
        max(lengths.x, lengths.y, lengths.z) / min(spacings.x, spacings.y, spacings.z)
      guard elongation <= largestElongation else {
        throw InputError(
          "the cell is \(fixed(elongation, 1)) times as long as thin, expected at most "
            + "\(fixed(largestElongation, 0))", hint: "use a supercell that is less elongated")
      }
      return (reduced, box)
    } catch let error as InputError {
      throw error
    } catch {
      throw InputError("\(error)")
    }
  }
}

extension Lattice {
  /// Right-handed vectors of the same lattice, each as short as the others can make it.
  func pairReduced() throws(LatticeError) -> Lattice {
    var v = vectors
    var isReduced = false
    while !isReduced {
      isReduced = true
      for target in 0..<3 {
        let others = [0, 1, 2].filter { $0 != target }
        for i in -1...1 {
          for j in -1...1 {
            let candidate = v[target] + Double(i) * v[others[0]] + Double(j) * v[others[1]]
            if length(candidate) < length(v[target]) * (1 - 1e-9) {
              v[target] = candidate
              isReduced = false
            }
          }
        }
      }
    }
    if dot(v[0], cross(v[1], v[2])) < 0 { v[2] = -v[2] }
    return try Lattice(a: v[0], b: v[1], c: v[2])
  }
}
