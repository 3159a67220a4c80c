public import Crystal

extension StructureFormat {
  /// What is lost or bent when a structure is written in this format, one sentence each; empty if
  /// nothing is.
  ///
  /// Vacancies, columns and `info` that the format has no place for, partial occupancies that other
  /// programs will take for full atoms, and cells that they will see turned or mirrored.
  public func losses(_ structure: Structure) -> [String] {
    guard self != .extxyz else { return [] }
    var losses: [String] = []
    let vacancies = structure.species.count { $0.isVacancy }
    if vacancies > 0 { losses.append("\(vacancies) vacancies are left out") }
    let lost = structure.columns.filter { !holds($0) }.map(\.name)
    if !lost.isEmpty { losses.append("columns left out: \(shortList(lost))") }
    let keys = structure.info.map(\.key).filter { !holdsInfo($0) }
    if !keys.isEmpty { losses.append("values of the whole structure left out: \(shortList(keys))") }
    if ![.cif, .json, .res].contains(self),
      let occupancies = structure.reals(Column.Name.occupancy),
      occupancies.contains(where: { $0 != 1 })
    {
      losses.append(
        "sites are partly occupied; other programs will see full atoms, on one point in places")
    }
    if structure.title.contains(where: \.isNewline), self != .cif, self != .json {
      losses.append("of the title only the first line is kept")
    }
    return losses + orientationLosses(structure)
  }

  /// Whether a column comes back when the file is read.
  func holds(_ column: Column) -> Bool {
    switch self {
    case .extxyz, .cif, .json: true
    case .poscar: AtomNotes.hold(column) || isVelocity(column) || isFlags(column)
    case .lammps, .cp2k: AtomNotes.hold(column) || isVelocity(column)
    case .xsf: AtomNotes.hold(column) || column.name == Column.Name.force && column.width == 3
    case .espresso: AtomNotes.hold(column) || isFlags(column)
    case .res: AtomNotes.hold(column)
    }
  }

  private func isVelocity(_ column: Column) -> Bool {
    column.name == Column.Name.velocity && column.width == 3
  }

  private func isFlags(_ column: Column) -> Bool {
    column.name == Column.Name.free && column.width == 3
  }

  private func holdsInfo(_ key: String) -> Bool {
    switch self {
    case .extxyz, .cif, .json: true
    case .res: [RES.Key.pressure, RES.Key.enthalpy].contains(key)
    default: false
    }
  }

  private func orientationLosses(_ structure: Structure) -> [String] {
    let lattice = structure.lattice
    var losses: [String] = []
    switch self {
    case .cif where !lattice.isRightHanded:
      losses.append(
        "the cell is left-handed, which a CIF does not tell; other programs see the mirror image")
    case .lammps, .res:
      if !lattice.isLowerTriangular {
        losses.append(
          lattice.isRightHanded
            ? "the crystal is turned: a along x, b in the xy plane"
            : "the crystal is turned: -a along x, -b in the xy plane, with -c right-handed")
      }
    default: break
    }
    if self == .lammps, let box = try? lattice.lowerTriangular(),
      max(box.b.x.magnitude, box.c.x.magnitude) > 0.5 * box.a.x
        || box.c.y.magnitude > 0.5 * box.b.y
    {
      losses.append(
        "the box is tilted by more than half its length; LAMMPS may need \"box tilt large\"")
    }
    return losses
  }
}
