internal import Crystal

/// Reads the rows of a table of energies one after another, and remembers what must not change.
struct EnergyRowReader {
  let columns: EnergyColumns
  let separator: Character

  private var lineOfID: [String: Int] = [:]
  private var firstUnit: (text: String, line: Int)?

  /// Largest difference between a total energy divided by the atoms and the energy per atom, in the
  /// unit of the table, apart from the rounding of the printed numbers.
  static let agreement = 1e-6

  /// Larger than all-electron total energies of the heaviest elements, eV/atom.
  static let largestEnergyPerAtom = 1e7

  init(columns: EnergyColumns, separator: Character) {
    self.columns = columns
    self.separator = separator
  }

  /// The entry of a row, or all that is wrong with it; locations are left to the caller.
  mutating func read(
    _ record: DelimitedText.Record
  ) -> (entry: EnergyEntry?, problems: [InputError]) {
    guard record.fields.count == columns.names.count else {
      let fields = record.fields.count == 1 ? "1 field" : "\(record.fields.count) fields"
      let hint =
        separator == "," ? "put text that contains commas into double quotes" : nil
      return (
        nil, [InputError("expected \(columns.names.count) fields, found \(fields)", hint: hint)]
      )
    }
    var problems: [InputError] = []
    func field(_ index: Int?) -> String { index.map { record.fields[$0] } ?? "" }

    let id = readID(field(columns.id), record.line, &problems)
    let formula = readFormula(field(columns.formula), &problems)
    let formulaUnits = formula.flatMap { readFormulaUnits(field(columns.atoms), $0, &problems) }
    let (unit, isPerAtom) = readUnit(field(columns.unit), record.line, &problems)
    let total = columns.total.flatMap { number(field($0.index), $0.name, &problems) }
    let perAtom = columns.perAtom.flatMap { number(field($0.index), $0.name, &problems) }
    let volume = readVolume(field(columns.volume), &problems)

    guard let formula, let formulaUnits, let unit, problems.isEmpty else { return (nil, problems) }
    let atoms = formula.atomCount * Double(formulaUnits)
    if let total, let perAtom {
      let expected = total / atoms
      let tolerance =
        Self.agreement + Self.rounding(of: field(columns.perAtom?.index))
        + Self.rounding(of: field(columns.total?.index)) / atoms
      guard (expected - perAtom).magnitude <= tolerance else {
        let problem = InputError(
          "the energy per atom is \(perAtom), but \(total) for \(shortest(atoms)) atoms is "
            + "\(fixed(expected, 6)) per atom",
          hint: columns.atoms == nil
            ? "add a column atoms with the number of atoms that the total belongs to" : nil)
        return (nil, [problem])
      }
    }
    let energy = total.map { isPerAtom ? $0 * atoms : $0 } ?? perAtom.map { $0 * atoms }
    guard let energy else { return (nil, problems) }
    guard (energy * unit.electronvolts / atoms).magnitude < Self.largestEnergyPerAtom else {
      return (
        nil,
        [
          InputError(
            "an energy of \(energy / atoms) \(unit.rawValue) per atom is no energy of a crystal",
            hint: "check the unit, and whether a program failed")
        ]
      )
    }
    return (
      EnergyEntry(
        id: id, formula: formula, energy: energy * unit.electronvolts, atoms: atoms,
        volume: volume.map { columns.volumeIsPerAtom ? $0 * atoms : $0 },
        source: field(columns.source), structure: field(columns.structure), line: record.line), []
    )
  }

  private mutating func readID(
    _ text: String, _ line: Int, _ problems: inout [InputError]
  ) -> String {
    guard let column = columns.id else { return "row-\(line)" }
    if text.isEmpty {
      problems.append(InputError("column \"\(columns.names[column])\" is empty"))
    } else if let other = lineOfID[text] {
      problems.append(
        InputError("id \"\(text)\" is already used on line \(other)", hint: "give each row its own")
      )
    }
    lineOfID[text] = lineOfID[text] ?? line
    return text
  }

