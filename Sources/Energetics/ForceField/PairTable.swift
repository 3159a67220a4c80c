#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Functions of a pair distance as polynomials in r², piecewise, for sums over many pairs.
///
/// The intervals divide every octave of r² into 64; in each, six values at Chebyshev–Lobatto points fix
/// a polynomial of degree five. Force and energy come from the same polynomial, so that forces are the
/// derivative of the energy to rounding. Measured against the functions: 10⁻¹¹ relative for the energy,
/// 10⁻⁹ for the force.
struct PairTable {
  /// Six coefficients for every interval, constant first; one function after another.
  private(set) var coefficients: [Double] = []

  /// The square of the cutoff, Å².
  let squareOfCutoff: Double

  /// Intervals of one function.
  let intervalCount: Int

  /// Bits of a Double below those that number an interval.
  static let discardedBits = 46
  /// Number of the first interval in units of the discarded bits: r² = 2⁻⁴ Å², r = 0.25 Å.
  static let firstInterval = Int((0.0625).bitPattern >> 46)
  /// Where the tables begin, Å².
  static let smallestSquare = 0.0625

  /// An empty table for distances up to `cutoff`, Å.
  init(cutoff: Double) {
    squareOfCutoff = cutoff * cutoff
    let last = Int(squareOfCutoff.bitPattern >> UInt64(PairTable.discardedBits))
    intervalCount = last - PairTable.firstInterval + 1
  }

  /// Tabulates a function.
  ///
  /// - Parameters:
  ///   - core: Distance from which on the table is used, Å; below, it holds zeros.
  ///   - energy: The function of the distance in Å, eV.
  /// - Returns: Where its coefficients begin.
  mutating func append(from core: Double, _ energy: (Double) -> Double) -> Int {
    let start = coefficients.count
    for interval in 0..<intervalCount {
      let (lower, upper) = PairTable.bounds(of: interval)
      guard upper >= core * core else {
        coefficients += [0, 0, 0, 0, 0, 0]
        continue
      }
      let width = upper - lower
      let values = PairTable.nodes.map { energy((lower + $0 * width).squareRoot()) }
      var scale = 1.0
      for coefficient in PairTable.polynomial(values) {
        coefficients.append(coefficient / scale)
        scale *= width
      }
    }
    return start
  }

  /// The squares of the distances between which an interval lies, Å².
  private static func bounds(of interval: Int) -> (lower: Double, upper: Double) {
    func bound(_ index: Int) -> Double {
      Double(bitPattern: UInt64(firstInterval + index) << UInt64(discardedBits))
    }
    return (bound(interval), bound(interval + 1))
  }

  /// Chebyshev–Lobatto points in [0, 1].
  private static let nodes: [Double] = (0...5).map { 0.5 - 0.5 * cos(Double.pi * Double($0) / 5) }

  /// The coefficients of the polynomial through values at ``nodes``, by divided differences.
  private static func polynomial(_ values: [Double]) -> [Double] {
    var differences = values
    for order in 1..<6 {
      for i in stride(from: 5, through: order, by: -1) {
        differences[i] =
          (differences[i] - differences[i - 1]) / (nodes[i] - nodes[i - order])
      }
    }
    // Horner's scheme with polynomials.
    var result = [Double](repeating: 0, count: 6)
    for i in stride(from: 5, through: 0, by: -1) {
      for k in stride(from: 5, through: 1, by: -1) {
        result[k] = result[k - 1] - nodes[i] * result[k]
      }
      result[0] = differences[i] - nodes[i] * result[0]
    }
    return result
  }
}
