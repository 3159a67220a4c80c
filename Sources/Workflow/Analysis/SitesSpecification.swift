public import Analysis
public import Crystal

/// All settings of occupancies of labelled sites.
public struct SitesSpecification: Hashable, Codable, Sendable {
  /// Structures, in the order in which they are reported; of several frames in a file all count.
  public var files: [String]

  /// A structure with every site and its label; nil takes the labels in the files.
  public var parent: String?

  /// How atoms are assigned to the sites of the parent.
  public var mapping = MappingSpecification()

  /// Elements that count as inverted on 8a; empty for those of 16d in the parent, or without a parent for the
  /// commonest element of 8a and 16d.
  public var inverted: [String] = []

  /// Labels whose sites together are looked at for short-range order; empty for each label of its own that
  /// holds several species.
  public var orderedLabels: [String] = []

  /// Shells of neighbours for short-range order; 0 for none.
  public var shells = 3

  /// The settings for some files.
  public init(files: [String]) { self.files = files }

  /// Checks everything that can be checked without the files.
  ///
  /// - Throws: ``InputErrors`` with all that is wrong.
  public func validate() throws(InputErrors) {
    var problems: [InputError] = []
    if !(0...20).contains(shells) {
      problems.append(InputError("\(shells), expected 0 to 20", at: "--shells"))
    }
    if !(mapping.cutoff > 0 && mapping.cutoff <= 5) {
      problems.append(
        InputError("\(mapping.cutoff), expected more than 0 and at most 5 Å", at: "--cutoff"))
    }
    for symbol in inverted where Element(symbol: symbol) == nil {
      problems.append(InputError("\"\(symbol)\" is no element", at: "--inverted"))
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
  }
}
