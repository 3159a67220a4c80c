public import Crystal

/// The JSON of pymatgen: a `Structure` as a dictionary.
///
/// **Reading** also takes the structure inside of a computed entry, whose energy becomes `energy` in
/// `info`, and lists of both. Several species on a site become atoms beside each other with the column
/// `occupancy`. Oxidation states, site properties and labels are kept: labels other than the species as
/// the column `cif_label`, `magmom` as `initial_magmoms`, `charge` as `initial_charges`.
///
/// **Writing** joins atoms on one point to one site if there are occupancies. Vacancies are left out,
/// as pymatgen does: sites of which less than 1 is occupied.
///
/// Reference: https://pymatgen.org, `pymatgen.core.structure.IStructure.as_dict`
public enum PymatgenJSON {
  /// Reads a structure; the first one, if there are several.
  ///
  /// - Parameters:
  ///   - text: The contents of a file.
  ///   - source: The name of the file in messages.
  /// - Returns: The structure, with remarks.
  /// - Throws: ``InputError`` with the place of the first mistake.
  public static func read(
    _ text: String, source: String = "JSON"
  ) throws(InputError) -> StructureReading {
    let frames = try readFrames(text, source: source)
    guard var first = frames.first else { throw InputError("no structure", at: source) }
    if frames.count > 1 {
      first.warnings.append("\(source): only the first of \(frames.count) structures was read")
    }
    return first
  }

  /// Reads all structures, at least one.
  ///
  /// - Throws: ``InputError`` with the place of the first mistake.
  public static func readFrames(
    _ text: String, source: String = "JSON"
  ) throws(InputError) -> [StructureReading] {
    var parser = JSONParser(text, source: source)
    let root = try parser.parse()
    var frames: [StructureReading] = []
    for value in root.array ?? [root] {
      var reader = PymatgenReader(source: source)
      frames.append(try reader.read(value))
    }
    guard !frames.isEmpty else { throw InputError("an empty list", at: source) }
    return frames
  }

  /// The structure in a parsed dictionary, or inside of a computed entry.
  ///
  /// - Throws: ``InputError`` with the place of the first mistake.
  package static func structure(
    in value: JSONText, source: String
  ) throws(InputError) -> Structure {
    var reader = PymatgenReader(source: source)
    return try reader.read(value).structure
  }

  /// The text of a file.
  ///
  /// - Throws: ``InputError`` for what no file can hold, such as numbers that are not finite.
  public static func write(_ structure: Structure) throws(InputError) -> String {
    try PymatgenWriter.write(structure)
  }

  /// What pymatgen calls a column of cellgen.
  static let propertyOfColumn = [
    Column.Name.label: "wyckoff_label", Column.Name.magneticMoment: "magmom",
    Column.Name.charge: "charge",
  ]

  /// What cellgen calls a property of pymatgen.
  static let columnOfProperty = Dictionary(
    uniqueKeysWithValues: propertyOfColumn.map { ($0.value, $0.key) })
}

