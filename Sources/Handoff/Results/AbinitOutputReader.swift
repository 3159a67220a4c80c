internal import Crystal

/// Reads the main output of ABINIT 9 and 10, `run.abo`, also cut off in the middle.
///
/// The energy is `etotal`, with the entropy of smeared occupations in it. Final values are those that
/// are echoed after the computation; the moments are the differences of the densities of both spins in
/// spheres, which need `prtdensph 1`. With several datasets the last one counts.
///
/// Reference: https://docs.abinit.org/variables/
struct AbinitOutputReader {
  private let text: ResultText
  private let folder: ResultFolder
  private let variables: AbinitVariables

  /// In one of the first lines.
  static let mark = "of ABINIT"

  /// Reads a result.
  ///
  /// - Parameters:
  ///   - text: The main output, or what was printed.
  ///   - folder: Where the rest of the output is, in which errors stand.
  /// - Returns: The result.
  /// - Throws: ``InputError`` if ABINIT did not write this, or a number in it cannot be read.
  static func read(_ text: ResultText, in folder: ResultFolder) throws(InputError)
    -> CalculationResult
  {
    guard text.has(mark) else {
      throw InputError("no version of ABINIT: this is no output of it", at: text.source)
    }
    let reader = AbinitOutputReader(
      text: text, folder: folder, variables: AbinitVariables(text))
    return try reader.read()
  }

  private func read() throws(InputError) -> CalculationResult {
    var result = CalculationResult(file: text.source, state: .truncated)
    result.version = text.firstRest(".Version ").flatMap { text.strings($0).first }
    result.settings = variables.settings()
    result.ionicSteps = text.each("--- !BeginCycle").count
    result.wallTime = text.lastRest("+Overall time at end (sec) :")
      .flatMap { text.firstRest("wall=", in: $0) }.flatMap { text.firstReal($0) }
    result.structure = try variables.structure()
    let atoms = result.structure?.count ?? 0
    if let energy = variables.numbers("etotal")?.first {
      result.energy = energy * UnitFactor.hartree
    } else if let line = text.last("\n ETOT ") {
      // The last iteration of a calculation that did not come to its end.
      result.energy = text.reals(text.restOfLine(line + 6)).flatMap { $0.count > 1 ? $0[1] : nil }
        .map { $0 * UnitFactor.hartree }
    }
    if let internalEnergy = text.firstReal(text.lastRest("\ninternal            :")) {
      result.energyWithoutEntropy = internalEnergy * UnitFactor.hartree
    }
    if let forces = variables.numbers("fcart"), forces.count == 3 * atoms {
      let factor = UnitFactor.hartree / UnitFactor.bohr
      result.forces = (0..<atoms).map { n in
        factor * SIMD3(forces[3 * n], forces[3 * n + 1], forces[3 * n + 2])
      }
    }
    if let s = variables.numbers("strten"), s.count == 6 {
      // xx yy zz yz xz xy, with the sign that cellgen uses too.
      let factor = UnitFactor.hartree / (UnitFactor.bohr * UnitFactor.bohr * UnitFactor.bohr)
      result.stress = [
        factor * SIMD3(s[0], s[5], s[4]), factor * SIMD3(s[5], s[1], s[3]),
        factor * SIMD3(s[4], s[3], s[2]),
      ]
    }
    readMoments(atoms, &result)
    result.state = state(result)
    return result
  }

  private func state(_ result: CalculationResult) -> CalculationResult.State {
    if let message = error { return .failed(message) }
    let lastCycle = text.last("--- !BeginCycle") ?? 0
    let rest = lastCycle..<text.all.upperBound
    if let mark = text.first("was not enough SCF cycles to converge", in: rest) {
      let steps = text.words(text.line(at: mark)).compactMap { text.firstInteger($0) }.first
      return .electronsNotConverged(iterations: steps)
    }
    if let mark = text.first("was not enough Broyd/MD steps to converge", in: rest) {
      let steps = text.words(text.line(at: mark)).compactMap { text.firstInteger($0) }.first
      return .ionsNotConverged(steps: steps)
    }
    guard text.last("Calculation completed.") != nil else { return .truncated }
    return result.energy == nil ? .failed("it ended without any energy") : .finished
  }

  /// The message of an error: in this file or in what was printed.
  private var error: String? {
    let printed = SimulationCode.abinit.printedFile
    let other = folder.has(printed) ? folder.ending(of: printed) : nil
    for text in [text, other].compactMap({ $0 }) {
      guard let mark = text.last("--- !ERROR"),
        let start = text.first("message: |", in: mark..<text.all.upperBound)
      else { continue }
      let lines = text.lines(after: start, count: 20).map { text.text($0) }
      return lines.prefix { $0 != "..." }.prefix(3).joined(separator: " ")
    }
    return nil
  }

  private func readMoments(_ atoms: Int, _ result: inout CalculationResult) {
    if let total = text.lastRest(" Magnetization (Bohr magneton)=") {
      result.totalMoment = text.firstReal(total)
    }
    guard atoms > 0, let table = text.last("magnetization densities in atomic spheres") else {
      return
    }
    let rows = text.lines(after: table, count: atoms + 3).compactMap { text.reals($0) }
      .filter { $0.count == 6 }
    if rows.count == atoms { result.moments = rows.map { $0[5] } }
  }
}
