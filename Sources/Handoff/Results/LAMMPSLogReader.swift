internal import Crystal
internal import StructureIO

/// Reads the log of LAMMPS, `log.lammps`, also cut off in the middle.
///
/// The energy is the potential energy in the last row of thermodynamic output, in eV by the command
/// `units`; the stress is that of its columns of pressure. The structure is in the file of the last
/// `write_data`, else the last frame of a dump, from which forces are taken too if it has them.
///
/// Reference: https://docs.lammps.org/Howto_output.html
struct LAMMPSLogReader {
  private let text: ResultText
  private let folder: ResultFolder

  /// How the text begins.
  static let mark = "LAMMPS ("

  /// Name of the log if nobody chose another.
  static let fileName = "log.lammps"

  /// Reads a result.
  ///
  /// - Parameters:
  ///   - text: The log, or what was printed.
  ///   - folder: Where the structure is.
  /// - Returns: The result.
  /// - Throws: ``InputError`` if LAMMPS did not write this, or its units have no energy in eV.
  static func read(_ text: ResultText, in folder: ResultFolder) throws(InputError)
    -> CalculationResult
  {
    guard text.has(mark) else {
      throw InputError("no \"\(mark)\": this is no log of LAMMPS", at: text.source)
    }
    return try LAMMPSLogReader(text: text, folder: folder).read()
  }

  private func read() throws(InputError) -> CalculationResult {
    var result = CalculationResult(file: text.source, state: .truncated)
    result.version = text.firstRest(LAMMPSLogReader.mark).map { range in
      String(text.text(range).prefix { $0 != ")" })
    }
    result.settings.code = .lammps
    result.settings.functional = command("pair_style").map { "pair_style \($0)" }
    let factors = try factors()
    if let row = lastRow {
      result.ionicSteps = row["Step"].map { Int($0) }
      let pair = row["E_pair"].map { $0 + (row["E_mol"] ?? 0) }
      if let energy = row["PotEng"] ?? pair {
        result.energy = energy * factors.energy
      } else if let energy = row["TotEng"] {
        result.energy = energy * factors.energy
        result.notes.append("TotEng, which has the kinetic energy in it: there is no PotEng")
      }
      if let stress = stress(row) { result.stress = stress.map { -factors.pressure * $0 } }
    }
    if let total = text.lastRest("Total wall time:") {
      let parts = text.text(total).split(separator: ":").compactMap { NumberReader.real($0) }
      result.wallTime = parts.count == 3 ? 3600 * parts[0] + 60 * parts[1] + parts[2] : nil
    }
    readStructure(&result, factors.energy)
    result.state = state(&result)
    return result
  }

  private func state(_ result: inout CalculationResult) -> CalculationResult.State {
    if let mark = text.last("\nERROR") {
      return .failed("LAMMPS: \(text.text(text.restOfLine(mark + 1)))")
    }
    guard text.last("Total wall time:") != nil else { return .truncated }
    guard result.energy != nil else { return .failed("it ended without any energy") }
    guard let criterion = text.lastRest("Stopping criterion =") else { return .finished }
    let name = text.text(criterion)
    if name.hasPrefix("max ") {
      let iterations = text.lastRest("Iterations, force evaluations =")
      return .ionsNotConverged(steps: text.firstInteger(iterations))
    }
    if !name.hasSuffix("tolerance") { result.notes.append("the minimisation ended by: \(name)") }
    return .finished
  }

  /// The arguments of a command, the last time it was given.
  private func command(_ name: String) -> String? {
    text.lastRest("\n\(name) ").map { text.strings($0).joined(separator: " ") }
  }

  /// eV per unit of energy, eV/Å³ per unit of pressure.
  private func factors() throws(InputError) -> (energy: Double, pressure: Double) {
    let bar = 1e-4 * UnitFactor.gigapascal
    switch command("units") {
    case "metal": return (1, bar)
    case "real": return (UnitFactor.kilocaloriePerMole, 1.01325 * bar)
    case "electron": return (UnitFactor.hartree, 1e-9 * UnitFactor.gigapascal)
    case let other:
      throw InputError(
        "the units are \(other ?? "not set, so lj"), in which there is no energy in eV",
        at: text.source, hint: "run LAMMPS with units metal or real")
    }
  }

