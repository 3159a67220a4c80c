public import Arrangement
public import Crystal
internal import Symmetry

/// A number of an element on the variable sites of a label that is left open within limits.
public struct CountRange: Hashable, Sendable {
  /// The label; nil for all labels.
  public var label: String?

  /// The element; nil for all that the label allows.
  public var element: Element?

  /// The limits, in the supercell.
  public var numbers: ClosedRange<Int>
}

extension ProblemFile {
  /// Compositions of a range at most.
  public static let fillingLimit = 100_000

  /// The problem for every composition of the ranges; the problem itself if there are none.
  ///
  /// Elements of a label with a range that are not listed take any number.
  ///
  /// - Throws: ``InputError`` for a label without variable sites, limits that no composition meets, or too
  ///   many compositions.
  public func fillings() throws(InputError) -> [ProblemSpecification] {
    if ranges.isEmpty { return [specification] }
    let labels = specification.parent.labels ?? specification.parent.species.map { _ in "site" }
    let variable = specification.allowed.indices.filter { specification.allowed[$0].count > 1 }
    var seen: Set<String> = []
    let variableLabels = variable.map { labels[$0] }.filter { seen.insert($0).inserted }
    for range in ranges {
      if let label = range.label, !variableLabels.contains(label) {
        throw InputError(
          "there are no variable sites with the label \(label)", at: "counts: \(label)",
          hint: nearestMatch(to: label, among: variableLabels).map { "did you mean \($0)?" }
            ?? "labels with several species are \(variableLabels.joined(separator: ", "))")
      }
    }
    var problems = [specification]
    for label in variableLabels {
      let own = ranges.filter { $0.label == nil || $0.label == label }
      if own.isEmpty { continue }
      let sites = variable.filter { labels[$0] == label }
      let total = sites.count * specification.supercell.cellCount
      var elements: [Element] = []
      for site in sites {
        for element in specification.allowed[site] where !elements.contains(element) {
          elements.append(element)
        }
      }
      let exact = specification.counts.first { $0.label == label }?.counts ?? [:]
      if let stranger = own.compactMap(\.element).first(where: { !elements.contains($0) }) {
        throw InputError(
          "\(stranger) is not allowed on \(label)", at: "counts: \(label): \(stranger)",
          hint: "\(label) allows \(elements.map(\.symbol).joined(separator: ", "))")
      }
      let limits = elements.map { element -> ClosedRange<Int> in
        if let number = exact[element] { return number...number }
        let range = own.first { $0.element == element }?.numbers ?? 0...total
        return min(range.lowerBound, total + 1)...min(range.upperBound, total + 1)
      }
      let choices = ProblemFile.compositions(of: total, limits: limits)
      guard !choices.isEmpty else {
        throw InputError(
          "no numbers within the limits add up to the \(total) sites of \(label)",
          at: "counts: \(label)", hint: "widen the ranges")
      }
      guard problems.count <= ProblemFile.fillingLimit / choices.count else {
        throw InputError(
          "the ranges stand for more than \(ProblemFile.fillingLimit) compositions",
          at: "counts: \(label)", hint: "narrow the ranges, or use a smaller supercell")
      }
      problems = problems.flatMap { problem in
        choices.map { choice in
          var problem = problem
          problem.counts.removeAll { $0.label == label }
          problem.counts.append(
            ProblemSpecification.LabelCounts(
              label: label, counts: Dictionary(uniqueKeysWithValues: zip(elements, choice))))
          return problem
        }
      }
    }
    return problems
  }

  /// All lists of numbers within limits that add up to a total, in lexicographic order.
  private static func compositions(of total: Int, limits: [ClosedRange<Int>]) -> [[Int]] {
    guard let first = limits.first else { return total == 0 ? [[]] : [] }
    let rest = Array(limits.dropFirst())
    let (least, most) = rest.reduce((0, 0)) { ($0.0 + $1.lowerBound, $0.1 + $1.upperBound) }
    var result: [[Int]] = []
    for number in first where number + least <= total && total <= number + most {
      if result.count > fillingLimit { break }
      result += compositions(of: total - number, limits: rest).map { [number] + $0 }
    }
    return result
  }
}

extension ProblemFile {
  /// The problems of all compositions, for counting and listing: charges are shown where they come out,
  /// and left out where they do not.
  func countable(_ warnings: inout [String]) throws -> [ArrangementProblem] {
    let specifications = try fillings()
    return try specifications.map { specification in
      var specification = specification
      if specification.chargePolicy == .neutral { specification.chargePolicy = .background }
      func remember(_ warning: String) {
        if specifications.count == 1, !warnings.contains(warning) { warnings.append(warning) }
      }
      do {
        let problem = try ArrangementProblem(specification)
        problem.ledger.warnings.forEach(remember)
        return problem
      } catch let error as InputErrors where !specification.oxidation.values.contains(.integer) {
        // Numbers do not depend on charges: only wrong numbers are an error here.
        specification.chargePolicy = .ignored
        let problem = try ArrangementProblem(specification)
        if let first = error.problems.first { remember("charges are left out: \(first.message)") }
        return problem
      }
    }
  }

  /// The rotations of the parent, with sites alike that allow the same under the same label.
  func parentRotations() throws -> [IntegerMatrix] {
    let labels = specification.parent.labels
    var numbers: [String: Int] = [:]
    let kinds = specification.allowed.indices.map { i in
      let elements = specification.allowed[i].map(\.symbol).sorted().joined(separator: " ")
      let kind = "\(labels?[i] ?? ""): \(elements)"
      let number = numbers[kind] ?? numbers.count + 1
      numbers[kind] = number
      return number
    }
    return try SitePermutations(parent: specification.parent, types: kinds).rotations
  }

  /// The distinct supercells of the parent with up to so many cells.
  func derivativeSupercells(upTo limit: Int) throws -> [SupercellMatrix] {
    let rotations = try parentRotations()
    return try (1...max(1, limit)).flatMap {
      try DerivativeSupercells.distinct(index: $0, rotations: rotations)
    }
  }
}
