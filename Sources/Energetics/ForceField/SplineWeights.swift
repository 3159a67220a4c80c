#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Cardinal B-splines of the atoms on the points of a mesh.
///
/// Atom i reaches the points `cell - order + 1 ... cell` along each axis.
struct SplineWeights: Sendable {
  /// Order of the splines.
  let order: Int
  /// The last point that each atom reaches.
  private(set) var cells: [SIMD3<Int32>]
  /// Weights along x, y, z: `order` of each; 3 × order per atom.
  private(set) var values: [Double]
  /// Their derivatives by the position in units of the point spacing.
  private(set) var slopes: [Double]

  /// Splines of atoms.
  ///
  /// - Parameters:
  ///   - fractions: Fractional positions in [0, 1).
  ///   - points: Points along each lattice vector.
  ///   - order: Of the splines, 3 or more.
  ///   - threads: Number of threads.
  init(fractions: [SIMD3<Double>], points: SIMD3<Int>, order: Int, threads: Int) {
    self.order = order
    let n = fractions.count
    cells = [SIMD3<Int32>](repeating: .zero, count: n)
    values = [Double](repeating: 0, count: 3 * order * n)
    slopes = values
    let size = SIMD3<Double>(points)
    unsafe cells.withUnsafeMutableBufferPointer { cells in
      unsafe values.withUnsafeMutableBufferPointer { values in
        unsafe slopes.withUnsafeMutableBufferPointer { slopes in
          nonisolated(unsafe) let (cells, values, slopes) = unsafe (cells, values, slopes)
          inParallel(n, threads) { atoms in
            guard let v = unsafe values.baseAddress, let s = unsafe slopes.baseAddress else {
              return
            }
            for i in atoms {
              let u = fractions[i] * size
              var cell = SIMD3<Int32>.zero
              for axis in 0..<3 {
                // A product just below the size may round up to it.
                let whole = min(u[axis].rounded(.down), size[axis] - 1)
                cell[axis] = Int32(whole)
                let first = (3 &* i &+ axis) &* order
                unsafe SplineWeights.fill(
                  u[axis] - whole, order, values: v + first, slopes: s + first)
              }
              unsafe cells[i] = cell
            }
          }
        }
      }
    }
  }

  /// Weights of one coordinate by the recursion M_n(x) = [x M_{n-1}(x) + (n - x) M_{n-1}(x - 1)]/(n - 1).
  @inline(__always)
  private static func fill(
    _ w: Double, _ order: Int, values v: UnsafeMutablePointer<Double>,
    slopes s: UnsafeMutablePointer<Double>
  ) {
    unsafe v[0] = 1 - w
    unsafe v[1] = w
    for n in 3...order {
      if n == order {
        unsafe s[0] = -v[0]
        for j in 1..<(order &- 1) { unsafe s[j] = v[j &- 1] - v[j] }
        unsafe s[order &- 1] = v[order &- 2]
      }
      let divisor = 1 / Double(n &- 1)
      unsafe v[n &- 1] = divisor * w * v[n &- 2]
      for j in 1..<(n &- 1) {
        let k = n &- 1 &- j
        unsafe v[k] =
          divisor * ((w + Double(j)) * v[k &- 1] + (Double(n &- j) - w) * v[k])
      }
      unsafe v[0] = divisor * (1 - w) * v[0]
    }
  }

