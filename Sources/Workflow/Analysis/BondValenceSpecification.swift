public import Crystal

/// Which bond-valence sums of which structure, and a map of which ion.
public struct BondValenceSpecification: Hashable, Codable, Sendable {
  /// The structure file.
  public var structure: String

  /// Oxidation states by element, `Mg=2,O=-2`; nil takes them from the file.
  public var charges: String?

  /// Longest bond, Å.
  public var cutoff = 6.0

  /// Parameters by pair, `["Mg-O": "1.693:0.37"]`, that come before the table.
  public var parameters: [String: String] = [:]

  /// The map; nil for none.
  public var map: Map?

  /// A map of the sum that an ion would have.
  public struct Map: Hashable, Codable, Sendable {
    /// The ion, `Mg` or `Mg2+`.
    public var ion: String

    /// Points along a, b and c; nil goes by the spacing.
    public var grid: [Int]?

    /// Largest step of the grid, Å.
    public var spacing = 0.1

    /// Least distance from every atom, Å.
    public var exclusion = 1.7

    /// What the sum should be; nil for the ion's oxidation state.
    public var valence: Double?

    /// Largest difference from it.
    public var tolerance = 0.4

    /// The axis across the slice of the figure, and where it lies on it, from 0 to 1.
    public var slice = Slice(axis: 2, fraction: 0.5)

    /// Files of the whole grid: `cube`, `xsf`.
    public var files: [GridFile] = []

    /// The map of an ion.
    ///
    /// The settings are those of the amorphous oxide of Kawaguchi and others (2025).
    public init(ion: String) {
      self.ion = ion
    }
  }

  /// A plane through the grid.
  public struct Slice: Hashable, Codable, Sendable {
    /// 0, 1 or 2: the plane of the other two.
    public var axis: Int
    /// Where it lies, from 0 up to but not including 1.
    public var fraction: Double

    /// A plane.
    public init(axis: Int, fraction: Double) {
      self.axis = axis
      self.fraction = fraction
    }
  }

  /// A format for values on a grid.
  public enum GridFile: String, Codable, Sendable, CaseIterable {
    /// That of Gaussian.
    case cube
    /// That of XCrySDen.
    case xsf
  }

  /// The sums of a structure.
  public init(structure: String) {
    self.structure = structure
  }

  /// Checks everything that can be checked without the file.
  ///
  /// - Throws: ``InputErrors`` with all that is wrong.
  public func validate() throws(InputErrors) {
    var problems: [InputError] = []
    if !(1...20).contains(cutoff) {
      problems.append(InputError("\(cutoff), expected 1 to 20 Å", at: "--cutoff"))
    }
    do {
      var charged = EnergySpecification(structure: structure)
      charged.charges = charges
      _ = try charged.chargesByElement()
    } catch {
      problems += error.problems
    }
    do {
      _ = try table()
    } catch {
      problems.append(error)
    }
    if let map {
      if Species(map.ion).map({ $0.isVacancy || $0.element.isUsualAnion }) ?? true {
        problems.append(
          InputError("\"\(map.ion)\" is no cation, expected such as Mg or Mg2+", at: "--map"))
      }
      if let grid = map.grid, grid.count != 3 || grid.contains(where: { $0 < 1 }) {
        problems.append(
          InputError("expected three numbers from 1, such as 200x200x200", at: "--grid"))
      }
      let checks: [(Double, ClosedRange<Double>, String)] = [
        (map.spacing, 0.005...2, "--spacing"), (map.exclusion, 0...10, "--exclusion"),
        (map.tolerance, 1e-6...100, "--tolerance"), (map.valence ?? 1, 0.01...20, "--valence"),
        (map.slice.fraction, 0...1, "--slice"),
      ]
      for (value, range, name) in checks where !range.contains(value) {
        problems.append(
          InputError("\(value), expected \(range.lowerBound) to \(range.upperBound)", at: name))
      }
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
  }
}
