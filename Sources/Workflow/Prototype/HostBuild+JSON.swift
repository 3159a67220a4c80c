internal import Arrangement
internal import Building
internal import Crystal

extension HostBuild {
  /// The results for programs.
  ///
  /// - Parameter files: Names of the files that were written.
  /// - Returns: One object.
  public func json(files: [String]) -> JSONValue {
    let m = supercell.matrix.rows
    var object: [String: JSONValue] = [
      "cellgen": .text(cellgenVersion), "command": .text(command),
      "prototype": .text(definition.name), "title": .text(definition.title),
      "space_group": .text(crystal.spaceGroupSymbol),
      "space_group_number": .integer(crystal.spaceGroupNumber),
      "origin": definition.originChoice.map { .integer($0) } ?? .null,
      "lattice": .object(
        Dictionary(
          uniqueKeysWithValues: latticeNumbers.map {
            ($0.name + ($0.name.count == 1 ? "_A" : "_degrees"), JSONValue.real($0.value))
          })),
      "parameters": .object(
        Dictionary(
          uniqueKeysWithValues: definition.parameters.map { ($0.name, JSONValue.real($0.value)) })),
      "ratios": .object(
        Dictionary(
          uniqueKeysWithValues: definition.ratios.map {
            ($0.name, JSONValue.optional($0.value(definition.lattice)))
          })),
      "source": .text(definition.source), "status": .text(definition.status.rawValue),
      "sites": .array(crystal.siteTable.map(siteJSON)), "files": .texts(files),
      "formula": .text("\(formula)"), "atoms": .integer(atomCount),
      "site_count": .integer(host.count),
      "supercell": .array(m.map { .array([.integer($0.x), .integer($0.y), .integer($0.z)]) }),
      "cells": .integer(supercell.cellCount), "volume_A3": .real(host.lattice.volume),
      "charge_e": .optional(totalCharge), "seed": .text("\(filling.seed)"),
      "verified": .logical(true), "checks": .texts(checks), "notes": .texts(notes),
      "warnings": .texts(warnings),
    ]
    object["rounding"] = .array(
      counts.filter(\.isRounded).map {
        .object([
          "label": .text($0.label), "species": .text("\($0.species)"),
          "exact": .real($0.exact.doubleValue), "count": .integer($0.count),
        ])
      })
    object["problem"] =
      problem.map { problem in
        .object([
          "composition": .text("\(problem.composition)"),
          "formula_units": .integer(problem.problem.formulaUnits ?? 1),
          "energy": .text(problem.file.energy.rawValue),
          "active_sites": .integer(problem.problem.activeSites.count), "text": .text(problem.text),
        ])
      } ?? .null
    return .object(object)
  }

  private func siteJSON(_ row: SiteTableRow) -> JSONValue {
    .object([
      "label": .text(row.label), "multiplicity": .integer(row.multiplicity),
      "count": .integer(row.multiplicity * supercell.cellCount),
      "site_symmetry": .text(row.siteSymmetry),
      "position": .vector(row.representative.components),
      "coordination_number": .integer(row.coordinationNumber),
      "neighbours": .array(
        row.shells.map {
          .object([
            "label": .text($0.label), "count": .integer($0.count), "distance_A": .real($0.distance),
          ])
        }), "allowed": .texts(allowed(row)),
      "occupants": .object(
        Dictionary(
          uniqueKeysWithValues: occupants(row.label).map {
            ($0.species.description, JSONValue.integer($0.count))
          })),
    ])
  }
}
