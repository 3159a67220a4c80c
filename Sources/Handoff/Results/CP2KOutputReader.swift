internal import Crystal
internal import StructureIO

/// Reads what CP2K prints, also cut off in the middle.
///
/// The energy is the last `ENERGY| Total FORCE_EVAL`, with the entropy of smeared occupations in it.
/// Moments are the spin moments of Mulliken's analysis, of the last table. The stress is printed with
/// the sign of a pressure.
///
/// Cells are printed with 0.001 Å only, so the structure comes from the restart file, or, for a single
/// point, from the input.
///
/// Reference: https://manual.cp2k.org
struct CP2KOutputReader {
  private let text: ResultText
  private let folder: ResultFolder
  /// From the last start of the program: restarted runs are often appended.
  private let run: Range<Int>

  /// How the text begins.
  static let mark = "CP2K| version string:"

  private static let energyMark = "ENERGY| Total FORCE_EVAL"

  /// Reads a result.
  ///
  /// - Parameters:
  ///   - text: What was printed.
  ///   - folder: Where the restart file and the input are.
  /// - Returns: The result.
  /// - Throws: ``InputError`` if CP2K did not print this, or a number in it cannot be read.
  static func read(_ text: ResultText, in folder: ResultFolder) throws(InputError)
    -> CalculationResult
  {
    guard let start = text.last(mark) else {
      throw InputError("no \"\(mark)\": this was not printed by CP2K", at: text.source)
    }
    return try CP2KOutputReader(text: text, folder: folder, run: start..<text.all.upperBound).read()
  }

  private func read() throws(InputError) -> CalculationResult {
    var result = CalculationResult(file: text.source, state: .truncated)
    result.version = text.firstRest(CP2KOutputReader.mark, in: run).flatMap {
      text.strings($0).last
    }
    result.settings = CP2KSettings.read(text, run)
    let energies = text.each(CP2KOutputReader.energyMark, in: run)
    result.ionicSteps = energies.count
    if let last = energies.last, let word = text.words(text.restOfLine(last)).last {
      result.energy = text.real(word).map { $0 * UnitFactor.hartree }
    }
    if let total = text.last("CP2K                                 1", in: run) {
      result.wallTime = text.words(text.restOfLine(total)).last.flatMap { text.real($0) }
    }
    try readGeometry(&result)
    let atoms = result.structure?.count ?? 0
    let previous = energies.count > 1 ? energies[energies.count - 2] : run.lowerBound
    readForces(behind: energies, atoms, &result)
    readMoments(run.lowerBound..<(energies.last ?? run.upperBound), atoms, &result)
    result.state = state(energies, previous)
    return result
  }

  private func state(_ energies: [Int], _ previous: Int) -> CalculationResult.State {
    let lastStep = previous..<run.upperBound
    if text.has("SCF run NOT converged", in: lastStep) {
      let iterations = text.firstInteger(
        text.lastRest("Leaving inner SCF loop after reaching", in: lastStep))
      return .electronsNotConverged(iterations: iterations)
    }
    if let message = abort { return .failed(message) }
    if text.has("MAXIMUM NUMBER OF OPTIMIZATION STEPS REACHED", in: lastStep) {
      return .ionsNotConverged(steps: energies.count)
    }
    guard text.last("PROGRAM ENDED AT", in: run) != nil else { return .truncated }
    return energies.isEmpty ? .failed("it ended without any energy") : .finished
  }

  /// What stands in the box of `*` beside `[ABORT]`.
  private var abort: String? {
    guard let mark = text.first("[ABORT]", in: run) else { return nil }
    let lines = text.lines(after: mark, count: 12).map { line in
      text.text(line).drop { $0 == "*" || $0 == " " }
    }
    // The picture beside the message is made of these.
    let words = lines.prefix { !$0.hasPrefix("=====") }
      .map { String($0.drop { "\\/_|()O o^'`~-".contains($0) }) }
      .map { line in String(line.prefix { $0 != "*" }) }
      .map { text in text.split(separator: " ").joined(separator: " ") }
      .filter { $0.count > 3 }
    return "CP2K aborted: \(words.joined(separator: " "))"
  }

