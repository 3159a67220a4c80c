/// Bond valences as functions of the squared distance: cubic pieces, several times faster than the
/// exponential.
///
/// Relative error below 10⁻⁸ from ``least`` to a cutoff of 6 Å; below it the exponential is used itself.
struct RadialTables: Sendable {
  /// Coefficients of 1, x, x², x³ for x from 0 to 1 in every piece of every function in turn.
  let coefficients: [Double]

  /// Pieces per Å².
  let scale: Double

  /// Coefficients of one function.
  static let stride = 4 * (pieceCount + 1)

  /// The squared distance from which on the pieces are valid, Å².
  static let least = 1.0

  private static let pieceCount = 2048

  /// Makes the pieces, which have the value and slope of the function at both ends.
  ///
  /// - Parameters:
  ///   - bonds: The functions.
  ///   - cutoff: Largest distance, Å.
  init(_ bonds: [BondValence], cutoff: Double) {
    let width = cutoff * cutoff / Double(RadialTables.pieceCount)
    scale = 1 / width
    // One piece more, for squares that rounding lifts above that of the cutoff.
    coefficients = bonds.flatMap { bond in
      (0...RadialTables.pieceCount).flatMap { piece in
        func end(_ place: Int) -> (value: Double, slope: Double) {
          let r = (max(Double(place), 0.5) * width).squareRoot()
          let value = bond.valence(r)
          return (value, -value / (2 * bond.b * r) * width)
        }
        let ((v0, d0), (v1, d1)) = (end(piece), end(piece + 1))
        return [v0, d0, 3 * (v1 - v0) - 2 * d0 - d1, 2 * (v0 - v1) + d0 + d1]
      }
    }
  }
}
