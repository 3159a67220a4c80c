internal import Crystal
public import Handoff
internal import Yams

/// Descriptions of calculations that come with cellgen, and those of users.
public enum CalculationPreset {
  /// The preset without another choice.
  public static let usual = "materials-project-like"

  /// Names of the presets that come with cellgen.
  public static var names: [String] { ShippedPresets.texts.map(\.name) }

  static let keys = [
    "name", "title", "source", "notes", "extends", "functional", "dispersion", "cutoff_eV",
    "kpoints", "smearing", "smearing_width_eV", "spin", "moments", "other_moment", "hubbard_eV",
    "hubbard_anions", "energy_tolerance_eV", "electronic_steps", "relax", "force_tolerance_eV_A",
    "steps", "pressure_GPa", "pseudopotentials", "tags",
  ]

  /// Keys that are not inherited.
  private static let about = ["name", "title", "source", "notes"]

  /// Reads a preset and changes it.
  ///
  /// - Parameters:
  ///   - name: One of ``names``, or a file that ends in `.yaml`.
  ///   - changes: Values in YAML by key; keys of tables are written `hubbard_eV.Mn`, and tags of a code
  ///     `tags.vasp.NCORE`. They come before those of the preset, in this order.
  /// - Returns: The calculation.
  /// - Throws: ``InputErrors`` with everything that is wrong; ``InputError`` for a name that does not exist.
  public static func calculation(
    named name: String, changes: [(key: String, value: String)] = []
  ) throws -> Calculation {
    var depth = 0
    var next: String? = name
    // The values of a preset come before those of the one that it extends.
    var layers: [(file: String, entries: [(String, Node)])] = []
    while let current = next {
      let (file, text) = try text(named: current)
      var reader = YAMLReader(file: file)
      guard let root = reader.document(text) else { throw InputErrors(reader.problems) }
      let entries = reader.mapping(root, "", keys: keys)
      guard reader.problems.isEmpty else { throw InputErrors(reader.problems) }
      layers.append((file, entries))
      next = entries.first { $0.0 == "extends" }?.1.string
      depth += 1
      guard depth < 10 else {
        throw InputError("presets extend one another without end", at: "\(file): extends")
      }
    }
    var values: [String: Node] = [:]
    var reader = YAMLReader(file: layers[0].file)
    for (index, layer) in layers.enumerated().reversed() {
      // What a preset says of itself is not true of one that extends it.
      for (key, node) in layer.entries where index == 0 || !about.contains(key) {
        values[key] = node
      }
    }
    for change in changes { set(&values, change, &reader) }
    var calculation = Calculation()
    CalculationReader.read(values, into: &calculation, &reader)
    guard reader.problems.isEmpty else { throw InputErrors(reader.problems) }
    do {
      try calculation.validate()
    } catch {
      throw InputErrors(error.problems.map { $0.inside(layers[0].file) })
    }
    return calculation
  }

  /// The YAML text of a preset, to be changed.
  ///
  /// - Throws: ``InputError`` if there is none with this name.
  public static func text(ofPreset name: String) throws -> String { try text(named: name).text }

  private static func text(named name: String) throws -> (file: String, text: String) {
    if name.hasSuffix(".yaml") || name.hasSuffix(".yml") { return (name, try readText(name)) }
    if let entry = ShippedPresets.texts.first(where: { $0.name == name }) {
      return ("\(name).yaml", entry.text)
    }
    throw InputError(
      "there is no preset \"\(name)\"", at: "--preset",
      hint: nearestMatch(to: name, among: names).map { "did you mean \($0)?" }
        ?? "presets are \(names.joined(separator: ", ")); a file of your own ends in .yaml")
  }

  /// Puts a value in its place.
  private static func set(
    _ values: inout [String: Node], _ change: (key: String, value: String),
    _ reader: inout YAMLReader
  ) {
    let parts = change.key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let first = parts.first, keys.contains(first), !parts.contains("") else {
      let near = nearestMatch(to: parts.first ?? "", among: keys)
      reader.problems.append(
        InputError(
          "unknown key \"\(change.key)\"", at: "--set",
          hint: near.map { "did you mean \($0)?" }
            ?? "keys are \(keys.joined(separator: ", ")); tags of a code are tags.vasp.NCORE"))
      return
    }
    let node: Node
    do {
      node = try Yams.compose(yaml: change.value) ?? Node("")
    } catch {
      reader.problems.append(
        InputError("\"\(change.value)\" is not YAML", at: "--set \(change.key)"))
      return
    }
    // Tags have names with dots of their own: system.nbnd.
    let path =
      first == "tags"
      ? Array(change.key.split(separator: ".", maxSplits: 2).map(String.init)) : parts
    values[first] = placed(node, at: path.dropFirst(), in: values[first])
  }

  private static func placed(_ node: Node, at path: ArraySlice<String>, in old: Node?) -> Node {
    guard let key = path.first else { return node }
    var table = old?.mapping ?? Node.Mapping([])
    table[Node(key)] = placed(node, at: path.dropFirst(), in: table[Node(key)])
    return .mapping(table)
  }
}

