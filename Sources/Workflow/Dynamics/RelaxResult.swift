internal import Crystal
public import Dynamics
internal import Energetics
internal import Engines
internal import Report
internal import StructureIO

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What a relaxation came to.
public struct RelaxResult {
  /// The settings and the structure.
  public let run: RelaxRun

  /// The start.
  let first: Relaxation.Step

  /// The end.
  public let last: Relaxation.Step

  /// Why it is the end.
  public let ending: Relaxation.Ending

  /// The course.
  let points: [Point]

  /// One step of the course.
  struct Point {
    var step: Int
    /// eV.
    var enthalpy: Double
    /// eV/Å.
    var force: Double
  }

  /// The structure at the end, with everything that the file had.
  let structure: Structure

  /// The atom that moved farthest against the cell: its site, and how far, Å.
  let farthest: (site: Int, distance: Double)

  init(
    _ run: RelaxRun, first: Relaxation.Step, last: Relaxation.Step, ending: Relaxation.Ending,
    points: [Point]
  ) {
    self.run = run
    self.first = first
    self.last = last
    self.ending = ending
    self.points = points
    let modelled = run.modelled
    var structure = modelled.structure(at: last.configuration)
    let (before, after) = (first.configuration, last.configuration)
    var farthest = (site: modelled.atoms[0], distance: 0.0)
    for (k, site) in modelled.atoms.enumerated() {
      let step =
        structure.positions[site].components
        - before.lattice.fractional(Cartesian(before.positions[k])).components
      let distance = length(after.lattice.cartesian(Fractional(step)).components)
      if distance > farthest.distance { farthest = (site, distance) }
    }
    structure.set(modelled.column(Column.Name.force, last.evaluation.forces))
    structure.info.append(Structure.InfoEntry("energy", "\(last.evaluation.energy)"))
    self.structure = structure
    self.farthest = farthest
  }

  /// Writes the structure, figures and the summary.
  func write(to folder: OutputFolder) throws {
    try folder.write(ExtendedXYZ.write(structure), to: "relaxed.extxyz")
    let atoms = structure.withoutVacancies().groupedBySpecies()
    try folder.write(CIF.write(atoms), to: "relaxed.cif")
    try folder.write(POSCAR.write(atoms), to: "relaxed.vasp")
    try folder.write(
      csvText(header: GAResult.energyHeader, rows: [energyRow]), to: "energies.csv")
    for (name, svg) in figures { try folder.write(svg, to: "figures/\(name).svg") }
    try folder.write(jsonText(json(folder: folder.path)), to: "summary.json")
  }

  /// The row of `energies.csv`, named after the file.
  private var energyRow: [String] {
    let (energy, atoms) = (last.evaluation.energy, run.modelled.atoms.count)
    let specification = run.specification.energy
    let file = specification.structure.split(separator: "/").last ?? ""
    let model = specification.engine?.engine ?? "cellgen \(specification.model) model"
    return [
      String(file.prefix { $0 != "." }), "\(structure.composition)", "\(atoms)", "\(energy)",
      "\(energy / Double(atoms))", "\(model), \(ending.rawValue)", "relaxed.extxyz",
    ]
  }

  private var figures: [(name: String, svg: String)] {
    let atoms = Double(run.modelled.atoms.count)
    let title = RichText(formula: "\(structure.composition)")
    func chart(_ values: [Double], _ yTitle: String) -> String {
      let points = zip(points, values).map { LineChart.Point(x: Double($0.step), y: $1) }
      return LineChart(
        panels: [
          LineChart.Panel(
            title: title, series: [LineChart.Series(name: RichText(""), points: points)])
        ], xTitle: RichText("Step"), yTitle: RichText(plain: yTitle)
      ).svg()
    }
    let energies = points.map { 1000 * ($0.enthalpy - last.enthalpy) / atoms }
    // A force of zero has no logarithm; less than 1e-12 eV/Å is rounding.
    let forces = points.map { log10(max(1e-12, $0.force)) }
    return [
      ("energy", chart(energies, "Enthalpy above the last (meV/atom)")),
      ("force", chart(forces, "log₁₀ of the largest force (eV/Å)")),
    ]
  }

