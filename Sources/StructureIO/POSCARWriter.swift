internal import Crystal

/// Writes POSCAR files.
enum POSCARWriter {
  static func write(_ structure: Structure, kinds: [Int]? = nil) throws(InputError) -> String {
    precondition(kinds?.count ?? structure.count == structure.count, "one kind per atom")
    let groups = groups(structure, kinds)
    let atoms = structure.selecting(groups.flatMap(\.atoms))
    try atoms.checkWritable()
    guard !structure.title.utf8.contains(where: { $0 == 10 || $0 == 13 }) else {
      throw InputError("the title has several lines, POSCAR holds one")
    }
    var writer = TextWriter(capacity: 130 * atoms.count + 500)
    writer.write("\(structure.title)\n1.0\n")
    for vector in structure.lattice.vectors {
      writer.write(vector)
      writer.newline()
    }
    for group in groups { writer.write(" \(group.element.symbol)") }
    writer.newline()
    for group in groups { writer.write(" \(group.atoms.count)") }
    writer.newline()

    let free = logicalVectors(atoms[column: Column.Name.free])
    if free != nil { writer.write("Selective dynamics\n") }
    writer.write("Direct\n")
    var notes = AtomNotesWriter(atoms)
    for n in 0..<atoms.count {
      writer.write(atoms.positions[n].components)
      if let free {
        for axis in 0..<3 { writer.write(free[3 * n + axis] ? " T" : " F") }
      }
      if !notes.isEmpty {
        writer.write(" !")
        notes.write(n, to: &writer)
      }
      writer.newline()
    }
    if let column = atoms[column: Column.Name.velocity], column.width == 3,
      case .real(let velocities) = column.values
    {
      writer.newline()
      for n in 0..<atoms.count {
        writer.write(SIMD3(velocities[3 * n], velocities[3 * n + 1], velocities[3 * n + 2]))
        writer.newline()
      }
    }
    return writer.text
  }

  private struct Kind: Hashable {
    var element: Element
    var number: Int
  }

  /// Elements, told apart by their kinds, in the order in which they first appear, with their atoms; no
  /// vacancies.
  private static func groups(
    _ structure: Structure, _ kinds: [Int]?
  ) -> [(element: Element, atoms: [Int])] {
    var groups: [(element: Element, atoms: [Int])] = []
    var groupOfKind: [Kind: Int] = [:]
    for (n, species) in structure.species.enumerated() where !species.isVacancy {
      let kind = Kind(element: species.element, number: kinds?[n] ?? 0)
      if let group = groupOfKind[kind] {
        groups[group].atoms.append(n)
      } else {
        groupOfKind[kind] = groups.count
        groups.append((species.element, [n]))
      }
    }
    return groups
  }

  private static func logicalVectors(_ column: Column?) -> [Bool]? {
    guard let column, column.width == 3, case .logical(let values) = column.values else {
      return nil
    }
    return values
  }
}
