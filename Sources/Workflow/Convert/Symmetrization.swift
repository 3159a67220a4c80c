internal import Crystal
internal import StructureIO
internal import Symmetry

/// A structure as an asymmetric unit with the space group that is found in it.
///
/// The cell is kept where the operations in it are a tabulated setting; otherwise the crystal is
/// described in the standard cell of its space group.
struct Symmetrization {
  /// What is written.
  private(set) var unit: AsymmetricUnit

  /// What was changed or left out, for the user.
  private(set) var notes: [String] = []

  /// The points of the cell: sites, with the atoms that share each.
  private struct Points {
    var atoms: [[Int]] = []
    var types: [Int] = []
    var structure: Structure
  }

  /// - Parameters:
  ///   - structure: The crystal; vacancies are left out.
  ///   - symprec: The distance within which positions count as equal, Å.
  /// - Throws: ``InputError`` if no symmetry fits, or if the text would not read back.
  init(
    _ structure: Structure, symprec: Double = SymmetryDataset.defaultSymprec
  ) throws(InputError) {
    let atoms = structure.withoutVacancies()
    let points = Symmetrization.points(atoms)
    let dataset = try SymmetryDataset(points.structure, types: points.types, symprec: symprec)
    var orbitOfAtom = [Int](repeating: 0, count: atoms.count)
    for (point, members) in points.atoms.enumerated() {
      for atom in members { orbitOfAtom[atom] = dataset.equivalentSites[point] }
    }
    let (kept, dropped) = Symmetrization.invariant(atoms, orbitOfAtom)
    if !dropped.isEmpty {
      notes.append(
        "columns left out, which differ between equivalent atoms: "
          + dropped.joined(separator: ", "))
    }
    if let own = Symmetrization.ownCell(kept, points, dataset, symprec) {
      unit = own
    } else {
      unit = try Symmetrization.standardCell(kept, points, dataset)
      notes.append(
        "the cell is no tabulated setting of \(dataset.symbol); written in its standard cell")
    }
    try check(kept)
  }

  /// Atoms on one point count as one site, whose type is all that is on it.
  private static func points(_ atoms: Structure) -> Points {
    var points: [[Int]] = []
    if atoms[column: Column.Name.occupancy] == nil {
      points = atoms.species.indices.map { [$0] }
    } else {
      var pointOfPosition: [SIMD3<Double>: Int] = [:]
      for n in atoms.species.indices {
        let key = (1e6 * atoms.positions[n].wrapped.components).rounded(.toNearestOrEven)
        if let point = pointOfPosition[key] {
          points[point].append(n)
        } else {
          pointOfPosition[key] = points.count
          points.append([n])
        }
      }
    }
    let telling = [
      Column.Name.occupancy, Column.Name.charge, Column.Name.magneticMoment, Column.Name.label,
    ].compactMap { atoms[column: $0] }
    var typeOfName: [String: Int] = [:]
    let types = points.map { members in
      let names = members.map { n in
        let values = telling.map { "\($0.selecting([n]).values)" }
        return "\(atoms.species[n].element.atomicNumber) "
          + "\(atoms.species[n].oxidationState ?? .infinity) \(values)"
      }
      let name = names.sorted().joined(separator: "|")
      let type = typeOfName[name] ?? typeOfName.count
      typeOfName[name] = type
      return type
    }
    return Points(
      atoms: points, types: types, structure: atoms.selecting(points.map { $0[0] }))
  }

  /// The structure with the columns that symmetry leaves as they are.
  private static func invariant(
    _ atoms: Structure, _ orbitOfAtom: [Int]
  ) -> (kept: Structure, dropped: [String]) {
    var kept = atoms
    var dropped: [String] = []
    for column in atoms.columns {
      var isVector = false
      if case .real = column.values, column.width > 1 { isVector = true }
      var first: [String: Int] = [:]
      let isEqual = atoms.species.indices.allSatisfy { n in
        let key = "\(orbitOfAtom[n]) \(atoms.species[n])"
        guard let other = first[key] else {
          first[key] = n
          return true
        }
        return column.selecting([n]) == column.selecting([other])
      }
      if isVector || !isEqual {
        kept.removeColumn(column.name)
        dropped.append(column.name)
      }
    }
    return (kept, dropped)
  }

