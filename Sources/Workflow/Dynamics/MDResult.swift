internal import Crystal
internal import Dynamics
internal import Report
internal import StructureIO

/// What a molecular dynamics run came to, from its log.
public struct MDResult {
  /// The settings and the structure.
  public let run: MDRun

  /// The structure at the end, with velocities.
  let structure: Structure

  /// Lines of the log, numbers in the order of the columns.
  private let rows: [[Double]]

  /// Energy that integration has gained or lost, by its conserved quantity, eV/atom per ps.
  let drift: Double

  /// Reads the log of a run that is complete.
  ///
  /// - Throws: ``InputError`` if the log is damaged.
  init(_ run: MDRun, _ dynamics: MolecularDynamics, log: String) throws {
    self.run = run
    structure = try run.structure(dynamics.state)
    rows = try log.split(separator: "\n").dropFirst().map { line in
      let numbers = line.split(separator: ",").map { NumberReader.real($0) ?? .nan }
      guard numbers.count == MDFiles.header.count else {
        throw InputError("the log is damaged", at: MDRun.Name.log)
      }
      return numbers
    }
    let atoms = Double(run.modelled.atoms.count)
    let conserved = MDResult.column("conserved_eV")
    // The slope of a straight line: the energy of single steps swings with the time step, which is no
    // drift.
    let times = rows.map { $0[1] / 1000 }
    let meanTime = times.reduce(0, +) / Double(max(1, times.count))
    let spread = times.reduce(0) { $0 + ($1 - meanTime) * ($1 - meanTime) }
    let slope = zip(times, rows).reduce(0) { $0 + ($1.0 - meanTime) * $1.1[conserved] }
    drift = spread > 0 ? slope / spread / atoms : 0
  }

  private static func column(_ name: String) -> Int {
    guard let index = MDFiles.header.firstIndex(of: name) else {
      preconditionFailure("no column \(name)")
    }
    return index
  }

  /// Quantities whose means are told: column, name and digits.
  private static let means = [
    ("T_K", "temperature (K)", 2), ("E_pot_eV", "potential energy (eV)", 5),
    ("P_GPa", "pressure (GPa)", 4), ("volume_A3", "volume (Å³)", 4),
    ("density_g_cm3", "density (g/cm³)", 5), ("a_A", "a (Å)", 5), ("b_A", "b (Å)", 5),
    ("c_A", "c (Å)", 5),
  ]

  /// Mean and standard deviation over the second half of the log.
  private func average(_ name: String) -> (mean: Double, deviation: Double) {
    let values = rows.suffix((rows.count + 1) / 2).map { $0[MDResult.column(name)] }
    let mean = values.reduce(0, +) / Double(max(1, values.count))
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(max(1, values.count))).squareRoot())
  }

  /// Writes the last structure, figures and the summary.
  func write(to folder: OutputFolder) throws {
    try folder.write(ExtendedXYZ.write(structure), to: "final.extxyz")
    for (name, svg) in figures { try folder.write(svg, to: "figures/\(name).svg") }
    try folder.write(jsonText(json(folder: folder.path)), to: "summary.json")
  }

  /// Points of a curve at most.
  private static let curveLimit = 200

  private var figures: [(name: String, svg: String)] {
    let atoms = Double(run.modelled.atoms.count)
    let stride = max(1, rows.count / MDResult.curveLimit)
    let shown = rows.indices.filter { $0.isMultiple(of: stride) || $0 == rows.count - 1 }
    func chart(
      _ curves: [(name: String, column: String)], _ yTitle: String, scale: Double = 1,
      isRelative: Bool = false
    ) -> String {
      let series = curves.map { curve in
        let column = MDResult.column(curve.column)
        let zero = isRelative ? rows.first?[column] ?? 0 : 0
        return LineChart.Series(
          name: RichText(plain: curve.name),
          points: shown.map {
            LineChart.Point(x: rows[$0][1] / 1000, y: (rows[$0][column] - zero) * scale)
          })
      }
      return LineChart(
        panels: [
          LineChart.Panel(title: RichText(formula: "\(structure.composition)"), series: series)
        ], xTitle: RichText("Time (ps)"), yTitle: RichText(plain: yTitle)
      ).svg()
    }
    return [
      ("temperature", chart([("", "T_K")], "Temperature (K)")),
      (
        "energy",
        chart(
          [("potential", "E_pot_eV"), ("kinetic", "E_kin_eV"), ("conserved", "conserved_eV")],
          "Energy since the start (meV/atom)", scale: 1000 / atoms, isRelative: true)
      ),
      ("pressure", chart([("", "P_GPa")], "Pressure (GPa)")),
      ("volume", chart([("", "volume_A3")], "Volume (Å³)")),
    ]
  }

  /// The results as they are printed on a terminal.
  public var text: String {
    let steps = run.specification.schedule.steps
    var table = Table(
      title: "\(structure.composition), \(run.modelled.atoms.count) atoms, \(steps) steps of "
        + "\(run.specification.timeStep) fs; charges: \(run.modelled.chargeOrigin)",
      columns: ["second half", "mean", "standard deviation"])
    for (column, name, digits) in MDResult.means {
      let (mean, deviation) = average(column)
      table.append([name, fixed(mean, digits), fixed(deviation, digits)])
    }
    return table.text + "drift of the conserved energy: \(fixed(1000 * drift, 4)) meV/atom per ps\n"
      + "model: \(run.modelled.caveat)\n"
  }

  /// The results for programs.
  ///
  /// - Parameter folder: Where the files are.
  /// - Returns: One object.
  public func json(folder: String) -> JSONValue {
    var means: [String: JSONValue] = [:]
    for (column, _, _) in MDResult.means {
      let (mean, deviation) = average(column)
      means[column] = .object(["mean": .real(mean), "deviation": .real(deviation)])
    }
    return .object([
      "cellgen": .text(cellgenVersion), "command": .text("md"),
      "structure": .text("\(folder)/final.extxyz"),
      "trajectory": .text("\(folder)/\(MDRun.Name.trajectory)"),
      "log": .text("\(folder)/\(MDRun.Name.log)"),
      "steps": .integer(run.specification.schedule.steps),
      "time_fs": .real(
        Double(run.specification.schedule.steps) * run.specification.timeStep),
      "atoms": .integer(run.modelled.atoms.count),
      "seed": .integer(Int(clamping: run.specification.seed)),
      "second_half": .object(means), "drift_eV_per_atom_per_ps": .real(drift),
      "model_caveat": .text(run.modelled.caveat), "warnings": .texts(run.warnings + run.remarks),
    ])
  }
}
