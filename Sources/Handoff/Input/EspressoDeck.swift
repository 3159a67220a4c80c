internal import Crystal

/// Inputs of `pw.x` of Quantum ESPRESSO.
///
/// Hubbard U goes into the card `HUBBARD` of version 7.1 and later; with the tag `hubbard_syntax: namelist`
/// into the namelist of earlier ones.
///
/// Reference: https://www.quantum-espresso.org/Doc/INPUT_PW.html
enum EspressoDeck {
  /// The tag that is no variable of pw.x.
  private static let syntaxTag = "hubbard_syntax"

  static func deck(
    _ atoms: DeckAtoms, title: String, setup: Deck.Setup, path: [Structure] = []
  ) throws -> Deck {
    let calculation = setup.calculation
    let (kinds, kindOfAtom) = atoms.kinds(byMoment: true)
    var notes: [String] = []
    var pseudopotentials: [Pseudopotential] = []
    for kind in kinds { pseudopotentials.append(try setup.pseudopotential(kind.element)) }
    let others = pseudopotentials.filter {
      $0.functional.map { $0 != calculation.functional.rawValue } ?? false
    }
    for other in Set(others.map(\.name)).sorted() {
      notes.append("\(other) was not made with \(calculation.functional.rawValue)")
    }
    let all = calculation.tags[.qe] ?? []
    let syntax = all.last { $0.name == syntaxTag }?.value ?? "card"
    guard ["card", "namelist"].contains(syntax) else {
      throw InputError(
        "\"\(syntax)\" is no syntax of Hubbard U", at: "qe.\(syntaxTag)",
        hint: "write card for version 7.1 and later, namelist for earlier ones")
    }
    var values = values(atoms, kinds, pseudopotentials, calculation)
    values["title"] = .text(title)
    values["pseudo_dir"] = .text(setup.pseudopotentialFolder ?? "")
    // Each file tells its functional: it is only overruled where they differ.
    values["input_dft"] = .text(
      !others.isEmpty || calculation.functional.isMetaGGA
        ? inputDFT(calculation.functional) : "")
    values["old_hubbard"] = .flag(atoms.hasHubbard && syntax == "namelist")
    values["new_hubbard"] = .flag(atoms.hasHubbard && syntax == "card")
    values["cell"] = .text(
      atoms.structure.lattice.vectors.map { "  \(deckVector($0))" }.joined(separator: "\n"))
    let names = kindOfAtom.map { kinds[$0].name }
    values["positions"] = .text(
      path.isEmpty ? positions(atoms.structure, names) : positions(path: path, names))
    if !path.isEmpty {
      values["neb"] = .flag(true)
      values["images_all"] = .text("\(path.count)")
      values["relaxes"] = .flag(false)
      values["relaxes_cell"] = .flag(false)
    }
    let text = try setup.rendered("pw.in", values)
    let merged = try TagLines.merged(text, all.filter { $0.name != syntaxTag }, code: .qe)
    let name = path.isEmpty ? SimulationCode.qe.inputFile : "neb.in"
    var deck = Deck([Deck.File(name: name, text: merged)], atoms, setup, notes: notes)
    if !path.isEmpty { deck.command = ["neb.x", "-inp", name] }
    return deck
  }

  private static func inputDFT(_ functional: Calculation.Functional) -> String {
    switch functional {
    case .lda: "PZ"
    case .pbe: "PBE"
    case .pbesol: "PBESOL"
    case .scan: "SCAN"
    case .r2scan: "R2SCAN"
    }
  }

  /// The cards of the images of a path.
  private static func positions(path: [Structure], _ names: [String]) -> String {
    var lines = ["BEGIN_POSITIONS"]
    for (image, structure) in path.enumerated() {
      lines.append(
        image == 0
          ? "FIRST_IMAGE" : image == path.count - 1 ? "LAST_IMAGE" : "INTERMEDIATE_IMAGE")
      lines.append(positions(structure, names))
    }
    return (lines + ["END_POSITIONS"]).joined(separator: "\n")
  }

  private static func positions(_ structure: Structure, _ names: [String]) -> String {
    let free = freeFlags(structure)
    var lines = ["ATOMIC_POSITIONS crystal"]
    for n in 0..<structure.count {
      let flags = free.map {
        " " + $0[(3 * n)..<(3 * n + 3)].map { $0 ? "1" : "0" }.joined(separator: " ")
      }
      lines.append(
        "  \(names[n]) \(deckVector(structure.positions[n].components))"
          + (flags ?? ""))
    }
    return lines.joined(separator: "\n")
  }

