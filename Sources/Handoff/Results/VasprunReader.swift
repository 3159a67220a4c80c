internal import Crystal

/// Reads `vasprun.xml` of VASP 5 and 6, also one that ends in the middle.
///
/// The file is not parsed as XML: of the many megabytes of eigenvalues and densities of states none is
/// looked at.
///
/// The energy is E(σ→0), extrapolated from Gaussian or Methfessel–Paxton smearing to none. In the block
/// of an ionic step, some versions of VASP write another number as `e_0_energy`, and the last electronic
/// step lacks the dispersion correction; so the difference E(σ→0) − F of the last electronic step is
/// added to F of the ionic step, as ASE and pymatgen do.
///
/// Reference: https://www.vasp.at/wiki/index.php/Vasprun.xml
enum VasprunReader {
  /// Name of the file.
  static let fileName = "vasprun.xml"

  /// Reads a result; state, structure, forces and stress are those of the last complete ionic step.
  ///
  /// - Throws: ``InputError`` if this is no `vasprun.xml`, or a number in it cannot be read.
  static func read(_ text: ResultText) throws(InputError) -> CalculationResult {
    let start = text.first("<modeling>")
    guard start != nil || text.bytes.allSatisfy({ $0 <= 32 }) else {
      throw InputError("no <modeling>: this is no vasprun.xml", at: text.source)
    }
    var result = CalculationResult(file: text.source, state: .truncated)
    result.settings.code = .vasp
    let blocks = text.each("<calculation>")
    let head = text.all.lowerBound..<(blocks.first ?? text.all.upperBound)
    result.version = text.item("version", in: head).map { text.text($0) }
    let parameters = VasprunParameters(text, head)
    let species = try species(text, head, &result)
    parameters.fill(&result.settings, species.types)
    let isComplete = text.last("</modeling>") != nil

    // A block counts as soon as its energy is there: what follows, eigenvalues and such, may be cut off.
    var complete = blocks
    func block(_ n: Int) -> Range<Int> {
      blocks[n]..<(n + 1 < blocks.count ? blocks[n + 1] : text.all.upperBound)
    }
    while let last = complete.indices.last, !isUsable(text, block(last)) { complete.removeLast() }
    result.ionicSteps = complete.count
    guard let last = complete.indices.last else {
      if let range = text.structureBlock("initialpos", in: head) {
        result.structure = try structure(text, range, species.atoms)
      }
      if isComplete { result.state = .failed("it ended without any energy") }
      return result
    }
    let range = block(last)
    let iterations = text.each("<scstep>", in: range).count
    try readStep(text, range, species.atoms, &result)
    guard isComplete, complete.count == blocks.count else { return result }
    result.state = parameters.state(
      steps: complete.count, iterations: iterations, largestForce: result.largestForce)
    return result
  }

  /// Whether a block has an energy behind its electronic steps.
  private static func isUsable(_ text: ResultText, _ block: Range<Int>) -> Bool {
    let rest = behindElectronicSteps(text, block)
    guard !text.has("<scstep>", in: rest), let energy = text.element("energy", in: rest) else {
      return false
    }
    return text.item("e_fr_energy", in: energy) != nil
  }

  private static func behindElectronicSteps(_ text: ResultText, _ block: Range<Int>) -> Range<Int> {
    (text.last("</scstep>", in: block) ?? block.lowerBound)..<block.upperBound
  }

  private static func readStep(
    _ text: ResultText, _ block: Range<Int>, _ elements: [Element],
    _ result: inout CalculationResult
  ) throws(InputError) {
    let rest = behindElectronicSteps(text, block)
    guard let energy = text.element("energy", in: rest) else { return }
    func value(_ name: String, _ range: Range<Int>) -> Double? {
      text.item(name, in: range).flatMap { text.firstReal($0) }
    }
    guard let free = value("e_fr_energy", energy) else {
      throw text.problem("the energy is no number", at: energy.lowerBound)
    }
    result.energy = value("e_0_energy", energy)
    result.energyWithoutEntropy = value("e_wo_entrp", energy)
    if let step = text.last("<scstep>", in: block.lowerBound..<rest.lowerBound),
      let electronic = text.element("energy", in: step..<rest.lowerBound),
      let zero = value("e_0_energy", electronic), let other = value("e_fr_energy", electronic)
    {
      // The file has eight decimals.
      result.energy = ((free + (zero - other)) * 1e8).rounded(.toNearestOrEven) / 1e8
    }
    if let range = text.element("structure", in: rest) {
      result.structure = try structure(text, range, elements)
    }
    if let range = text.varray("forces", in: rest) {
      result.forces = try vectors(text, range, count: elements.count, "forces")
    }
    if let range = text.varray("stress", in: rest) {
      // VASP: kB, positive for a cell that is compressed.
      result.stress = try vectors(text, range, count: 3, "stress").map {
        $0 * (-0.1 * UnitFactor.gigapascal)
      }
    }
  }

