internal import Crystal

/// Inputs of CP2K: GPW with MOLOPT basis sets and GTH pseudopotentials.
///
/// Basis set and pseudopotential of an element have the same number of electrons in their names, `q10`:
/// CP2K refuses other pairs.
///
/// Reference: https://manual.cp2k.org
enum CP2KDeck {
  /// The tag that is no keyword of CP2K: the basis set without the number of electrons.
  private static let basisTag = "basis"
  private static let usualBasis = "DZVP-MOLOPT-SR-GTH"

  /// Cutoff of the density grid, Ry.
  static let gridCutoff = 500.0
  private static let gridTag = "FORCE_EVAL/DFT/MGRID/CUTOFF"

  static func deck(_ atoms: DeckAtoms, title: String, setup: Deck.Setup) throws -> Deck {
    let calculation = setup.calculation
    let (kinds, kindOfAtom) = atoms.kinds(byMoment: true)
    let all = calculation.tags[.cp2k] ?? []
    let basis = all.last { $0.name == basisTag }?.value ?? usualBasis
    var electrons = 0.0
    var sections: [String] = []
    let potential = calculation.functional == .lda ? "GTH-PADE" : "GTH-PBE"
    for kind in kinds {
      let pseudopotential = try setup.pseudopotential(kind.element)
      guard pseudopotential.valence != nil else {
        throw InputError(
          "\"\(pseudopotential.name)\" is no number of electrons",
          at: "pseudopotentials.cp2k.\(kind.element)", hint: "write q10 for ten electrons")
      }
      sections.append(
        section(
          kind, basis: "\(basis)-\(pseudopotential.name)",
          potential: "\(potential)-\(pseudopotential.name)"))
    }
    for index in kindOfAtom {
      electrons += try setup.pseudopotential(kinds[index].element).valence ?? 0
    }
    var values = values(atoms, calculation, electrons: electrons)
    values["title"] = .text(title)
    values["kinds"] = .text(sections.joined(separator: "\n"))
    values["cell"] = .text(
      zip(["A", "B", "C"], atoms.structure.lattice.vectors)
        .map { "      \($0) \(deckVector($1))" }.joined(separator: "\n"))
    values["positions"] = .text(
      atoms.structure.positions.enumerated()
        .map { "      \(kinds[kindOfAtom[$0]].name) \(deckVector($1.components))" }
        .joined(separator: "\n"))
    values["constraints"] = .text(constraints(atoms.structure))
    let text = try setup.rendered("cp2k.inp", values)
    let merged = try TagLines.merged(text, all.filter { $0.name != basisTag }, code: .cp2k)
    let grid = all.last { $0.name.uppercased() == gridTag }.flatMap { NumberReader.real($0.value) }
    return Deck(
      [Deck.File(name: "cp2k.inp", text: merged)], atoms, setup,
      cutoff: (grid ?? gridCutoff) * UnitFactor.rydberg,
      notes: notes(calculation, atoms))
  }

  private static func notes(_ calculation: Calculation, _ atoms: DeckAtoms) -> [String] {
    var notes: [String] = []
    if atoms.moments.contains(where: { $0 != 0 && !isImposed($0) }) {
      notes.append("CP2K begins with moments below 1 Bohr magneton at 0")
    }
    if [.gaussian, .methfesselPaxton].contains(calculation.smearing) {
      notes.append(
        "CP2K smears by Fermi and Dirac: the temperature is the width of the "
          + "\(calculation.smearing.rawValue) smearing over the Boltzmann constant")
    }
    if ![.lda, .pbe].contains(calculation.functional) {
      notes.append("the pseudopotentials of CP2K were made with PBE")
    }
    return notes
  }

  private static func section(
    _ kind: DeckAtoms.Kind, basis: String, potential: String
  ) -> String {
    var lines = [
      "    &KIND \(kind.name)", "      ELEMENT \(kind.element.symbol)", "      BASIS_SET \(basis)",
      "      POTENTIAL \(potential)",
    ]
    if isImposed(kind.moment) { lines.append("      MAGNETIZATION \(deckNumber(kind.moment))") }
    if kind.hubbard != 0 {
      lines += [
        "      &DFT_PLUS_U", "        L \(HubbardShell(kind.element).angularMomentum)",
        "        U_MINUS_J [eV] \(deckNumber(kind.hubbard))", "      &END DFT_PLUS_U",
      ]
    }
    return (lines + ["    &END KIND"]).joined(separator: "\n")
  }

  /// Whether CP2K can begin with a moment: it refuses fractions on atoms with closed shells, such as the 0.6 of
  /// all other atoms of a preset.
  private static func isImposed(_ moment: Double) -> Bool { moment.magnitude >= 1 }

