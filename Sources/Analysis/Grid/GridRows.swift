internal import Crystal

/// Which points of a grid are within a radius of atoms, row by row along c, in any cell.
///
/// The points of a row within a radius of one atom are one run, and their squared distances from the atom
/// are a parabola in the number of the point:
///
///     s(k) = s₀ + C (k − k₀)²          [Å²]
struct GridRows: Sendable {
  /// The points of a row near one image of one atom.
  struct Segment {
    /// Index of the atom.
    var atom: Int
    /// First point of the row.
    var first: Int
    /// Last point of the row, not before the first.
    var last: Int
    /// Squared distance of the atom from the line of the row, Å².
    var offset: Double
    /// Squared step of the row, Å².
    var curvature: Double
    /// The point nearest to the atom, as a real number.
    var centre: Double

    /// The points within a radius, of those of this segment; nil if there are none.
    ///
    /// - Parameter square: Of the radius, Å².
    /// - Returns: The first and the last one.
    func points(within square: Double) -> ClosedRange<Int>? {
      guard offset <= square else { return nil }
      let half = ((square - offset) / curvature).squareRoot()
      let (low, high) = (max(first, ceiling(centre - half)), min(last, floor(centre + half)))
      return low <= high ? low...high : nil
    }

    /// The squared distance of a point of the row from the atom, Å².
    func square(_ k: Int) -> Double {
      let t = Double(k) - centre
      return offset + curvature * (t * t)
    }
  }

  private let grid: PeriodicGrid
  private let radius: Double
  private let spacings: SIMD3<Double>
  /// Images near the cell, in the order of their first coordinate.
  private let images: [Image]

  private struct Image {
    var fraction: SIMD3<Double>
    var point: SIMD3<Double>
    var atom: Int
  }

  /// Collects the images of atoms that can be within a radius of the cell.
  ///
  /// - Parameters:
  ///   - grid: The points.
  ///   - positions: Of the atoms; any images.
  ///   - radius: Å.
  init(_ grid: PeriodicGrid, positions: [Fractional], radius: Double) {
    self.grid = grid
    self.radius = radius
    let lattice = grid.lattice
    spacings = lattice.planeSpacings
    var images: [Image] = []
    forEachImage(of: positions, in: lattice, within: radius) { atom, fraction in
      let point = lattice.cartesian(Fractional(fraction)).components
      images.append(Image(fraction: fraction, point: point, atom: atom))
    }
    self.images = images.enumerated().sorted {
      ($0.element.fraction.x, $0.offset) < ($1.element.fraction.x, $1.offset)
    }.map(\.element)
  }

  /// Calls `body` with every run of points of a plane within the radius of an atom.
  ///
  /// - Parameters:
  ///   - plane: Number of the plane along a.
  ///   - isNeeded: Whether a row is of interest.
  ///   - body: Takes the number of the row along b and the run; always in the same order.
  @inline(__always)
  func forEachSegment(
    ofPlane plane: Int, where isNeeded: (_ row: Int) -> Bool = { _ in true },
    _ body: (_ row: Int, _ segment: Segment) -> Void
  ) {
    let n = grid.divisions
    let lattice = grid.lattice
    let x = Double(plane) / Double(n.x)
    let reach = (radius + 1e-9) / spacings
    let near = images[firstImage(from: x - reach.x)..<firstImage(from: (x + reach.x).nextUp)]
    let (start, step) = (x * lattice.a, lattice.c / Double(n.z))
    let curvature = dot(step, step)
    let square = radius * radius
    for row in 0..<n.y where isNeeded(row) {
      let y = Double(row) / Double(n.y)
      let origin = start + y * lattice.b
      for image in near {
        guard (image.fraction.y - y).magnitude <= reach.y else { continue }
        let d = image.point - origin
        let centre = dot(d, step) / curvature
        let across = d - centre * step
        let offset = dot(across, across)
        guard offset <= square else { continue }
        let half = ((square - offset) / curvature).squareRoot()
        let (low, high) = (max(0, ceiling(centre - half)), min(n.z - 1, floor(centre + half)))
        guard low <= high else { continue }
        body(
          row,
          Segment(
            atom: image.atom, first: low, last: high, offset: offset, curvature: curvature,
            centre: centre))
      }
    }
  }

  /// The first image whose first coordinate is not below a value.
  private func firstImage(from x: Double) -> Int {
    var (low, high) = (0, images.count)
    while low < high {
      let middle = (low + high) / 2
      if images[middle].fraction.x < x { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// The largest integer not above a value of moderate size: the library's own is a slow call.
@inline(__always)
private func floor(_ value: Double) -> Int {
  let whole = Int(value)
  return Double(whole) > value ? whole - 1 : whole
}

/// The smallest integer not below a value of moderate size.
@inline(__always)
private func ceiling(_ value: Double) -> Int { -floor(-value) }
