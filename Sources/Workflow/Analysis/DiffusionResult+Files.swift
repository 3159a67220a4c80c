internal import Analysis
internal import Crystal
internal import Report

extension DiffusionResult {
  /// Writes all files.
  ///
  /// - Parameters:
  ///   - folder: Where they go.
  ///   - started: When the work began, ISO 8601.
  /// - Throws: ``InputError`` if one cannot be written.
  public func write(to folder: OutputFolder, started: String) throws {
    var inputs: [String: String] = [:]
    let read =
      specification.table.map { [$0] } ?? specification.trajectories
      + [specification.parent].compactMap { $0 }
    for path in read { inputs[path] = try sha256(ofFile: path) }
    try folder.write(
      try jsonText(
        Manifest(
          cellgen: cellgenVersion, command: "diffusion", specification: specification,
          inputs: inputs, started: started, finished: timestamp())), to: OutputFolder.manifestName)
    try folder.write(try jsonText(json), to: "summary.json")
    if !trajectories.isEmpty { try folder.write(summaryTable.csv, to: "diffusion.csv") }
    if trajectories.contains(where: { $0.conductivity != nil }) {
      try folder.write(conductivityTable.csv, to: "conductivity.csv")
    }
    if !arrhenius.isEmpty {
      try folder.write(arrheniusTable.csv, to: "arrhenius.csv")
      try folder.write(arrheniusFigure, to: "figures/arrhenius.svg")
    }
    for (index, trajectory) in trajectories.enumerated() {
      // One trajectory needs no folders of its own.
      let place = trajectories.count > 1 ? "\(index + 1)/" : ""
      try folder.write(trajectory.curves.displacementTable.csv, to: "\(place)msd.csv")
      try folder.write(trajectory.curves.distanceTable.csv, to: "\(place)van_hove_self.csv")
      try folder.write(trajectory.curves.nonGaussianTable.csv, to: "\(place)non_gaussian.csv")
      if let table = trajectory.curves.pairTable {
        try folder.write(table.csv, to: "\(place)van_hove_distinct.csv")
      }
      if let table = trajectory.curves.chargeTable {
        try folder.write(table.csv, to: "\(place)charge_displacement.csv")
      }
      if !trajectory.jumps.isEmpty {
        try folder.write(trajectory.rateTable.csv, to: "\(place)jumps.csv")
        try folder.write(trajectory.pathTable.csv, to: "\(place)paths.csv")
      }
      if !trajectory.mobility.isEmpty {
        try folder.write(trajectory.mobilityTable.csv, to: "\(place)fast_slow.csv")
      }
      for (name, svg) in trajectory.figures {
        try folder.write(svg, to: "\(place)figures/\(name).svg")
      }
    }
  }

  /// The result as a JSON object.
  public var json: JSONValue {
    var object: [String: JSONValue] = [
      "cellgen": .text(cellgenVersion), "diffusion": summaryTable.json,
      "arrhenius": arrheniusTable.json, "warnings": .texts(warnings),
    ]
    if trajectories.contains(where: { $0.conductivity != nil }) {
      object["conductivity"] = conductivityTable.json
    }
    object["fast_slow"] = .array(trajectories.map(\.mobilityTable.json))
    if specification.parent != nil {
      object["jumps"] = .array(trajectories.map(\.rateTable.json))
      object["paths"] = .array(trajectories.map(\.pathTable.json))
      object["concerted"] = .array(trajectories.map(\.concertedTable.json))
    }
    return .object(object)
  }

  /// One row per trajectory and element.
  var summaryTable: ResultTable {
    var table = ResultTable([
      "trajectory", "T_K", "species", "ions", "D_cm2_s", "D_error_cm2_s", "D_x_cm2_s", "D_y_cm2_s",
      "D_z_cm2_s", "D_J_cm2_s", "D_J_error_cm2_s", "haven", "haven_error", "fit_from_ps",
      "fit_to_ps", "msd_at_end_A2", "intercept_A2", "log_slope", "regime", "blocks",
    ])
    for trajectory in trajectories {
      for species in trajectory.species {
        table.rows.append([
          .text(trajectory.path), .optional(trajectory.temperature), .text(species.element.symbol),
          .integer(species.ions), .real(DiffusionResult.cgs(species.tracer.value)),
          .optional(species.tracer.error.map(DiffusionResult.cgs)),
          .real(DiffusionResult.cgs(species.axes[0])), .real(DiffusionResult.cgs(species.axes[1])),
          .real(DiffusionResult.cgs(species.axes[2])),
          .real(DiffusionResult.cgs(species.jump.value)),
          .optional(species.jump.error.map(DiffusionResult.cgs)), .optional(species.haven?.value),
          .optional(species.haven?.error), .real(trajectory.window.from / 1000),
          .real(trajectory.window.to / 1000), .real(species.meanSquareAtEnd),
          .real(species.intercept), .optional(species.logSlope), .text(species.regime.rawValue),
          .integer(trajectory.blocks),
        ])
      }
    }
    return table
  }

  /// One row per trajectory and part of the conductivity.
  var conductivityTable: ResultTable {
    var table = ResultTable([
      "trajectory", "T_K", "part", "conductivity_mS_cm", "conductivity_error_mS_cm",
    ])
    for trajectory in trajectories {
      guard let conductivity = trajectory.conductivity else { continue }
      var rows = DiffusionResult.parts(conductivity)
      rows.append(("nernst_einstein", .init(value: conductivity.independent)))
      for row in rows {
        table.rows.append([
          .text(trajectory.path), .optional(trajectory.temperature), .text(row.name),
          .real(row.value.value), .optional(row.value.error),
        ])
      }
    }
    return table
  }

