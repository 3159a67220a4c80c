internal import Crystal

/// Reads `OUTCAR` of VASP 5 and 6, also one that ends in the middle.
///
/// The energy is `energy(sigma->0)` of the last ionic step; state, structure, forces and stress belong to
/// the same step. Moments are the last table `magnetization (x)`, the projections onto spheres of the
/// size RWIGS or of the POTCAR.
///
/// Reference: https://www.vasp.at/wiki/index.php/OUTCAR
enum OutcarReader {
  /// Name of the file.
  static let fileName = "OUTCAR"

  /// Reads a result.
  ///
  /// - Throws: ``InputError`` if this is no `OUTCAR`, or a number in it cannot be read.
  static func read(_ text: ResultText) throws(InputError) -> CalculationResult {
    let beginning = text.all.prefix(4096)
    guard text.has("vasp.", in: beginning) || text.bytes.allSatisfy({ $0 <= 32 }) else {
      throw InputError("no version of VASP in the first lines: this is no OUTCAR", at: text.source)
    }
    var result = CalculationResult(file: text.source, state: .truncated)
    result.settings.code = .vasp
    result.version = text.first("vasp.", in: beginning).flatMap { position in
      text.strings(text.restOfLine(position)).first.map { String($0.dropFirst(5)) }
    }
    let species = try species(text, &result)
    fillSettings(text, species.types, &result.settings)
    result.wallTime = text.firstReal(text.lastRest("Elapsed time (sec):"))
    fillMoments(text, count: species.atoms.count, &result)

    let energyMark = "energy(sigma->0) ="
    let endMark = "FREE ENERGIE OF THE ION-ELECTRON SYSTEM"
    let steps = text.each(endMark)
    result.ionicSteps = steps.count
    guard let last = steps.last else {
      if isComplete(text) { result.state = .failed("it ended without any energy") }
      return result
    }
    let rest = last..<text.all.upperBound
    result.energy = text.firstReal(text.firstRest(energyMark, in: rest))
    result.energyWithoutEntropy =
      text.firstReal(text.firstRest("energy  without entropy=", in: rest))
    guard result.energy != nil else {
      result.ionicSteps = steps.count - 1
      return result
    }
    let previous = steps.count > 1 ? steps[steps.count - 2] : 0
    // Forces and cell stand before the energy of their step, behind that of the one before.
    let step = previous..<text.all.upperBound
    try readGeometry(text, step, species.atoms, &result)
    guard isComplete(text) else { return result }
    result.state = state(text, steps: steps.count, in: previous..<last, result.largestForce)
    return result
  }

  /// Whether the ending of the program is there.
  static func isComplete(_ text: ResultText) -> Bool {
    text.last("General timing and accounting informations for this job") != nil
  }

  private static func state(
    _ text: ResultText, steps: Int, in lastStep: Range<Int>, _ largestForce: Double?
  ) -> CalculationResult.State {
    let iterations = text.each("- Iteration ", in: lastStep).count
    if text.has("EDIFF was not reached", in: lastStep) {
      return .electronsNotConverged(iterations: iterations)
    }
    let limits = limits(text)
    let isReached = text.has("EDIFF is reached", in: lastStep)
    if hasReachedAccuracy(text), isReached { return .finished }
    return VASPSettings.state(
      steps: steps, iterations: isReached ? 0 : iterations, largestForce: largestForce,
      limits: limits)
  }

  /// Whether the relaxation ended because its criterion was met.
  static func hasReachedAccuracy(_ text: ResultText) -> Bool {
    text.last("reached required accuracy - stopping structural energy minimisation") != nil
  }

  /// What stands behind `NAME   =`, the first time; the number of spaces differs between versions.
  private static func tag(_ text: ResultText, _ name: String) -> Range<Int>? {
    let head = 0..<(text.first("- Iteration ") ?? text.all.upperBound)
    for position in text.each(" \(name)", in: head) {
      var end = position + name.utf8.count + 1
      while end < text.bytes.count, text.bytes[end] == 32 { end += 1 }
      if end < text.bytes.count, text.bytes[end] == UInt8(ascii: "=") {
        return text.restOfLine(end + 1)
      }
    }
    return nil
  }

  private static func number(_ text: ResultText, _ name: String) -> Double? {
    text.firstReal(tag(text, name))
  }

  private static func limits(_ text: ResultText) -> VASPSettings.Limits {
    func integer(_ name: String) -> Int? { number(text, name).map { Int($0) } }
    return VASPSettings.Limits(
      electronic: integer("NELM"), ionic: integer("NSW"),
      algorithm: integer("IBRION"), change: number(text, "EDIFFG"),
      cell: integer("ISIF"))
  }

