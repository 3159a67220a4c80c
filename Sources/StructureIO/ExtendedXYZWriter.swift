internal import Crystal

/// Writes frames of extxyz.
enum ExtendedXYZWriter {
  /// Writes a frame.
  ///
  /// - Parameters:
  ///   - structure: The frame.
  ///   - positions: Positions, Å, that are written in the place of its own, without fractional ones;
  ///     nil for its own.
  ///   - writer: Where it goes.
  /// - Throws: ``InputError`` for what the format cannot hold.
  static func write(
    _ structure: Structure, at positions: [SIMD3<Double>]? = nil, to writer: inout TextWriter
  ) throws(InputError) {
    try structure.checkWritable()
    let reserved = [
      ExtendedXYZ.Name.species, ExtendedXYZ.Name.position, ExtendedXYZ.Name.speciesState,
      ExtendedXYZ.Name.fractional,
    ]
    for column in structure.columns where reserved.contains(column.name) {
      throw InputError("column \(column.name) has a meaning of its own in extxyz; rename it")
    }
    let lattice = structure.lattice
    let cartesian =
      positions?.map { Cartesian($0) } ?? structure.positions.map { lattice.cartesian($0) }
    let needsStates = structure.species.contains { $0.isVacancy || $0.oxidationState != nil }
    let needsFractional =
      positions == nil
      && zip(cartesian, structure.positions).contains { lattice.fractional($0) != $1 }

    var fields = [
      ColumnField(name: ExtendedXYZ.Name.species, kind: .text, width: 1),
      ColumnField(name: ExtendedXYZ.Name.position, kind: .real, width: 3),
    ]
    if needsFractional {
      fields.append(ColumnField(name: ExtendedXYZ.Name.fractional, kind: .real, width: 3))
    }
    if needsStates {
      fields.append(ColumnField(name: ExtendedXYZ.Name.speciesState, kind: .text, width: 1))
    }
    fields += structure.columns.map { ColumnField($0) }
    try writeHeader(structure, fields, to: &writer)

    var texts: [Species: String] = [:]
    for n in cartesian.indices {
      let species = structure.species[n]
      writer.write(species.isVacancy ? "X" : species.element.symbol)
      writer.write(cartesian[n].components)
      if needsFractional { writer.write(structure.positions[n].components) }
      if needsStates {
        let text = texts[species] ?? SpeciesText.write(species)
        texts[species] = text
        writer.space()
        writer.write(text)
      }
      for column in structure.columns { writer.write(column, atom: n) }
      writer.newline()
    }
  }

  private static func writeHeader(
    _ structure: Structure, _ fields: [ColumnField], to writer: inout TextWriter
  ) throws(InputError) {
    let numbers = structure.lattice.vectors.flatMap { [$0.x, $0.y, $0.z] }
    writer.write("\(structure.count)\nLattice=\"")
    writer.write(numbers.map(\.description).joined(separator: " "))
    let properties = fields.map(\.description).joined(separator: ":")
    writer.write("\" Properties=\(ExtendedXYZComment.quoted(properties))")
    if !structure.title.isEmpty {
      writer.write(" title=\(ExtendedXYZComment.quoted(structure.title))")
    }
    var keys: Set = ["Lattice", "Properties", "pbc", "Origin", "title"]
    for entry in structure.info {
      guard !entry.key.isEmpty, keys.insert(entry.key).inserted else {
        throw InputError(
          "the key \(quotedForMessage(entry.key)) cannot be written to extxyz",
          hint: "it is empty, occurs twice or has a meaning of its own")
      }
      let (key, value) = (entry.key, entry.value)
      writer.write(" \(ExtendedXYZComment.quoted(key))=\(ExtendedXYZComment.quoted(value))")
    }
    writer.write(" pbc=\"T T T\"\n")
  }
}

extension TextWriter {
  /// Writes the values of one atom, each after a space.
  mutating func write(_ column: Column, atom: Int) {
    for index in (atom * column.width)..<((atom + 1) * column.width) {
      space()
      switch column.values {
      case .text(let values): write(values[index])
      case .integer(let values): write(values[index])
      case .real(let values): write(values[index])
      case .logical(let values): write(values[index] ? "T" : "F")
      }
    }
  }
}
