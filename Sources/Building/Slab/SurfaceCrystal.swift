internal import Crystal
internal import Symmetry

/// The cell of a crystal from which a surface is cut, with the plane's indices in it.
struct SurfaceCrystal: Sendable {
  /// The crystal; its atoms have all columns.
  let crystal: Structure

  /// Index of each atom in the structure as given.
  let parents: [Int]

  /// Indices of the plane in this cell, without common factor.
  let plane: SIMD3<Int>

  /// Operations of the crystal.
  private let operations: [SymmetryOperation]

  /// Atoms are alike only if all their columns agree but those that number them.
  init(
    _ structure: Structure, plane: SIMD3<Int>, cell: SlabSpecification.Cell
  ) throws(InputError) {
    let kinds = SurfaceCrystal.kinds(structure)
    // A number per kind, hidden in the oxidation state, keeps different atoms apart.
    var marked = Structure(
      lattice: structure.lattice,
      species: zip(structure.species, kinds).map {
        Species($0.element, oxidationState: Double($1))
      },
      positions: structure.positions)
    marked.set(Column(SurfaceCrystal.parent, .integer(Array(kinds.indices))))
    let unit =
      switch cell {
      case .given: marked
      case .primitive: try CellChoice.primitive(marked)
      }
    guard case .integer(let parents) = unit[column: SurfaceCrystal.parent]?.values else {
      throw InputError("the atoms of the primitive cell have lost their origin")
    }
    let atoms = structure.selecting(parents)
    self.parents = parents
    self.crystal = Structure(
      lattice: unit.lattice, species: atoms.species, positions: unit.positions,
      columns: atoms.columns)
    self.operations = try SymmetryDataset(unit).operations
    // A plane h x = 1 of the old cell meets the new vectors at multiples of 1/N.
    let (old, new) = (structure.lattice, unit.lattice)
    let ratio = max(1, (old.volume / new.volume).rounded())
    let heights = new.vectors.map { vector in
      let f = old.fractional(Cartesian(vector)).components
      let height = Double(plane.x) * f.x + Double(plane.y) * f.y + Double(plane.z) * f.z
      return Int((height * ratio).rounded())
    }
    let factor = Int(heights.reduce(0) { greatestCommonDivisor($0, $1) }.magnitude)
    guard factor > 0 else { throw InputError("the plane has no indices in the primitive cell") }
    self.plane = SIMD3(heights[0], heights[1], heights[2]) / factor
  }

  private static let parent = "surface_parent"

  /// Equal numbers for atoms of the same species with the same columns.
  private static func kinds(_ structure: Structure) -> [Int] {
    let numbering = [Column.Name.parentSite, Column.Name.cellIndex, Column.Name.fileLine]
    let columns = structure.columns.filter { !numbering.contains($0.name) }
    // Vectors per atom differ from atom to atom in every crystal that has them.
    let telling = columns.filter { $0.width == 1 }
    var number: [String: Int] = [:]
    return structure.species.indices.map { index in
      let name =
        "\(structure.species[index]) "
        + telling.map { "\($0.selecting([index]).values)" }.joined(separator: " ")
      let own = number[name] ?? number.count
      number[name] = own
      return own
    }
  }

  /// What the operations do to the heights of atoms, in periods: h' = sign × h + shift.
  ///
  /// Operations that tilt the plane are left out.
  func heightMaps() -> [(sign: Double, shift: Double)] {
    var maps: [(sign: Double, shift: Double)] = []
    for operation in operations {
      let row = plane * operation.rotation
      guard row == plane || row == 0 &- plane else { continue }
      let t = operation.translation
      let shift = Double(plane.x) * t.x + Double(plane.y) * t.y + Double(plane.z) * t.z
      maps.append((row == plane ? 1 : -1, shift - shift.rounded(.down)))
    }
    return maps
  }
}