  private static func values(
    _ atoms: DeckAtoms, _ kinds: [DeckAtoms.Kind], _ pseudopotentials: [Pseudopotential],
    _ calculation: Calculation
  ) -> [String: DeckTemplate.Value] {
    let grid = calculation.kPoints.grid(atoms.structure.lattice)
    let waves = deckNumber(calculation.cutoff / UnitFactor.rydberg, digits: 6)
    // Of the cutoff as it is written, so that rounding does not make it less than four times as much.
    let density =
      (NumberReader.real(waves) ?? 0) * (pseudopotentials.contains(where: \.isSoft) ? 10 : 4)
    let forceUnit = UnitFactor.rydberg / UnitFactor.bohr
    let energy = calculation.energyTolerance / UnitFactor.rydberg
    // The starting magnetisation is a fraction of the valence electrons.
    let magnetization = kinds.indices.filter { kinds[$0].moment != 0 }.map { index in
      let valence = pseudopotentials[index].valence ?? usualValence
      let fraction = max(-1, min(1, kinds[index].moment / valence))
      return "starting_magnetization(\(index + 1)) = \(deckNumber(fraction, digits: 4))"
    }
    let withHubbard = kinds.indices.filter { kinds[$0].hubbard != 0 }
    let smearing: String =
      switch calculation.smearing {
      case .none: ""
      case .gaussian: "gaussian"
      case .fermi: "fermi-dirac"
      case .methfesselPaxton: "methfessel-paxton"
      }
    return [
      "calculation": .text(
        ["none": "scf", "ions": "relax", "cell": "vc-relax"][calculation.relaxing.rawValue] ?? ""),
      "step_tolerance_Ry": .text(deckNumber(10 * energy, digits: 4)),
      "force_tolerance_Ry_bohr": .text(
        deckNumber(calculation.forceTolerance / forceUnit, digits: 4)),
      "force_tolerance_eV_A": .text(deckNumber(calculation.forceTolerance)),
      "steps": .text("\(calculation.steps)"),
      "nat": .text("\(atoms.structure.count)"),
      "ntyp": .text("\(kinds.count)"),
      "cutoff_Ry": .text(waves),
      "density_cutoff_Ry": .text(deckNumber(density, digits: 7)),
      "vdw_corr": .text(
        [.d2: "grimme-d2", .d3: "grimme-d3", .d3bj: "grimme-d3"][calculation.dispersion] ?? ""),
      "dftd3_version": .text([.d3: "3", .d3bj: "4"][calculation.dispersion] ?? ""),
      "smearing": .text(smearing),
      "degauss_Ry": .text(deckNumber(calculation.smearingWidth / UnitFactor.rydberg, digits: 4)),
      "spin": .flag(atoms.isSpinPolarised),
      "total_moment": .text("\(Int(atoms.moments.reduce(0, +).rounded(.toNearestOrEven)))"),
      "magnetization": .list(magnetization),
      "old_hubbard_lines": .list(
        withHubbard.map { "Hubbard_U(\($0 + 1)) = \(deckNumber(kinds[$0].hubbard))" }),
      "new_hubbard_lines": .list(
        withHubbard.map {
          "U \(kinds[$0].name)-\(HubbardShell(kinds[$0].element).name) "
            + deckNumber(kinds[$0].hubbard)
        }),
      "energy_tolerance_Ry": .text(deckNumber(energy, digits: 4)),
      "electronic_steps": .text("\(calculation.electronicSteps)"),
      "relaxes": .flag(calculation.relaxing != .none),
      "relaxes_cell": .flag(calculation.relaxing == .cell),
      "pressure_kbar_or_0": .text(deckNumber(10 * calculation.pressureGPa)),
      "species": .list(
        kinds.indices.map {
          "\(kinds[$0].name) \(kinds[$0].element.mass) \(pseudopotentials[$0].name)"
        }),
      // At Γ alone, wave functions are real and half the work; not with a U or another functional.
      "gamma": .flag(grid == SIMD3(1, 1, 1)),
      "grid": .text(deckVector(grid)),
      "neb": .flag(false),
      "images_all": .text(""),
    ]
  }

  /// For an element whose pseudopotential was not looked at.
  private static let usualValence = 12.0
}

/// The flags of coordinates that may move, 3 × n; nil if there are none.
func freeFlags(_ structure: Structure) -> [Bool]? {
  guard let column = structure[column: Column.Name.free], column.width == 3,
    case .logical(let values) = column.values
  else { return nil }
  return values
}
