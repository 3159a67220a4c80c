import Analysis
import Crystal
import Workflow

/// What `cellgen map` says.
struct MapReport {
  private let mapping: SiteMapping
  private let relaxed: Structure

  init(_ mapping: SiteMapping, _ relaxed: Structure) {
    self.mapping = mapping
    self.relaxed = relaxed
  }

  /// Tables for people.
  var text: String {
    let cell = mapping.usesPrimitiveCell ? "the parent's primitive cell" : "the parent"
    let shift = (0..<3).map { fixed(mapping.shift[$0], 4) }.joined(separator: ", ")
    var lines = [
      "supercell \(mapping.supercell) of \(cell); largest strain "
        + "\(fixed(100 * mapping.largestStrain, 3)) %, turned by "
        + "\(fixed(mapping.rotationDegrees, 2))°, shift \(shift) Å",
      "displacements: \(fixed(mapping.rootMeanSquareDisplacement, 4)) Å (root mean square)",
    ]
    for filling in mapping.fillings {
      let atoms = filling.atoms.map { "\($0.count) \($0.element)" }
      let empty = filling.empty > 0 ? ["\(filling.empty) empty"] : []
      lines.append(
        "  \(filling.label): \((atoms + empty).joined(separator: ", ")) of \(filling.sites)")
    }
    if let inversion = mapping.degreeOfInversion {
      lines.append("degree of inversion \(fixed(inversion, 4))")
    }
    let origin = "origins from the \(mapping.origin.rawValue)"
    if mapping.migrations.isEmpty {
      lines.append("no migrated ions (\(origin))")
    } else {
      lines.append("\(mapping.migrated.count) migrated ions (\(origin)):")
      for migration in mapping.migrations {
        lines.append(
          "  \(migration.count) \(migration.element) \(migration.from) -> \(migration.to)")
      }
    }
    for (name, atoms) in [("ambiguous", mapping.ambiguous), ("unassigned", mapping.unassigned)]
    where !atoms.isEmpty {
      lines.append("\(atoms.count) \(name) atoms:")
      lines += atoms.prefix(20).map { "  " + description(of: $0) }
      if atoms.count > 20 { lines.append("  … (all with --json)") }
    }
    return lines.joined(separator: "\n")
  }

  private func description(of atom: MappedAtom) -> String {
    let places = [atom.site, atom.nextSite].compactMap { $0 }
      .map { "\($0.label) at \(fixed($0.distance, 3)) Å" }
    return "\(relaxed.species[atom.atom].element) \(atom.atom + 1): "
      + (places.isEmpty ? "no site near" : places.joined(separator: ", "))
  }

  /// The same as JSON, with every atom.
  var json: [String: JSONValue] {
    func place(_ place: MappedAtom.Place?) -> JSONValue {
      guard let place else { return .null }
      return .object([
        "site": .integer(place.site), "label": .text(place.label),
        "distance_A": .real(place.distance),
      ])
    }
    func text(_ value: String?) -> JSONValue { value.map(JSONValue.text) ?? .null }
    let occupancy = mapping.fillings.map { filling in
      var fractions: [String: JSONValue] = [:]
      let sites = Double(filling.sites)
      for atom in filling.atoms { fractions[atom.element] = .real(Double(atom.count) / sites) }
      if filling.empty > 0 { fractions["Va"] = .real(Double(filling.empty) / sites) }
      return (filling.label, JSONValue.object(fractions))
    }
    return [
      "supercell": .text("\(mapping.supercell)"),
      "primitive_parent": .logical(mapping.usesPrimitiveCell),
      "strain": .array(mapping.strain.map(JSONValue.real)),
      "largest_strain": .real(mapping.largestStrain),
      "rotation_degrees": .real(mapping.rotationDegrees),
      "shift_A": .array((0..<3).map { .real(mapping.shift[$0]) }),
      "rms_displacement_A": .real(mapping.rootMeanSquareDisplacement),
      "origin": .text(mapping.origin.rawValue),
      "occupancy": .object(Dictionary(uniqueKeysWithValues: occupancy)),
      "degree_of_inversion": mapping.degreeOfInversion.map(JSONValue.real) ?? .null,
      "migrations": .array(
        mapping.migrations.map {
          .object([
            "element": .text($0.element), "from": .text($0.from), "to": .text($0.to),
            "count": .integer($0.count),
          ])
        }),
      "ambiguous": .array(mapping.ambiguous.map { .integer($0.atom) }),
      "unassigned": .array(mapping.unassigned.map { .integer($0.atom) }),
      "mapping": .array(
        mapping.atoms.map { atom in
          .object([
            "atom": .integer(atom.atom),
            "element": .text(relaxed.species[atom.atom].element.symbol), "site": place(atom.site),
            "next_site": place(atom.nextSite), "from": text(atom.origin),
            "migrated": .logical(atom.isMigrated), "ambiguous": .logical(atom.isAmbiguous),
            "displacement_A": .array((0..<3).map { .real(atom.displacement[$0]) }),
          ])
        }),
    ]
  }
}