  /// Adds the product of an atom's weights along y and z to a plane of the mesh.
  @inline(__always)
  func addSquare(
    of atom: Int, times q: Double, to plane: UnsafeMutablePointer<Double>,
    points: (y: Int, z: Int)
  ) {
    unsafe values.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let wy = unsafe base + (3 &* atom &+ 1) &* order
      let wz = unsafe wy + order
      let firstZ = Int(cells[atom].z) &- order &+ 1
      var y = Int(cells[atom].y) &- order &+ 1
      if y < 0 { y &+= points.y }
      for j in 0..<order {
        let row = unsafe plane + y &* points.z
        let factor = unsafe q * wy[j]
        if firstZ >= 0 {
          let target = unsafe row + firstZ
          for k in 0..<order { unsafe target[k] += factor * wz[k] }
        } else {
          for k in 0..<order {
            let z = firstZ &+ k
            unsafe row[z < 0 ? z &+ points.z : z] += factor * wz[k]
          }
        }
        y &+= 1
        if y == points.y { y = 0 }
      }
    }
  }

  /// The derivative of the interpolated mesh by the position of an atom in units of the spacings.
  @inline(__always)
  func gradient(
    of atom: Int, _ mesh: UnsafePointer<Double>, points: SIMD3<Int>
  ) -> SIMD3<Double> {
    unsafe values.withUnsafeBufferPointer { values in
      unsafe slopes.withUnsafeBufferPointer { slopes in
        guard let v = values.baseAddress, let s = slopes.baseAddress else {
          return .zero
        }
        let first = 3 &* atom &* order
        let (vx, sx) = unsafe (v + first, s + first)
        let (vy, sy) = unsafe (vx + order, sx + order)
        let (vz, sz) = unsafe (vy + order, sy + order)
        let firstZ = Int(cells[atom].z) &- order &+ 1
        var sum = SIMD3<Double>.zero
        var x = Int(cells[atom].x) &- order &+ 1
        if x < 0 { x &+= points.x }
        for i in 0..<order {
          var y = Int(cells[atom].y) &- order &+ 1
          if y < 0 { y &+= points.y }
          var (inner, slopeY, slopeZ) = (0.0, 0.0, 0.0)
          for j in 0..<order {
            let row = unsafe mesh + (x &* points.y &+ y) &* points.z
            var (line, slope) = (0.0, 0.0)
            if firstZ >= 0 {
              let source = unsafe row + firstZ
              for k in 0..<order {
                let value = unsafe source[k]
                unsafe line += value * vz[k]
                unsafe slope += value * sz[k]
              }
            } else {
              for k in 0..<order {
                let z = firstZ &+ k
                let value = unsafe row[z < 0 ? z &+ points.z : z]
                unsafe line += value * vz[k]
                unsafe slope += value * sz[k]
              }
            }
            unsafe inner += vy[j] * line
            unsafe slopeY += sy[j] * line
            unsafe slopeZ += vy[j] * slope
            y &+= 1
            if y == points.y { y = 0 }
          }
          unsafe sum += SIMD3(sx[i] * inner, vx[i] * slopeY, vx[i] * slopeZ)
          x &+= 1
          if x == points.x { x = 0 }
        }
        return sum
      }
    }
  }

  /// |b(m)|² of the splines: one over the squared modulus of Σ_k M_n(k + 1) exp(2πi m k/K).
  ///
  /// - Parameters:
  ///   - points: K, 2 × order or more.
  ///   - order: n.
  /// - Returns: K factors.
  static func moduli(_ points: Int, order: Int) -> [Double] {
    // The splines at whole numbers are those of a position on a point.
    var (values, slopes) = (
      [Double](repeating: 0, count: order), [Double](repeating: 0, count: order)
    )
    unsafe values.withUnsafeMutableBufferPointer { v in
      unsafe slopes.withUnsafeMutableBufferPointer { s in
        if let v = v.baseAddress, let s = s.baseAddress {
          unsafe fill(0, order, values: v, slopes: s)
        }
      }
    }
    return (0..<points).map { m in
      var (re, im) = (0.0, 0.0)
      for (k, value) in values.enumerated() {
        let angle = 2 * Double.pi * Double(m) * Double(k) / Double(points)
        re += value * cos(angle)
        im += value * sin(angle)
      }
      let square = re * re + im * im
      // Splines of odd order have no wave of half the mesh's frequency.
      return square < 1e-10 ? 0 : 1 / square
    }
  }
}
