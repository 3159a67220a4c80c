internal import Crystal

/// Inputs of ABINIT.
///
/// Reference: https://docs.abinit.org/variables/
enum AbinitDeck {
  static func deck(_ atoms: DeckAtoms, title: String, setup: Deck.Setup) throws -> Deck {
    let calculation = setup.calculation
    let (kinds, kindOfAtom) = atoms.kinds(byMoment: false)
    var pseudopotentials: [Pseudopotential] = []
    for kind in kinds { pseudopotentials.append(try setup.pseudopotential(kind.element)) }
    var notes: [String] = []
    let others = pseudopotentials.filter {
      $0.functional.map { $0 != calculation.functional.rawValue } ?? false
    }
    for other in Set(others.map(\.name)).sorted() {
      notes.append("\(other) was not made with \(calculation.functional.rawValue)")
    }
    if atoms.hasHubbard, !pseudopotentials.contains(where: \.isPAW) {
      throw InputError(
        "ABINIT has a Hubbard U only with PAW data sets",
        hint: "give --pseudopotentials a folder of PAW data sets, or --u \(uText(kinds))")
    }
    var values = values(atoms, kinds, calculation)
    values["title"] = .text(title)
    values["pseudo_dir"] = .text(setup.pseudopotentialFolder ?? "")
    values["pseudos"] = .text(pseudopotentials.map(\.name).joined(separator: ", "))
    values["typat"] = .text(shortened(kindOfAtom.map { "\($0 + 1)" }))
    let text = try setup.rendered("run.abi", values)
    var tags = calculation.tags[.abinit] ?? []
    if pseudopotentials.contains(where: \.isPAW),
      !tags.contains(where: { $0.name.lowercased() == "pawecutdg" })
    {
      tags.append(
        Calculation.Tag(
          "pawecutdg", deckNumber(3 * calculation.cutoff / UnitFactor.hartree, digits: 6)))
    }
    let merged = try TagLines.merged(text, tags, code: .abinit)
    return Deck([Deck.File(name: "run.abi", text: merged)], atoms, setup, notes: notes)
  }

  private static func uText(_ kinds: [DeckAtoms.Kind]) -> String {
    Set(kinds.filter { $0.hubbard != 0 }.map { "\($0.element)=0" }).sorted().joined(separator: ",")
  }

  private static func values(
    _ atoms: DeckAtoms, _ kinds: [DeckAtoms.Kind], _ calculation: Calculation
  ) -> [String: DeckTemplate.Value] {
    let structure = atoms.structure
    let force = calculation.forceTolerance * UnitFactor.bohr / UnitFactor.hartree
    // Positive under compression, as strtarget wants it: minus the pressure on the diagonal.
    let pressure =
      -calculation.pressureGPa * UnitFactor.gigapascal * UnitFactor.bohr * UnitFactor.bohr
      * UnitFactor.bohr / UnitFactor.hartree
    let shells = kinds.map { $0.hubbard == 0 ? -1 : HubbardShell($0.element).angularMomentum }
    return [
      "cutoff_Ha": .text(deckNumber(calculation.cutoff / UnitFactor.hartree, digits: 6)),
      // The local density is that of the pseudopotentials, of which there are several forms.
      "ixc": .text(
        [.pbe: "11", .pbesol: "-116133", .scan: "-263267", .r2scan: "-497498"][
          calculation.functional] ?? ""),
      "vdw_xc": .text([.d2: "5", .d3: "6", .d3bj: "7"][calculation.dispersion] ?? ""),
      "electronic_steps": .text("\(calculation.electronicSteps)"),
      "energy_tolerance_Ha": .text(
        deckNumber(calculation.energyTolerance / UnitFactor.hartree, digits: 4)),
      "scf_force_tolerance_Ha_bohr": .text(deckNumber(force / 10, digits: 4)),
      "force_tolerance_Ha_bohr": .text(deckNumber(force, digits: 4)),
      "grid": .text(deckVector(calculation.kPoints.grid(structure.lattice))),
      "smearing": .flag(calculation.smearing != .none),
      "occopt": .text(
        [.gaussian: "7", .fermi: "3", .methfesselPaxton: "6"][calculation.smearing] ?? "1"),
      "width_Ha": .text(deckNumber(calculation.smearingWidth / UnitFactor.hartree, digits: 4)),
      "spin": .flag(atoms.isSpinPolarised),
      "total_moment": .text("\(Int(atoms.moments.reduce(0, +).rounded(.toNearestOrEven)))"),
      "spinat": .text(
        atoms.moments.map { "  0 0 \(deckNumber($0))" }.joined(separator: "\n")),
      "hubbard": .flag(atoms.hasHubbard),
      "lpawu": .text(shells.map(String.init).joined(separator: " ")),
      "upawu": .text(kinds.map { deckNumber($0.hubbard) }.joined(separator: " ")),
      "jpawu": .text(kinds.map { _ in "0" }.joined(separator: " ")),
      "relaxes": .flag(calculation.relaxing != .none),
      "relaxes_cell": .flag(calculation.relaxing == .cell),
      "steps": .text("\(calculation.steps)"),
      "stress_target": .text(
        shortened([String](repeating: deckNumber(pressure, digits: 5), count: 3) + ["0", "0", "0"])),
      "iatfix": .text(fixedAtoms(structure)),
      "cell": .text(
        structure.lattice.vectors.map { "  \(deckVector($0))" }.joined(separator: "\n")),
      "nat": .text("\(structure.count)"),
      "ntyp": .text("\(kinds.count)"),
      "znucl": .text(kinds.map { "\($0.element.atomicNumber)" }.joined(separator: " ")),
      "positions": .text(
        structure.positions.map { "  \(deckVector($0.components))" }.joined(separator: "\n")),
    ]
  }

  private static func fixedAtoms(_ structure: Structure) -> String {
    guard let free = freeFlags(structure) else { return "" }
    var lines: [String] = []
    for (axis, letter) in ["x", "y", "z"].enumerated() {
      let atoms = (0..<structure.count).filter { !free[3 * $0 + axis] }.map { "\($0 + 1)" }
      if !atoms.isEmpty {
        lines.append("natfix\(letter) \(atoms.count)")
        lines.append("iatfix\(letter) \(atoms.joined(separator: " "))")
      }
    }
    return lines.joined(separator: "\n")
  }
}
