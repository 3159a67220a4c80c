/// Sums whose result does not depend on the order of the terms.
///
/// Every term is rounded to a whole number of quanta and added as an integer. The same forces come out for
/// any number of threads and any order of a neighbour list, bit by bit, and forces of pairs cancel
/// exactly.
enum ExactSum {
  /// Quanta in one unit: 2³⁴, so that a quantum is 6·10⁻¹¹ eV or eV/Å.
  static let scale = 0x1p34

  /// Adding and subtracting this rounds |x| < 2⁵¹ to a whole number, whose bits come out as an integer.
  static let magic = 0x1.8p52

  /// The largest term, in units.
  static let largestTerm = 0x1p16

  /// The sum in units.
  @inline(__always)
  static func value(_ sum: Int64) -> Double { Double(sum) * 0x1p-34 }

  /// The sums in units.
  @inline(__always)
  static func value(_ sum: SIMD4<Int64>) -> SIMD3<Double> {
    SIMD3(value(sum.x), value(sum.y), value(sum.z))
  }

  /// A coordinate rounded to a multiple of 2⁻⁴⁰ Å, for |x| < 2048 Å.
  ///
  /// Sums and differences of such numbers, and their multiples by small integers, are exact.
  @inline(__always)
  static func rounded(_ x: SIMD3<Double>) -> SIMD3<Double> {
    let magic = SIMD3(repeating: 0x1.8p12)
    return (x + magic) - magic
  }
}
