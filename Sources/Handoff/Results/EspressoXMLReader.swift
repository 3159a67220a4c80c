internal import Crystal

/// Reads the XML of `pw.x`, `data-file-schema.xml` in the folder `.save`, of Quantum ESPRESSO 6.2 and
/// later.
///
/// All quantities are in Hartree atomic units; forces and stress belong to the energy, the stress with
/// the sign of a pressure. Moments of the atoms are not in it.
///
/// The structure under `<output>` is the one that would have been next if a relaxation ended at its largest
/// number of steps. So where the energy is that of the last `<step>`, its structure is taken.
///
/// Reference: https://www.quantum-espresso.org/ns/qes/
enum EspressoXMLReader {
  /// Names of the file; the second one is that in the output folder itself.
  static let mark = "<qes:espresso"

  /// Reads a result.
  ///
  /// - Throws: ``InputError`` if this is no such file, or a number in it cannot be read.
  static func read(_ text: ResultText) throws(InputError) -> CalculationResult {
    guard text.has(mark) else {
      throw InputError("no \(mark)>: this is no XML of pw.x", at: text.source)
    }
    var result = CalculationResult(file: text.source, state: .truncated)
    result.settings.code = .qe
    if let creator = text.first("<creator", in: text.all),
      let version = text.firstRest("VERSION=\"", in: text.restOfLine(creator))
    {
      result.version = String(text.text(version).prefix { $0 != "\"" })
    }
    let steps = text.each("<step ")
    result.ionicSteps = max(1, steps.count)
    guard let output = text.element("output", in: text.all) else { return result }
    readSettings(text, output, &result.settings)
    guard let energy = value(text, "etot", in: output) else {
      throw text.problem("no total energy", at: output.lowerBound)
    }
    result.energy = energy * UnitFactor.hartree
    if let entropy = value(text, "demet", in: output) {
      result.energyWithoutEntropy = (energy - entropy) * UnitFactor.hartree
    }
    var source = output
    if let last = steps.last, let step = text.element("step", in: last..<text.all.upperBound),
      value(text, "etot", in: step) == energy
    {
      source = step
    }
    result.structure = try structure(text, source)
    result.forces = vectors(text, "forces", output, UnitFactor.hartree / UnitFactor.bohr)
    let volume = UnitFactor.bohr * UnitFactor.bohr * UnitFactor.bohr
    result.stress = vectors(text, "stress", output, -UnitFactor.hartree / volume)
    if result.forces?.count != result.structure?.count { result.forces = nil }
    if result.stress?.count != 3 { result.stress = nil }
    if let part = text.element("magnetization", in: output) {
      result.totalMoment = value(text, "total", in: part)
    }
    if let timing = text.element("timing_info", in: text.all) {
      result.wallTime = value(text, "wall", in: timing)
    }
    result.state = state(text, output, steps: steps.count)
    return result
  }

  private static func state(
    _ text: ResultText, _ output: Range<Int>, steps: Int
  ) -> CalculationResult.State {
    func isAchieved(_ name: String) -> Bool? {
      text.element(name, in: output)
        .flatMap { text.element("convergence_achieved", in: $0) }
        .map { text.text($0) == "true" }
    }
    if isAchieved("scf_conv") == false {
      let part = text.element("scf_conv", in: output)
      let iterations = part.flatMap { value(text, "n_scf_steps", in: $0) }
      return .electronsNotConverged(iterations: iterations.map { Int($0) })
    }
    if isAchieved("opt_conv") == false { return .ionsNotConverged(steps: steps) }
    // 255: the file was closed without the end of the program.
    guard
      let status = value(text, "status", in: text.all) ?? value(text, "exit_status", in: text.all)
    else { return .truncated }
    return status == 0 ? .finished : .failed("pw.x ended with status \(Int(status))")
  }

