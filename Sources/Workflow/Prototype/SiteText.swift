internal import Building
internal import Crystal

/// A simple fraction as such, other coordinates with five digits.
func coordinateText(_ value: Double) -> String {
  let fraction = Rational.nearest(to: value, maximumDenominator: 8)
  guard (fraction.doubleValue - value).magnitude > 1e-9 else { return "\(fraction)" }
  var text = fixed(value, 5)
  while text.hasSuffix("0") { text.removeLast() }
  return text
}

/// `4 32e 1.924 Å` for each label that coordinates a site.
func coordinationText(_ row: SiteTableRow) -> String {
  row.coordination.map { "\($0.count) \($0.label) \(fixed($0.distance, 3)) Å" }
    .joined(separator: ", ")
}
