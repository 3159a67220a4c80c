internal import Crystal

/// Distances in a spinel in closed form, from the edge a and the oxygen parameter u of choice 2.
struct SpinelGeometry {
  /// Edge of the cell, Å.
  let a: Double

  /// Oxygen parameter in origin choice 2.
  let u: Double

  /// Oxygen parameters in choice 2 for which 8a and 16d keep their coordination, with a wide margin:
  /// known spinels lie between 0.235 and 0.28.
  static let parameterRange = 0.2...0.3

  /// Edges that are not taken for a mistake, Å.
  static let edgeRange = 5.0...20.0

  /// Distances of nearest sites, and how many there are.
  ///
  ///     8a-O   a √3 (u − 1/8)            16d-O  a √(3u² − 2u + 3/8)
  ///     16c-O  a √(3u² − u + 1/8)        8a-8a  a √3/4
  ///     8a-16c a √3/8                    8a-16d a √11/8
  ///     16d-16d, 16c-16c, 16c-16d  a √2/4
  ///     48f-8a, 48f-8b  a/4              48f-16c, 48f-16d, 8b-16d  a √3/8
  var shells: [(site: String, neighbour: String, count: Int, distance: Double)] {
    let (root2, root3) = (2.0.squareRoot(), 3.0.squareRoot())
    return [
      ("8a", "32e", 4, a * root3 * (u - 0.125)),
      ("16d", "32e", 6, a * (3 * u * u - 2 * u + 0.375).squareRoot()),
      ("16c", "32e", 6, a * (3 * u * u - u + 0.125).squareRoot()),
      ("8a", "8a", 4, a * root3 / 4),
      ("8a", "16c", 4, a * root3 / 8),
      ("16c", "8a", 2, a * root3 / 8),
      ("8a", "16d", 12, a * 11.0.squareRoot() / 8),
      ("16d", "8a", 6, a * 11.0.squareRoot() / 8),
      ("16d", "16d", 6, a * root2 / 4),
      ("16c", "16c", 6, a * root2 / 4),
      ("16c", "16d", 6, a * root2 / 4),
      ("16d", "16c", 6, a * root2 / 4),
      ("48f", "8a", 1, a / 4),
      ("48f", "8b", 1, a / 4),
      ("48f", "16c", 2, a * root3 / 8),
      ("48f", "16d", 2, a * root3 / 8),
      ("8b", "16d", 4, a * root3 / 8),
    ]
  }

  /// The shells of a crystal that differ from the closed forms; empty if all is well.
  func deviations(of table: [SiteTableRow], relativeTolerance: Double = 1e-9) -> [String] {
    shells.compactMap { expected in
      guard let row = table.first(where: { $0.label == expected.site }),
        let found = row.shell(of: expected.neighbour)
      else { return nil }
      let error = (found.distance - expected.distance).magnitude
      guard found.count != expected.count || !(error <= relativeTolerance * expected.distance)
      else { return nil }
      return "\(expected.site)-\(expected.neighbour): \(found.count) at "
        + "\(fixed(found.distance, 6)) Å, expected \(expected.count) at "
        + "\(fixed(expected.distance, 6)) Å"
    }
  }
}
