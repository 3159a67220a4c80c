internal import CVoro
public import Crystal

/// The Voronoi cells of the atoms of a periodic structure.
///
/// Reference: C. H. Rycroft, Chaos 19, 041111 (2009): voro++, which computes the cells.
public struct VoronoiTessellation: Sendable {
  /// The cell of each point, in the order of the points.
  public let cells: [Cell]

  /// The points that are nearer to one point than to any other.
  public struct Cell: Sendable {
    /// Å³.
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
  /// - Throws: ``InputError`` if two points coincide or the cell is too long and thin.
  /// - Complexity: O(points).
  public init(lattice: Lattice, positions: [Fractional]) throws(InputError) {
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
    let coordinates = positions.flatMap { position in
      let reduced = frame.reduced.fractional(lattice.cartesian(position)).wrapped
      let point = frame.box.cartesian(reduced).components
      return [point.x, point.y, point.z]
    }
    var found = unsafe CVoroCells()
    let status = unsafe cvoro_cells(box, Int32(positions.count), coordinates, &found)
    defer { unsafe cvoro_free(&found) }
    guard status == 0 else { throw InputError("voro++ found no Voronoi cells for the structure") }
    func place(_ values: UnsafeMutablePointer<Double>, _ index: Int) -> Fractional {
      let point = unsafe SIMD3(values[3 * index], values[3 * index + 1], values[3 * index + 2])
      let reduced = frame.box.fractional(Cartesian(point))
      return lattice.fractional(frame.reduced.cartesian(reduced))
    }
    var cells: [Cell] = []
    var (face, vertex) = (0, 0)
    for index in positions.indices {
      let (lastFace, lastVertex) = unsafe (
        Int(found.face_ends[index]), Int(found.vertex_ends[index])
      )
      let faces = (face..<lastFace).map { face in
        unsafe Face(
          neighbour: Int(found.neighbours[face]), area: found.areas[face],
          centre: place(found.centres, face))
      }
      let vertices = (vertex..<lastVertex).map { unsafe place(found.vertices, $0) }
      cells.append(unsafe Cell(volume: found.volumes[index], faces: faces, vertices: vertices))
      (face, vertex) = (lastFace, lastVertex)
    }
    let total = cells.reduce(0) { $0 + $1.volume }
    guard (total - lattice.volume).magnitude < 1e-6 * lattice.volume else {
      throw InputError(
        "the Voronoi cells fill \(fixed(total, 3)) Å³ of \(fixed(lattice.volume, 3)) Å³",
        hint: "are two atoms nearly on the same point?")
    }
    self.cells = cells
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
