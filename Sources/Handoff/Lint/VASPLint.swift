internal import Crystal
internal import StructureIO

/// Checks an input set of VASP: INCAR, POSCAR, KPOINTS, and POTCAR or a list of its labels.
///
/// Reference: https://www.vasp.at/wiki
struct VASPLint {
  let folder: LintFolder
  let incar: IncarFile
  let potcar: PotcarLabels?
  var report = LintReport()
  private(set) var summary = DeckSummary(file: "POSCAR")

  /// The atoms, nil if the POSCAR cannot be read.
  private(set) var structure: Structure?

  /// Where the parts of the POSCAR stand.
  private(set) var poscar: PoscarLines?

  /// Checks the files of a folder.
  init(_ folder: LintFolder) {
    self.folder = folder
    incar = IncarFile(folder.text("INCAR") ?? "")
    potcar = PotcarLabels(folder)
    if let text = folder.text("POSCAR") {
      do {
        structure = try POSCAR.read(text, source: "POSCAR").structure
      } catch {
        report.add(error, "POSCAR")
      }
      if structure != nil { poscar = PoscarLines(text) }
    } else {
      report.add(.missingFile, "POSCAR", nil, "there is no POSCAR")
    }
    if folder.isFile("INCAR") {
      checkTags()
      checkElectrons()
      checkMotion()
      checkKPoints()
    } else {
      report.add(.missingFile, "INCAR", nil, "there is no INCAR")
    }
    checkPOSCAR()
    checkPotentials()
    if let structure, let poscar {
      if folder.isFile("INCAR") {
        checkMoments(structure)
        checkHubbard(species: species(poscar))
      }
      checkElectronNumber()
    }
    summarise()
  }

  /// The element of each group of atoms, as VASP counts species.
  func species(_ poscar: PoscarLines) -> [Element] {
    guard let structure else { return [] }
    var (species, atom) = ([Element](), 0)
    for count in poscar.counts where atom + count <= structure.count {
      if count > 0 {
        species.append(structure.species[atom].element)
      } else if species.count < poscar.symbols.count,
        let element = leadingElement(poscar.symbols[species.count])
      {
        // VASP keeps the potential of a species without atoms.
        species.append(element)
      }
      atom += count
    }
    return species
  }

  private mutating func checkPOSCAR() {
    guard let structure, let poscar else { return }
    if !structure.lattice.isRightHanded {
      report.add(
        .leftHanded, "POSCAR", 3, "the lattice vectors are left-handed: a · (b × c) is negative",
        hint: "exchange two vectors together with the coordinates, or turn all three around")
    }
    let first = poscar.firstAtomLine
    StructureLint.checkDistances(structure, file: "POSCAR", lineOfAtom: { first + $0 }, &report)
    if poscar.selectiveLine == nil, poscar.hasFlags {
      report.add(
        .selectiveDynamics, "POSCAR", first,
        "flags T or F behind the coordinates, but no line Selective dynamics: VASP skips them",
        hint: "insert Selective dynamics above Direct or Cartesian")
    }
    guard let line = poscar.selectiveLine, incar.integer("NSW", default: 0) > 0 else { return }
    if let column = structure[column: Column.Name.free], case .logical(let flags) = column.values {
      if !flags.contains(true) {
        report.add(
          .selectiveDynamics, "POSCAR", line, "all atoms are fixed, but NSW asks for steps")
      } else if incar.integer("ISIF", default: 2) >= 3 {
        report.add(
          .selectiveDynamics, "POSCAR", line,
          "fixed atoms while the cell relaxes (ISIF \(incar.integer("ISIF", default: 2))): their "
            + "fractional coordinates stay, their positions do not", hint: "use ISIF = 2")
      }
    }
  }

  private mutating func checkPotentials() {
    guard let potcar else {
      report.add(
        .potcarMissing, "POTCAR", nil, "there is neither POTCAR nor a list of its labels",
        hint: "join the potentials in the order of the species in POSCAR")
      return
    }
    guard let poscar else { return }
    let (found, expected) = (potcar.potentials.map(\.element), species(poscar))
    if found != expected.map(Optional.some) {
      let wrong = zip(found, expected).enumerated().first { $0.element.0 != $0.element.1 }?.offset
      let line = wrong.map { potcar.potentials[$0].line } ?? potcar.potentials.last?.line
      report.add(
        .poscarPotcar, potcar.file, line,
        "the potentials are \(potcar.potentials.map(\.label).joined(separator: " ")), but POSCAR "
          + "has the species \(expected.map(\.symbol).joined(separator: " "))",
        hint: "one potential per species, in the same order")
    }
  }

  private mutating func checkElectronNumber() {
    let valences = potcar?.potentials.compactMap(\.valence) ?? []
    guard let poscar, let potcar, valences.count == potcar.potentials.count,
      valences.count == poscar.counts.count
    else {
      if incar.entry("NELECT") != nil { summary.charge = nil }
      return
    }
    let neutral = zip(valences, poscar.counts).reduce(0) { $0 + $1.0 * Double($1.1) }
    guard let electrons = incar.real("NELECT"), (electrons - neutral).magnitude > 1e-6 else {
      return
    }
    summary.charge = neutral - electrons
    report.add(
      .nelect, "INCAR", incar.line("NELECT"),
      "NELECT is \(fixed(electrons, 3)), while neutral atoms have \(fixed(neutral, 3)) electrons: "
        + "the charge of the cell is \(StructureLint.signed(neutral - electrons)) e")
  }

  private mutating func summarise() {
    summary.structure = structure
    summary.line = poscar?.countsLine
    if folder.isFile("INCAR") {
      summary.cutoffEV = incar.real("ENCUT")
      summary.isSpinPolarised = incar.integer("ISPIN", default: 1) == 2
    }
    summary.settingsFile = "INCAR"
    if let potcar {
      for potential in potcar.potentials {
        if let element = potential.element {
          summary.pseudopotentials[element.symbol] = potential.label
        }
      }
    }
  }
}
