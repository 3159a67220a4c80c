internal import Crystal
internal import Foundation
internal import StructureIO

/// Compares a deck with `calculation.json` and `structure.extxyz` beside it.
struct RecordLint {
  let record: CalculationRecord?
  let structure: Structure?
  private(set) var report = LintReport()

  /// Whether the folder is one of cellgen's.
  static func isOwn(_ folder: LintFolder) -> Bool { folder.isFile(CalculationRecord.fileName) }

  /// Reads both files.
  init(_ folder: LintFolder) {
    let name = CalculationRecord.fileName
    let text = folder.text(name) ?? ""
    record = try? JSONDecoder().decode(CalculationRecord.self, from: Data(text.utf8))
    if record == nil {
      report.add(.unreadable, name, nil, "is no record of a calculation")
    }
    let atoms = CalculationRecord.structureName
    guard let text = folder.text(atoms) else {
      structure = nil
      report.add(.missingFile, atoms, nil, "there is no \(atoms)")
      return
    }
    do {
      structure = try ExtendedXYZ.read(text, source: atoms).structure.withoutVacancies()
    } catch {
      structure = nil
      report.add(error, atoms)
    }
  }

  /// Compares the deck of the record's program.
  mutating func check(_ deck: DeckSummary) {
    guard let record else { return }
    if let structure {
      if structure.count != record.atoms {
        report.add(
          .recordMismatch, CalculationRecord.fileName, nil,
          "atoms is \(record.atoms), but \(CalculationRecord.structureName) has \(structure.count)")
      }
      if let found = deck.structure { compare(found, structure, deck, record.code) }
    }
    let file = deck.settingsFile ?? deck.file
    if let cutoff = record.settings.cutoffEV, let found = deck.cutoffEV,
      (cutoff - found).magnitude > 1e-3 * cutoff
    {
      differ("the cutoff", "\(fixed(found, 1)) eV", "\(fixed(cutoff, 1)) eV", file)
    }
    if let polarised = record.settings.isSpinPolarised, let found = deck.isSpinPolarised,
      polarised != found
    {
      differ("spin polarisation", found ? "on" : "off", polarised ? "on" : "off", file)
    }
    for (element, name) in (record.settings.pseudopotentials ?? [:]).sorted(by: { $0.key < $1.key })
    {
      guard record.code == .vasp, let found = deck.pseudopotentials[element], found != name else {
        continue
      }
      differ("the potential of \(element)", found, name, "POTCAR")
    }
  }

  private mutating func differ(_ what: String, _ found: String, _ recorded: String, _ file: String)
  {
    report.add(
      .settingsMismatch, file, nil,
      "\(what) is \(found), but \(recorded) in \(CalculationRecord.fileName)",
      hint: "energies are sorted by the record: change both, or write the input anew")
  }

  /// Fractional coordinates that differ by less are equal.
  private static let tolerance = 1e-4

  private mutating func compare(
    _ found: Structure, _ expected: Structure, _ deck: DeckSummary, _ code: SimulationCode
  ) {
    func differ(_ message: String) {
      report.add(
        .recordMismatch, deck.file, deck.line, message,
        hint: "results would be taken for those of other atoms: write the input anew")
    }
    let name = CalculationRecord.structureName
    guard found.composition == expected.composition, found.count == expected.count else {
      return differ(
        "the atoms are \(found.composition), but \(expected.composition) in \(name)")
    }
    if let atom = (0..<found.count).first(where: {
      found.species[$0].element != expected.species[$0].element
    }) {
      return differ(
        "atom \(atom + 1) is \(found.species[atom].element), but "
          + "\(expected.species[atom].element) in \(name)")
    }
    let sizes = zip(vectors(found.lattice), vectors(expected.lattice))
    if sizes.contains(where: { ($0 - $1).magnitude > 1e-3 * max(1, $1.magnitude) }) {
      return differ("the cell is not that of \(name)")
    }
    // LAMMPS has no left-handed cells: these become -a, -b, -c.
    let sign = code == .lammps && !expected.lattice.isRightHanded ? -1.0 : 1.0
    if let atom = (0..<found.count).first(where: { n in
      var step = found.positions[n].components - sign * expected.positions[n].components
      step -= step.rounded(.toNearestOrEven)
      return max(step.x.magnitude, step.y.magnitude, step.z.magnitude) > RecordLint.tolerance
    }) {
      return differ(
        "atom \(atom + 1) (\(found.species[atom].element)) is not where \(name) has it")
    }
    if let labels = expected.labels, let own = found.labels,
      let atom = (0..<found.count).first(where: { own[$0] != labels[$0] })
    {
      return differ("atom \(atom + 1) has the label \(own[atom]), but \(labels[atom]) in \(name)")
    }
  }

  private func vectors(_ lattice: Lattice) -> [Double] {
    let (sizes, angles) = (lattice.lengths, lattice.anglesDegrees)
    return [sizes.x, sizes.y, sizes.z, angles.x, angles.y, angles.z]
  }
}