  /// The last row of the last complete table of thermodynamic output, by the names of its columns.
  private var lastRow: [String: Double]? {
    // The header begins a line with Step; rows follow until another text.
    var headers = text.each("\nStep ") + text.each("\n   Step ")
    headers.sort()
    while let header = headers.popLast() {
      let names = text.strings(text.restOfLine(header + 1))
      var last: [Double]?
      for line in text.lines(after: header + 1) {
        // A warning may stand between rows; the end of the table is a text of its own.
        if text.has("Loop time", in: line) { break }
        guard let row = text.reals(line), row.count == names.count else { continue }
        last = row
      }
      if let last { return Dictionary(zip(names, last)) { first, _ in first } }
    }
    return nil
  }

  /// Rows of the tensor of pressure, or of one number on the diagonal.
  private func stress(_ row: [String: Double]) -> [SIMD3<Double>]? {
    if let xx = row["Pxx"], let yy = row["Pyy"], let zz = row["Pzz"] {
      let (xy, xz, yz) = (row["Pxy"] ?? 0, row["Pxz"] ?? 0, row["Pyz"] ?? 0)
      return [SIMD3(xx, xy, xz), SIMD3(xy, yy, yz), SIMD3(xz, yz, zz)]
    }
    return row["Press"].map { [SIMD3($0, 0, 0), SIMD3(0, $0, 0), SIMD3(0, 0, $0)] }
  }

  private func readStructure(_ result: inout CalculationResult, _ energyUnit: Double) {
    let written = command("write_data").flatMap { $0.split(separator: " ").first.map(String.init) }
    let input = command("read_data").flatMap { $0.split(separator: " ").first.map(String.init) }
    var types: [Species] = []
    // Names of the types stand in comments of the input; LAMMPS writes its data without them.
    if let input, folder.has(input), let contents = try? folder.text(input) {
      types = LAMMPSLogReader.types(contents)
    }
    if let written, folder.has(written),
      let reading = try? StructureFile.read(folder.file(written), format: .lammps)
    {
      var structure = reading.structure
      for column in structure.columns { structure.removeColumn(column.name) }
      result.structure = structure
    }
    guard let dump, folder.has(dump) else { return }
    result.forces = (try? folder.text(dump)).flatMap(LAMMPSLogReader.lastForces)?
      .map { energyUnit * $0 }
    guard result.structure == nil else { return }
    do {
      let trajectory = try Trajectory(folder.file(dump), types: types)
      try trajectory.forEachFrame { frame in
        result.structure = Structure(
          lattice: frame.structure.lattice, species: frame.structure.species,
          positions: frame.structure.positions)
      }
    } catch {
      result.notes.append("the dump \(dump) was not read: \(error)")
    }
  }

  /// The file of the last `write_dump` or `dump`: behind group and style, and number and interval.
  private var dump: String? {
    for (name, place) in [("write_dump", 2), ("dump", 4)] {
      let words = command(name)?.split(separator: " ").map(String.init) ?? []
      if words.indices.contains(place) { return words[place] }
    }
    return nil
  }

  /// The columns `fx fy fz` of the last frame of a dump in the order of `id`, in its units.
  private static func lastForces(_ dump: ResultText) -> [SIMD3<Double>]? {
    guard let header = dump.lastRest("ITEM: ATOMS ") else { return nil }
    let names = dump.strings(header)
    let columns = ["id", "fx", "fy", "fz"].compactMap { names.firstIndex(of: $0) }
    guard columns.count == 4 else { return nil }
    var rows: [(id: Double, force: SIMD3<Double>)] = []
    for line in dump.lines(after: header.lowerBound) where !line.isEmpty {
      let words = dump.words(line)
      let values = columns.compactMap { words.indices.contains($0) ? dump.real(words[$0]) : nil }
      guard values.count == 4 else { return nil }
      rows.append((values[0], SIMD3(values[1], values[2], values[3])))
    }
    return rows.sorted { $0.id < $1.id }.map(\.force)
  }

  /// The species in the comments behind the masses of a data file, `1 24.305 # Mg2+`.
  private static func types(_ data: ResultText) -> [Species] {
    guard let masses = data.first("\nMasses") else { return [] }
    var types: [Species] = []
    for line in data.lines(after: masses + 1).drop(while: { data.words($0).isEmpty }) {
      let words = data.strings(line)
      guard words.count >= 2, NumberReader.integer(words[0]) == types.count + 1 else { break }
      let mass = NumberReader.real(words[1]) ?? 0
      let named = words.count > 3 ? EspressoSettings.element(words[3]) : nil
      guard
        let element = named
          ?? Element.all.min(by: { ($0.mass - mass).magnitude < ($1.mass - mass).magnitude })
      else { break }
      types.append(Species(element))
    }
    return types
  }
}
