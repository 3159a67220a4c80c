internal import Crystal
internal import Search

extension AnnealSpecification {
  /// Numbers separated by commas, such as `300,600,1200`.
  ///
  /// - Throws: ``InputErrors`` that name the words that are no numbers.
  public static func numbers(_ text: String, of option: String) throws -> [Double] {
    var problems: [InputError] = []
    var numbers: [Double] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      if let number = NumberReader.real(trimmed(word)) {
        numbers.append(number)
      } else {
        problems.append(
          InputError(
            "\"\(word)\" is not a number", at: option,
            hint: "write numbers separated by commas"))
      }
    }
    if !problems.isEmpty { throw InputErrors(problems) }
    return numbers
  }

  /// Chemical potentials from texts such as `Mg=-5.0` or `Mg=-5.0,Zn=-3`.
  ///
  /// - Throws: ``InputErrors`` with everything that is no element or number, or given twice.
  public static func chemicalPotentials(_ texts: [String]) throws -> [String: Double] {
    let option = "--chemical-potential"
    var problems: [InputError] = []
    var values: [String: Double] = [:]
    for word in texts.flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false) }) {
      let parts = word.split(separator: "=", omittingEmptySubsequences: false).map(trimmed)
      guard parts.count == 2, let value = NumberReader.real(parts[1]) else {
        problems.append(
          InputError(
            "\"\(word)\", expected an element and a number", at: option,
            hint: "such as Mg=-5.0, in eV per atom on the scale of the lattice energy"))
        continue
      }
      guard let element = Element(symbol: parts[0]) else {
        problems.append(
          InputError(
            "there is no element \"\(parts[0])\"", at: option,
            hint: nearestMatch(to: parts[0], among: Element.all.map(\.symbol))
              .map { "did you mean \($0)?" }))
        continue
      }
      if values.updateValue(value, forKey: element.symbol) != nil {
        problems.append(InputError("\(element) is given twice", at: option))
      }
    }
    if !problems.isEmpty { throw InputErrors(problems) }
    return values
  }

  private static func trimmed(_ word: Substring) -> String {
    String(word.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }

  /// Target and weight of every shell.
  ///
  /// - Parameters:
  ///   - names: What each shell is, for the message.
  ///   - defaultWeights: Weights where none are given.
  /// - Returns: One goal per shell.
  /// - Throws: ``InputErrors`` if there are neither one number nor as many as shells.
  func goals(
    names: [String], defaultWeights: [Double]
  ) throws(InputErrors) -> [SQSObjective.Goal] {
    let count = names.count
    var problems: [InputError] = []
    for (values, option) in [(targets, "--target"), (weights, "--weight")]
    where values.count > 1 && values.count != count {
      problems.append(
        InputError(
          "\(values.count) numbers for \(count) shells", at: option,
          hint: "give one for all, or one for each of: \(names.joined(separator: "; "))"))
    }
    if !problems.isEmpty { throw InputErrors(problems) }
    func value(_ values: [Double], _ k: Int, _ other: Double) -> Double {
      values.isEmpty ? other : values.count == 1 ? values[0] : values[k]
    }
    return (0..<count).map {
      SQSObjective.Goal(
        target: value(targets, $0, 0), weight: value(weights, $0, defaultWeights[$0]))
    }
  }
}