  /// One row per fit.
  var arrheniusTable: ResultTable {
    var table = ResultTable([
      "species", "points", "E_a_eV", "E_a_error_eV", "D_0_cm2_s", "target_K", "D_target_cm2_s",
      "D_target_low_cm2_s", "D_target_high_cm2_s", "weighted",
    ])
    for entry in arrhenius {
      let (value, factor) = entry.fit.diffusivity(at: specification.target)
      table.rows.append([
        .text(entry.name), .integer(entry.fit.points.count), .real(entry.fit.activationEnergy),
        .optional(entry.fit.activationEnergyError), .real(entry.fit.prefactor),
        .real(specification.target), .real(value), .optional(factor.map { value / $0 }),
        .optional(factor.map { value * $0 }), .logical(entry.fit.isWeighted),
      ])
    }
    return table
  }
}

extension DiffusionCurves {
  private func time(_ lag: Int) -> JSONValue { .real(Double(lag) * interval / 1000) }

  /// Mean squared displacements, one row per lag.
  var displacementTable: ResultTable {
    var table = ResultTable(
      ["lag_ps"]
        + species.flatMap { species in
          let name = species.element.symbol
          return [
            "msd_\(name)_A2", "msd_\(name)_x_A2", "msd_\(name)_y_A2", "msd_\(name)_z_A2",
            "mscd_\(name)_A2",
          ]
        })
    let lags = species.first?.meanSquare.indices ?? 0..<0
    for lag in lags {
      table.rows.append(
        [time(lag)]
          + species.flatMap { species -> [JSONValue] in
            [.real(species.meanSquare[lag])] + species.axes.map { .real($0[lag]) }
              + [.real(species.collective[lag])]
          })
    }
    return table
  }

  /// Collective displacement of charges, one row per lag; nil without charges.
  var chargeTable: ResultTable? {
    guard let first = charge.first else { return nil }
    var table = ResultTable(
      ["lag_ps"] + charge.map { "\($0.name.replacing(" ", with: "_"))_A2_e2" })
    for lag in first.values.indices {
      table.rows.append([time(lag)] + charge.map { .real($0.values[lag]) })
    }
    return table
  }

  /// Distances moved, one row per element, lag and distance.
  var distanceTable: ResultTable {
    var table = ResultTable(["species", "lag_ps", "r_A", "density_per_A"])
    for (species, distances) in zip(species, distances) {
      for (lag, density) in zip(distances.lags, distances.density) {
        for (bin, value) in density.enumerated() {
          table.rows.append([
            .text(species.element.symbol), time(lag),
            .real((Double(bin) + 0.5) * distances.binWidth), .real(value),
          ])
        }
      }
    }
    return table
  }

  /// Distances to ions of the same element at a later time; nil if the cell changes.
  var pairTable: ResultTable? {
    guard !distinct.isEmpty else { return nil }
    var table = ResultTable(["species", "lag_ps", "r_A", "g_distinct"])
    for (species, pairs) in zip(species, distinct) {
      for (lag, values) in zip(pairs.lags, pairs.values) {
        for (bin, value) in values.enumerated() {
          table.rows.append([
            .text(species.element.symbol), time(lag), .real((Double(bin) + 0.5) * pairs.binWidth),
            .real(value),
          ])
        }
      }
    }
    return table
  }

  /// Non-Gaussian parameters, one row per element and lag.
  var nonGaussianTable: ResultTable {
    var table = ResultTable(["species", "lag_ps", "alpha_2"])
    for (species, distances) in zip(species, nonGaussian) {
      for (lag, value) in zip(distances.lags, distances.nonGaussian) {
        table.rows.append([.text(species.element.symbol), time(lag), .optional(value)])
      }
    }
    return table
  }
}

extension DiffusionOfTrajectory {
  /// Jumps, one row per element and kind.
  var rateTable: ResultTable {
    var table = ResultTable(["species", "from", "to", "jumps", "rate_per_ps"])
    for jumps in jumps {
      for rate in jumps.rates {
        table.rows.append([
          .text(jumps.element.symbol), .text(rate.from), .text(rate.to), .integer(rate.count),
          .real(rate.rate),
        ])
      }
    }
    return table
  }

  /// Two jumps in a row, one row per element and kind.
  var pathTable: ResultTable {
    var table = ResultTable(["species", "path", "returns", "count"])
    for jumps in jumps {
      for path in jumps.hops.paths {
        table.rows.append([
          .text(jumps.element.symbol), .text(path.labels.joined(separator: "-")),
          .logical(path.isReturn), .integer(path.count),
        ])
      }
    }
    return table
  }

  /// Concerted jumps, one row per element.
  var concertedTable: ResultTable {
    var table = ResultTable(["species", "jumps", "concerted_pairs", "expected_by_chance"])
    for jumps in jumps {
      table.rows.append([
        .text(jumps.element.symbol), .integer(jumps.hops.hops.count),
        .integer(jumps.concerted.pairs), .real(jumps.concerted.expected),
      ])
    }
    return table
  }
}