  private static func readSettings(
    _ text: ResultText, _ output: Range<Int>, _ settings: inout CalculationSettings
  ) {
    settings.cutoffEV = value(text, "ecutwfc", in: output).map { $0 * UnitFactor.hartree }
    settings.isSpinPolarised = text.element("lsda", in: output).map { text.text($0) == "true" }
    var labels: [String: String] = [:]
    var rest = text.element("atomic_species", in: output) ?? output.lowerBound..<output.lowerBound
    while let species = text.element("species", in: rest) {
      // The name is in the tag in front of what it holds.
      let tag = text.last("<species", in: rest.lowerBound..<species.lowerBound)
      if let name = tag.flatMap({ attribute(text, "name", $0..<species.lowerBound) }),
        let element = EspressoSettings.element(name),
        let file = text.element("pseudo_file", in: species)
      {
        labels[element.symbol] = text.text(file)
      }
      rest = species.upperBound..<rest.upperBound
    }
    if !labels.isEmpty { settings.pseudopotentials = labels }
    guard let theory = text.element("dft", in: output) else { return }
    settings.functional = text.element("functional", in: theory).map {
      EspressoSettings.functional(text.text($0))
    }
    settings.dispersion = dispersion(text, theory)
    // The unit of U in this file differs between versions.
    if !text.has("<Hubbard_U", in: theory) { settings.hubbardEV = [:] }
  }

  private static func dispersion(_ text: ResultText, _ theory: Range<Int>) -> String {
    guard let kind = text.element("vdw_corr", in: theory) else { return "none" }
    let name = text.text(kind).lowercased()
    if name.contains("d3") {
      return value(text, "dftd3_version", in: theory) == 4 ? "D3BJ" : "D3"
    }
    return name.contains("d2") || name == "dft-d" ? "D2" : name
  }

  private static func structure(
    _ text: ResultText, _ range: Range<Int>
  ) throws(InputError) -> Structure {
    guard let part = text.element("atomic_structure", in: range),
      let cell = text.element("cell", in: part),
      var rest = text.element("atomic_positions", in: part)
    else { throw text.problem("no structure", at: range.lowerBound) }
    let rows = ["a1", "a2", "a3"].compactMap { text.element($0, in: cell) }
      .compactMap { text.vector($0) }.map { UnitFactor.bohr * $0 }
    guard rows.count == 3 else {
      throw text.problem(
        "the lattice vectors are not three rows of three numbers", at: cell.lowerBound)
    }
    do {
      let lattice = try Lattice(a: rows[0], b: rows[1], c: rows[2])
      var species: [Species] = []
      var positions: [Fractional] = []
      while let atom = text.element("atom", in: rest) {
        let tag = rest.lowerBound..<atom.lowerBound
        guard let name = attribute(text, "name", tag),
          let element = EspressoSettings.element(name), let point = text.vector(atom)
        else { throw text.problem("no element and position of an atom", at: atom.lowerBound) }
        species.append(Species(element))
        positions.append(lattice.fractional(Cartesian(UnitFactor.bohr * point)))
        rest = atom.upperBound..<rest.upperBound
      }
      return Structure(lattice: lattice, species: species, positions: positions)
    } catch let error as InputError {
      throw error
    } catch {
      throw text.problem("\(error)", at: cell.lowerBound)
    }
  }

  /// The value of `name="…"` in a tag.
  private static func attribute(_ text: ResultText, _ name: String, _ tag: Range<Int>) -> String? {
    text.last("\(name)=\"", in: tag).map { position in
      String(text.text((position + name.utf8.count + 2)..<tag.upperBound).prefix { $0 != "\"" })
    }
  }

  private static func value(_ text: ResultText, _ name: String, in range: Range<Int>) -> Double? {
    text.firstReal(text.element(name, in: range))
  }

  /// The numbers of a matrix in rows of three, times a factor.
  private static func vectors(
    _ text: ResultText, _ name: String, _ range: Range<Int>, _ factor: Double
  ) -> [SIMD3<Double>]? {
    guard let body = text.element(name, in: range), let numbers = text.reals(body),
      !numbers.isEmpty, numbers.count.isMultiple(of: 3)
    else { return nil }
    return stride(from: 0, to: numbers.count, by: 3).map { n in
      factor * SIMD3(numbers[n], numbers[n + 1], numbers[n + 2])
    }
  }
}
