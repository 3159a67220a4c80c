/// A periodic arrangement of species: parallel arrays over atoms, with named columns beside them.
///
/// A site that is known to be empty can be kept as an atom of species ``Species/vacancy``; code that
/// needs atoms only drops it with ``withoutVacancies()``.
public struct Structure: Hashable, Sendable {
  /// The cell.
  public var lattice: Lattice

  /// What sits on each site, n entries.
  public private(set) var species: [Species]

  /// Where it sits, n entries; any image.
  public private(set) var positions: [Fractional]

  /// Quantities per atom that travel with the atoms through every transformation and file.
  public private(set) var columns: [Column]

  /// A one-line remark, such as the first line of a POSCAR or a CIF block name.
  public var title: String

  /// Quantities of the whole structure as text, such as `energy`, in the order in which they appear.
  public var info: [InfoEntry]

  /// A quantity of the whole structure.
  public struct InfoEntry: Hashable, Sendable {
    /// Its name, without spaces.
    public var key: String
    /// Its value as text.
    public var value: String

    /// An entry.
    public init(_ key: String, _ value: String) {
      self.key = key
      self.value = value
    }
  }

  /// A structure.
  ///
  /// - Precondition: as many positions as species.
  public init(
    lattice: Lattice, species: [Species], positions: [Fractional], columns: [Column] = [],
    title: String = "", info: [InfoEntry] = []
  ) {
    precondition(species.count == positions.count, "one position per atom")
    self.lattice = lattice
    self.species = species
    self.positions = positions
    self.columns = []
    self.title = title
    self.info = info
    for column in columns { set(column) }
  }

  /// Number of sites, vacancies included.
  public var count: Int { species.count }

  /// The column with a name, nil if there is none.
  public subscript(column name: String) -> Column? { columns.first { $0.name == name } }

  /// Adds a column, or replaces the one with the same name.
  ///
  /// - Precondition: the column has values for every atom.
  public mutating func set(_ column: Column) {
    precondition(column.values.count == count * column.width, "one value per atom and component")
    if let index = columns.firstIndex(where: { $0.name == column.name }) {
      columns[index] = column
    } else {
      columns.append(column)
    }
  }

  /// Removes the column with a name, if there is one.
  public mutating func removeColumn(_ name: String) {
    columns.removeAll { $0.name == name }
  }

  /// Puts another species on a site.
  public mutating func setSpecies(_ newSpecies: Species, at site: Int) {
    species[site] = newSpecies
  }

  /// Moves an atom.
  public mutating func setPosition(_ position: Fractional, at site: Int) {
    positions[site] = position
  }

  /// Wyckoff labels, n entries, if the structure has them.
  public var labels: [String]? {
    get { text(Column.Name.label) }
    set { store(newValue.map { .text($0) }, Column.Name.label) }
  }

  /// Index of each site in the unit cell of the parent, n entries, if known.
  public var parentSites: [Int]? {
    get { integers(Column.Name.parentSite) }
    set { store(newValue.map { .integer($0) }, Column.Name.parentSite) }
  }

  /// Index of the unit cell of each site in the supercell, n entries, if known.
  public var cellIndices: [Int]? {
    get { integers(Column.Name.cellIndex) }
    set { store(newValue.map { .integer($0) }, Column.Name.cellIndex) }
  }

  /// Charges, e, n entries, if known.
  public var charges: [Double]? {
    get { reals(Column.Name.charge) }
    set { store(newValue.map { .real($0) }, Column.Name.charge) }
  }

  /// The positions in Cartesian coordinates, Å.
  public var cartesianPositions: [Cartesian] { positions.map { lattice.cartesian($0) } }

  /// The atoms at `indices`, which may repeat, with their columns.
  public func selecting(_ indices: [Int]) -> Structure {
    Structure(
      lattice: lattice, species: indices.map { species[$0] },
      positions: indices.map { positions[$0] },
      columns: columns.map { $0.selecting(indices) }, title: title, info: info)
  }

  /// The structure without its empty sites.
  public func withoutVacancies() -> Structure {
    guard species.contains(where: \.isVacancy) else { return self }
    return selecting(species.indices.filter { !species[$0].isVacancy })
  }

  /// The atoms grouped by species: cations before anions, each in the order of ``Species/<(_:_:)``;
  /// the order within a species is kept.
  public func groupedBySpecies() -> Structure {
    let isAnion = species.map { $0.element.isUsualAnion ? 1 : 0 }
    let order = species.indices.sorted {
      (isAnion[$0], species[$0], $0) < (isAnion[$1], species[$1], $1)
    }
    return selecting(order)
  }

  /// The structure repeated over a supercell.
  ///
  /// Site i of cell k becomes site i × det S + k, so that copies of one site are neighbours in the
  /// arrays. Columns are repeated; `parent_site` and `cell_index` are set unless the structure
  /// already has them.
  ///
  /// - Throws: ``LatticeError`` if the supercell is too large.
  public func repeated(_ supercell: SupercellMatrix) throws(LatticeError) -> Structure {
    let larger = try supercell.lattice(of: lattice)
    let cells = supercell.cells
    let adjugate = supercell.matrix.adjugate
    let scale = 1 / Double(supercell.cellCount)
    // x' = x S⁻¹ = x adj(S) / det S
    func transform(_ x: SIMD3<Double>) -> SIMD3<Double> {
      func column(_ j: Int) -> Double {
        x.x * Double(adjugate[0, j]) + x.y * Double(adjugate[1, j]) + x.z * Double(adjugate[2, j])
      }
      return SIMD3(column(0), column(1), column(2)) * scale
    }
    let indices = species.indices.flatMap { Array(repeating: $0, count: cells.count) }
    var copy = selecting(indices)
    copy.lattice = larger
    for (n, index) in indices.enumerated() {
      let cell = cells[n % cells.count]
      let shift = SIMD3(Double(cell.x), Double(cell.y), Double(cell.z))
      let position = Fractional(transform(positions[index].components + shift))
      copy.positions[n] = supercell == .identity ? position : position.wrapped
    }
    if parentSites == nil { copy.parentSites = indices }
    if cellIndices == nil { copy.cellIndices = indices.indices.map { $0 % cells.count } }
    return copy
  }

  /// Number of atoms of each element; vacancies and dummies are not counted.
  public var elementCounts: [Element: Int] {
    species.reduce(into: [:]) { counts, species in
      if species.element.atomicNumber > 0 { counts[species.element, default: 0] += 1 }
    }
  }

  /// The composition of the cell; vacancies and dummies are left out.
  public var composition: Composition { Composition(counts: elementCounts) }

  /// The text column with a name and width 1, nil if there is none.
  private func text(_ name: String) -> [String]? {
    guard let column = self[column: name], case .text(let values) = column.values,
      column.width == 1
    else { return nil }
    return values
  }

  private func integers(_ name: String) -> [Int]? {
    guard let column = self[column: name], case .integer(let values) = column.values,
      column.width == 1
    else { return nil }
    return values
  }

  private func reals(_ name: String) -> [Double]? {
    guard let column = self[column: name], column.width == 1 else { return nil }
    return switch column.values {
    case .real(let values): values
    case .integer(let values): values.map(Double.init)
    default: nil
    }
  }

  private mutating func store(_ values: Column.Values?, _ name: String) {
    if let values { set(Column(name, values)) } else { removeColumn(name) }
  }
}