  private static func constraints(_ structure: Structure) -> String {
    guard let free = freeFlags(structure) else { return "" }
    let names = ["X", "Y", "Z"]
    var lines: [String] = []
    for n in 0..<structure.count {
      let fixed = (0..<3).filter { !free[3 * n + $0] }.map { names[$0] }.joined()
      if !fixed.isEmpty {
        lines += [
          "    &FIXED_ATOMS", "      COMPONENTS_TO_FIX \(fixed)", "      LIST \(n + 1)",
          "    &END FIXED_ATOMS",
        ]
      }
    }
    return lines.isEmpty
      ? "" : (["  &CONSTRAINT"] + lines + ["  &END CONSTRAINT"]).joined(separator: "\n")
  }

  private static func values(
    _ atoms: DeckAtoms, _ calculation: Calculation, electrons: Double
  ) -> [String: DeckTemplate.Value] {
    let grid = calculation.kPoints.grid(atoms.structure.lattice)
    let isGamma = grid == SIMD3(1, 1, 1)
    let smears = calculation.smearing != .none
    let functional: (plain: String, lines: [String]) =
      switch calculation.functional {
      case .lda: ("PADE", [])
      case .pbe: ("PBE", [])
      case .pbesol: ("NO_SHORTCUT", ["&PBE", "  PARAMETRIZATION PBESOL", "&END PBE"])
      case .scan:
        ("NO_SHORTCUT", ["&MGGA_X_SCAN", "&END MGGA_X_SCAN", "&MGGA_C_SCAN", "&END MGGA_C_SCAN"])
      case .r2scan:
        (
          "NO_SHORTCUT",
          ["&MGGA_X_R2SCAN", "&END MGGA_X_R2SCAN", "&MGGA_C_R2SCAN", "&END MGGA_C_R2SCAN"]
        )
      }
    // An odd number of electrons cannot have an even number of unpaired ones.
    let moment = atoms.moments.filter(isImposed).reduce(0, +)
    var unpaired = Int(moment.magnitude.rounded(.toNearestOrEven))
    if (Int(electrons) - unpaired) % 2 != 0 { unpaired += 1 }
    let kelvin = calculation.smearingWidth / Constants.boltzmann
    return [
      "run_type": .text(
        ["none": "ENERGY_FORCE", "ions": "GEO_OPT", "cell": "CELL_OPT"][
          calculation.relaxing.rawValue] ?? ""),
      "spin": .flag(atoms.isSpinPolarised),
      "multiplicity": .text("\(unpaired + 1)"),
      "hubbard": .flag(atoms.hasHubbard),
      "grid_cutoff_Ry": .text(deckNumber(gridCutoff)),
      // The criterion of CP2K is the largest change of the density matrix, not an energy.
      "scf_tolerance": .text(deckNumber(min(1e-5, max(1e-8, calculation.energyTolerance)))),
      // With orbital transformation these are the steps between new preconditioners.
      "electronic_steps": .text(
        "\(isGamma && !smears ? min(30, calculation.electronicSteps) : calculation.electronicSteps)"
      ),
      "orbital_transformation": .flag(isGamma && !smears),
      "outer_steps": .text("\(max(1, calculation.electronicSteps / 30))"),
      "added_orbitals": .text(smears ? "\(max(10, Int(electrons / 10)))" : "0"),
      "smearing": .flag(smears),
      "electronic_temperature_K": .text(deckNumber(kelvin, digits: 5)),
      "functional_section": .text("&XC_FUNCTIONAL \(functional.plain)"),
      "functional_lines": .list(functional.lines),
      "dispersion_type": .text(
        [.d2: "DFTD2", .d3: "DFTD3", .d3bj: "DFTD3(BJ)"][calculation.dispersion] ?? ""),
      "dispersion_functional": .text(calculation.functional.rawValue.uppercased()),
      "gamma": .flag(isGamma),
      "grid": .text(deckVector(grid)),
      // The points of CP2K are (2i - n - 1)/2n; those of an even grid are moved onto Γ.
      "grid_shift": .text(
        (0..<3).map { grid[$0].isMultiple(of: 2) ? "\(1 / Double(2 * grid[$0]))" : "0" }
          .joined(separator: " ")),
      "relaxes": .flag(calculation.relaxing != .none),
      "relaxes_cell": .flag(calculation.relaxing == .cell),
      "steps": .text("\(calculation.steps)"),
      "force_tolerance_Ha_bohr": .text(
        deckNumber(calculation.forceTolerance * UnitFactor.bohr / UnitFactor.hartree, digits: 4)),
      "pressure_bar": .text(deckNumber(1e4 * calculation.pressureGPa)),
    ]
  }
}