  private static func fillSettings(
    _ text: ResultText, _ types: [Element], _ settings: inout CalculationSettings
  ) {
    settings.cutoffEV = number(text, "ENCUT")
    settings.isSpinPolarised = number(text, "ISPIN").map { $0 == 2 }
    func word(_ name: String) -> String? {
      tag(text, name).flatMap { text.strings($0).first }
    }
    let isHybrid = word("LHFCALC")?.hasPrefix("T") ?? false
    settings.functional = VASPSettings.functional(
      gga: word("GGA"), meta: word("METAGGA"),
      exchange: isHybrid
        ? (number(text, "AEXX") ?? 0.25, number(text, "HFSCREEN") ?? 0) : nil,
      isNonlocal: word("LUSE_VDW")?.hasPrefix("T") ?? false, default: settings.functional)
    settings.dispersion = VASPSettings.dispersion(Int(number(text, "IVDW") ?? 0))
    func list(_ mark: String) -> [Double] {
      text.firstRest(mark).flatMap { text.reals($0) } ?? []
    }
    settings.hubbardEV =
      text.has("LDAUTYPE =")
      ? VASPSettings.hubbard(
        types, l: list("LDAUL ="), u: list("LDAUU ="), j: list("LDAUJ =")) : [:]
  }

  private static func species(
    _ text: ResultText, _ result: inout CalculationResult
  ) throws(InputError) -> (atoms: [Element], types: [Element]) {
    var types: [Element] = []
    var titles: [String: String] = [:]
    let labels = text.each("TITEL  =").map { text.text(text.restOfLine($0 + 8)) }
    for (n, position) in text.each("VRHFIN =").enumerated() {
      let symbol = text.text(text.restOfLine(position + 8)).prefix { $0 != ":" && $0 != " " }
      guard let element = Element(symbol: String(symbol)) else {
        throw text.problem("unknown element \"\(symbol)\"", at: position)
      }
      types.append(element)
      if labels.indices.contains(n) { titles[element.symbol] = labels[n] }
    }
    VASPSettings.fill(&result.settings, titles: titles)
    guard let line = text.firstRest("ions per type =") else { return ([], types) }
    let counts = text.words(line).compactMap { text.firstInteger($0) }
    guard counts.count == types.count else {
      throw text.problem(
        "\(counts.count) numbers of ions per type, but \(types.count) types",
        at: line.lowerBound)
    }
    return (zip(types, counts).flatMap { Array(repeating: $0, count: $1) }, types)
  }

  private static func readGeometry(
    _ text: ResultText, _ step: Range<Int>, _ elements: [Element],
    _ result: inout CalculationResult
  ) throws(InputError) {
    if let position = text.last("in kB ", in: step),
      let kB = text.reals(text.restOfLine(position + 5)), kB.count == 6
    {
      // xx yy zz xy yz zx, positive for a cell that is compressed.
      let factor = -0.1 * UnitFactor.gigapascal
      result.stress = [
        factor * SIMD3(kB[0], kB[3], kB[5]), factor * SIMD3(kB[3], kB[1], kB[4]),
        factor * SIMD3(kB[5], kB[4], kB[2]),
      ]
    }
    guard let table = text.last("TOTAL-FORCE (eV/Angst)", in: step),
      let cell = text.last("direct lattice vectors", in: 0..<table)
    else { return }
    let rows = text.lines(after: cell, count: 3).compactMap { text.vector($0) }
    let atoms = text.lines(after: table, count: elements.count + 1).dropFirst()
    guard rows.count == 3, atoms.count == elements.count else { return }
    var positions: [SIMD3<Double>] = []
    var forces: [SIMD3<Double>] = []
    for (n, line) in atoms.enumerated() {
      // The table of a running job may end in the middle.
      guard let position = text.vector(line), let force = text.vector(line, from: 3) else {
        guard line.upperBound < text.bytes.count else { return }
        throw text.problem(
          "position and force of atom \(n + 1) are not six numbers", at: line.lowerBound)
      }
      positions.append(position)
      forces.append(force)
    }
    do {
      let lattice = try Lattice(a: rows[0], b: rows[1], c: rows[2])
      result.structure = Structure(
        lattice: lattice, species: elements.map { Species($0) },
        positions: positions.map { lattice.fractional(Cartesian($0)) })
      result.forces = forces
    } catch {
      throw text.problem("\(error)", at: cell)
    }
  }

  /// Takes the moments: `tot` of each atom in the last table, and that of the cell.
  static func fillMoments(_ text: ResultText, count: Int, _ result: inout CalculationResult) {
    if let position = text.last("number of electron"),
      let rest = text.firstRest("magnetization", in: text.restOfLine(position))
    {
      result.totalMoment = text.firstReal(rest)
    }
    // Of moments that are not collinear there are three tables, none of which is the moment.
    guard text.last("magnetization (y)") == nil else { return }
    guard count > 0, let table = text.last("magnetization (x)") else { return }
    // A blank line, the names of the columns and a rule stand before the atoms.
    let lines = text.lines(after: table, count: count + 4)
      .map { text.words($0) }.filter { $0.count > 2 && text.firstInteger($0[0]) != nil }
    let moments = lines.compactMap { $0.last.flatMap { text.real($0) } }
    if moments.count == count { result.moments = moments }
  }
}
