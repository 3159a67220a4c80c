internal import Crystal
internal import Thermodynamics

extension HullAnalysis {
  /// An entry of either kind of hull.
  struct Row {
    let entry: EnergyEntry
    /// Ions per host formula unit; nil in a general diagram.
    let x: Rational?
    let formationPerAtom: Double
    let abovePerAtom: Double
    /// Per host formula unit, eV; nil in a general diagram.
    let formationPerUnit: Double?
    let abovePerUnit: Double?
    let decomposition: [(id: String, fraction: Double)]
    let isStable: Bool
  }

  /// All entries, x rising in an insertion hull, otherwise in the order of the table.
  var rows: [Row] {
    switch diagram {
    case .insertion(let hull):
      hull.phases.map { phase in
        Row(
          entry: phase.entry, x: phase.x, formationPerAtom: phase.formationEnergyPerAtom,
          abovePerAtom: phase.energyAboveHullPerAtom, formationPerUnit: phase.formationEnergy,
          abovePerUnit: phase.energyAboveHull,
          decomposition: phase.decomposition.map { (hull.phases[$0.phase].entry.id, $0.fraction) },
          isStable: phase.isStable)
      }
    case .general(let diagram):
      diagram.phases.map { phase in
        Row(
          entry: phase.entry, x: nil, formationPerAtom: phase.formationEnergyPerAtom,
          abovePerAtom: phase.energyAboveHullPerAtom, formationPerUnit: nil, abovePerUnit: nil,
          decomposition: phase.decomposition.map {
            (diagram.phases[$0.phase].entry.id, $0.fraction)
          },
          isStable: phase.isStable)
      }
    }
  }

  /// The insertion hull, if it is one.
  var insertion: InsertionHull? {
    if case .insertion(let hull) = diagram { hull } else { nil }
  }

  /// Voltages, capacities and overpotentials.
  var capacity: Capacity? { insertion?.capacity(basis: specification.capacityBasis) }

  /// The steps through the lowest phase of every composition, if some of them are metastable.
  var stepsThroughAll: VoltageProfile? {
    guard let hull = insertion else { return nil }
    // Phases are ordered by x, then by energy.
    let lowest = hull.phases.indices.filter { $0 == 0 || hull.phases[$0 - 1].x < hull.phases[$0].x }
    guard lowest.contains(where: { !hull.phases[$0].isStable }) else { return nil }
    return (try? hull.voltages(along: lowest)) ?? nil
  }

  /// Rows of the pure ion.
  var ionEntries: [EnergyEntry] {
    guard let hull = insertion, let table = try? input.table()
    else { return [] }
    return table.entries.filter { $0.formula.elements == [hull.ion.element] }
  }
}

/// A content of ions: `1/6` as `0.1667`, whole numbers as they are.
func contentText(_ x: Rational) -> String {
  if let whole = x.integerValue { return "\(whole)" }
  var text = fixed(x.doubleValue, 4)
  while text.hasSuffix("0") { text.removeLast() }
  return text
}
