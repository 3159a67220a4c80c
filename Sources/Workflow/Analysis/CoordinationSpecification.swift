public import Analysis
public import Crystal

/// All settings of coordination numbers, angles, links of polyhedra, and rings.
public struct CoordinationSpecification: Hashable, Codable, Sendable {
  /// What makes atoms neighbours.
  public enum Method: String, Hashable, CaseIterable, Codable, Sendable {
    /// A distance up to the first minimum of the radial distribution function, or up to a given one.
    case distance
    /// A large face between their Voronoi cells.
    case voronoi
  }

  /// Which frames.
  public var frames: FrameSelection

  /// What makes atoms neighbours.
  public var method = Method.distance

  /// Given distances; empty for the first minima of all pairs of an anion and another element.
  public var cutoffs: [NeighbourShells.Cutoff] = []

  /// Share of the solid angle of the largest face that makes neighbours.
  public var leastShare = 0.4

  /// Networks whose rings are counted, centre and ligand such as `Si-O`.
  public var rings: [String] = []

  /// Size of the largest ring.
  public var largestRing = 12

  /// Distance up to which first minima are looked for, Å.
  public static let radius = 8.0

  /// The settings for some files.
  public init(files: [String]) { frames = FrameSelection(files: files) }

  /// Reads a cutoff such as `Mg-O=2.6`.
  ///
  /// - Throws: ``InputError`` that says what is expected.
  public static func cutoff(_ text: String) throws(InputError) -> NeighbourShells.Cutoff {
    let sides = text.split(separator: "=", omittingEmptySubsequences: false)
    let names = sides[0].split(separator: "-", omittingEmptySubsequences: false)
    guard sides.count == 2, names.count == 2, let distance = NumberReader.real(String(sides[1]))
    else {
      throw InputError("\"\(text)\" is no cutoff", at: "--cutoff", hint: "such as Mg-O=2.6")
    }
    return NeighbourShells.Cutoff(String(names[0]), String(names[1]), distance)
  }

  /// Checks everything that can be checked without the files.
  ///
  /// - Throws: ``InputErrors`` with all that is wrong.
  public func validate() throws(InputErrors) {
    var problems = frames.problems()
    for cutoff in cutoffs {
      let name = "\(cutoff.first)-\(cutoff.second)"
      if !(cutoff.distance > 0 && cutoff.distance <= 20) {
        problems.append(
          InputError(
            "\(name)=\(cutoff.distance), expected more than 0 and at most 20 Å", at: "--cutoff"))
      }
      let same = cutoffs.count {
        [$0.first, $0.second].sorted() == [cutoff.first, cutoff.second].sorted()
      }
      if same > 1 {
        problems.append(InputError("\(name) is given more than once", at: "--cutoff"))
      }
    }
    if method == .voronoi, !cutoffs.isEmpty {
      problems.append(InputError("does not go with --method voronoi", at: "--cutoff"))
    }
    if !(leastShare > 0 && leastShare <= 1) {
      problems.append(
        InputError("\(leastShare), expected more than 0 and at most 1", at: "--solid-angle"))
    }
    if !(2...50).contains(largestRing) {
      problems.append(InputError("\(largestRing), expected 2 to 50", at: "--largest-ring"))
    }
    for network in rings where network.split(separator: "-").count != 2 {
      problems.append(
        InputError("\"\(network)\" is no network", at: "--rings", hint: "such as Si-O"))
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
  }
}
