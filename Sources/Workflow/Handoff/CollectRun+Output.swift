internal import Crystal
internal import Handoff
internal import Report

extension CollectRun {
  /// What was found, for people.
  public var text: String {
    var table = Table(columns: [
      "calculation", "formula", "state", "energy (eV/atom)", "largest force (eV/Å)",
      "pressure (GPa)", "moment (µB)",
    ])
    for calculation in calculations.prefix(CollectRun.mostRows) {
      let result = calculation.result
      let moment = result?.totalMoment ?? result?.moments?.reduce(0, +)
      table.append([
        calculation.id, calculation.composition.map { "\($0)" } ?? "",
        result?.state.name ?? "not-read", calculation.energyPerAtom.map { fixed($0, 5) } ?? "",
        result?.largestForce.map { fixed($0, 4) } ?? "",
        result?.pressure.map { fixed($0 / UnitFactor.gigapascal, 2) } ?? "",
        moment.map { fixed($0, 2) } ?? "",
      ])
    }
    let rest = calculations.count - CollectRun.mostRows
    let sources = Set(included.map(\.source)).sorted().joined(separator: "; ")
    return table.text + (rest > 0 ? "and \(rest) more in results.csv\n" : "")
      + "\(included.count) of \(calculations.count) energies"
      + (sources.isEmpty ? "\n" : ", \(sources)\n")
  }

  /// One paragraph for each result that does not count: what is the matter and what to do.
  public var exclusions: [String] {
    excluded.compactMap { calculation in
      calculation.exclusion.map { exclusion in
        "\(calculation.id) does not count: \(exclusion.reason)"
          + (exclusion.hint.map { "\nhint: \($0)" } ?? "")
      }
    }
  }

  private static let mostRows = 40

  /// The same for programs.
  public var json: JSONValue {
    .object([
      "cellgen": .text(cellgenVersion), "command": .text("collect"),
      "included": .integer(included.count),
      "calculations": .array(calculations.map(CollectRun.json)),
      "excluded": .array(
        excluded.map { calculation in
          .object([
            "id": .text(calculation.id), "reason": .optional(calculation.exclusion?.reason),
            "hint": .optional(calculation.exclusion?.hint),
          ])
        }),
      "differences": .array(
        differences.map { difference in
          .object([
            "setting": .text(difference.setting),
            "values": .array(
              difference.values.map { value in
                .object(["value": .text(value.value), "ids": .texts(value.ids)])
              }),
          ])
        }),
      "warnings": .texts(warnings),
    ])
  }

  private static func json(_ calculation: CollectedCalculation) -> JSONValue {
    let result = calculation.result
    let settings = result?.settings
    return .object([
      "id": .text(calculation.id), "path": .text(calculation.path),
      "counts": .logical(calculation.exclusion == nil),
      "state": .text(result?.state.name ?? "not-read"),
      "message": .optional(calculation.exclusion?.reason),
      "formula": .optional(calculation.composition.map { "\($0)" }),
      "atoms": .optional(calculation.atomCount), "energy_eV": .optional(result?.energy),
      "energy_per_atom_eV": .optional(calculation.energyPerAtom),
      "energy_without_entropy_eV": .optional(result?.energyWithoutEntropy),
      "largest_force_eV_A": .optional(result?.largestForce),
      "pressure_GPa": .optional(result?.pressure.map { $0 / UnitFactor.gigapascal }),
      "ionic_steps": result?.ionicSteps.map(JSONValue.integer) ?? .null,
      "moment_muB": .optional(result?.totalMoment ?? result?.moments?.reduce(0, +)),
      "moments_muB": result?.moments.map { .array($0.map(JSONValue.real)) } ?? .null,
      "largest_displacement_A": .optional(calculation.largestDisplacement),
      "wall_s": .optional(result?.wallTime), "source": .text(calculation.source),
      "code": .optional(settings?.code?.rawValue), "version": .optional(result?.version),
      "functional": .optional(settings?.functional),
      "dispersion": .optional(settings?.dispersion), "cutoff_eV": .optional(settings?.cutoffEV),
      "hubbard_eV": settings?.hubbardEV.map { .object($0.mapValues(JSONValue.real)) } ?? .null,
      "pseudopotentials": settings?.pseudopotentials
        .map { .object($0.mapValues(JSONValue.text)) } ?? .null,
      "warnings": .texts(calculation.warnings),
    ])
  }
}
