internal import Crystal
internal import Handoff
internal import Report
internal import StructureIO

extension CollectRun {
  /// Writes all files.
  ///
  /// `energies.csv` is left out if no result counts.
  ///
  /// - Parameters:
  ///   - folder: Where they go.
  ///   - started: When the work began, ISO 8601.
  /// - Throws: ``InputError`` if one cannot be written.
  public func write(to folder: OutputFolder, started: String) throws {
    for calculation in calculations {
      guard let structure = calculation.structure else { continue }
      try folder.write(ExtendedXYZ.write(structure), to: CollectRun.structureName(calculation))
    }
    if !included.isEmpty {
      try folder.write(
        csvText(header: GAResult.energyHeader, rows: included.map(energyRow)), to: "energies.csv")
    }
    try folder.write(
      csvText(header: CollectRun.resultHeader, rows: calculations.map(resultRow)),
      to: "results.csv")
    let moments = calculations.flatMap(momentRows)
    if !moments.isEmpty {
      try folder.write(csvText(header: CollectRun.momentHeader, rows: moments), to: "moments.csv")
    }
    try folder.write(jsonText(json), to: "summary.json")
    let inputs = calculations.reduce(into: [:]) { $0.merge($1.inputs) { $1 } }
    try folder.write(
      jsonText(
        Manifest(
          cellgen: cellgenVersion, command: "collect", specification: specification,
          inputs: inputs, started: started, finished: timestamp())),
      to: OutputFolder.manifestName)
  }

  private static func structureName(_ calculation: CollectedCalculation) -> String {
    "structures/\(calculation.id).extxyz"
  }

  private func energyRow(_ calculation: CollectedCalculation) -> [String] {
    [
      calculation.id, calculation.composition.map { "\($0)" } ?? "",
      calculation.atomCount.map { CollectRun.short($0) } ?? "",
      CollectRun.text(calculation.result?.energy), CollectRun.text(calculation.energyPerAtom),
      calculation.source,
      calculation.structure == nil ? "" : CollectRun.structureName(calculation),
    ]
  }

  private static let resultHeader = [
    "id", "state", "counts", "energy_eV", "energy_per_atom_eV", "largest_force_eV_A",
    "pressure_GPa", "ionic_steps", "moment_muB", "largest_displacement_A", "wall_s", "version",
    "file", "message",
  ]

  private func resultRow(_ calculation: CollectedCalculation) -> [String] {
    let result = calculation.result
    let pressure = result?.pressure.map { $0 / UnitFactor.gigapascal }
    let numbers = [
      result?.energy, calculation.energyPerAtom, result?.largestForce, pressure,
      result?.ionicSteps.map(Double.init), result?.totalMoment ?? result?.moments?.reduce(0, +),
      calculation.largestDisplacement, result?.wallTime,
    ]
    return [
      calculation.id, result?.state.name ?? "not-read", calculation.exclusion == nil ? "yes" : "no",
    ] + numbers.map(CollectRun.text) + [
      result?.version ?? "", result?.file ?? calculation.path, calculation.exclusion?.reason ?? "",
    ]
  }

  private static let momentHeader = [
    "id", "atom", "species", "label", "moment_muB", "oxidation_state_by_moment", "agrees",
  ]

  private func momentRows(_ calculation: CollectedCalculation) -> [[String]] {
    guard let check = calculation.oxidation else { return [] }
    return check.atoms.map { atom in
      let finding =
        switch atom.finding {
        case .state(let state): "\(state)"
        case .unclear: "unclear"
        case .unknown: ""
        }
      return [
        calculation.id, "\(atom.index + 1)", "\(atom.species)",
        calculation.structure?.labels?[atom.index] ?? "", "\(atom.moment)", finding,
        atom.agrees.map { $0 ? "yes" : "no" } ?? "",
      ]
    }
  }

  /// A number, or nothing; whole ones without a point.
  private static func text(_ value: Double?) -> String { value.map(short) ?? "" }

  private static func short(_ value: Double) -> String {
    Int(exactly: value).map { "\($0)" } ?? "\(value)"
  }
}
