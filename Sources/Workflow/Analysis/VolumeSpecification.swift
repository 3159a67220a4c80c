public import Crystal

/// Which Voronoi volumes and voids of which structure.
public struct VolumeSpecification: Hashable, Codable, Sendable {
  /// The structure file.
  public var structure: String

  /// How space is divided.
  public var weighting = Weighting.plain

  /// Radii by symbol, Å, in place of the ionic ones.
  public var radii: [String: Double] = [:]

  /// Reference volumes by symbol, Å³ per atom; empty takes O from MgO, if there is O.
  public var references: [String: Double] = [:]

  /// The ion whose vacancies the free volume is counted in; nil for the commonest working ion.
  public var ion: String?

  /// Radius of the probe, Å; nil for none.
  public var probe: Double?

  /// Spacing of the grid of the probe, Å.
  public var spacing = 0.25

  /// How space is divided between atoms.
  public enum Weighting: String, Codable, Sendable, CaseIterable {
    /// To the nearest centre.
    case plain
    /// By radii: radical cells.
    case radical
  }

  /// The plain volumes of a structure.
  public init(structure: String) {
    self.structure = structure
  }

  /// Checks everything that can be checked without the file.
  ///
  /// - Throws: ``InputErrors`` with all that is wrong.
  public func validate() throws(InputErrors) {
    var problems: [InputError] = []
    if let probe, !(0...10).contains(probe) {
      problems.append(InputError("\(probe), expected a radius of 0 to 10 Å", at: "--probe"))
    }
    if !(0.02...2).contains(spacing) {
      problems.append(InputError("\(spacing), expected 0.02 to 2 Å", at: "--spacing"))
    }
    if weighting == .plain, probe == nil, !radii.isEmpty {
      problems.append(
        InputError(
          "radii are for radical cells or a probe", at: "--radius",
          hint: "add --weighting radical or --probe 0.7"))
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
  }
}
