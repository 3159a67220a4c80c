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

  /// The file of the atoms: POSCAR, or that of the first image of a path.
  let poscarFile: String

  /// The atoms, nil if the POSCAR cannot be read.
  private(set) var structure: Structure?

  /// Where the parts of the POSCAR stand.
  private(set) var poscar: PoscarLines?

  /// Checks the files of a folder.
  init(_ folder: LintFolder) {
    self.folder = folder
    incar = IncarFile(folder.text("INCAR") ?? "")
    potcar = PotcarLabels(folder)
    poscarFile = incar.integer("IMAGES", default: 0) > 0 ? "00/POSCAR" : "POSCAR"
    summary.file = poscarFile
    if var text = folder.text(poscarFile) {
      text = VASPLint.withSymbols(text, potcar)
      do {
        structure = try POSCAR.read(text, source: poscarFile).structure
      } catch {
        report.add(error, poscarFile)
      }
      if structure != nil { poscar = PoscarLines(text) }
    } else {
      report.add(.missingFile, poscarFile, nil, "there is no \(poscarFile)")
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
    checkImages()
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

  /// A POSCAR with the symbols of POTCAR behind its counts, if it is one of VASP 4 without symbols.
  ///
  /// They stand in the comment line, from which the reader takes them, so that lines keep their numbers.
  private static func withSymbols(_ text: String, _ potcar: PotcarLabels?) -> String {
    let lines = PoscarLines(text)
    let elements = potcar?.potentials.compactMap(\.element) ?? []
    guard lines.symbolsLine == nil, !elements.isEmpty, elements.count == lines.counts.count else {
      return text
    }
    let rest = text.drop { !$0.isNewline }
    return elements.map(\.symbol).joined(separator: " ") + rest
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
        .leftHanded, poscarFile, 3, "the lattice vectors are left-handed: a · (b × c) is negative",
        hint: "exchange two vectors together with the coordinates, or turn all three around")
    }
    let first = poscar.firstAtomLine
    StructureLint.checkDistances(structure, file: poscarFile, lineOfAtom: { first + $0 }, &report)
    if poscar.selectiveLine == nil, poscar.hasFlags {
      report.add(
        .selectiveDynamics, poscarFile, first,
        "flags T or F behind the coordinates, but no line Selective dynamics: VASP skips them",
        hint: "insert Selective dynamics above Direct or Cartesian")
    }
    guard let line = poscar.selectiveLine, incar.integer("NSW", default: 0) > 0 else { return }
    if let column = structure[column: Column.Name.free], case .logical(let flags) = column.values {
      if !flags.contains(true) {
        report.add(
          .selectiveDynamics, poscarFile, line, "all atoms are fixed, but NSW asks for steps")
      } else if incar.integer("ISIF", default: 2) >= 3 {
        report.add(
          .selectiveDynamics, poscarFile, line,
          "fixed atoms while the cell relaxes (ISIF \(incar.integer("ISIF", default: 2))): their "
            + "fractional coordinates stay, their positions do not", hint: "use ISIF = 2")
      }
    }
  }

  /// Checks the other images of a path between two arrangements.
  private mutating func checkImages() {
    guard let structure, case let images = incar.integer("IMAGES", default: 0), images > 0 else {
      return
    }
    for image in 1...min(images + 1, 99) {
      let file = "\(image < 10 ? "0" : "")\(image)/POSCAR"
      guard let text = folder.text(file) else {
        report.add(
          .missingFile, file, nil, "there is no \(file), which IMAGES = \(images) asks for",
          hint: "two ends and \(counted(images, "image")) between them, in folders from 00 on")
        continue
      }
      do {
        let other = try POSCAR.read(text, source: file).structure
        let first = PoscarLines(text).firstAtomLine
        StructureLint.checkDistances(other, file: file, lineOfAtom: { first + $0 }, &report)
        if other.species.map(\.element) != structure.species.map(\.element) {
          report.add(
            .images, file, nil, "the atoms are not those of \(poscarFile), in the same order")
        }
      } catch {
        report.add(error, file)
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
