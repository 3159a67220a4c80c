public import Crystal
internal import Dispatch

/// The bond valence sum that an ion would have at each point of a grid.
///
///     v(r) = Σⱼ exp((R0ⱼ − |r − rⱼ|) / bⱼ)          [valence units]
///
/// over the counter-ions within the cutoff, images included. Points nearer to an atom than the exclusion
/// radius are no places for the ion, however good their sum.
///
/// Reference: I. D. Brown and D. Altermatt, Acta Cryst. B 41, 244 (1985); S. Adams, Solid State Ionics 177,
/// 1625 (2006): maps of the mismatch |v − V|.
public struct BondValenceMap: Sendable {
  /// An ion that the mobile one has bonds to.
  public struct CounterIon: Sendable {
    /// Where it is.
    public var position: Fractional
    /// The bond to the mobile ion.
    public var bond: BondValence

    /// An ion with its bond.
    public init(position: Fractional, bond: BondValence) {
      self.position = position
      self.bond = bond
    }
  }

  /// The points.
  public let grid: PeriodicGrid

  /// The sum at every point that is allowed; 0 at the others.
  public let values: [Double]

  /// Whether a point is at least the exclusion radius away from every atom, for every point.
  public let isAllowed: [Bool]

  /// Computes the map.
  ///
  /// - Parameters:
  ///   - grid: The points, in the cell of the structure.
  ///   - counterIons: What the ion has bonds to.
  ///   - atoms: Positions of all atoms.
  ///   - cutoff: Longest bond, Å.
  ///   - exclusion: Least distance from every atom, Å.
  /// - Complexity: O(points × ions within the cutoff), on all cores; the same bytes for any number of them.
  public init(
    grid: PeriodicGrid, counterIons: [CounterIon], atoms: [Fractional], cutoff: Double,
    exclusion: Double
  ) {
    self.grid = grid
    isAllowed = pointsOutside(grid, positions: atoms, radii: [exclusion])
    var (bonds, kinds): ([BondValence], [Int]) = ([], [])
    for ion in counterIons {
      if let kind = bonds.firstIndex(of: ion.bond) {
        kinds.append(kind)
      } else {
        kinds.append(bonds.count)
        bonds.append(ion.bond)
      }
    }
    let rows = GridRows(grid, positions: counterIons.map(\.position), radius: cutoff)
    values = BondValenceMap.sums(
      grid, rows, kinds: kinds, bonds: bonds, tables: RadialTables(bonds, cutoff: cutoff),
      isAllowed: isAllowed)
  }

  /// The sums at the points that are allowed.
  private static func sums(
    _ grid: PeriodicGrid, _ rows: GridRows, kinds: [Int], bonds: [BondValence],
    tables: RadialTables, isAllowed: [Bool]
  ) -> [Double] {
    let n = grid.divisions
    var values = [Double](repeating: 0, count: grid.count)
    // Pointers, because counting references to arrays in the loop takes longer than all the rest.
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe tables.coefficients.withUnsafeBufferPointer { coefficients in
        unsafe bonds.withUnsafeBufferPointer { bonds in
          unsafe kinds.withUnsafeBufferPointer { kinds in
            guard let values = values.baseAddress, let coefficients = coefficients.baseAddress,
              let bonds = bonds.baseAddress, let kinds = kinds.baseAddress
            else { return }
            nonisolated(unsafe) let (sums, pieces, bond, kind) = unsafe (
              values, coefficients, bonds, kinds
            )
            // Every plane has its own part of the array, so that the order of the planes is without effect.
            DispatchQueue.concurrentPerform(iterations: n.x) { plane in
              let runs = AllowedRuns(isAllowed, plane: plane, divisions: n)
              rows.forEachSegment(ofPlane: plane, where: { !runs.isEmpty(row: $0) }) {
                row, segment in
                let kind = unsafe kind[segment.atom]
                let target = unsafe SegmentTarget(
                  sums: sums + (plane * n.y + row) * n.z, bond: bond[kind],
                  pieces: pieces + kind * RadialTables.stride, scale: tables.scale)
                runs.forEach(row: row, in: segment.first...segment.last) { first, last in
                  unsafe target.add(segment, from: first, to: last)
                }
              }
            }
          }
        }
      }
    }
    return values
  }

  /// The points that suit the ion.
  ///
  /// - Parameters:
  ///   - valence: What the sum should be.
  ///   - tolerance: Largest difference from it; a point at exactly this is left out.
  /// - Returns: Whether |v − V| is below the tolerance and no atom is too near, for every point.
  public func selection(valence: Double, tolerance: Double) -> [Bool] {
    values.indices.map { isAllowed[$0] && (values[$0] - valence).magnitude < tolerance }
  }

  /// |v − V| at every point.
  public func mismatches(valence: Double) -> [Double] { values.map { ($0 - valence).magnitude } }
}
