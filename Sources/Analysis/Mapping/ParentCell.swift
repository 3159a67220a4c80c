internal import Crystal

/// A supercell of one lattice that is another lattice up to strain and rotation.
///
///     A_relaxed = S A_parent U R
///
/// with the vectors as rows, S integer, U symmetric, R a rotation.
struct ParentCell: Sendable {
  /// S.
  var supercell: SupercellMatrix

  /// The strain ε = U − 1 in the frame of the parent.
  var strain: RealMatrix

  /// The angle of R, degrees.
  var rotationDegrees: Double

  /// The largest modulus of the principal strains.
  var largestStrain: Double { strain.spectralRadius }

  /// How the directions of the two cells may differ.
  enum Orientation {
    /// Both are given in the same frame, up to some degrees.
    case same
    /// Any rotation.
    case any
  }

  /// Lattice vectors that are tried for each vector of the relaxed cell.
  private static let vectorLimit = 800

  /// Matches that are returned.
  static let matchLimit = 200

  /// Rotation that is still the same orientation, as a fraction of a vector's length.
  private static let smallRotation = 0.08

  /// Supercells within a limit of strain, those with the least strain first.
  ///
  /// - Parameters:
  ///   - parent: The lattice that is repeated.
  ///   - relaxed: The lattice to match; of the same handedness.
  ///   - cells: det S, if known.
  ///   - largestStrain: Limit of the principal strains.
  ///   - orientation: What rotations are tried.
  /// - Returns: At most ``matchLimit`` matches; of those with the same strain the one with the least
  ///   rotation first; empty if none fits.
  static func search(
    parent: Lattice, relaxed: Lattice, cells: Int?, largestStrain: Double,
    orientation: Orientation
  ) -> [ParentCell] {
    let target = relaxed.vectors
    let vectors = target.map { target in
      candidates(for: target, in: parent, largestStrain, orientation)
    }
    // |v'| ≤ (1 + s) |v| changes products of vectors by no more than this.
    let slack = 2 * largestStrain + largestStrain * largestStrain + 1e-6
    func fits(_ v: SIMD3<Double>, _ i: Int, _ w: SIMD3<Double>, _ j: Int) -> Bool {
      let allowed = 1.1 * slack * length(target[i]) * length(target[j])
      return (dot(v, w) - dot(target[i], target[j])).magnitude <= allowed
    }
    var found: [(match: ParentCell, size: Double, offset: Double)] = []
    for a in vectors[0] {
      for b in vectors[1] where fits(a.vector, 0, b.vector, 1) {
        for c in vectors[2] {
          guard fits(a.vector, 0, c.vector, 2), fits(b.vector, 1, c.vector, 2) else { continue }
          let matrix = IntegerMatrix(rows: [a.multiples, b.multiples, c.multiples])
          guard matrix.determinant > 0, matrix.determinant == cells ?? matrix.determinant,
            let supercell = try? SupercellMatrix(matrix)
          else { continue }
          let ideal = RealMatrix(rows: [a.vector, b.vector, c.vector])
          let (stretch, rotation) = (ideal.inverse * RealMatrix(rows: target)).polarFactors
          let strain = RealMatrix(
            rows: (0..<3).map { stretch.rows[$0] - RealMatrix.identity.rows[$0] })
          let size = strain.squaredNorm.squareRoot()
          guard strain.spectralRadius <= largestStrain else { continue }
          let offset = (0..<3).reduce(0) { $0 + length(ideal.rows[$1] - target[$1]) }
          let match = ParentCell(
            supercell: supercell, strain: strain, rotationDegrees: rotation.rotationAngleDegrees)
          found.append((match, size, offset))
        }
      }
    }
    found.sort { left, right in
      let (a, b) = ((left.size * 1e6).rounded(), (right.size * 1e6).rounded())
      return (a, left.offset) < (b, right.offset)
    }
    return found.prefix(matchLimit).map(\.match)
  }

  /// Multiples of the parent's vectors that may have become a vector of the relaxed cell.
  private static func candidates(
    for target: SIMD3<Double>, in parent: Lattice, _ strain: Double, _ orientation: Orientation
  ) -> [(multiples: SIMD3<Int>, vector: SIMD3<Double>)] {
    let size = length(target)
    let spacings = parent.planeSpacings
    let centre: SIMD3<Double>
    let radius: Double
    switch orientation {
    case .same:
      centre = parent.fractional(Cartesian(target)).components
      radius = (strain / max(0.1, 1 - strain) + smallRotation) * size
    case .any:
      centre = .zero
      radius = size / max(0.1, 1 - strain) + 1e-6
    }
    let low = (centre - radius / spacings).rounded(.up)
    let high = (centre + radius / spacings).rounded(.down)
    var found: [(multiples: SIMD3<Int>, vector: SIMD3<Double>, offset: Double)] = []
    for i in stride(from: low.x, through: high.x, by: 1) {
      for j in stride(from: low.y, through: high.y, by: 1) {
        for k in stride(from: low.z, through: high.z, by: 1) {
          let vector = parent.cartesian(Fractional(i, j, k)).components
          let own = length(vector)
          let offset = orientation == .same ? length(vector - target) : (own - size).magnitude
          let allowed = orientation == .same ? radius : strain * own + 1e-6
          guard offset <= allowed, own > 0 else { continue }
          found.append((SIMD3(Int(i), Int(j), Int(k)), vector, offset))
        }
      }
    }
    return found.sorted { $0.offset < $1.offset }.prefix(vectorLimit)
      .map { ($0.multiples, $0.vector) }
  }
}
