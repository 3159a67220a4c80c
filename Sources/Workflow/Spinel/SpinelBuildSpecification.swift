public import Building
internal import Crystal

/// Which spinel to build in which supercell.
public struct SpinelBuildSpecification: Hashable, Codable, Sendable {
  /// The crystal.
  public var spinel = SpinelSpecification()

  /// The supercell, `3x3x3` or nine integers row by row.
  public var supercell = "1x1x1"

  /// Seed of the random placement where several species share a label.
  public var seed: UInt64 = 0

  /// The host in one unit cell.
  public init() {}

  /// The supercell as a matrix.
  ///
  /// - Throws: ``InputError`` if it is none, or has more sites than fit into memory with ease.
  func supercellMatrix(sitesPerCell: Int) throws(InputError) -> SupercellMatrix {
    let matrix: SupercellMatrix
    do {
      matrix = try SupercellMatrix(parsing: supercell)
    } catch {
      throw error.inside("supercell")
    }
    let sites = matrix.cellCount * sitesPerCell
    guard sites <= SpinelBuildSpecification.largestSiteCount else {
      throw InputError(
        "\(matrix) has \(sites) sites, expected at most "
          + "\(SpinelBuildSpecification.largestSiteCount)", at: "supercell")
    }
    return matrix
  }

  /// Sites in the largest supercell that is written.
  static let largestSiteCount = 1_000_000
}
