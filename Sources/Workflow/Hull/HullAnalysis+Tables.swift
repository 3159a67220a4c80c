internal import Crystal
internal import Report
internal import Thermodynamics

extension HullAnalysis {
  /// The results as they are printed on a terminal.
  public var text: String {
    var blocks = [choice + "\n", entryTable.text, stableLine + "\n"]
    if let steps = stepTable { blocks.append(steps.text) }
    if let steps = allStepTable { blocks.append(steps.text) }
    if let losses = overpotentialTable { blocks.append(losses.text) }
    if !properties.isEmpty {
      let width = properties.reduce(0) { max($0, $1.key.count) }
      blocks.append(properties.map { "\($0.key.padded(to: width))  \($0.value)\n" }.joined())
    }
    return blocks.joined(separator: "\n")
  }

  /// The entries with their energies, for people.
  var entryTable: Table {
    let hull = insertion
    var table = Table(columns: ["id", "formula"])
    if let hull {
      let (first, last) = (hull.chargedEnd.entry.id, hull.dischargedEnd.entry.id)
      table.title =
        "Energies in eV per formula unit of the host (f.u., \(hull.host)) and in meV per atom; "
        + "E_form from \(first) and \(last)"
      table.columns += ["x", "E_form/f.u.", "/atom", "E_hull/f.u.", "/atom", "decomposes into"]
    } else {
      table.title =
        "Energies in eV/atom (E_form) and meV/atom (E_hull); amounts in fractions of atoms"
      table.columns += ["E_form", "E_hull", "decomposes into"]
    }
    for row in rows {
      var cells = [row.entry.id, "\(row.entry.formula)"]
      if let x = row.x { cells.append(contentText(x)) }
      if let formation = row.formationPerUnit, let above = row.abovePerUnit {
        cells += [
          fixed(formation, 4), fixed(1000 * row.formationPerAtom, 1), fixed(above, 4),
          fixed(1000 * row.abovePerAtom, 1),
        ]
      } else {
        cells += [fixed(row.formationPerAtom, 4), fixed(1000 * row.abovePerAtom, 1)]
      }
      cells.append(
        row.isStable
          ? "stable"
          : row.decomposition.map { "\(fixed($0.fraction, 3)) \($0.id)" }.joined(separator: " + "))
      table.append(cells)
    }
    return table
  }

  /// The stable phases, one line.
  var stableLine: String {
    let stable = rows.filter(\.isStable)
    let names = stable.map { row in
      row.x.map { "\(row.entry.id) (x = \(contentText($0)))" } ?? row.entry.id
    }
    return "stable: " + names.joined(separator: ", ")
  }

  /// Plateaus along the hull.
  var stepTable: Table? {
    guard let hull = insertion, let voltages = hull.voltages else { return nil }
    return table(
      voltages, hull, title: "Voltage steps along the hull, against \(hull.ion.element) metal")
  }

  /// Steps through all compositions.
  var allStepTable: Table? {
    guard let hull = insertion, let voltages = stepsThroughAll else { return nil }
    return table(
      voltages, hull, title: "Steps if every composition forms, metastable ones too")
  }

  private func table(_ profile: VoltageProfile, _ hull: InsertionHull, title: String) -> Table {
    let rising = Set(profile.risingSteps())
    let isRemarkable = !rising.isEmpty || !profile.negativeSteps.isEmpty
    var table = Table(title: title, columns: ["from", "to", "x", "V", "mAh/g at end"])
    if isRemarkable { table.columns.append("remark") }
    for step in profile.steps {
      var remarks: [String] = []
      if step.voltage < 0 { remarks.append("negative") }
      if rising.contains(step) { remarks.append("rises") }
      let capacity = hull.capacity(upTo: step.xTo, basis: specification.capacityBasis)
      table.append([
        hull.phases[step.from].entry.id, hull.phases[step.to].entry.id,
        "\(contentText(step.xFrom)) to \(contentText(step.xTo))", fixed(step.voltage, 3),
        fixed(capacity.gravimetric, 1), remarks.joined(separator: ", "),
      ])
    }
    return table
  }

