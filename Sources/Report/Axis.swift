internal import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A range of values with ticks at round numbers.
struct Axis: Hashable {
  /// A mark on the axis.
  struct Tick: Hashable {
    let value: Double
    let text: String
  }

  /// The smallest value shown.
  let lower: Double

  /// The largest value shown.
  let upper: Double

  /// Marks inside the range.
  let ticks: [Tick]

  /// An axis over exactly a range; a range without width is widened.
  ///
  /// - Parameters:
  ///   - lower: One end.
  ///   - upper: The other end.
  ///   - count: About how many ticks there should be.
  init(from lower: Double, to upper: Double, ticks count: Int = 6) {
    var (lower, upper) = (min(lower, upper), max(lower, upper))
    if !(lower.isFinite && upper.isFinite) { (lower, upper) = (0, 1) }
    let smallest = max(lower.magnitude, upper.magnitude) * 1e-12
    if upper - lower <= smallest {
      let margin = max(lower.magnitude * 1e-3, 1e-3)
      (lower, upper) = (lower - margin, upper + margin)
    }
    self.lower = lower
    self.upper = upper
    ticks = Axis.ticks(from: lower, to: upper, count: count)
  }

  /// An axis over values with a margin on both sides, given as a fraction of their range.
  init(around values: [Double], margin: Double, ticks count: Int = 6) {
    let finite = values.filter(\.isFinite)
    guard let least = finite.min(), let most = finite.max() else {
      self.init(from: 0, to: 1, ticks: count)
      return
    }
    let room = margin * (most - least)
    self.init(from: least - room, to: most + room, ticks: count)
  }

  /// An axis over decimal logarithms, with ticks at round numbers.
  ///
  /// - Parameters:
  ///   - least: The smallest number, positive.
  ///   - most: The largest number.
  ///   - margin: On both sides, as a fraction of the range.
  ///   - count: Ticks at most.
  init(logarithmicFrom least: Double, to most: Double, margin: Double, ticks count: Int) {
    let (low, high) = (Axis.logarithm(least), Axis.logarithm(most))
    let room = max(margin * (high - low), 0.02)
    (lower, upper) = (low - room, high + room)
    let decades = Int(lower.rounded(.down))...Int(upper.rounded(.up))
    let (bottom, top) = (lower, upper)
    let choices = [[1, 1.5, 2, 3, 4, 5, 6, 8], [1, 2, 3, 5], [1, 2, 5], [1, 3], [1]].map { steps in
      decades.flatMap { decade in
        steps.map { step in
          let value = decade < 0 ? step / Axis.power(-decade) : step * Axis.power(decade)
          let digits = max(0, -decade) + (step == 1.5 && decade <= 0 ? 1 : 0)
          return Tick(value: Axis.logarithm(value), text: numberText(value, digits: digits))
        }
      }.filter { $0.value >= bottom && $0.value <= top }
    }
    ticks = choices.first { $0.count <= count } ?? choices[choices.count - 1]
  }

  /// The decimal logarithm.
  static func logarithm(_ value: Double) -> Double { log10(value) }

  /// The place of a value between the lower end (0) and the upper one (1).
  func fraction(_ value: Double) -> Double { (value - lower) / (upper - lower) }

  /// Whether a value is shown.
  func contains(_ value: Double) -> Bool { value >= lower && value <= upper }

  private static func ticks(from lower: Double, to upper: Double, count: Int) -> [Tick] {
    // step = mantissa × 10^exponent with a mantissa of 1, 2 or 5 (times ten, to stay whole).
    var exponent = 0
    var scale = 1.0
    let wanted = (upper - lower) / Double(max(1, count))
    while scale > wanted, exponent > -300 {
      exponent -= 1
      scale = power(exponent)
    }
    while scale * 10 <= wanted, exponent < 300 {
      exponent += 1
      scale = power(exponent)
    }
    let candidates = [(1, exponent), (2, exponent), (5, exponent), (1, exponent + 1)]
    let (mantissa, decade) =
      candidates.min {
        (Double($0.0) * power($0.1) - wanted).magnitude
          < (Double($1.0) * power($1.1) - wanted).magnitude
      } ?? candidates[0]
    let step = Double(mantissa) * power(decade)
    let slack = 1e-9 * (upper - lower)
    let (first, last) = (
      ((lower - slack) / step).rounded(.up), ((upper + slack) / step).rounded(.down)
    )
    guard last >= first, last - first < 1000 else { return [] }
    return (0...Int(last - first)).map { index in
      let units = (first + Double(index)) * Double(mantissa)
      let value = decade < 0 ? units / power(-decade) : units * power(decade)
      return Tick(value: value, text: numberText(value, digits: max(0, -decade)))
    }
  }

  private static func power(_ exponent: Int) -> Double {
    var value = 1.0
    for _ in 0..<exponent.magnitude { value *= 10 }
    return exponent < 0 ? 1 / value : value
  }
}

/// A number with fixed decimals and a true minus sign, as it is printed in figures and reports.
func numberText(_ value: Double, digits: Int) -> String {
  guard value.isFinite else { return "–" }
  guard value.magnitude < 1e15, digits <= 12 else { return "\(value)".replacing("-", with: "−") }
  return fixed(value, digits).replacing("-", with: "−")
}

/// Two decimals, for coordinates.
func fixedText(_ value: Double) -> String { fixed(value.isFinite ? value : 0, 2) }
