internal import Crystal
internal import StructureIO

/// Inputs of VASP: INCAR, KPOINTS, POSCAR, the list of POTCAR labels, and the POTCAR itself if the user has
/// the data sets.
///
/// Reference: https://www.vasp.at/wiki/INCAR
enum VASPDeck {
  static func deck(
    _ atoms: DeckAtoms, title: String, setup: Deck.Setup, path: [Structure] = []
  ) throws -> Deck {
    let calculation = setup.calculation
    // One species of the POSCAR for each element and U: moments are given atom by atom.
    let (kinds, kindOfAtom) = atoms.kinds(byMoment: false)
    var labels: [String] = []
    for kind in kinds { labels.append(try setup.pseudopotential(kind.element).name) }
    let grid = calculation.kPoints.grid(atoms.structure.lattice)
    let text = try setup.rendered(
      "INCAR", values(atoms, kinds, calculation, title: title, images: max(0, path.count - 2)))
    var files = [
      Deck.File(
        name: "INCAR", text: try TagLines.merged(text, calculation.tags[.vasp] ?? [], code: .vasp)),
      Deck.File(
        name: "KPOINTS",
        text: try setup.rendered(
          "KPOINTS",
          ["kpoints": .text(calculation.kPoints.description), "grid": .text(deckVector(grid))])),
      Deck.File(name: "POTCAR.labels", text: labels.joined(separator: "\n") + "\n"),
    ]
    // VASP reads the images of a path from folders 00, 01 and so on.
    for (image, structure) in path.enumerated() {
      files.append(
        Deck.File(
          name: "\(image < 10 ? "0" : "")\(image)/POSCAR",
          text: try POSCAR.write(structure, kinds: kindOfAtom)))
    }
    if path.isEmpty {
      files.append(
        Deck.File(name: "POSCAR", text: try POSCAR.write(atoms.structure, kinds: kindOfAtom)))
    }
    if !setup.potcars.isEmpty {
      let parts = labels.map { setup.potcars[$0] ?? "" }
      files.append(Deck.File(name: "POTCAR", text: parts.joined()))
    }
    var deck = Deck(files, atoms, setup)
    if grid == SIMD3(1, 1, 1) { deck.command = ["vasp_gam"] }
    return deck
  }

  private static func values(
    _ atoms: DeckAtoms, _ kinds: [DeckAtoms.Kind], _ calculation: Calculation, title: String,
    images: Int
  ) -> [String: DeckTemplate.Value] {
    let shells = kinds.map { $0.hubbard == 0 ? -1 : HubbardShell($0.element).angularMomentum }
    let smearing: String =
      switch calculation.smearing {
      case .none, .gaussian: "0"
      case .fermi: "-1"
      case .methfesselPaxton: "1"
      }
    return [
      "title": .text(title),
      "cutoff_eV": .text(deckNumber(calculation.cutoff)),
      "energy_tolerance_eV": .text(deckNumber(calculation.energyTolerance)),
      "electronic_steps": .text("\(calculation.electronicSteps)"),
      "algo": .text(calculation.functional.isMetaGGA ? "All" : "Normal"),
      // Projection in real space pays off, and is accurate enough, in large cells.
      "lreal": .text(atoms.structure.count > 30 ? "Auto" : ".FALSE."),
      "gga": .text([.lda: "CA", .pbesol: "PS"][calculation.functional] ?? ""),
      "metagga": .text([.scan: "SCAN", .r2scan: "R2SCAN"][calculation.functional] ?? ""),
      "ivdw": .text([.d2: "10", .d3: "11", .d3bj: "12"][calculation.dispersion] ?? ""),
      "ismear": .text(smearing),
      // A width that cannot partially occupy anything but degenerate levels.
      "sigma": .text(
        deckNumber(calculation.smearing == .none ? 0.01 : calculation.smearingWidth)),
      "spin": .flag(atoms.isSpinPolarised),
      "magmom": .text(shortened(atoms.moments.map { deckNumber($0) })),
      "hubbard": .flag(atoms.hasHubbard),
      "ldaul": .text(shells.map(String.init).joined(separator: " ")),
      "ldauu": .text(kinds.map { deckNumber($0.hubbard) }.joined(separator: " ")),
      "ldauj": .text(kinds.map { _ in "0" }.joined(separator: " ")),
      "lmaxmix": .text("\(max(2, 2 * (shells.max() ?? 0)))"),
      "relaxes": .flag(calculation.relaxing != .none && images == 0),
      "isif": .text(calculation.relaxing == .cell ? "3" : "2"),
      "steps": .text("\(calculation.steps)"),
      "force_tolerance_eV_A": .text(deckNumber(calculation.forceTolerance)),
      "pressure_kbar": .text(
        calculation.pressureGPa == 0 ? "" : deckNumber(10 * calculation.pressureGPa)),
      "neb": .flag(images > 0),
      "static": .flag(calculation.relaxing == .none && images == 0),
      "images": .text("\(images)"),
    ]
  }
}

/// The shell on which an element has its Hubbard U.
struct HubbardShell {
  /// 1 for p, 2 for d, 3 for f.
  let angularMomentum: Int
  /// `3d`.
  let name: String

  init(_ element: Element) {
    let z = element.atomicNumber
    (angularMomentum, name) =
      switch z {
      case 21...32: (2, "3d")
      case 39...50: (2, "4d")
      case 57...71: (3, "4f")
      case 72...82: (2, "5d")
      case 89...103: (3, "5f")
      case 3...10: (1, "2p")
      case 11...18: (1, "3p")
      default: (1, z < 39 ? "4p" : z < 57 ? "5p" : "6p")
      }
  }
}
