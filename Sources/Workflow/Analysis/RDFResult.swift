internal import Analysis
internal import Crystal
internal import Report

/// Radial distribution functions and structure factors, as they are reported.
public struct RDFResult {
  let run: RDFRun
  let distribution: PairDistribution
  let started: String

  /// A curve with its name as a column, and standard errors where there are several frames.
  struct Curve {
    var name: String
    var title: String
    var values: [Double]
    var errors: [Double]?
  }

  /// The first shell of a pair.
  struct Shell {
    var first: Element
    var second: Element
    var peak: Double
    var height: Double
    var end: Double
    /// Neighbours up to the end: of the second around the first element, and the other way round.
    var numbers: [(value: Double, error: Double?)]
  }

  let functions: [Curve]
  let running: [Curve]
  let wavenumbers: [Double]
  let factors: [Curve]
  let partialFactors: [Curve]
  let shells: [Shell?]

  /// What is doubtful, one sentence each.
  public let warnings: [String]

  init(
    run: RDFRun, distribution: PairDistribution, started: String, readingWarnings: [String]
  ) {
    self.run = run
    self.distribution = distribution
    self.started = started
    let specification = run.specification
    let blocks = specification.frames.blocks
    func curve(
      _ name: String, _ title: String, _ quantity: (PairDistribution.Means) -> [Double]
    ) -> Curve {
      let (values, errors) = distribution.estimate(blocks: blocks, quantity)
      return Curve(name: name, title: title, values: values, errors: errors)
    }
    functions =
      [curve("g_total", "all") { $0.total }]
      + run.pairs.map { a, b in
        curve("g_\(a)_\(b)", "\(a)–\(b)") { $0.function(a, b) }
      }
    let ordered = run.pairs.flatMap { $0 == $1 ? [($0, $1)] : [($0, $1), ($1, $0)] }
    running = ordered.map { a, b in
      curve("n_\(a)_\(b)", "\(b) around \(a)") { $0.runningNumber(of: b, around: a) }
    }
    let step = specification.wavenumberStep
    let first = max(1, Int((2 * Double.pi / specification.radius / step).rounded(.up)))
    let wavenumbers = (first...max(first, Int(specification.largestWavenumber / step + 1e-9)))
      .map { Double($0) * step }
    self.wavenumbers = wavenumbers
    func factor(_ means: PairDistribution.Means) -> StructureFactor {
      StructureFactor(
        means, elements: distribution.elements, distances: distribution.distances,
        binWidth: distribution.binWidth, wavenumbers: wavenumbers, window: specification.window)
    }
    var warnings = readingWarnings
    var factors: [Curve] = []
    for (radiation, name, title) in [
      (StructureFactor.Radiation.xray, "S_xray", "X-rays"), (.neutron, "S_neutron", "neutrons"),
    ] {
      var failure: InputError?
      let sums = curve(name, title) { means in
        do throws(InputError) {
          return try factor(means).total(radiation)
        } catch {
          failure = error
          return []
        }
      }
      if let failure {
        warnings.append("\(failure.message), so there is no \(name)")
      } else {
        factors.append(sums)
      }
    }
    self.factors = factors
    partialFactors = run.pairs.map { a, b in
      curve("S_\(a)_\(b)", "\(a)–\(b)") { factor($0).partial(a, b) }
    }
    shells = run.pairs.map { a, b in
      distribution.firstShell(a, b).map { shell in
        let bin = min(distribution.binCount, Int(shell.end / distribution.binWidth + 1e-9))
        func number(_ neighbour: Element, _ centre: Element) -> (value: Double, error: Double?) {
          let (values, errors) = distribution.estimate(blocks: blocks) {
            [bin > 0 ? $0.runningNumber(of: neighbour, around: centre)[bin - 1] : 0]
          }
          return (values[0], errors?[0])
        }
        return Shell(
          first: a, second: b, peak: shell.peak, height: shell.height, end: shell.end,
          numbers: a == b ? [number(b, a)] : [number(b, a), number(a, b)])
      }
    }
    self.warnings = warnings
  }

  /// Number of frames.
  public var frameCount: Int { distribution.frameCount }

  /// The results as they are printed on a terminal.
  public var text: String {
    var table = Table(
      title: "\(run.frames.composition), \(run.frames.atomCount) atoms, \(frameCount) "
        + (frameCount == 1 ? "frame" : "frames") + "; first shells of g(r)",
      columns: ["pair", "peak (Å)", "g", "minimum (Å)", "neighbours", "the other way"])
    for ((a, b), shell) in zip(run.pairs, shells) {
      guard let shell else {
        table.append(["\(a)-\(b)", "-", "-", "-", "-", "-"])
        continue
      }
      let numbers = shell.numbers.map { withError($0.value, $0.error, 3) }
      table.append(
        ["\(a)-\(b)", fixed(shell.peak, 3), fixed(shell.height, 3), fixed(shell.end, 3)] + numbers)
    }
    return table.text
  }