  private static func structure(
    _ text: ResultText, _ range: Range<Int>, _ elements: [Element]
  ) throws(InputError) -> Structure {
    guard let basis = text.varray("basis", in: range),
      let positions = text.varray("positions", in: range)
    else { throw text.problem("a structure without basis or positions", at: range.lowerBound) }
    let rows = try vectors(text, basis, count: 3, "basis")
    let points = try vectors(text, positions, count: elements.count, "positions")
    let lattice: Lattice
    do {
      lattice = try Lattice(a: rows[0], b: rows[1], c: rows[2])
    } catch {
      throw text.problem("\(error)", at: basis.lowerBound)
    }
    return Structure(
      lattice: lattice, species: elements.map { Species($0) },
      positions: points.map { Fractional($0) })
  }

  /// The rows `<v> x y z </v>` of an array.
  private static func vectors(
    _ text: ResultText, _ range: Range<Int>, count: Int, _ name: String
  ) throws(InputError) -> [SIMD3<Double>] {
    var rows: [SIMD3<Double>] = []
    rows.reserveCapacity(count)
    var rest = range
    while let row = text.element("v", in: rest) {
      guard let vector = text.vector(row) else {
        throw text.problem(
          "row \(rows.count + 1) of the \(name) is not three numbers", at: row.lowerBound)
      }
      rows.append(vector)
      rest = row.upperBound..<range.upperBound
    }
    guard rows.count == count else {
      throw text.problem(
        "found \(rows.count) rows of \(name), expected \(count)", at: range.lowerBound)
    }
    return rows
  }

  /// The element of each atom and of each type.
  private static func species(
    _ text: ResultText, _ head: Range<Int>, _ result: inout CalculationResult
  ) throws(InputError) -> (atoms: [Element], types: [Element]) {
    guard let info = text.element("atominfo", in: head) else { return ([], []) }
    func cells(_ array: String) -> [[Range<Int>]] {
      guard let start = text.first("<array name=\"\(array)\"", in: info),
        let set = text.element("set", in: start..<info.upperBound)
      else { return [] }
      var rows: [[Range<Int>]] = []
      var rest = set
      while let row = text.element("rc", in: rest) {
        var columns: [Range<Int>] = []
        var inside = row
        while let cell = text.element("c", in: inside) {
          columns.append(cell)
          inside = cell.upperBound..<row.upperBound
        }
        rows.append(columns)
        rest = row.upperBound..<set.upperBound
      }
      return rows
    }
    func element(_ range: Range<Int>) throws(InputError) -> Element {
      // VASP cuts Zr to its second letter.
      let symbol = text.text(range)
      guard let element = Element(symbol: symbol == "r" ? "Zr" : symbol) else {
        throw text.problem("unknown element \"\(symbol)\"", at: range.lowerBound)
      }
      return element
    }
    var atoms: [Element] = []
    for row in cells("atoms") where !row.isEmpty { atoms.append(try element(row[0])) }
    var types: [Element] = []
    var titles: [String: String] = [:]
    for row in cells("atomtypes") where row.count >= 5 {
      let type = try element(row[1])
      types.append(type)
      titles[type.symbol] = text.text(row[4])
    }
    VASPSettings.fill(&result.settings, titles: titles)
    return (atoms, types)
  }
}

extension ResultText {
  /// What stands in the first `<name …>…</name>` of a part of the text; nil if it does not end.
  func element(_ name: String, in range: Range<Int>) -> Range<Int>? {
    var rest = range
    while let tag = first("<\(name)", in: rest) {
      let after = tag + name.utf8.count + 1
      guard after < range.upperBound else { return nil }
      // Not the beginning of a longer name.
      if bytes[after] == UInt8(ascii: ">") || bytes[after] == UInt8(ascii: " ") {
        guard let close = first(">", in: after..<range.upperBound),
          let end = first("</\(name)>", in: close..<range.upperBound)
        else { return nil }
        return (close + 1)..<end
      }
      rest = after..<range.upperBound
    }
    return nil
  }

  /// What stands in the first `<i name="…">` or `<v name="…">` of a part of the text.
  func item(_ name: String, in range: Range<Int>) -> Range<Int>? {
    guard let mark = first(" name=\"\(name)\"", in: range),
      let start = first(">", in: mark..<range.upperBound),
      let end = first("<", in: start..<range.upperBound)
    else { return nil }
    return (start + 1)..<end
  }

  /// What stands in the first `<varray name="…" >` of a part of the text.
  func varray(_ name: String, in range: Range<Int>) -> Range<Int>? {
    guard let start = first("<varray name=\"\(name)\"", in: range) else { return nil }
    return element("varray", in: start..<range.upperBound)
  }

  /// What stands in the first `<structure name="…" >` of a part of the text.
  func structureBlock(_ name: String, in range: Range<Int>) -> Range<Int>? {
    guard let start = first("<structure name=\"\(name)\"", in: range) else { return nil }
    return element("structure", in: start..<range.upperBound)
  }
}
