internal import Crystal
internal import Engines
internal import StructureIO

/// Inputs of LAMMPS with the built-in interactions: commands, data file with charges, tables.
///
/// Reference: https://docs.lammps.org
enum LAMMPSDeck {
  static func deck(
    _ structure: Structure, title: String, setup: Deck.Setup, model: LAMMPSModel
  ) throws -> Deck {
    let calculation = setup.calculation
    guard (calculation.tags[.lammps] ?? []).isEmpty else {
      throw InputError(
        "LAMMPS has commands, not tags", at: "lammps",
        hint: "edit a copy of the template and give its folder with --templates")
    }
    var atoms = structure.withoutVacancies()
    for (n, species) in model.species.enumerated() { atoms.setSpecies(species, at: n) }
    atoms.charges = model.charges
    let input = model.input(data: "structure.data", tables: "pairs.table")
    let isTriclinic = !isRectangular(atoms.lattice)
    let text = try setup.rendered(
      "in.lammps",
      [
        "title": .text(title),
        "model": .text(input.lines.joined(separator: "\n")),
        "relaxes": .flag(calculation.relaxing != .none),
        "relaxes_cell": .flag(calculation.relaxing == .cell),
        "box": .text(isTriclinic ? "tri" : "aniso"),
        "pressure_bar_or_0": .text(deckNumber(1e4 * calculation.pressureGPa)),
        "force_tolerance_eV_A": .text(deckNumber(calculation.forceTolerance)),
        "steps": .text("\(calculation.steps)"),
        "evaluations": .text("\(10 * calculation.steps)"),
      ])
    var files = [
      Deck.File(name: "in.lammps", text: text),
      Deck.File(name: "structure.data", text: try LAMMPSData.write(atoms)),
    ]
    if let tables = input.tables { files.append(Deck.File(name: "pairs.table", text: tables)) }
    var settings = CalculationSettings()
    settings.code = .lammps
    settings.functional = setup.modelName
    return Deck(
      files: files, structure: atoms, settings: settings, command: SimulationCode.lammps.command,
      charge: 0, notes: [])
  }

  private static func isRectangular(_ lattice: Lattice) -> Bool {
    let angles = lattice.anglesDegrees
    return (0..<3).allSatisfy { (angles[$0] - 90).magnitude < 1e-9 }
  }
}
