import Crystal

/// Integers separated by commas, spaces or `x`.
func integers(_ text: String, at place: String, example: String) throws(InputError) -> [Int] {
  let words = text.split(whereSeparator: { ", x×".contains($0) })
  let numbers = words.compactMap { NumberReader.integer($0) }
  guard numbers.count == words.count, !numbers.isEmpty else {
    throw InputError("\"\(text)\" are not integers", at: place, hint: "write \(example)")
  }
  return numbers
}

/// Real numbers separated by commas or `x`.
func reals(_ text: String, at place: String, example: String) throws(InputError) -> [Double] {
  let words = text.split(whereSeparator: { ", x×".contains($0) })
  let numbers = words.compactMap { NumberReader.real($0) }
  guard numbers.count == words.count, !numbers.isEmpty else {
    throw InputError("\"\(text)\" are not numbers", at: place, hint: "write \(example)")
  }
  return numbers
}

/// Numbers by name, `Mg=2,O=-2`; nothing for nil.
func namedNumbers(_ text: String?, at place: String) throws(InputError) -> [String: Double] {
  var values: [String: Double] = [:]
  for entry in text.map(commaSeparated) ?? [] {
    let parts = entry.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, let value = NumberReader.real(parts[1]) else {
      throw InputError("\"\(entry)\" is no name and number", at: place, hint: "write Mg=2,O=-2")
    }
    guard values.updateValue(value, forKey: String(parts[0])) == nil else {
      throw InputError("\(parts[0]) is given twice", at: place)
    }
  }
  return values
}
