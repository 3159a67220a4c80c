internal import Crystal

/// Puts the atoms of a slab into its cell.
struct SlabBuilder {
  private let stacking: SurfaceStacking
  private let cut: SlabCut
  private let specification: SlabSpecification
  private let supercell: SupercellMatrix

  init(
    _ stacking: SurfaceStacking, _ cut: SlabCut, _ specification: SlabSpecification
  ) throws(InputError) {
    self.stacking = stacking
    self.cut = cut
    self.specification = specification
    let s = specification.supercell
    guard s.count == 2 || s.count == 4 else {
      throw InputError(
        "\(s.count) numbers for the cells in the plane, expected two or four", at: "supercell",
        hint: "write 2x2, or four integers row by row")
    }
    let rows =
      s.count == 2
      ? [SIMD3(s[0], 0, 0), SIMD3(0, s[1], 0)] : [SIMD3(s[0], s[1], 0), SIMD3(s[2], s[3], 0)]
    self.supercell = try SupercellMatrix(IntegerMatrix(rows: rows + [SIMD3(0, 0, 1)]))
    let perUnit = stacking.layers.reduce(0) { $0 + $1.atoms }
    let atoms = (cut.count / stacking.layers.count + 1) * perUnit * supercell.cellCount
    guard atoms <= SurfaceStacking.atomLimit else {
      throw InputError(
        "the slab would have about \(atoms) atoms, expected at most \(SurfaceStacking.atomLimit)",
        at: "thickness")
    }
  }

  /// The slab.
  func slab(_ number: Int) throws(InputError) -> Slab {
    let (structure, parents, shift) = try structure()
    let sheets = cut.layers.map { layer in
      let own = stacking.layers[layer.index]
      let move = layer.shift + shift
      let cells = supercell.cellCount
      return SurfaceStacking.Layer(
        height: own.height + move, lowest: own.lowest + move, highest: own.highest + move,
        counts: own.counts.mapValues { $0 * cells },
        charge: own.charge.map { $0 * Double(cells) })
    }
    let middle = ((sheets.first?.lowest ?? 0) + (sheets.last?.highest ?? 0)) / 2
    let charges = stacking.charges.map { all in parents.map { all[$0] } }
    let heights = structure.heights
    let charge = charges.map { $0.reduce(0, +) }
    let dipole = charges.map { all in
      zip(all, heights).reduce(0) { $0 + $1.0 * ($1.1 - middle) }
    }
    var result = structure.atoms
    result.trace(parents: parents.map { stacking.parents[$0] })
    result.set(Column("layer", .integer(heights.map { layer(at: $0, in: sheets) })))
    let lower = stacking.turnedCuts[cut.lowerCut].first.flatMap { turned in
      stacking.terminations.firstIndex { $0.equivalents.contains(turned) }
    }
    let type = stacking.terminations[number - 1].type
    return Slab(
      structure: result, layers: sheets, termination: number,
      lowerTermination: lower.map { $0 + 1 },
      area: stacking.area * Double(supercell.cellCount), thickness: cut.thickness,
      repeatUnits: Double(cut.count) / Double(stacking.layers.count),
      isStoichiometric: cut.isStoichiometric, isSymmetric: cut.isSymmetric, type: type,
      charge: charge, dipole: dipole, notes: notes(type, charge, dipole))
  }

  /// Index of the layer that is nearest to a height.
  private func layer(at height: Double, in sheets: [SurfaceStacking.Layer]) -> Int {
    let near = sheets.indices.min { i, j in
      let (a, b) = (sheets[i], sheets[j])
      func distance(_ sheet: SurfaceStacking.Layer) -> Double {
        max(sheet.lowest - height, height - sheet.highest, 0)
      }
      return distance(a) < distance(b)
    }
    return near ?? 0
  }