/// Reads the values of a preset.
enum CalculationReader {
  static func read(
    _ values: [String: Node], into calculation: inout Calculation, _ reader: inout YAMLReader
  ) {
    func text(_ key: String) -> String? { values[key].flatMap { reader.text($0, key) } }
    func real(_ key: String, _ path: WritableKeyPath<Calculation, Double>) {
      if let node = values[key], let value = reader.real(node, key) {
        calculation[keyPath: path] = value
      }
    }
    func integer(_ key: String, _ path: WritableKeyPath<Calculation, Int>) {
      if let node = values[key], let value = reader.integer(node, key) {
        calculation[keyPath: path] = value
      }
    }
    func choice<Value: RawRepresentable & CaseIterable>(
      _ key: String, _ path: WritableKeyPath<Calculation, Value>
    ) where Value.RawValue == String {
      guard let node = values[key], let word = reader.text(node, key) else { return }
      if let value = Value.allCases.first(where: { $0.rawValue.lowercased() == word.lowercased() })
      {
        calculation[keyPath: path] = value
      } else {
        let all = Value.allCases.map(\.rawValue)
        reader.report(
          "unknown value \"\(word)\"", at: node, key, "values are \(all.joined(separator: ", "))")
      }
    }
    calculation.preset = text("name") ?? CalculationReader.stem(reader.file)
    calculation.source = text("source") ?? ""
    if let node = values["notes"] {
      calculation.notes = reader.list(node, "notes").compactMap { reader.text($0, "notes") }
    }
    choice("functional", \.functional)
    choice("dispersion", \.dispersion)
    real("cutoff_eV", \.cutoff)
    if let node = values["kpoints"], let word = reader.text(node, "kpoints") {
      do {
        calculation.kPoints = try KPointChoice(word)
      } catch {
        reader.report(error.message, at: node, "kpoints", error.hint)
      }
    }
    choice("smearing", \.smearing)
    real("smearing_width_eV", \.smearingWidth)
    if let node = values["spin"], let value = reader.logical(node, "spin") {
      calculation.hasSpin = value
    }
    if let node = values["moments"] { calculation.moments = rules(node, "moments", &reader) }
    real("other_moment", \.otherMoment)
    if let node = values["hubbard_eV"] { calculation.hubbard = rules(node, "hubbard_eV", &reader) }
    if let node = values["hubbard_anions"] {
      calculation.hubbardAnions = reader.list(node, "hubbard_anions")
        .compactMap { reader.text($0, "hubbard_anions") }
    }
    real("energy_tolerance_eV", \.energyTolerance)
    integer("electronic_steps", \.electronicSteps)
    choice("relax", \.relaxing)
    real("force_tolerance_eV_A", \.forceTolerance)
    integer("steps", \.steps)
    real("pressure_GPa", \.pressureGPa)
    for (code, node) in codes(values["pseudopotentials"], "pseudopotentials", &reader) {
      let path = "pseudopotentials.\(code.rawValue)"
      for (symbol, value) in reader.mapping(node, path, keys: nil) {
        guard Element(symbol: symbol) != nil else {
          reader.report("\"\(symbol)\" is no element", at: node, path, nil)
          continue
        }
        if let name = reader.text(value, "\(path).\(symbol)") {
          calculation.pseudopotentials[code, default: [:]][symbol] = name
        }
      }
    }
    for (code, node) in codes(values["tags"], "tags", &reader) {
      let path = "tags.\(code.rawValue)"
      calculation.tags[code] = reader.mapping(node, path, keys: nil).compactMap { name, value in
        reader.tag(value, "\(path).\(name)", code: code).map { Calculation.Tag(name, $0) }
      }
    }
  }

  /// `lda` for `presets/lda.yaml`.
  private static func stem(_ file: String) -> String {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    return name.split(separator: ".").first.map(String.init) ?? name
  }

  /// Numbers by rule; an empty table is no rules.
  private static func rules(
    _ node: Node, _ key: String, _ reader: inout YAMLReader
  ) -> SpeciesRules {
    var numbers: [String: Double] = [:]
    for (rule, value) in reader.mapping(node, key, keys: nil) {
      if let number = reader.real(value, "\(key).\(rule)") { numbers[rule] = number }
    }
    do {
      return try SpeciesRules(numbers)
    } catch {
      for problem in error.problems {
        reader.report(
          problem.message, at: node, "\(key).\(problem.location ?? "")", problem.hint)
      }
      return SpeciesRules()
    }
  }

  /// The parts of a table by code.
  private static func codes(
    _ node: Node?, _ key: String, _ reader: inout YAMLReader
  ) -> [(SimulationCode, Node)] {
    guard let node else { return [] }
    let names = SimulationCode.allCases.map(\.rawValue)
    return reader.mapping(node, key, keys: names).compactMap { name, value in
      SimulationCode(rawValue: name).map { ($0, value) }
    }
  }
}

extension YAMLReader {
  /// The value of a tag as it stands in the input of a code: logical values in its own way, lists as words.
  fileprivate mutating func tag(_ node: Node, _ path: String, code: SimulationCode) -> String? {
    if let sequence = node.sequence {
      let words = sequence.compactMap { tag($0, path, code: code) }
      return words.count == sequence.count ? words.joined(separator: " ") : nil
    }
    guard let word = text(node, path) else { return nil }
    guard code == .vasp || code == .qe, node.scalar?.style != .doubleQuoted,
      node.scalar?.style != .singleQuoted
    else { return word }
    return switch word.lowercased() {
    case "true": code == .vasp ? ".TRUE." : ".true."
    case "false": code == .vasp ? ".FALSE." : ".false."
    default: word
    }
  }
}
