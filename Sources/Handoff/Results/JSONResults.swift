internal import Crystal
internal import StructureIO

/// Reads results from JSON: databases of ASE, and `ComputedEntry` of pymatgen, alone, in a list, or under
/// the key `entries`.
///
/// Of a computed entry the energy without its corrections is taken: corrections of different origins must
/// not be mixed.
///
/// Reference: https://wiki.fysik.dtu.dk/ase/ase/db/db.html,
/// https://pymatgen.org, `pymatgen.entries.computed_entries`
enum JSONResults {
  /// Reads all results of a file.
  ///
  /// - Throws: ``InputError`` with the place of the first mistake.
  static func read(_ text: ResultText) throws(InputError) -> [CalculationResult] {
    var parser = JSONParser(
      String(decoding: text.bytes, as: UTF8.self), source: text.source)
    let root = try parser.parse()
    if let ids = root["ids"]?.array, root["nextid"] != nil {
      var results: [CalculationResult] = []
      for id in ids {
        guard let number = id.integer, let row = root["\(number)"] else {
          throw InputError("no row of this number", at: "\(text.source):\(id.line)")
        }
        results.append(try aseRow(row, "\(number)", text.source).result(file: text.source))
      }
      return results
    }
    let entries = root["entries"]?.array ?? root.array ?? [root]
    var results: [CalculationResult] = []
    for (n, entry) in entries.enumerated() {
      results.append(try computedEntry(entry, n + 1, text.source))
    }
    return results
  }

  private static func aseRow(
    _ row: JSONText, _ number: String, _ source: String
  ) throws(InputError) -> ASERow {
    func numbers(_ value: JSONText?) -> [Double]? {
      guard let value else { return nil }
      if let array = value["array"] { return numbers(array) }
      if let parts = value["__ndarray__"]?.array { return numbers(parts.last) }
      guard let values = value.array else { return value.number.map { [$0] } }
      var result: [Double] = []
      for value in values {
        guard let part = numbers(value) else { return nil }
        result += part
      }
      return result
    }
    guard let atoms = numbers(row["numbers"]), let positions = numbers(row["positions"]),
      let cell = numbers(row["cell"])
    else {
      throw InputError("a row without numbers, positions and cell", at: "\(source):\(row.line)")
    }
    let pairs = row["key_value_pairs"]
    var result = ASERow(
      id: pairs?["name"]?.text ?? pairs?["id"]?.text ?? number,
      numbers: atoms.compactMap { Int(exactly: $0) }, positions: positions, cell: cell)
    result.energy = row["energy"]?.number
    result.forces = numbers(row["forces"])
    result.stress = numbers(row["stress"])
    result.moments = numbers(row["magmoms"])
    result.calculator = row["calculator"]?.text
    return result
  }

  private static func computedEntry(
    _ entry: JSONText, _ number: Int, _ source: String
  ) throws(InputError) -> CalculationResult {
    let place = "\(source):\(entry.line)"
    guard let energy = entry["energy"]?.number, let amounts = entry["composition"]?.object else {
      throw InputError(
        "neither a database of ASE nor a ComputedEntry of pymatgen: no energy and composition",
        at: place)
    }
    var parts: [(element: Element, amount: Rational)] = []
    for (symbol, amount) in amounts {
      // An oxidation state may stand behind the symbol.
      guard let element = EspressoSettings.element(symbol), let value = amount.number,
        let exact = NumberReader.rational("\(value)")
      else {
        throw InputError(
          "\(symbol) in the composition, expected amounts of elements",
          at: "\(source):\(amount.line)")
      }
      parts.append((element, exact))
    }
    var result = CalculationResult(file: source, state: .finished)
    result.id = entry["entry_id"]?.text ?? entry["entry_id"]?.integer.map { "\($0)" } ?? "\(number)"
    result.energy = energy
    result.composition = try Composition(parts)
    if entry["structure"] != nil {
      result.structure = try PymatgenJSON.structure(in: entry, source: source)
    }
    if let correction = entry["correction"]?.number, correction != 0 {
      result.notes.append(
        "a correction of \(fixed(correction, 4)) eV was left out: energies here have none")
    }
    fill(&result.settings, entry["parameters"])
    return result
  }

  /// The settings that pymatgen keeps of a calculation with VASP.
  private static func fill(_ settings: inout CalculationSettings, _ parameters: JSONText?) {
    guard let parameters else { return }
    var titles: [String: String] = [:]
    for spec in parameters["potcar_spec"]?.array ?? [] {
      guard let title = spec["titel"]?.text else { continue }
      let words = title.split(separator: " ")
      guard words.count > 1, let element = EspressoSettings.element(String(words[1])) else {
        continue
      }
      titles[element.symbol] = title
    }
    if !titles.isEmpty { settings.code = .vasp }
    VASPSettings.fill(&settings, titles: titles)
    if let type = parameters["run_type"]?.text {
      let name = type.hasSuffix("+U") ? String(type.dropLast(2)) : type
      settings.functional = ["GGA": "PBE", "PBE": "PBE", "R2SCAN": "r2SCAN"][name] ?? name
      if !type.hasSuffix("+U") { settings.hubbardEV = [:] }
    }
    if let values = parameters["hubbards"]?.object {
      var hubbard: [String: Double] = [:]
      for (symbol, value) in values {
        if let u = value.number, u != 0 { hubbard[symbol] = u }
      }
      settings.hubbardEV = hubbard
    }
  }
}