  /// The atoms in their cell, the index of each in the crystal, and how far heights were moved, Å.
  private func structure() throws(InputError) -> (
    (atoms: Structure, heights: [Double]), parents: [Int], shift: Double
  ) {
    let (low, high) = cut.bounds
    let basis = stacking.basis.lattice
    var atoms: [(index: Int, point: SIMD3<Double>)] = []
    for (index, position) in stacking.coordinates.enumerated() {
      var period = (low - position.z).rounded(.up)
      while position.z + period < high - 1e-12 {
        let z = position.z + period
        let point = position.x * basis.a + position.y * basis.b + z * basis.c
        atoms.append((index, point))
        period += 1
      }
    }
    // In steps of 10⁻⁴ Å, so that rounding does not order the atoms of a layer.
    func step(_ height: Double) -> Int { Int((height * 1e4).rounded()) }
    atoms.sort { (step($0.point.z), $0.index) < (step($1.point.z), $1.index) }
    let lowest = stacking.layers[cut.layers[0].index].lowest + cut.layers[0].shift
    let (c, bottom) = cellHeight()
    let shift = bottom - lowest
    let lattice = try lattice(c)
    let picked = stacking.crystal.selecting(atoms.map(\.index)).turningVectors(
      stacking.basis.frame)
    let unit = Structure(
      lattice: lattice, species: picked.species,
      positions: atoms.map { atom in
        var f = lattice.fractional(Cartesian(atom.point + SIMD3(0, 0, shift))).components
        let own = Fractional(f).wrapped.components
        (f.x, f.y) = (own.x, own.y)
        if specification.vacuum == nil { f.z = own.z }
        return Fractional(f)
      }, columns: picked.columns)
    // The supercell's own bookkeeping would hide the origin in the crystal.
    var bare = unit
    let hadParents = bare.parentSites != nil
    let hadCells = bare.cellIndices != nil
    var larger: Structure
    do {
      bare.set(Column("slab_atom", .integer(atoms.map(\.index))))
      larger = supercell == .identity ? bare : try bare.repeated(supercell)
    } catch {
      throw InputError("\(error)", at: "supercell")
    }
    guard case .integer(let parents) = larger[column: "slab_atom"]?.values else {
      throw InputError("the atoms of the slab have lost their origin")
    }
    larger.removeColumn("slab_atom")
    if !hadParents { larger.removeColumn(Column.Name.parentSite) }
    if !hadCells { larger.removeColumn(Column.Name.cellIndex) }
    let heights = atoms.flatMap {
      Array(repeating: $0.point.z + shift, count: supercell.cellCount)
    }
    return ((larger, heights), parents, shift)
  }

  /// Height of the cell, and of the lowest atom in it, Å.
  private func cellHeight() -> (height: Double, bottom: Double) {
    let thickness = cut.thickness
    guard let vacuum = specification.vacuum else {
      let height = Double(cut.count / stacking.layers.count) * stacking.period
      return (height, specification.placement == .centred ? (height - thickness) / 2 : 0)
    }
    // A single flat layer without vacuum would have no cell.
    let height = max(thickness + vacuum, 1)
    return (height, specification.placement == .centred ? (height - thickness) / 2 : 0)
  }

  private func lattice(_ height: Double) throws(InputError) -> Lattice {
    let basis = stacking.basis.lattice
    var c = SIMD3(0, 0, height)
    if specification.vacuum == nil {
      c = height / basis.c.z * basis.c
      c -= (c.y / basis.b.y - 1e-9).rounded(.toNearestOrEven) * basis.b
      c -= (c.x / basis.a.x - 1e-9).rounded(.toNearestOrEven) * basis.a
      c.z = height
    }
    do {
      return try Lattice(a: basis.a, b: basis.b, c: c)
    } catch {
      throw InputError("\(error)", at: "vacuum")
    }
  }

  private func notes(
    _ type: SurfaceStacking.TaskerType?, _ charge: Double?, _ dipole: Double?
  ) -> [String] {
    var notes: [String] = []
    if !stacking.hasCharges {
      notes.append("charges are not known, so polarity is not judged: give oxidation states")
    }
    if type == .polar, specification.vacuum != nil {
      notes.append(
        "the surface is polar (Tasker type 3): it needs a reconstruction, or a dipole correction in "
          + "calculations")
    }
    if let charge, charge.magnitude > 1e-6 {
      notes.append(
        "the slab has a charge of \(fixed(charge, 3)) e with these oxidation states, because it is "
          + "not stoichiometric")
    }
    return notes
  }
}
