internal import Crystal

extension VASPLint {
  /// Checks the cutoff, the smearing and the algorithm.
  mutating func checkElectrons() {
    let smearing = incar.integer("ISMEAR", default: 1)
    let steps = incar.integer("NSW", default: 0)
    let elements = structure.map { Set($0.species.map(\.element)) } ?? []
    let isMetal = !elements.isEmpty && !elements.contains(where: \.isNonMetal)
    if smearing == -5, steps > 0, isMetal {
      report.add(
        .ismearMetal, "INCAR", incar.line("ISMEAR"),
        "ISMEAR = -5 gives wrong forces in metals, and NSW asks for \(counted(steps, "step"))",
        hint: "relax with ISMEAR = 1 and a small SIGMA")
    }
    if smearing > 0, elements.contains(where: { $0.isUsualAnion }) {
      report.add(
        .ismearInsulator, "INCAR", incar.line("ISMEAR"),
        "ISMEAR is \(smearing)\(incar.entry("ISMEAR") == nil ? " by default" : ""), which gives wrong "
          + "energies if there is a band gap", hint: "ISMEAR = 0 with SIGMA = 0.05 is always safe")
    }
    checkCutoff()
    let algorithm = incar.entry("ALGO")?.value.lowercased() ?? "normal"
    if incar.isOn("LHFCALC"), algorithm.hasPrefix("f") || algorithm.hasPrefix("v") {
      report.add(
        .hybridAlgorithm, "INCAR", incar.line("ALGO"),
        "ALGO = \(incar.entry("ALGO")?.value ?? "") is not made for hybrid functionals",
        hint: "use All, Damped or Normal")
    }
    if let entry = incar.entry("METAGGA"), !["", "NONE", "--"].contains(entry.value.uppercased()),
      !incar.isOn("LASPH")
    {
      report.add(
        .lasph, "INCAR", entry.line,
        "the meta-GGA \(entry.value) without LASPH leaves out the non-spherical part in the spheres",
        hint: "set LASPH = .TRUE.")
    }
    for (tag, values, file) in [
      ("ICHARG", Set([11]), "CHGCAR"), ("ISTART", Set([2, 3]), "WAVECAR"),
    ] where values.contains(incar.integer(tag, default: -1)) && !folder.isFile(file) {
      report.add(
        .restartFile, "INCAR", incar.line(tag),
        "\(tag) = \(incar.integer(tag, default: -1)) reads \(file), which is not there")
    }
  }

  private mutating func checkCutoff() {
    guard let line = incar.line("ENCUT") ?? incar.line("ENMAX") else {
      report.add(
        .encutMissing, "INCAR", nil,
        "ENCUT is not given: VASP takes the largest ENMAX in POTCAR, so that energies of different "
          + "compositions may not be comparable", hint: "set one ENCUT for all calculations")
      return
    }
    let cutoff = incar.real("ENCUT") ?? incar.real("ENMAX")
    guard let cutoff, let hardest = potcar?.potentials.max(by: { $0.enmax ?? 0 < $1.enmax ?? 0 }),
      let enmax = hardest.enmax
    else { return }
    if cutoff < enmax - 1e-3 {
      report.add(
        .encutLow, "INCAR", line,
        "ENCUT is \(fixed(cutoff, 1)) eV, expected at least the \(fixed(enmax, 1)) eV of "
          + hardest.label)
    } else if cutoff < 1.3 * enmax - 1e-3, incar.integer("ISIF", default: 2) >= 3,
      incar.integer("NSW", default: 0) > 0
    {
      report.add(
        .encutPulay, "INCAR", line,
        "the cell relaxes, but ENCUT is only \(fixed(cutoff / enmax, 2)) times the "
          + "\(fixed(enmax, 1)) eV of \(hardest.label)",
        hint: "1.3 times or more make the Pulay stress small, or relax twice")
    }
  }

  /// Checks steps of atoms and cell.
  mutating func checkMotion() {
    let steps = incar.integer("NSW", default: 0)
    let ibrion = incar.integer("IBRION", default: steps > 1 ? 0 : -1)
    if steps > 0, ibrion == -1, incar.entry("IBRION") != nil {
      report.add(
        .noRelaxation, "INCAR", incar.line("IBRION"),
        "NSW asks for \(counted(steps, "step")), but with IBRION = -1 nothing moves",
        hint: "IBRION = 2 relaxes, IBRION = 0 is molecular dynamics")
    }
    if steps == 0, (0...3).contains(ibrion), incar.entry("IBRION") != nil {
      report.add(
        .noRelaxation, "INCAR", incar.line("IBRION"),
        "IBRION = \(ibrion) moves atoms, but NSW is 0", hint: "set NSW, or IBRION = -1")
    }
    if let isif = incar.entry("ISIF"), steps == 0, ibrion == -1,
      incar.integer("ISIF", default: 2) >= 3
    {
      report.add(
        .noRelaxation, "INCAR", isif.line,
        "ISIF = \(isif.value) relaxes the cell, but NSW is 0", hint: "set NSW and IBRION")
    }
    if ibrion == 0, steps > 0, incar.entry("POTIM") == nil {
      report.add(
        .potim, "INCAR", incar.line("IBRION") ?? incar.line("NSW"),
        "IBRION = 0 (molecular dynamics\(incar.entry("IBRION") == nil ? ", the default with NSW" : "")"
          + ") without POTIM, the time step", hint: "POTIM = 1 (fs), or IBRION = 2 to relax")
    }
    if let limit = incar.real("EDIFFG"), steps > 0, (1...3).contains(ibrion), limit >= 5e-3 {
      report.add(
        .ediffg, "INCAR", incar.line("EDIFFG"),
        "EDIFFG = \(limit) stops at a change of the energy by \(limit) eV",
        hint: "EDIFFG = -\(limit) stops at forces of \(limit) eV/Å")
    }
  }
}
