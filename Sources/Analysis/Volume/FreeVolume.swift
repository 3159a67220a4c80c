public import Crystal

/// The part of a cell that its atoms would not need if some of them took as much room as in a crystal.
///
///     f = 1 − Σ nᵢ Vᵢ / V(cell)
///
/// Vᵢ is the reference volume of an element where one is given, else the mean of its Voronoi cells in the
/// model itself. With plain Voronoi cells, which fill the cell, this is the same as
///
///     f = Σ nᵢ (⟨Vᵢ⟩ − Vᵢ) / V(cell)          over the elements with a reference
///
/// Reference: the free volume of an amorphous oxide after ion exchange, Kawaguchi et al. (2025), with
/// V(O) from crystalline MgO.
public struct FreeVolume: Hashable, Sendable {
  /// f.
  public let fraction: Double

  /// The same from the excess of the elements with a reference.
  public let fractionByExcess: Double

  /// Volume of the cell, Å³.
  public let cellVolume: Double

  /// The free volume, Å³.
  public var volume: Double { fraction * cellVolume }

  /// The volume of an oxide ion in periclase, a³/8 with a = 4.2112 Å, Å³.
  ///
  /// Source of a: Crystallography Open Database, periclase at room temperature.
  public static let oxideInMagnesia = 4.2112 * 4.2112 * 4.2112 / 8

  /// Compares a model with references.
  ///
  /// - Parameters:
  ///   - statistics: The Voronoi volumes of the model.
  ///   - cellVolume: Å³.
  ///   - references: Volumes per atom, Å³, of elements that occur.
  public init(_ statistics: [VolumeStatistics], cellVolume: Double, references: [Element: Double]) {
    var (needed, excess) = (0.0, 0.0)
    for entry in statistics {
      let number = Double(entry.count)
      needed += number * (references[entry.element] ?? entry.mean)
      if let reference = references[entry.element] { excess += number * (entry.mean - reference) }
    }
    self.cellVolume = cellVolume
    fraction = 1 - needed / cellVolume
    fractionByExcess = excess / cellVolume
  }

  /// How many atoms of a mean volume would fill the free volume.
  public func equivalentCount(atomVolume: Double) -> Double { volume / atomVolume }
}
