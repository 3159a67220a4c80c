import ArgumentParser
import Crystal

/// Reads `name=value` words, also several in one separated by commas.
///
/// - Parameters:
///   - words: What was given for the option.
///   - option: The option, for messages.
/// - Returns: Values by name.
/// - Throws: `ValidationError` for a word without `=`, or a name given twice.
func assignments(_ words: [String], option: String) throws -> [String: String] {
  var values: [String: String] = [:]
  for word in words.flatMap(commaSeparated) {
    let parts = word.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      throw ValidationError("\(option) \(word): expected name=value")
    }
    guard values.updateValue(String(parts[1]), forKey: String(parts[0])) == nil else {
      throw ValidationError("\(option): \(parts[0]) is given twice")
    }
  }
  return values
}

/// Reads `name=number` words.
///
/// - Throws: `ValidationError` for a word that is none.
func numberAssignments(_ words: [String], option: String) throws -> [String: Double] {
  try assignments(words, option: option).mapValues { text in
    guard let value = NumberReader.real(text) ?? NumberReader.rational(text)?.doubleValue else {
      throw ValidationError("\(option): \"\(text)\" is not a finite number")
    }
    return value
  }
}
