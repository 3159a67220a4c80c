internal import Crystal

/// Collects all that is wrong with a specification.
struct InputChecks {
  /// What is wrong so far.
  var problems: [InputError] = []

  /// Takes over what a part of the specification finds wrong with itself.
  mutating func collect(_ part: () throws(InputErrors) -> Void) {
    do {
      try part()
    } catch {
      problems += error.problems
    }
  }

  /// Checks the range of a number with a unit.
  mutating func check(
    _ value: Double, _ range: ClosedRange<Double>, _ place: String, _ unit: String
  ) {
    if !range.contains(value) {
      problems.append(
        InputError(
          "\(value), expected \(range.lowerBound) to \(range.upperBound) \(unit)", at: place))
    }
  }

  /// Checks the range of an integer.
  mutating func check(_ value: Int, _ range: ClosedRange<Int>, _ place: String) {
    if !range.contains(value) {
      problems.append(
        InputError("\(value), expected \(range.lowerBound) to \(range.upperBound)", at: place))
    }
  }

  /// Ends the checks.
  ///
  /// - Throws: ``InputErrors`` with all that was found.
  func finish() throws(InputErrors) {
    guard problems.isEmpty else { throw InputErrors(problems) }
  }
}