/// Writes the JSON of pymatgen.
enum PymatgenWriter {
  static func write(_ structure: Structure) throws(InputError) -> String {
    let atoms = structure.withoutVacancies()
    try atoms.checkWritable()
    var writer = TextWriter(capacity: 300 * atoms.count + 1000)
    writer.write("{\"@module\": \"pymatgen.core.structure\", \"@class\": \"Structure\",\n")
    writer.write("\"charge\": null,\n\"lattice\": {\"matrix\": [")
    for (index, vector) in atoms.lattice.vectors.enumerated() {
      writer.write(index == 0 ? "" : ", ")
      write(vector, to: &writer)
    }
    let (lengths, angles) = (atoms.lattice.lengths, atoms.lattice.anglesDegrees)
    writer.write("], \"pbc\": [true, true, true],\n")
    writer.write("\"a\": \(lengths.x), \"b\": \(lengths.y), \"c\": \(lengths.z), ")
    writer.write("\"alpha\": \(angles.x), \"beta\": \(angles.y), \"gamma\": \(angles.z), ")
    writer.write("\"volume\": \(atoms.lattice.volume)},\n\"properties\": {")
    var entries = atoms.info.map { "\(JSONText.quoted($0.key)): \(JSONText.quoted($0.value))" }
    if !atoms.title.isEmpty { entries.append("\"title\": \(JSONText.quoted(atoms.title))") }
    writer.write("\(entries.joined(separator: ", "))},\n\"sites\": [\n")
    let own = [Column.Name.occupancy, Column.Name.fileLabel]
    let columns = atoms.columns.filter { !own.contains($0.name) }
    let occupancies = atoms.reals(Column.Name.occupancy)
    for (index, site) in sites(atoms, occupancies).enumerated() {
      writer.write(index == 0 ? "" : ",\n")
      write(site: site, atoms, columns, occupancies, to: &writer)
    }
    writer.write("\n]}\n")
    return writer.text
  }

  /// The atoms of each site: those on one point, if there are occupancies.
  private static func sites(_ atoms: Structure, _ occupancies: [Double]?) -> [[Int]] {
    guard occupancies != nil else { return (0..<atoms.count).map { [$0] } }
    var sites: [[Int]] = []
    var siteOfPoint: [SIMD3<Double>: Int] = [:]
    for n in 0..<atoms.count {
      let point = atoms.positions[n].components
      if let site = siteOfPoint[point],
        sites[site].allSatisfy({ atoms.species[$0] != atoms.species[n] })
      {
        sites[site].append(n)
      } else {
        siteOfPoint[point] = sites.count
        sites.append([n])
      }
    }
    return sites
  }

  private static func write(
    site: [Int], _ atoms: Structure, _ columns: [Column], _ occupancies: [Double]?,
    to writer: inout TextWriter
  ) {
    let species = site.map { n in
      let species = atoms.species[n]
      // A dummy without oxidation state is no species of pymatgen.
      let state = species.oxidationState ?? (species.element == .dummy ? 0 : nil)
      let stateText = state.map { ", \"oxidation_state\": \($0)" } ?? ""
      return
        "{\"element\": \"\(species.element.symbol)\"\(stateText), \"occu\": \(occupancies?[n] ?? 1)}"
    }
    let first = site[0]
    writer.write("{\"species\": [\(species.joined(separator: ", "))], \"abc\": ")
    write(atoms.positions[first].components, to: &writer)
    writer.write(", \"xyz\": ")
    write(atoms.lattice.cartesian(atoms.positions[first]).components, to: &writer)
    writer.write(", \"properties\": {")
    for (index, column) in columns.enumerated() {
      let name = PymatgenJSON.propertyOfColumn[column.name] ?? column.name
      writer.write("\(index == 0 ? "" : ", ")\(JSONText.quoted(name)): ")
      write(column, first, to: &writer)
    }
    var label = atoms.species[first].element.symbol
    if let column = atoms[column: Column.Name.fileLabel], case .text(let labels) = column.values {
      label = labels[first]
    }
    writer.write("}, \"label\": \(JSONText.quoted(label))}")
  }

  private static func write(_ vector: SIMD3<Double>, to writer: inout TextWriter) {
    writer.write("[\(vector.x), \(vector.y), \(vector.z)]")
  }

  private static func write(_ column: Column, _ atom: Int, to writer: inout TextWriter) {
    let range = (atom * column.width)..<((atom + 1) * column.width)
    let words =
      switch column.values {
      case .text(let values): values[range].map { JSONText.quoted($0) }
      case .integer(let values): values[range].map { "\($0)" }
      case .real(let values): values[range].map { "\($0)" }
      case .logical(let values): values[range].map { $0 ? "true" : "false" }
      }
    writer.write(column.width == 1 ? words[0] : "[\(words.joined(separator: ", "))]")
  }
}
