internal import Crystal
internal import Thermodynamics

extension HullAnalysis {
  /// The results for programs, the same in `summary.json` and on standard output.
  public var json: JSONValue {
    var keys: [String: JSONValue] = [
      "cellgen": .text(cellgenVersion), "command": .text("hull"),
      "tables": .texts(input.tables.map(\.path)),
      "example": .logical(input.isExample), "entries": .array(rows.map(HullAnalysis.json)),
      "stable": .texts(rows.filter(\.isStable).map(\.entry.id)), "notes": .texts(notes),
      "warnings": .texts(warnings),
      "capacity_mAh_g": .optional(capacity?.gravimetric),
      "capacity_mAh_cm3": .optional(capacity?.volumetric),
      "mean_voltage_V": .optional(insertion?.voltages?.mean),
    ]
    switch diagram {
    case .insertion(let hull):
      let ion = hull.ion
      let host: [String: JSONValue] = [
        "mode": .text("insertion"), "fraction_of": .text("host formula units"),
        "host": .text("\(hull.host)"), "ion": .text(ion.element.symbol),
        "valence": .integer(ion.valence), "ion_reference_eV_atom": .optional(ion.energyPerAtom),
        "references": .texts([hull.chargedEnd.entry.id, hull.dischargedEnd.entry.id]),
        "capacity_basis": .text(specification.capacityBasis.rawValue),
        "specific_energy_Wh_kg": .optional(hull.specificEnergy(basis: specification.capacityBasis)),
        "energy_density_Wh_L": .optional(hull.energyDensity(basis: specification.capacityBasis)),
        "voltages": HullAnalysis.json(hull.voltages, hull),
        "voltages_through_all": HullAnalysis.json(stepsThroughAll, hull),
        "overpotentials": .array(
          hull.voltages == nil
            ? []
            : hull.overpotentials.map { loss in
              .object([
                "id": .text(hull.phases[loss.phase].entry.id),
                "x": .real(hull.phases[loss.phase].x.doubleValue),
                "discharge_V": .optional(loss.fromBelow), "charge_V": .optional(loss.fromAbove),
              ])
            }),
      ]
      keys.merge(host) { $1 }
    case .general(let diagram):
      keys["mode"] = .text("general")
      keys["fraction_of"] = .text("atoms")
      keys["references"] = .texts(diagram.references.compositions.map(\.description))
      keys["outside"] = .texts(diagram.outside.map(\.id))
      keys["voltages"] = .array([])
      keys["overpotentials"] = .array([])
    }
    return .object(keys)
  }

  private static func json(_ row: Row) -> JSONValue {
    var keys: [String: JSONValue] = [
      "id": .text(row.entry.id), "formula": .text("\(row.entry.formula)"),
      "formation_energy_eV_atom": .real(row.formationPerAtom),
      "e_hull_eV_atom": .real(row.abovePerAtom), "stable": .logical(row.isStable),
      "decomposition": .array(
        row.decomposition.map { .object(["id": .text($0.id), "fraction": .real($0.fraction)]) }),
    ]
    if let x = row.x { keys["x"] = .real(x.doubleValue) }
    if let energy = row.formationPerUnit { keys["formation_energy_eV_fu"] = .real(energy) }
    if let energy = row.abovePerUnit { keys["e_hull_eV_fu"] = .real(energy) }
    return .object(keys)
  }

  private static func json(_ profile: VoltageProfile?, _ hull: InsertionHull) -> JSONValue {
    .array(
      (profile?.steps ?? []).map { step in
        .object([
          "from": .text(hull.phases[step.from].entry.id),
          "to": .text(hull.phases[step.to].entry.id), "voltage_V": .real(step.voltage),
          "x_from": .real(step.xFrom.doubleValue), "x_to": .real(step.xTo.doubleValue),
        ])
      })
  }
}
