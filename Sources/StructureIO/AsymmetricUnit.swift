public import Crystal

/// A crystal by its symmetry operations and one site of each orbit, as CIF lists it.
public struct AsymmetricUnit: Sendable {
  /// The cell, and the atoms on one site of each orbit with their columns.
  public var structure: Structure

  /// The operations as coordinate triplets, `-y,x-y,z+1/2`; all of them, the identity first.
  public var operations: [String]

  /// The number of images of each atom in the cell.
  public var multiplicities: [Int]

  /// The Wyckoff letter of each atom in the standard setting.
  public var wyckoffLetters: [String]

  /// An asymmetric unit; see the properties.
  ///
  /// - Precondition: one multiplicity and one letter per atom.
  public init(
    structure: Structure, operations: [String], multiplicities: [Int], wyckoffLetters: [String]
  ) {
    precondition(
      structure.count == multiplicities.count && structure.count == wyckoffLetters.count,
      "one multiplicity and one letter per atom")
    self.structure = structure
    self.operations = operations
    self.multiplicities = multiplicities
    self.wyckoffLetters = wyckoffLetters
  }

  /// The Hermann-Mauguin symbol with the setting, `F d -3 m :2`, and the number of the space group in
  /// the International Tables; nil if the operations are no tabulated setting.
  public var spaceGroup: (symbol: String, number: Int)? {
    AsymmetricUnit.spaceGroup(operations)
  }

  /// The tabulated setting that consists of `operations`, nil if there is none.
  public static func spaceGroup(_ operations: [String]) -> (symbol: String, number: Int)? {
    let read = operations.compactMap { SymmetryOperation($0) }
    guard read.count == operations.count, let group = TabulatedGroup(operations: read) else {
      return nil
    }
    return (group.fullName, group.number)
  }
}