  /// What metastable compositions cost in voltage.
  var overpotentialTable: Table? {
    guard let hull = insertion, hull.voltages != nil else { return nil }
    let losses = hull.overpotentials
    guard !losses.isEmpty else { return nil }
    var table = Table(
      title: "Overpotentials of metastable compositions against the plateau",
      columns: ["id", "x", "discharge (V)", "charge (V)"])
    for loss in losses {
      table.append([
        hull.phases[loss.phase].entry.id, contentText(hull.phases[loss.phase].x),
        loss.fromBelow.map { fixed($0, 3) } ?? "-", loss.fromAbove.map { fixed($0, 3) } ?? "-",
      ])
    }
    return table
  }

  /// Quantities of the whole host.
  var properties: [(key: String, value: String)] {
    guard let hull = insertion, let capacity else { return [] }
    var properties: [(key: String, value: String)] = []
    if let voltages = hull.voltages {
      properties.append(("mean voltage", "\(fixed(voltages.mean, 3)) V"))
    }
    let volumetric = capacity.volumetric.map { ", \(fixed($0, 1)) mAh/cm³" } ?? ""
    let end = capacity.basis == .discharged ? hull.dischargedEnd : hull.chargedEnd
    properties.append(
      (
        "capacity",
        "\(fixed(capacity.gravimetric, 1)) mAh/g\(volumetric) of \(capacity.basis) "
          + "\(end.entry.id), \(hull.ion.element) with \(hull.ion.valence) e"
      ))
    if let energy = hull.specificEnergy(basis: specification.capacityBasis) {
      let density =
        hull.energyDensity(basis: specification.capacityBasis)
        .map { ", \(fixed($0, 0)) Wh/L" } ?? ""
      properties.append(("energy", "\(fixed(energy, 0)) Wh/kg\(density)"))
    }
    if let energy = hull.ion.energyPerAtom {
      let metal = ionEntries.min { $0.energyPerAtom < $1.energyPerAtom }
      let origin =
        specification.reference != nil ? "given" : metal.map { "row \($0.id)" } ?? "given"
      properties.append(
        ("reference", "\(hull.ion.element) at \(fixed(energy, 4)) eV/atom (\(origin))"))
    }
    return properties
  }

  /// `hull.csv`.
  var entriesCSV: String {
    let isInsertion = insertion != nil
    var header = ["id", "formula"]
    header += isInsertion ? ["x", "formation_energy_eV_fu"] : []
    header += ["formation_energy_eV_atom"] + (isInsertion ? ["e_hull_eV_fu"] : [])
    header += ["e_hull_eV_atom", "stable", "decomposition", "source"]
    return csvText(
      header: header,
      rows: rows.map { row in
        var cells = [row.entry.id, "\(row.entry.formula)"]
        cells += row.x.map { [fixed($0.doubleValue, 9)] } ?? []
        cells += row.formationPerUnit.map { [fixed($0, 9)] } ?? []
        cells.append(fixed(row.formationPerAtom, 9))
        cells += row.abovePerUnit.map { [fixed($0, 9)] } ?? []
        cells += [
          fixed(row.abovePerAtom, 9), row.isStable ? "true" : "false",
          row.decomposition.map { "\(fixed($0.fraction, 9)) \($0.id)" }.joined(separator: " + "),
          row.entry.source,
        ]
        return cells
      })
  }

  /// `voltages.csv`; nil without voltages.
  var voltagesCSV: String? {
    guard let hull = insertion, let voltages = hull.voltages else { return nil }
    return csvText(
      header: ["from", "to", "x_from", "x_to", "voltage_V", "capacity_mAh_g"],
      rows: voltages.steps.map { step in
        let capacity = hull.capacity(upTo: step.xTo, basis: specification.capacityBasis)
        return [
          hull.phases[step.from].entry.id, hull.phases[step.to].entry.id,
          fixed(step.xFrom.doubleValue, 9), fixed(step.xTo.doubleValue, 9), fixed(step.voltage, 9),
          fixed(capacity.gravimetric, 6),
        ]
      })
  }
}
