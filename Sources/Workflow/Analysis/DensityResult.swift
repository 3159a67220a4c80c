internal import Analysis
internal import Crystal
internal import Report
internal import StructureIO

/// What `cellgen density` found.
public struct DensityResult: Sendable {
  /// What was asked for.
  let specification: DensitySpecification

  /// The parent in the mean cell of the trajectory.
  let parent: Structure

  /// Cells of the parent in that of the trajectory.
  let cells: Int

  /// The densities.
  let species: [SpeciesDensity]

  /// What is doubtful.
  public let warnings: [String]

  /// The tables for people.
  public var text: String {
    species.map { density in
      let n = density.grid.counts
      var text =
        "\(density.element): \(fixed(density.ions, 3)) ions per cell (mean of \(cells) cells), grid "
        + "\(n.x) × \(n.y) × \(n.z), largest density \(scientific(density.largest)) Å⁻³\n"
      for network in density.networks {
        var table = Table(columns: [
          "sites", "distance (Å)", "links", "joined", "least density (Å⁻³)", "to",
        ])
        for kind in density.kinds(network) {
          table.append([
            kind.labels.joined(separator: "–"), fixed(kind.length, 3), "\(kind.count)",
            "\(kind.joined)", scientific(kind.lowest), scientific(kind.highest),
          ])
        }
        text +=
          "above \(scientific(network.level)) Å⁻³: a network in \(network.dimensions) dimensions\n"
          + table.text
      }
      return text
    }.joined(separator: "\n")
  }

  /// One row per element, level and kind of link.
  var linkTable: ResultTable {
    var table = ResultTable([
      "species", "level_per_A3", "sites", "distance_A", "links", "joined", "least_low_per_A3",
      "least_high_per_A3", "network_dimensions",
    ])
    for density in species {
      for network in density.networks {
        for kind in density.kinds(network) {
          table.rows.append([
            .text(density.element.symbol), .real(network.level),
            .text(kind.labels.joined(separator: "-")), .real(kind.length), .integer(kind.count),
            .integer(kind.joined), .real(kind.lowest), .real(kind.highest),
            .integer(network.dimensions),
          ])
        }
      }
    }
    return table
  }

  /// The result as a JSON object.
  public var json: JSONValue {
    .object([
      "cellgen": .text(cellgenVersion), "links": linkTable.json, "warnings": .texts(warnings),
      "densities": .array(
        species.map { density in
          .object([
            "species": .text(density.element.symbol), "ions_per_cell": .real(density.ions),
            "largest_per_A3": .real(density.largest), "cells": .integer(cells),
            "grid": .array((0..<3).map { .integer(density.grid.counts[$0]) }),
          ])
        }),
    ])
  }

  /// Writes all files.
  ///
  /// - Parameters:
  ///   - folder: Where they go.
  ///   - started: When the work began, ISO 8601.
  /// - Throws: ``InputError`` if one cannot be written.
  public func write(to folder: OutputFolder, started: String) throws {
    var inputs: [String: String] = [:]
    for path in specification.trajectories + [specification.parent] {
      inputs[path] = try sha256(ofFile: path)
    }
    try folder.write(
      try jsonText(
        Manifest(
          cellgen: cellgenVersion, command: "density", specification: specification,
          inputs: inputs, started: started, finished: timestamp())), to: OutputFolder.manifestName)
    try folder.write(try jsonText(json), to: "summary.json")
    try folder.write(linkTable.csv, to: "links.csv")
    for density in species {
      let title = "\(density.element) density, 1/A^3"
      try folder.write(
        VolumetricFile.cube(density.grid, parent, title: title),
        to: "\(density.element).cube")
      try folder.write(
        try VolumetricFile.xsf(density.grid, parent, title: "\(density.element)_density"),
        to: "\(density.element).xsf")
      let slices = specification.slices.compactMap { DensitySlice($0) }
      for slice in slices.isEmpty ? [density.defaultSlice] : slices {
        try folder.write(
          density.figure(slice), to: "figures/\(density.element)-\(slice.name).svg")
      }
    }
  }
}
