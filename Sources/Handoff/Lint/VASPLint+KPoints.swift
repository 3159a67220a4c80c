internal import Crystal

extension VASPLint {
  /// Checks the k-points against the cell.
  mutating func checkKPoints() {
    let spacing = incar.real("KSPACING")
    guard let text = folder.text("KPOINTS") else {
      if spacing == nil {
        report.add(
          .kpointsMissing, "KPOINTS", nil,
          "there is neither KPOINTS nor KSPACING: VASP takes KSPACING = 0.5, older versions stop")
      } else if let spacing, spacing > largestKSpacing {
        report.add(
          .kpointsCoarse, "INCAR", incar.line("KSPACING"),
          "KSPACING is \(spacing) Å⁻¹, expected at most \(largestKSpacing)")
      }
      return
    }
    if let line = incar.line("KSPACING") {
      report.add(
        .kpointsUnused, "INCAR", line,
        "KSPACING is given, but VASP takes the k-points from KPOINTS", hint: "remove one of them")
    }
    let kpoints: KpointsFile
    do {
      kpoints = try KpointsFile(text, source: "KPOINTS")
    } catch {
      report.add(error, "KPOINTS")
      return
    }
    if kpoints.mode == .lines {
      if incar.integer("ICHARG", default: 2) < 10 {
        report.add(
          .kpointsLines, "KPOINTS", 3,
          "k-points along lines, but the density is not taken from an earlier run (ICHARG = 11)",
          hint: "make the density converge on a grid first")
      }
      return
    }
    guard let structure else { return }
    let smearing = incar.integer("ISMEAR", default: 1)
    let grid = kpoints.grid(for: structure.lattice)
    let number = grid.map { $0.x * $0.y * $0.z } ?? kpoints.count
    if [-4, -5, -14, -15].contains(smearing), let number, number < 4 {
      report.add(
        .tetrahedron, "INCAR", incar.line("ISMEAR"),
        "ISMEAR = \(smearing) needs four k-points or more, found \(number) in KPOINTS",
        hint: "use ISMEAR = 0 with SIGMA = 0.05")
    }
    if let grid, let coarse = coarseGrid(grid, structure.lattice) {
      report.add(.kpointsCoarse, "KPOINTS", kpoints.line, coarse.message, hint: coarse.hint)
    }
    if kpoints.mode == .monkhorst, let grid, !kpoints.isShifted, isHexagonal(structure.lattice),
      grid.x % 2 == 0 || grid.y % 2 == 0
    {
      report.add(
        .kpointsHexagonal, "KPOINTS", 3,
        "an even Monkhorst-Pack grid breaks the symmetry of the hexagonal cell", hint: "use Gamma")
    }
  }
}
