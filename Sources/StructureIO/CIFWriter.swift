internal import Crystal

/// Writes CIF files.
enum CIFWriter {
  /// The text in space group P 1.
  static func write(_ structure: Structure) throws(InputError) -> String {
    let atoms = structure.withoutVacancies()
    return try write(
      AsymmetricUnit(
        structure: atoms, operations: ["x, y, z"],
        multiplicities: [Int](repeating: 1, count: atoms.count),
        wyckoffLetters: [String](repeating: "a", count: atoms.count)))
  }

  static func write(_ unit: AsymmetricUnit) throws(InputError) -> String {
    let atoms = unit.structure
    try atoms.checkWritable()
    try checkASCII(atoms)
    var writer = TextWriter(capacity: 100 * atoms.count + 2000)
    writer.write("data_\(blockName(atoms))\n")
    writer.write("\(CIF.Tag.title) \(quoted(atoms.title))\n")
    writeCell(atoms.lattice, to: &writer)
    if let group = unit.spaceGroup {
      writer.write("_space_group_name_H-M_alt '\(group.symbol)'\n")
      writer.write("_space_group_IT_number \(group.number)\n")
    }
    writer.write("\nloop_\n_space_group_symop_operation_xyz\n")
    for operation in unit.operations { writer.write("'\(operation)'\n") }
    writer.newline()
    if !atoms.info.isEmpty {
      writer.write("loop_\n\(CIF.Tag.infoKey)\n\(CIF.Tag.infoValue)\n")
      for entry in atoms.info { writer.write("\(quoted(entry.key)) \(quoted(entry.value))\n") }
      writer.newline()
    }
    writeAtomTypes(atoms.species, to: &writer)
    writeAtoms(unit, to: &writer)
    return writer.text
  }

  /// CIF is ASCII; `title` and `info` could hold anything.
  private static func checkASCII(_ structure: Structure) throws(InputError) {
    func check(_ text: String, _ what: String) throws(InputError) {
      guard text.utf8.allSatisfy({ (32..<127).contains($0) || $0 == 9 || $0 == 10 }) else {
        throw InputError("\(what) \(quotedForMessage(text)) is not ASCII, which CIF is")
      }
      // Such a line would end a text of several lines.
      guard !text.contains("\n;") else {
        throw InputError("\(what) \(quotedForMessage(text)) has a line that begins with ;")
      }
    }
    try check(structure.title, "the title")
    for entry in structure.info {
      try check(entry.key, "the key")
      try check(entry.value, "the value of \(entry.key)")
    }
    var tags: Set = [CIF.Tag.columns]
    for column in structure.columns {
      try check(column.name, "the column")
      let field = ColumnField(column)
      for component in 0..<column.width {
        guard tags.insert(CIFBlock.key(CIF.Tag.column(field, component))).inserted else {
          throw InputError(
            "column \(column.name) differs from another by capitals or a number only; rename it")
        }
      }
      if case .text(let words) = column.values {
        for word in words { try check(word, column.name) }
      }
    }
  }

  /// The name of the data block: the title or formula without what a name cannot have.
  private static func blockName(_ structure: Structure) -> String {
    let name = structure.title.isEmpty ? structure.composition.description : structure.title
    let word = name.prefix(60).map { $0.isLetter || $0.isNumber || "+-.()".contains($0) ? $0 : "_" }
    return word.isEmpty ? "structure" : String(word)
  }

  private static func writeCell(_ lattice: Lattice, to writer: inout TextWriter) {
    let (lengths, angles) = (lattice.lengths, lattice.anglesDegrees)
    for (axis, name) in ["a", "b", "c"].enumerated() {
      writer.write("_cell_length_\(name) \(lengths[axis])\n")
    }
    for (axis, name) in ["alpha", "beta", "gamma"].enumerated() {
      writer.write("_cell_angle_\(name) \(angles[axis])\n")
    }
    writer.write("_cell_volume \(lattice.volume)\n\n")
    writer.write("loop_\n\(CIF.Tag.vector.joined(separator: "\n"))\n")
    for vector in lattice.vectors { writer.write("\(vector.x) \(vector.y) \(vector.z)\n") }
    writer.newline()
  }

