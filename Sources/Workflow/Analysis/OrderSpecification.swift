public import Analysis
public import Crystal

/// Which long-range order of which structures.
public struct OrderSpecification: Hashable, Codable, Sendable {
  /// The structure files, one result each.
  public var structures: [String]

  /// The elements that are looked at, one by one; empty for the rarest one.
  public var elements: [String] = []

  /// Cells of the ideal lattice along a, b and c, each with as many atoms as there are; nil fits planes along
  /// each axis.
  public var divisions: [Int]?

  /// Directions on the sphere.
  public var directions = 2000

  /// What the figures show.
  public var projection = DirectionalOrder.Projection.signed

  /// The parent crystal with a label on every site, a file; nil for none.
  public var parent: String?

  /// The order of some structures.
  public init(structures: [String]) {
    self.structures = structures
  }

  /// Checks everything that can be checked without the files.
  ///
  /// - Throws: ``InputErrors`` with all that is wrong.
  public func validate() throws(InputErrors) {
    var problems: [InputError] = []
    if structures.isEmpty {
      problems.append(InputError("a structure file is missing", hint: "cellgen order FILE"))
    }
    if !(1...1_000_000).contains(directions) {
      problems.append(InputError("\(directions), expected 1 to 1000000", at: "--directions"))
    }
    if let divisions,
      divisions.count != 3 || divisions.contains(where: { !(1...1000).contains($0) })
    {
      problems.append(
        InputError("expected three numbers from 1 to 1000, such as 2x3x1", at: "--divisions"))
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
  }
}
