public import Crystal

/// A symmetry operation of a crystal, x' = W x + w.
///
/// `W` and `w` act on fractional coordinates written as columns, as printed in the International
/// Tables, while lattice vectors are the rows of ``Crystal/Lattice``:
///
///     xᵢ' = Σⱼ Wᵢⱼ xⱼ + wᵢ          [multiples of a, b, c]
public struct SymmetryOperation: Hashable, Sendable {
  /// The matrix part W, acting on columns; det W = ±1.
  public let rotation: IntegerMatrix

  /// The column part w, multiples of a, b, c; any image.
  public let translation: SIMD3<Double>

  /// The operation that leaves every point where it is.
  public static let identity = SymmetryOperation(rotation: .identity, translation: .zero)

  /// The operation x' = W x + w.
  public init(rotation: IntegerMatrix, translation: SIMD3<Double>) {
    self.rotation = rotation
    self.translation = translation
  }

  /// The image of a point; not wrapped.
  public func image(of point: Fractional) -> Fractional {
    Fractional(rotated(point.components) + translation)
  }

  /// The operation that applies `right` first, then `left`.
  public static func * (left: SymmetryOperation, right: SymmetryOperation) -> SymmetryOperation {
    SymmetryOperation(
      rotation: left.rotation * right.rotation,
      translation: left.rotated(right.translation) + left.translation)
  }

  /// The operation that undoes this one.
  ///
  /// - Precondition: det W = ±1.
  public var inverse: SymmetryOperation {
    let determinant = rotation.determinant
    precondition(abs(determinant) == 1, "a symmetry operation keeps volumes")
    let inverse = IntegerMatrix(rows: rotation.adjugate.rows.map { determinant &* $0 })
    let linear = SymmetryOperation(rotation: inverse, translation: .zero)
    return SymmetryOperation(rotation: inverse, translation: -linear.rotated(translation))
  }

  /// The operation with its translation moved into [0, 1)³.
  public var wrapped: SymmetryOperation {
    SymmetryOperation(rotation: rotation, translation: Fractional(translation).wrapped.components)
  }

  /// W v for a column of real numbers.
  func rotated(_ v: SIMD3<Double>) -> SIMD3<Double> {
    func row(_ i: Int) -> Double {
      Double(rotation[i, 0]) * v.x + Double(rotation[i, 1]) * v.y + Double(rotation[i, 2]) * v.z
    }
    return SIMD3(row(0), row(1), row(2))
  }

  /// The coordinate triplet of the International Tables: `-y,x-y,z+1/2`.
  ///
  /// Translations are given as fractions with a denominator up to 24, or with five decimals.
  public var triplet: String {
    (0..<3).map { i in
      var text = ""
      for (j, name) in ["x", "y", "z"].enumerated() where rotation[i, j] != 0 {
        let factor = rotation[i, j]
        text += factor < 0 ? "-" : (text.isEmpty ? "" : "+")
        text += (abs(factor) == 1 ? "" : "\(abs(factor))") + name
      }
      let shift = Rational.nearest(to: translation[i], maximumDenominator: 24)
      if (shift.doubleValue - translation[i]).magnitude > 1e-5 {
        return text + (translation[i] < 0 ? "" : "+") + fixed(translation[i], 5)
      }
      if shift == .zero { return text }
      return text + (shift > .zero ? "+" : "") + "\(shift)"
    }.joined(separator: ",")
  }
}
