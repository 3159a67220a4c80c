public import Crystal
internal import Symmetry

/// The supercells of a crystal by their number of cells: its derivative lattices.
public enum DerivativeSupercells {
  /// All supercells of an index, one Hermite normal form for each sublattice.
  ///
  /// There are 1, 7, 13, 35, 31, 91, 57, 155 … of index 1, 2, 3 …
  public static func all(index: Int) -> [IntegerMatrix] {
    SupercellMatrix.hermiteForms(index)
  }

  /// One supercell of every class that the rotations of a crystal make alike.
  ///
  /// For a face-centred cubic lattice 1, 2, 3, 7, 5, 10, 7, 20 of index 1 … 8 (G. L. W. Hart and R. W.
  /// Forcade, Phys. Rev. B 77, 224115, 2008).
  ///
  /// - Parameters:
  ///   - index: Number of cells.
  ///   - rotations: Matrix parts W of the crystal's operations, acting on columns of fractional
  ///     coordinates.
  /// - Returns: The first of each class in the order of ``all(index:)``.
  /// - Throws: ``InputError`` if the index is beyond ``SupercellMatrix/cellCountLimit``.
  public static func distinct(
    index: Int, rotations: [IntegerMatrix]
  ) throws(InputError) -> [SupercellMatrix] {
    var seen: Set<IntegerMatrix> = []
    var result: [SupercellMatrix] = []
    // Lattice vectors are rows, and a rotation takes a row r to r Wᵀ.
    let turns = rotations.map(\.transposed)
    for form in all(index: index) where !seen.contains(form) {
      for turn in turns { seen.insert((form * turn).hermiteNormalForm().form) }
      seen.insert(form)
      result.append(try SupercellMatrix(form))
    }
    return result
  }
}
