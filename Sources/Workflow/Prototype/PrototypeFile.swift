public import Building
public import Crystal
internal import Yams

/// A prototype as it stands in a YAML file.
public struct PrototypeFile: Sendable {
  /// What the file says.
  public let definition: PrototypeDefinition

  /// The text of the file.
  public let text: String

  /// The name of the file, for messages.
  public let file: String

  /// The line of each key path: `lattice`, `sites: 16d`.
  private let lines: [String: Int]

  /// Keys of a prototype file.
  static let keys = [
    "name", "title", "aliases", "spacegroup", "origin", "lattice", "ratios", "parameters", "sites",
    "source", "status",
  ]

  /// Reads a prototype; ``verifiedCrystal()`` checks its geometry.
  ///
  /// - Parameters:
  ///   - text: The YAML text.
  ///   - file: Its name, for messages.
  /// - Throws: ``InputErrors`` with everything that is wrong.
  public init(parsing text: String, file: String) throws {
    var reader = YAMLReader(file: file)
    guard let root = reader.document(text) else { throw InputErrors(reader.problems) }
    let entries = reader.mapping(root, "", keys: PrototypeFile.keys)
    func node(_ key: String) -> Node? { entries.first { $0.0 == key }?.1 }
    for key in ["name", "spacegroup", "lattice", "sites", "source"] where node(key) == nil {
      reader.report("no \(key)", at: root, "", "a prototype needs the key \(key)")
    }
    var lines: [String: Int] = [:]
    for (key, value) in entries { lines[key] = value.mark?.line }

    let name = node("name").flatMap { reader.text($0, "name") } ?? ""
    var definition = PrototypeDefinition(
      name: name, title: node("title").flatMap { reader.text($0, "title") } ?? name,
      spaceGroup: node("spacegroup").flatMap { reader.text($0, "spacegroup") } ?? "",
      originChoice: node("origin").flatMap { reader.integer($0, "origin") },
      source: node("source").flatMap { reader.text($0, "source") } ?? "")
    if let value = node("aliases") {
      definition.aliases = reader.list(value, "aliases").compactMap { reader.text($0, "aliases") }
    }
    if let value = node("lattice") {
      for (key, number) in reader.mapping(value, "lattice", keys: LatticeShape.allParameters) {
        definition.lattice[key] = reader.real(number, "lattice: \(key)")
      }
    }
    if let value = node("ratios") { definition.ratios = reader.ratios(value) }
    if let value = node("parameters") { definition.parameters = reader.parameters(value) }
    if let value = node("sites") {
      for (index, entry) in reader.list(value, "sites").enumerated() {
        guard let site = reader.site(entry, "sites[\(index + 1)]") else { continue }
        if definition.sites.contains(where: { $0.label == site.label }) {
          reader.report(
            "two sites have the label \(site.label)", at: entry, "sites",
            "tell them apart as in \(site.label)_O1 and \(site.label)_O2")
        }
        lines["sites: \(site.label)"] = entry.mark?.line
        definition.sites.append(site)
      }
    }
    if let value = node("status"), let word = reader.text(value, "status") {
      let known = PrototypeDefinition.Status.allCases.map(\.rawValue)
      if let status = PrototypeDefinition.Status(rawValue: word) {
        definition.status = status
      } else {
        reader.report(
          "unknown status \"\(word)\"", at: value, "status",
          "expected \(known.joined(separator: " or "))")
      }
    }
    reader.checkParameters(definition, node("parameters"))
    guard reader.problems.isEmpty else { throw InputErrors(reader.problems) }
    self.definition = definition
    self.text = text
    self.file = file
    self.lines = lines
  }

  /// Builds the crystal with its default numbers and compares it with everything that the file says.
  ///
  /// - Throws: ``InputError`` with file, line and key for wrong multiplicities, an origin that does
  ///   not fit, wrong site symmetries, overlapping sites or a wrong coordination.
  @discardableResult
  public func verifiedCrystal() throws(InputError) -> PrototypeCrystal {
    do throws(InputError) {
      let crystal = try PrototypeCrystal(definition.prototype())
      for (site, row) in zip(definition.sites, crystal.siteTable) {
        guard let expected = site.coordinationNumber, expected != row.coordinationNumber else {
          continue
        }
        throw InputError(
          "site \(site.label) has \(row.coordinationNumber) neighbours "
            + "(\(coordinationText(row))), expected \(expected)",
          at: "sites: \(site.label)", hint: "check its coordinates and the lattice parameters")
      }
      return crystal
    } catch {
      throw located(error)
    }
  }

  /// The error with file and line in front of its key.
  private func located(_ error: InputError) -> InputError {
    guard let key = error.location else { return error.inside(file) }
    // The most specific part of the path that has a line: `lattice` for `lattice: c`.
    let line = lines[key] ?? lines[String(key.prefix { $0 != ":" })]
    return InputError(
      error.message, at: "\(file)\(line.map { ":\($0)" } ?? ""): \(key)", hint: error.hint)
  }
}