  /// The asymmetric unit in the cell of the structure, nil if its operations are no tabulated setting.
  private static func ownCell(
    _ atoms: Structure, _ points: Points, _ dataset: SymmetryDataset, _ symprec: Double
  ) -> AsymmetricUnit? {
    var triplets: [String] = []
    for operation in dataset.operations {
      // Translations of tabulated settings are multiples of 1/24.
      let rounded = (24 * operation.translation).rounded(.toNearestOrEven) / 24
      let shift = atoms.lattice.cartesian(Fractional(operation.translation - rounded))
      guard length(shift.components) <= symprec else { return nil }
      triplets.append(
        SymmetryOperation(rotation: operation.rotation, translation: rounded).wrapped.triplet)
    }
    if let identity = triplets.firstIndex(of: "x,y,z") { triplets.swapAt(0, identity) }
    guard AsymmetricUnit.spaceGroup(triplets)?.number == dataset.number else { return nil }
    var members: [Int] = []
    var multiplicities: [Int] = []
    var letters: [String] = []
    for orbit in dataset.orbits {
      for atom in points.atoms[orbit[0]] {
        members.append(atom)
        multiplicities.append(orbit.count)
        letters.append(dataset.wyckoffLetters[orbit[0]])
      }
    }
    return AsymmetricUnit(
      structure: atoms.selecting(members), operations: triplets, multiplicities: multiplicities,
      wyckoffLetters: letters)
  }

  /// The asymmetric unit in the standard cell of the space group.
  private static func standardCell(
    _ atoms: Structure, _ points: Points, _ dataset: SymmetryDataset
  ) throws(InputError) -> AsymmetricUnit {
    let name = "\(dataset.number)" + (dataset.choice.isEmpty ? "" : ":\(dataset.choice)")
    let group = try SpaceGroup(name)
    let (p, shift) = (dataset.transformation, dataset.originShift)
    func standard(_ point: Fractional) -> Fractional {
      let x = point.components
      return Fractional(SIMD3(dot(p[0], x), dot(p[1], x), dot(p[2], x)) + shift)
    }
    let lattice = try standardLattice(atoms.lattice, p)
    var orbits: [(points: [Fractional], type: Int, first: Int)] = []
    for orbit in dataset.orbits {
      let image = standard(points.structure.positions[orbit[0]])
      let type = points.types[orbit[0]]
      let isKnown = orbits.contains { known in
        known.type == type
          && known.points.contains { lattice.distance($0, image) < 2 * dataset.symprec }
      }
      if !isKnown { orbits.append((group.orbit(of: image), type, orbit[0])) }
    }
    var members: [Int] = []
    var multiplicities: [Int] = []
    var letters: [String] = []
    for orbit in orbits {
      for atom in points.atoms[orbit.first] {
        members.append(atom)
        multiplicities.append(orbit.points.count)
        letters.append(dataset.wyckoffLetters[orbit.first])
      }
    }
    var listed = atoms.selecting(members)
    for (n, atom) in members.enumerated() {
      listed.setPosition(group.symmetrised(standard(atoms.positions[atom]).wrapped), at: n)
    }
    listed.lattice = lattice
    return AsymmetricUnit(
      structure: listed, operations: group.operations.map(\.triplet),
      multiplicities: multiplicities, wyckoffLetters: letters)
  }

  /// The vectors of the standard cell, (a b c)ₛ = (a b c) P⁻¹.
  private static func standardLattice(
    _ lattice: Lattice, _ p: [SIMD3<Double>]
  ) throws(InputError) -> Lattice {
    let determinant = dot(p[0], cross(p[1], p[2]))
    // Columns of P⁻¹.
    let columns = [
      cross(p[1], p[2]) / determinant, cross(p[2], p[0]) / determinant,
      cross(p[0], p[1]) / determinant,
    ]
    let vectors = columns.map { lattice.cartesian(Fractional($0)).components }
    do {
      return try Lattice(a: vectors[0], b: vectors[1], c: vectors[2])
    } catch {
      throw InputError(error.description)
    }
  }

  /// Reads the text back: as many atoms of each species per volume as there were.
  private func check(_ atoms: Structure) throws(InputError) {
    let back = try CIF.read(try CIF.write(unit)).structure
    let ratio = back.lattice.volume / atoms.lattice.volume
    for species in Set(atoms.species) {
      let expected = ratio * Double(atoms.species.count { $0 == species })
      guard (expected - Double(back.species.count { $0 == species })).magnitude < 0.01 else {
        throw InputError(
          "the symmetrised structure would have another number of \(species)",
          hint: "choose another symprec, or write it without --symmetrize")
      }
    }
  }
}