  private func readFormula(_ text: String, _ problems: inout [InputError]) -> Composition? {
    guard let column = columns.formula else { return nil }
    guard !text.isEmpty else {
      problems.append(InputError("column \"\(columns.names[column])\" is empty"))
      return nil
    }
    do {
      return try Composition(parsing: text)
    } catch {
      problems.append(error)
      return nil
    }
  }

  private func readFormulaUnits(
    _ text: String, _ formula: Composition, _ problems: inout [InputError]
  ) -> Int? {
    guard let column = columns.atoms else { return 1 }
    let name = columns.names[column]
    // Programs that know floating-point numbers only write 56.0.
    guard let atoms = NumberReader.rational(text)?.integerValue, atoms > 0 else {
      problems.append(
        InputError("column \"\(name)\": expected a positive whole number, found \"\(text)\""))
      return nil
    }
    let units = try? formula.amounts
      .reduce(Rational.zero) { try $0.adding($1.amount) }
      .divided(into: Rational(atoms))
    guard let units, let count = units.integerValue else {
      problems.append(
        InputError(
          "\(atoms) atoms are no multiple of the \(shortest(formula.atomCount)) of \(formula)",
          hint: "give the formula of the whole cell in whole numbers, or correct the atoms"))
      return nil
    }
    return count
  }

  /// The unit of this row and whether its energy is per atom.
  private mutating func readUnit(
    _ text: String, _ line: Int, _ problems: inout [InputError]
  ) -> (unit: EnergyUnit?, isPerAtom: Bool) {
    let ofHeader = columns.headerUnit ?? (columns.perAtom == nil ? nil : .electronvolt)
    guard let column = columns.unit else { return (ofHeader, false) }
    let words = EnergyColumns.words(text)
    guard let unit = EnergyUnit(words: words) else {
      problems.append(
        InputError(
          "column \"\(columns.names[column])\": there is no unit of energy \"\(text)\"",
          hint: "use \(listed(EnergyUnit.allCases.map(\.rawValue)))"))
      return (nil, false)
    }
    if let firstUnit, EnergyColumns.words(firstUnit.text) != words {
      problems.append(
        InputError(
          "mixed units: \"\(text)\" here, \"\(firstUnit.text)\" on line \(firstUnit.line)",
          hint: "convert all energies to one unit"))
      return (nil, false)
    }
    firstUnit = firstUnit ?? (text, line)
    if let named = columns.headerUnit, named != unit {
      problems.append(
        InputError("mixed units: \"\(text)\" here, \(named.rawValue) in the header"))
      return (nil, false)
    }
    return (unit, columns.perAtom == nil && (words.contains("atom") || words.contains("atoms")))
  }

  private func readVolume(_ text: String, _ problems: inout [InputError]) -> Double? {
    guard let column = columns.volume, !text.isEmpty else { return nil }
    guard let volume = number(text, columns.names[column], &problems) else { return nil }
    guard volume > 0 else {
      problems.append(
        InputError("column \"\(columns.names[column])\": a volume is positive, found \(text)"))
      return nil
    }
    return volume
  }

  private func number(_ text: String, _ name: String, _ problems: inout [InputError]) -> Double? {
    if let value = NumberReader.real(text) { return value }
    let isDecimalComma = NumberReader.real(text.split(separator: ",").joined(separator: ".")) != nil
    problems.append(
      InputError(
        text.isEmpty
          ? "column \"\(name)\" is empty"
          : "column \"\(name)\": \"\(text)\" is not a finite number",
        hint: text.contains(",") && isDecimalComma ? "write a decimal point" : nil))
    return nil
  }

  /// Half a unit in the last digit of a printed number, and a little more.
  private static func rounding(of text: String) -> Double {
    guard !text.contains(where: { "eEdD".contains($0) }) else { return 1e-4 }
    let decimals = text.split(separator: ".", omittingEmptySubsequences: false).dropFirst().first
    return (decimals ?? "").reduce(0.6) { size, _ in size / 10 }
  }

  private func shortest(_ count: Double) -> String {
    var text = fixed(count, 4)
    while text.hasSuffix("0") { text.removeLast() }
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }
}

extension Rational {
  /// `whole` divided by this.
  fileprivate func divided(into whole: Rational) throws(ArithmeticOverflow) -> Rational {
    try whole.divided(by: self)
  }
}
