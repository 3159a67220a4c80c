internal import Crystal

/// Reads what `pw.x` of Quantum ESPRESSO 6 and 7 prints, also cut off in the middle.
///
/// The energy is the one behind `!`, F = E − TS where occupations are smeared: forces and stress are its
/// derivatives, and ASE and pymatgen take it too. E is kept as
/// ``CalculationResult/energyWithoutEntropy``.
///
/// The structure is the last one *before* that energy: a relaxation that ends at its largest number of
/// steps prints one more, for which there is no energy.
///
/// Reference: https://www.quantum-espresso.org/Doc/INPUT_PW.html
struct EspressoOutputReader {
  private let text: ResultText

  /// From the last start of the program: restarted runs are often appended.
  private let run: Range<Int>

  /// How the text begins.
  static let mark = "Program PWSCF"

  private static let energyMark = "\n!    total energy              ="

  /// Reads a result.
  ///
  /// - Throws: ``InputError`` if `pw.x` did not print this, or a number in it cannot be read.
  static func read(_ text: ResultText) throws(InputError) -> CalculationResult {
    guard let start = text.last(mark) else {
      throw InputError("no \"\(mark)\": this was not printed by pw.x", at: text.source)
    }
    return try EspressoOutputReader(text: text, run: start..<text.all.upperBound).read()
  }

  private func read() throws(InputError) -> CalculationResult {
    var result = CalculationResult(file: text.source, state: .truncated)
    result.version = text.firstRest(EspressoOutputReader.mark, in: run).flatMap {
      text.strings($0).first.map { String($0.drop { $0 == "v" || $0 == "." }) }
    }
    result.settings = EspressoSettings.read(text, run)
    result.wallTime = text.last("PWSCF        :", in: run).flatMap { wallTime(text.restOfLine($0)) }
    let energies = text.each(EspressoOutputReader.energyMark, in: run)
    result.ionicSteps = energies.count
    let plain = "     total energy              ="
    if let last = energies.last {
      let rest = last..<text.all.upperBound
      result.energy = text.firstReal(
        text.restOfLine(last + EspressoOutputReader.energyMark.utf8.count)
      ).map { $0 * UnitFactor.rydberg }
      result.energyWithoutEntropy =
        text.firstReal(text.firstRest("internal energy E=F+TS    =", in: rest))
        .map { $0 * UnitFactor.rydberg }
    } else if let range = text.lastRest(plain, in: run) {
      result.energy = text.firstReal(range).map { $0 * UnitFactor.rydberg }
    }
    let end = energies.last ?? run.upperBound
    result.structure = try EspressoGeometry(text, run.lowerBound..<end)?.structure()
    let atoms = result.structure?.count ?? 0
    readForces(energies.last ?? run.upperBound, atoms, &result)
    readMoments(atoms, &result)
    result.state = state(energies)
    return result
  }

  private func state(_ energies: [Int]) -> CalculationResult.State {
    if let message = error { return .failed(message) }
    let last = energies.last ?? run.lowerBound
    if let mark = text.last("convergence NOT achieved after", in: run), mark > last {
      let words = text.words(text.restOfLine(mark)).compactMap { text.firstInteger($0) }
      return .electronsNotConverged(iterations: words.first)
    }
    if let time = text.last("Maximum CPU time exceeded", in: run), time > last {
      return .failed("pw.x stopped itself at its limit max_seconds")
    }
    guard text.last("JOB DONE.", in: run) != nil else { return .truncated }
    if energies.isEmpty { return .failed("it ended without any energy") }
    for mark in ["The maximum number of steps has been reached", "bfgs failed after"]
    where text.last(mark, in: run) != nil {
      return .ionsNotConverged(steps: energies.count)
    }
    return .finished
  }

  /// What stands in the box of `%` around an error.
  private var error: String? {
    guard let mark = text.first("Error in routine", in: run) else { return nil }
    let next = text.lines(after: mark, count: 1).map { text.text($0) }
    return ([text.text(text.restOfLine(mark))] + next).joined(separator: " ")
  }

  private func readForces(_ end: Int, _ atoms: Int, _ result: inout CalculationResult) {
    let rest = end..<run.upperBound
    if let table = text.first("Forces acting on atoms", in: rest), atoms > 0 {
      let factor = UnitFactor.rydberg / UnitFactor.bohr
      let forces = text.lines(after: table, count: atoms + 1)
        .compactMap { line in text.firstRest("force =", in: line) }
        .compactMap { text.vector($0) }
      if forces.count == atoms { result.forces = forces.map { factor * $0 } }
    }
    if let table = text.first("total   stress  (Ry/bohr**3)", in: rest) {
      // Printed with the sign of a pressure.
      let factor = -UnitFactor.rydberg / (UnitFactor.bohr * UnitFactor.bohr * UnitFactor.bohr)
      let rows = text.lines(after: table, count: 3).compactMap { text.vector($0) }
      if rows.count == 3 { result.stress = rows.map { factor * $0 } }
    }
  }

  private func readMoments(_ atoms: Int, _ result: inout CalculationResult) {
    if let rest = text.lastRest("total magnetization       =", in: run) {
      result.totalMoment = text.firstReal(rest)
    }
    guard let table = text.last("Magnetic moment per site", in: run), atoms > 0 else { return }
    // `magn:` up to version 6, `magn=` since.
    let moments = text.lines(after: table, count: atoms).compactMap { line in
      (text.first("magn:", in: line) ?? text.first("magn=", in: line))
        .flatMap { text.firstReal(($0 + 5)..<line.upperBound) }
    }
    if moments.count == atoms { result.moments = moments }
  }

  /// The time before `WALL`, such as `1h 2m` or `1m 2.56s`, s.
  private func wallTime(_ line: Range<Int>) -> Double? {
    guard let cpu = text.first("CPU", in: line), let wall = text.first("WALL", in: line),
      cpu < wall
    else { return nil }
    var (seconds, number) = (0.0, "")
    for byte in text.bytes[(cpu + 3)..<wall] where byte != 32 {
      switch byte {
      case UInt8(ascii: "d"), UInt8(ascii: "h"), UInt8(ascii: "m"), UInt8(ascii: "s"):
        guard let value = NumberReader.real(number) else { return nil }
        let factors: [UInt8: Double] = [
          UInt8(ascii: "d"): 86400, UInt8(ascii: "h"): 3600, UInt8(ascii: "m"): 60,
        ]
        seconds += value * (factors[byte] ?? 1)
        number = ""
      default: number.unicodeScalars.append(Unicode.Scalar(byte))
      }
    }
    return number.isEmpty ? seconds : nil
  }
}
