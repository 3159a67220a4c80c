internal import Arrangement
internal import Building
internal import Crystal
internal import Report

extension SpinelBuild {
  /// The results as they are printed on a terminal.
  public var text: String {
    let width = summary.reduce(0) { max($0, $1.key.count) }
    let lines = summary.map { "\($0.key.padded(to: width))  \($0.value)\n" }
    return [siteTable.text, neighbourTable.text, lines.joined()].joined(separator: "\n")
  }

  /// Oxygen parameter in the chosen origin.
  private var oxygenParameter: Double {
    spinel.siteTable.first { $0.label == "32e" }?.representative.components.x ?? .nan
  }

  /// The sites with what sits there.
  var siteTable: Table {
    let a = spinel.specification.a
    let cells = supercell.cellCount
    let name = cells == 1 ? "unit cell" : "supercell \(supercell), \(cells) cells"
    var table = Table(
      title: "Spinel, Fd-3m (227), origin choice \(spinel.specification.originChoice), a = \(a) Å, "
        + "u = \(oxygenParameter), \(name)",
      columns: [
        "site", "per cell", "in all", "symmetry", "position", "coordination", "in the host",
        "allowed in the problem",
      ])
    for (row, entry) in zip(spinel.siteTable, occupants) {
      let x = row.representative.components
      table.append([
        row.label, "\(row.multiplicity)", "\(row.multiplicity * cells)", row.siteSymmetry,
        [x.x, x.y, x.z].map(coordinateText).joined(separator: " "), coordinationText(row),
        entry.occupants.map { "\($0.count) \($0.species)" }.joined(separator: ", "),
        allowedInProblem(row.label),
      ])
    }
    return table
  }

  private func allowedInProblem(_ label: String) -> String {
    let specification = problem.file.specification
    guard let site = specification.parent.labels?.firstIndex(of: label) else { return "" }
    return specification.allowed[site].map(\.symbol).joined(separator: " ")
  }

  /// Nearest neighbours of each label.
  var neighbourTable: Table { spinel.crystal.neighbourTable }

  /// Totals, the problem and the checks.
  var summary: [(key: String, value: String)] {
    let atoms = host.withoutVacancies().count
    let volume = host.lattice.volume
    let charge = totalCharge.map { "\(fixed($0, 3)) e" } ?? "not defined (no oxidation states)"
    let ledger = problem.problem.ledger
    let states = ledger.rows.filter { $0.count > 0 }
      .sorted { ($0.species.oxidationState ?? 0) > 0 && ($1.species.oxidationState ?? 0) < 0 }
      .map { "\($0.count) \($0.species)" }
    let units = problem.problem.formulaUnits ?? 1
    return [
      ("host", "\(formula), \(atoms) atoms on \(host.count) sites; \(hostDescription)"),
      ("volume", "\(fixed(volume, 3)) Å³"), ("charge", charge),
      (
        "problem",
        "\(problem.composition), \(units) formula unit\(units == 1 ? "" : "s"): "
          + states.joined(separator: ", ")
      ), ("energy", "\(problem.file.energy.rawValue): \(problem.file.energy.caveat)"),
      ("verified", checks.joined(separator: "; ")),
    ]
  }

  /// Net charge of the host, where every atom has an oxidation state.
  var totalCharge: Double? {
    let states = host.species.filter { !$0.isVacancy }.map(\.oxidationState)
    guard states.allSatisfy({ $0 != nil }) else { return nil }
    return states.compactMap { $0 }.reduce(0, +)
  }

  /// How the host is filled, half a sentence.
  var hostDescription: String {
    let specification = spinel.specification
    if specification.speciesA == nil, specification.composition != nil {
      return "cations at random on 8a and 16d, seed \(self.specification.seed)"
    }
    let places = occupants.filter { $0.label != "32e" }.map { entry in
      entry.occupants.allSatisfy { $0.species.isVacancy }
        ? "\(entry.label) empty"
        : entry.occupants.map(\.species.description).joined(separator: " and ")
          + " on \(entry.label)"
    }
    return places.joined(separator: ", ") + (isRandom ? ", seed \(self.specification.seed)" : "")
  }

  /// What was compared, one phrase each.
  var checks: [String] {
    [
      "multiplicities and site symmetries (spglib)", "distances (closed forms)",
      "problem.yaml gives back all sites",
    ]
  }

  /// The results for programs.
  ///
  /// - Parameter files: Names of the files that were written.
  /// - Returns: One object.
  public func json(files: [String]) -> JSONValue {
    let sites = zip(spinel.siteTable, occupants).map { row, entry in
      JSONValue.object([
        "label": .text(row.label), "multiplicity": .integer(row.multiplicity),
        "count": .integer(row.multiplicity * supercell.cellCount),
        "site_symmetry": .text(row.siteSymmetry),
        "position": .vector(row.representative.components),
        "coordination_number": .integer(row.coordinationNumber),
        "neighbours": .array(
          row.shells.map {
            .object([
              "label": .text($0.label), "count": .integer($0.count),
              "distance_A": .real($0.distance),
            ])
          }),
        "allowed": .texts(allowedInProblem(row.label).split(separator: " ").map(String.init)),
        "occupants": .object(
          Dictionary(
            uniqueKeysWithValues: entry.occupants.map {
              ($0.species.description, JSONValue.integer($0.count))
            })),
      ])
    }
    let m = supercell.matrix.rows
    return .object([
      "cellgen": .text(cellgenVersion), "command": .text("spinel"), "sites": .array(sites),
      "files": .texts(files), "formula": .text("\(formula)"),
      "atoms": .integer(host.withoutVacancies().count), "site_count": .integer(host.count),
      "supercell": .array(m.map { .array([.integer($0.x), .integer($0.y), .integer($0.z)]) }),
      "cells": .integer(supercell.cellCount), "a_A": .real(spinel.specification.a),
      "u": .real(oxygenParameter), "origin": .integer(spinel.specification.originChoice),
      "volume_A3": .real(host.lattice.volume), "charge_e": .optional(totalCharge),
      "seed": .text("\(specification.seed)"), "host": .text(hostDescription),
      "problem": .object([
        "composition": .text("\(problem.composition)"),
        "formula_units": .integer(problem.problem.formulaUnits ?? 1),
        "energy": .text(problem.file.energy.rawValue),
        "active_sites": .integer(problem.problem.activeSites.count), "text": .text(problem.text),
      ]), "verified": .logical(true), "checks": .texts(checks), "notes": .texts(notes),
    ])
  }
}