  /// Reads what is printed behind the last energy; a relaxation that converged prints one more energy of
  /// the same atoms, without forces.
  private func readForces(
    behind energies: [Int], _ atoms: Int, _ result: inout CalculationResult
  ) {
    guard var start = energies.last, atoms > 0 else { return }
    let marks = ["ATOMIC FORCES in [a.u.]", "FORCES| Atomic forces [hartree/bohr]"]
    if let end = text.last("Reevaluating energy at the minimum", in: run), energies.count > 1,
      end < start, !marks.contains(where: { text.has($0, in: start..<run.upperBound) })
    {
      start = energies[energies.count - 2]
    }
    let rest = start..<run.upperBound
    let factor = UnitFactor.hartree / UnitFactor.bohr
    if let table = text.first("ATOMIC FORCES in [a.u.]", in: rest) {
      let forces = text.lines(after: table, count: atoms + 2)
        .filter { text.words($0).count == 6 && text.firstInteger($0) != nil }
        .compactMap { text.vector($0, from: 3) }
      if forces.count == atoms { result.forces = forces.map { factor * $0 } }
    } else if let table = text.first("FORCES| Atomic forces [hartree/bohr]", in: rest) {
      let forces = text.lines(after: table, count: atoms + 1)
        .filter { text.words($0).count > 4 }.compactMap { text.vector($0, from: 2) }
      if forces.count == atoms { result.forces = forces.map { factor * $0 } }
    }
    for kind in ["Analytical", "Numerical"] {
      guard let table = text.first("STRESS| \(kind) stress tensor [", in: rest) else { continue }
      let isBar = text.has("[bar]", in: text.restOfLine(table))
      let unit = (isBar ? 1e-4 : 1) * UnitFactor.gigapascal
      let rows = text.lines(after: table, count: 4).dropFirst()
        .compactMap { text.vector($0, from: 2) }
      if rows.count == 3 { result.stress = rows.map { -unit * $0 } }
    }
  }

  private func readMoments(_ part: Range<Int>, _ atoms: Int, _ result: inout CalculationResult) {
    guard atoms > 0, let table = text.last("Mulliken Population Analysis", in: part) else { return }
    // Atom, element, kind, α, β, charge, moment; five words without spin.
    let rows = text.lines(after: table, count: atoms + 3).map { text.words($0) }
      .filter { $0.count == 7 && text.firstInteger($0[0]) != nil }
    let moments = rows.compactMap { text.real($0[6]) }
    guard moments.count == atoms else { return }
    result.moments = moments
    result.totalMoment = moments.reduce(0, +)
  }

  private func readGeometry(_ result: inout CalculationResult) throws(InputError) {
    let moves = text.each(CP2KOutputReader.energyMark, in: run).count > 1
    let input = text.firstRest("CP2K| Input file name", in: run).map { text.text($0) }
    let restarts = folder.files.filter { $0.hasSuffix("-1.restart") }
    let candidates =
      moves ? restarts : [input].compactMap { $0 }.filter { folder.files.contains($0) }
    guard let name = candidates.first else {
      let reason = moves ? "no restart file *-1.restart" : "the input is not in the folder"
      result.notes.append("the structure is not known: \(reason)")
      return
    }
    let reading: StructureReading
    do {
      reading = try CP2K.read(text(of: name), source: folder.file(name))
    } catch {
      result.notes.append("the structure is not known: \(error.description)")
      return
    }
    var structure = reading.structure
    for column in structure.columns { structure.removeColumn(column.name) }
    guard restartFits(structure) else {
      result.notes.append(
        "the structure is not known: the cell in \(name) is not the one that was printed last")
      return
    }
    result.structure = structure
  }

  private func text(of name: String) throws(InputError) -> String {
    let contents = try folder.text(name)
    return String(decoding: contents.bytes, as: UTF8.self)
  }

  /// Whether the cell is the one that was printed last, as far as it was printed.
  private func restartFits(_ structure: Structure) -> Bool {
    let vectors = ["a", "b", "c"].compactMap { text.last(" CELL| Vector \($0) [", in: run) }
      .compactMap { mark in
        text.lastRest("|=", in: text.restOfLine(mark))
          ?? text.lastRest("| =", in: text.restOfLine(mark))
      }
      .compactMap { text.firstReal($0) }
    guard vectors.count == 3 else { return true }
    let lengths = structure.lattice.lengths
    return zip(vectors, [lengths.x, lengths.y, lengths.z]).allSatisfy { ($0 - $1).magnitude < 2e-3 }
  }
}
