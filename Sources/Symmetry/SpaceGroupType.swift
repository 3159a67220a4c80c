internal import CSpglib
public import Crystal

/// The type of a space group, recognised from its operations in any cell.
public struct SpaceGroupType: Hashable, Sendable, Codable {
  /// Number, from 1 to 230.
  public let number: Int

  /// Short international symbol, `P-43m`.
  public let symbol: String

  /// Recognises a group of operations.
  ///
  /// - Parameters:
  ///   - operations: All operations modulo the lattice translations of the cell, in its basis; pure
  ///     translations within the cell belong to them.
  ///   - lattice: The cell.
  ///   - symprec: The distance within which positions count as equal, Å.
  ///
  /// The result is nil if the operations are not a space group in this cell.
  public init?(
    _ operations: [SymmetryOperation], lattice: Lattice,
    symprec: Double = SymmetryDataset.defaultSymprec
  ) {
    guard let found = Spglib.type(of: operations, lattice: lattice, symprec: symprec) else {
      return nil
    }
    number = found.number
    symbol = found.symbol
  }
}