  /// The results for programs.
  ///
  /// - Parameter folder: Where the files are; nil if none are written.
  /// - Returns: One object.
  public func json(folder: String?) -> JSONValue {
    var object: [String: JSONValue] = [
      "cellgen": .text(cellgenVersion), "command": .text("rdf"),
      "atoms": .integer(run.frames.atomCount), "frames": .integer(frameCount),
      "composition": .text("\(run.frames.composition)"), "warnings": .texts(warnings),
      "r_A": .array(distribution.distances.map(JSONValue.real)),
      "r_upper_A": .array(distribution.upperEnds.map(JSONValue.real)),
      "q_per_A": .array(wavenumbers.map(JSONValue.real)),
      "first_shells": .array(
        zip(run.pairs, shells).map { pair, shell in
          var entry: [String: JSONValue] = [
            "pair": .text("\(pair.0)-\(pair.1)"), "peak_A": .optional(shell?.peak),
            "g_peak": .optional(shell?.height), "minimum_A": .optional(shell?.end),
          ]
          for (index, number) in (shell?.numbers ?? []).enumerated() {
            let name = index == 0 ? "n_\(pair.0)_\(pair.1)" : "n_\(pair.1)_\(pair.0)"
            entry[name] = .real(number.value)
            if let error = number.error { entry["\(name)_error"] = .real(error) }
          }
          return .object(entry)
        }),
    ]
    if let folder { object["folder"] = .text(folder) }
    for curve in functions + running + factors + partialFactors {
      object[curve.name] = .array(curve.values.map(JSONValue.real))
      if let errors = curve.errors {
        object["\(curve.name)_error"] = .array(errors.map(JSONValue.real))
      }
    }
    return .object(object)
  }

  /// Writes tables, figures and the manifest.
  ///
  /// - Throws: ``InputError`` if a file cannot be written.
  public func write(to folder: OutputFolder) throws {
    let manifest = Manifest(
      cellgen: cellgenVersion, command: "rdf", specification: run.specification,
      inputs: try run.frames.hashes(), started: started, finished: timestamp(), warnings: warnings)
    try folder.write(jsonText(manifest), to: OutputFolder.manifestName)
    try folder.write(jsonText(json(folder: folder.path)), to: "summary.json")
    let grid = distribution.distances
    try folder.write(RDFResult.csv("r_A", grid, functions), to: "rdf.csv")
    try folder.write(
      RDFResult.csv("r_A", distribution.upperEnds, running), to: "running_numbers.csv")
    try folder.write(
      RDFResult.csv("q_per_A", wavenumbers, factors + partialFactors), to: "structure_factor.csv")
    for (name, svg) in figures { try folder.write(svg, to: "figures/\(name).svg") }
  }

  /// Columns with their errors beside them.
  static func csv(_ name: String, _ grid: [Double], _ curves: [Curve]) -> String {
    let header = curves.flatMap { $0.errors == nil ? [$0.name] : [$0.name, "\($0.name)_error"] }
    let rows = grid.indices.map { index in
      [fixed(grid[index], 5)]
        + curves.flatMap { curve in
          [curve.values] + (curve.errors.map { [$0] } ?? [])
        }.map { fixed($0[index], 6) }
    }
    return csvText(header: [name] + header, rows: rows)
  }

  private var figures: [(name: String, svg: String)] {
    let title = RichText(formula: "\(run.frames.composition)")
    func chart(
      _ curves: [Curve], _ grid: [Double], _ x: String, _ y: String
    ) -> String {
      LineChart(
        panels: [
          LineChart.Panel(
            title: title,
            series: curves.map { curve in
              LineChart.Series(
                name: RichText(plain: curve.title),
                points: zip(grid, curve.values).map { LineChart.Point(x: $0, y: $1) },
                style: .curve, band: curve.errors)
            })
        ], xTitle: RichText(x), yTitle: RichText(y)
      ).svg()
    }
    var figures = [
      (
        "radial_distribution",
        chart(Array(functions.dropFirst()), distribution.distances, "r (Å)", "g(r)")
      ),
      (
        "running_numbers",
        chart(running, distribution.upperEnds, "r (Å)", "Neighbours up to r")
      ),
      (
        "partial_structure_factors",
        chart(partialFactors, wavenumbers, "q (1/Å)", "S(q), Faber–Ziman")
      ),
    ]
    if !factors.isEmpty {
      figures.append(
        ("structure_factor", chart(factors, wavenumbers, "q (1/Å)", "S(q)")))
    }
    return figures
  }
}
