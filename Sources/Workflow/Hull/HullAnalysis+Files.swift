internal import Report

extension HullAnalysis {
  /// Writes all files of the analysis.
  ///
  /// - Parameters:
  ///   - folder: Where they go.
  ///   - started: When the work began, ISO 8601.
  /// - Returns: Names of the files, in the order in which they were written.
  /// - Throws: ``InputError`` if one cannot be written.
  @discardableResult
  public func write(to folder: OutputFolder, started: String) throws -> [String] {
    var inputs: [String: String] = [:]
    for table in input.tables { inputs[table.path] = sha256(table.text) }
    for file in structureFiles { inputs[file.path] = sha256(file.text) }
    var files = [
      (
        OutputFolder.manifestName,
        try jsonText(
          Manifest(
            cellgen: cellgenVersion, command: "hull", specification: specification, inputs: inputs,
            started: started, finished: timestamp()))
      ), ("summary.json", try jsonText(json)), ("hull.csv", entriesCSV),
    ]
    if let voltagesCSV { files.append(("voltages.csv", voltagesCSV)) }
    if let hullFigure { files.append(("figures/hull.svg", hullFigure)) }
    if let voltageFigure { files.append(("figures/voltage.svg", voltageFigure)) }
    files.append(("report.html", report.html()))
    for (name, text) in files { try folder.write(text, to: name) }
    return files.map(\.0)
  }

  /// The page that puts everything together.
  var report: HTMLReport {
    var report = HTMLReport(title: "Hull", subtitle: "\(input.name), cellgen \(cellgenVersion)")
    report.parts.append(.paragraph(choice + "."))
    if input.isExample {
      report.parts.append(.note("These are the energies of the example that comes with cellgen."))
    }
    report.parts += warnings.map { .note("Warning: \($0).") }
    if !properties.isEmpty { report.parts.append(.values(properties)) }
    report.parts.append(.heading("Stability"))
    if let hullFigure {
      report.parts.append(
        .figure(
          svg: hullFigure,
          caption: RichText(
            "Formation energies and the convex hull; colours give the energy above it.")))
    }
    report.parts.append(.table(entryTable))
    if let stepTable {
      report.parts.append(.heading("Voltages"))
      if let voltageFigure {
        report.parts.append(
          .figure(
            svg: voltageFigure,
            caption: RichText(
              "Voltage along the hull"
                + (stepsThroughAll == nil
                  ? "." : " (line) and through the lowest row of every composition (dashes)."))))
      }
      report.parts += [stepTable, allStepTable, overpotentialTable].compactMap { $0 }
        .map { .table($0) }
    }
    if !notes.isEmpty {
      report.parts.append(.heading("Notes"))
      report.parts += notes.map { .paragraph($0 + ".") }
    }
    return report
  }
}

/// The current time as ISO 8601, for manifests.
public func startTime() -> String { timestamp() }