  private static func writeAtomTypes(_ species: [Species], to writer: inout TextWriter) {
    let types = Set(species).sorted()
    guard types.contains(where: { $0.oxidationState != nil }) else { return }
    writer.write("loop_\n_atom_type_symbol\n_atom_type_oxidation_number\n")
    for type in types {
      let state = type.oxidationState.map { "\($0)" } ?? "?"
      writer.write("\(SpeciesText.write(type)) \(state)\n")
    }
    writer.newline()
  }

  private static func writeAtoms(_ unit: AsymmetricUnit, to writer: inout TextWriter) {
    let atoms = unit.structure
    let isSymmetric = unit.operations.count > 1
    let fields = atoms.columns.map { ColumnField($0) }
    let list = fields.isEmpty ? "none" : fields.map(\.description).joined(separator: ":")
    writer.write("\(CIF.Tag.columns) \(quoted(list))\n\n")
    writer.write("loop_\n_atom_site_label\n_atom_site_type_symbol\n")
    writer.write("_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n")
    let occupancy = fields.firstIndex { CIF.Tag.column($0, 0) == "_atom_site_occupancy" }
    if occupancy == nil { writer.write("_atom_site_occupancy\n") }
    if isSymmetric {
      writer.write("_atom_site_site_symmetry_multiplicity\n_atom_site_Wyckoff_symbol\n")
    }
    for field in fields {
      for component in 0..<field.width { writer.write("\(CIF.Tag.column(field, component))\n") }
    }
    let labels = atomLabels(atoms)
    var texts: [Species: String] = [:]
    for n in 0..<atoms.count {
      let species = atoms.species[n]
      let text = texts[species] ?? SpeciesText.write(species)
      texts[species] = text
      writer.write("\(labels[n]) \(text)")
      writer.write(atoms.positions[n].components)
      if occupancy == nil { writer.write(" 1") }
      if isSymmetric { writer.write(" \(unit.multiplicities[n]) \(unit.wyckoffLetters[n])") }
      for column in atoms.columns {
        if case .text(let words) = column.values {
          for word in words[(n * column.width)..<((n + 1) * column.width)] {
            writer.write(" \(quoted(word))")
          }
        } else {
          writer.write(column, atom: n)
        }
      }
      writer.newline()
    }
  }

  /// `Mg3_16d` for the third Mg, on a site 16d.
  private static func atomLabels(_ atoms: Structure) -> [String] {
    var counts: [Element: Int] = [:]
    var suffixes: [String: String] = [:]
    let wyckoff = atoms.labels?.map { label in
      if let suffix = suffixes[label] { return suffix }
      let suffix = String(label.prefix(20).filter { $0.isASCII && ($0.isLetter || $0.isNumber) })
      suffixes[label] = suffix
      return suffix
    }
    return atoms.species.enumerated().map { n, species in
      let count = counts[species.element, default: 0] + 1
      counts[species.element] = count
      let label = "\(species.element)\(count)"
      guard let suffix = wyckoff?[n], !suffix.isEmpty else { return label }
      return "\(label)_\(suffix)"
    }
  }

  /// A text as one CIF value.
  static func quoted(_ text: String) -> String {
    if isPlain(text) { return text }
    let bytes = Array(text.utf8)
    // A quote ends a value only before white space.
    func fits(_ quote: UInt8) -> Bool {
      !bytes.contains(10)
        && !bytes.indices.dropLast().contains { bytes[$0] == quote && isSpace(bytes[$0 + 1]) }
    }
    if fits(39) { return "'\(text)'" }
    if fits(34) { return "\"\(text)\"" }
    return "\n;\(text)\n;"
  }

  /// Whether a text needs no quotes.
  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first else { return false }
    var hasUnderscore = false
    for byte in text.utf8 {
      if byte <= 32 || byte == 34 || byte == 39 { return false }
      if byte == UInt8(ascii: "_") { hasUnderscore = true }
    }
    switch first {
    case UInt8(ascii: "_"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "["),
      UInt8(ascii: "]"), UInt8(ascii: ";"):
      return false
    case UInt8(ascii: "?"), UInt8(ascii: "."): return text.utf8.count > 1
    default: break
    }
    return !hasUnderscore || !reserved.contains { text.lowercased().hasPrefix($0) }
  }

  private static let reserved = ["data_", "loop_", "save_", "stop_", "global_"]
}