  /// One sentence on how it ended.
  public var verdict: String {
    let state =
      "largest force \(fixed(last.largestForce, 5)) eV/Å, largest stress "
      + "\(fixed(last.largestStress / UnitFactor.gigapascal, 4)) GPa"
    return switch ending {
    case .converged: "converged after \(last.number) steps: \(state)"
    case .stepLimit: "NOT converged after \(last.number) steps: \(state)"
    case .stalled:
      "NOT converged: after \(last.number) steps no lower energy was found along the forces; \(state)"
    case .stopped: "NOT converged: stopped after \(last.number) steps; \(state)"
    }
  }

  /// The results as they are printed on a terminal.
  public var text: String {
    let atoms = Double(run.modelled.atoms.count)
    var energies = Table(
      title: "\(structure.composition), \(run.modelled.atoms.count) atoms; charges: "
        + run.modelled.chargeOrigin,
      columns: ["", "before", "after", "change"])
    func row(_ name: String, _ before: Double, _ after: Double, _ digits: Int) {
      energies.append([
        name, fixed(before, digits), fixed(after, digits), fixed(after - before, digits),
      ])
    }
    row("energy (eV)", first.evaluation.energy, last.evaluation.energy, 6)
    row("energy (eV/atom)", first.evaluation.energy / atoms, last.evaluation.energy / atoms, 6)
    if run.specification.pressureGPa != 0 {
      row("enthalpy (eV)", first.enthalpy, last.enthalpy, 6)
    }
    row("largest force (eV/Å)", first.largestForce, last.largestForce, 6)
    let (before, after) = (first.configuration.lattice, last.configuration.lattice)
    for (axis, name) in ["a", "b", "c"].enumerated() {
      row("\(name) (Å)", before.lengths[axis], after.lengths[axis], 5)
    }
    for (axis, name) in ["alpha", "beta", "gamma"].enumerated() {
      row("\(name) (°)", before.anglesDegrees[axis], after.anglesDegrees[axis], 4)
    }
    row("volume (Å³)", before.volume, after.volume, 4)
    return energies.text + "\n" + verdict + "\nmodel: \(run.modelled.caveat)\n"
      + "largest displacement against the cell: \(fixed(farthest.distance, 4)) Å, "
      + "\(siteName(farthest.site))\n"
  }

  private func siteName(_ site: Int) -> String {
    let label = structure.labels.map { " on \($0[site])" } ?? ""
    return "\(structure.species[site].element) (site \(site + 1))\(label)"
  }

  /// The results for programs.
  ///
  /// - Parameter folder: Where the files are.
  /// - Returns: One object.
  public func json(folder: String) -> JSONValue {
    let atoms = Double(run.modelled.atoms.count)
    func lattice(_ lattice: Lattice) -> JSONValue {
      .array(lattice.vectors.map(JSONValue.vector))
    }
    let (before, after) = (first.configuration.lattice, last.configuration.lattice)
    return .object([
      "cellgen": .text(cellgenVersion), "command": .text("relax"),
      "structure": .text("\(folder)/relaxed.extxyz"), "ending": .text(ending.rawValue),
      "converged": .logical(ending == .converged), "steps": .integer(last.number),
      "atoms": .integer(run.modelled.atoms.count),
      "energy_before_eV": .real(first.evaluation.energy),
      "energy_eV": .real(last.evaluation.energy),
      "energy_eV_per_atom": .real(last.evaluation.energy / atoms),
      "enthalpy_eV": .real(last.enthalpy), "largest_force_eV_A": .real(last.largestForce),
      "largest_stress_GPa": .real(last.largestStress / UnitFactor.gigapascal),
      "lattice_before_A": lattice(before), "lattice_A": lattice(after),
      "volume_before_A3": .real(before.volume), "volume_A3": .real(after.volume),
      "largest_displacement_A": .real(farthest.distance),
      "largest_displacement_site": .integer(farthest.site + 1),
      "model_caveat": .text(run.modelled.caveat), "warnings": .texts(run.warnings + run.remarks),
    ])
  }
}
