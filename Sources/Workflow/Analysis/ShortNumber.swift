internal import Crystal

/// A number with at most four decimals and no zeros at the end: `0.4`, `2`, `1.6931`.
func shortNumber(_ value: Double) -> String {
  var text = fixed(value, 4)
  while text.hasSuffix("0") { text.removeLast() }
  if text.hasSuffix(".") { text.removeLast() }
  return text
}
