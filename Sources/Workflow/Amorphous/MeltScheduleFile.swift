public import Crystal
internal import Dynamics
internal import Yams

extension MeltSchedule {
  private static let shippedTexts: [(name: String, text: [UInt8])] = [
    ("kawaguchi2025", PackageResources.kawaguchi2025_yaml),
    ("choyal2025", PackageResources.choyal2025_yaml), ("yang2024", PackageResources.yang2024_yaml),
    ("quick", PackageResources.quick_yaml),
  ]

  /// Names of the schedules that come with cellgen.
  public static var shippedNames: [String] { shippedTexts.map(\.name) }

  /// The text of a schedule that comes with cellgen, or of a file.
  ///
  /// - Parameter name: A name, or a path that ends in `.yaml` or `.yml`.
  /// - Returns: YAML.
  /// - Throws: ``InputError`` if there is none.
  public static func text(named name: String) throws(InputError) -> String {
    if name.hasSuffix(".yaml") || name.hasSuffix(".yml") { return try readText(name) }
    if let entry = shippedTexts.first(where: { $0.name == name }) {
      return String(decoding: entry.text, as: UTF8.self)
    }
    throw InputError(
      "there is no schedule \"\(name)\"", at: "--schedule",
      hint: nearestMatch(to: name, among: shippedNames).map { "did you mean \($0)?" }
        ?? "schedules are \(shippedNames.joined(separator: ", ")); a file of your own ends in .yaml"
    )
  }

  /// Reads a schedule.
  ///
  /// - Parameters:
  ///   - text: YAML.
  ///   - file: Its name, for messages.
  /// - Throws: ``InputErrors`` with everything that is wrong.
  public init(parsing text: String, file: String) throws {
    var reader = YAMLReader(file: file)
    guard let root = reader.document(text) else { throw InputErrors(reader.problems) }
    let entries = reader.mapping(
      root, "", keys: ["name", "title", "source", "time_step", "segments"])
    func node(_ key: String) -> Node? { entries.first { $0.0 == key }?.1 }
    name = node("name").flatMap { reader.text($0, "name") } ?? file
    source = node("source").flatMap { reader.text($0, "source") } ?? ""
    timeStep = node("time_step").flatMap { reader.time($0, "time_step") } ?? 1
    if !(0.01...20).contains(timeStep) {
      reader.report(
        "time_step of \(timeStep) fs, expected 0.01 to 20 fs", at: node("time_step"), "time_step",
        nil)
    }
    segments = []
    if let list = node("segments") {
      for (index, entry) in reader.list(list, "segments").enumerated() {
        if let segment = reader.segment(entry, index) { segments.append(segment) }
      }
    }
    if segments.isEmpty, reader.problems.isEmpty {
      reader.report(
        "no segments", at: root, "",
        "write segments: [{name: melt, temperature: 3000, time: 10 ps}]")
    }
    guard reader.problems.isEmpty else { throw InputErrors(reader.problems) }
  }
}

extension YAMLReader {
  /// A time with its unit, fs.
  fileprivate mutating func time(_ node: Node, _ path: String) -> Double? {
    guard let text = node.scalar?.string, let value = timeInFemtoseconds(text), value > 0 else {
      report(
        "\"\(node.scalar?.string ?? "a list")\" is no time", at: node, path,
        "write 10 ps, 500 fs or 2 ns")
      return nil
    }
    return value
  }

  /// One value, or two for a ramp.
  private mutating func ramp(_ node: Node, _ path: String) -> Schedule.Ramp? {
    let values = list(node, path).map { real($0, path) }
    guard !values.contains(nil) else { return nil }
    let numbers = values.compactMap { $0 }
    guard (1...2).contains(numbers.count), let first = numbers.first, let last = numbers.last else {
      report("expected one number, or two for a ramp", at: node, path, nil)
      return nil
    }
    return Schedule.Ramp(from: first, to: last)
  }

  private static let dynamicsKeys = [
    "temperature", "time", "rate", "thermostat", "damping", "pressure", "cell", "pressure_damping",
  ]

  fileprivate mutating func segment(_ node: Node, _ index: Int) -> MeltSchedule.Segment? {
    let path = "segments[\(index + 1)]"
    let entries = mapping(
      node, path,
      keys: ["name", "relax", "force", "steps", "exchange"] + YAMLReader.dynamicsKeys)
    func value(_ key: String) -> Node? { entries.first { $0.0 == key }?.1 }
    let name = value("name").flatMap { text($0, "\(path): name") } ?? "segment-\(index + 1)"
    guard name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }) else {
      report(
        "the name \"\(name)\" cannot name a file", at: node, path, "use letters, digits, - and _")
      return nil
    }
    let before = problems.count
    let kinds = ["temperature", "relax", "exchange"].filter { value($0) != nil }
    guard kinds.count == 1 else {
      report(
        kinds.isEmpty ? "nothing happens in this segment" : "\(kinds.joined(separator: " and "))",
        at: node, path, "expected one of temperature, relax and exchange")
      return nil
    }
    let known: [String]
    switch kinds[0] {
    case "relax": known = ["relax", "force", "steps"]
    case "exchange": known = ["exchange"]
    default: known = YAMLReader.dynamicsKeys
    }
    for (key, node) in entries where key != "name" && !known.contains(key) {
      report(
        "\(key) has no meaning in a segment with \(kinds[0])", at: node, path,
        "expected \(known.joined(separator: ", "))")
    }
    var action: MeltSchedule.Action?
    if let cell = value("relax") {
      action = relaxation(cell, value("force"), value("steps"), path)
    } else if let exchange = value("exchange") {
      action = self.exchange(exchange, path)
    } else {
      action = motion(value, path, node).map { .dynamics($0) }
    }
    guard let action, problems.count == before else { return nil }
    return MeltSchedule.Segment(name: name, action: action)
  }

  private mutating func relaxation(
    _ cell: Node, _ force: Node?, _ steps: Node?, _ path: String
  ) -> MeltSchedule.Action? {
    guard let freedom = freedom(cell, "\(path): relax") else { return nil }
    let force = force.flatMap { real($0, "\(path): force") } ?? 0.05
    let steps = steps.flatMap { integer($0, "\(path): steps") } ?? 2000
    if force <= 0 || steps < 1 {
      report("force and steps must be more than 0", at: cell, path, nil)
    }
    return .relax(cell: freedom, force: force, steps: steps)
  }

  private mutating func freedom(_ node: Node, _ path: String) -> CellFreedom? {
    guard let word = node.scalar?.string, let freedom = CellFreedom(rawValue: word) else {
      report(
        "\"\(node.scalar?.string ?? "a list")\" is no way for a cell to change", at: node, path,
        "expected \(CellFreedom.allCases.map(\.rawValue).joined(separator: ", "))")
      return nil
    }
    return freedom
  }

  private mutating func exchange(_ node: Node, _ path: String) -> MeltSchedule.Action? {
    let entries = mapping(node, "\(path): exchange", keys: ["from", "to", "fraction"])
    func words(_ key: String) -> [String] {
      entries.first { $0.0 == key }.map { list($0.1, path).compactMap(\.scalar?.string) } ?? []
    }
    let (from, to) = (words("from"), words("to"))
    if from.isEmpty || to.isEmpty {
      report("exchange needs from and to", at: node, path, "write exchange: {from: Li, to: Mg}")
    }
    let fraction = entries.first { $0.0 == "fraction" }.flatMap { real($0.1, path) } ?? 1
    return .exchange(from: from, to: to, fraction: fraction)
  }

  private mutating func motion(
    _ value: (String) -> Node?, _ path: String, _ node: Node
  ) -> MeltSchedule.Motion? {
    guard let ramp = value("temperature").flatMap({ ramp($0, "\(path): temperature") }) else {
      return nil
    }
    if ramp.from < 0 || ramp.to < 0 {
      report(
        "temperature \(min(ramp.from, ramp.to)), expected 0 K or more", at: value("temperature"),
        "\(path): temperature", nil)
    }
    var time = value("time").flatMap { self.time($0, "\(path): time") }
    if let rate = value("rate") {
      let text = rate.scalar?.string ?? ""
      let number = text.split(separator: " ").first.flatMap { NumberReader.real(String($0)) }
      if let number, number > 0, text.hasSuffix("K/ps"), ramp.from != ramp.to, time == nil {
        time = 1000 * (ramp.from - ramp.to).magnitude / number
      } else {
        report(
          "\"\(text)\" is no rate of a ramp", at: rate, "\(path): rate",
          "write rate: 100 K/ps with two temperatures and no time")
      }
    }
    guard let time, time > 0 else {
      report("no time", at: node, path, "write time: 10 ps")
      return nil
    }
    var thermostat = MDSpecification.Thermostat.langevin
    if let entry = value("thermostat") {
      if let known = entry.scalar.flatMap({ MDSpecification.Thermostat(rawValue: $0.string) }) {
        thermostat = known
      } else {
        let names = MDSpecification.Thermostat.allCases.map(\.rawValue)
        report(
          "unknown thermostat", at: entry, "\(path): thermostat",
          "expected \(names.joined(separator: ", "))")
      }
    }
    let pressure = value("pressure").flatMap { self.ramp($0, "\(path): pressure") }
    let cell = value("cell").flatMap { freedom($0, "\(path): cell") }
    if pressure == nil, let cell, cell != .fixed {
      report(
        "a cell that changes needs a pressure", at: value("cell"), "\(path): cell", "pressure: 0")
    }
    return MeltSchedule.Motion(
      temperature: ramp, time: time, thermostat: thermostat,
      damping: value("damping").flatMap { self.time($0, "\(path): damping") } ?? 100,
      pressureGPa: pressure, cell: pressure == nil ? .fixed : cell ?? .isotropic,
      pressureDamping: value("pressure_damping").flatMap {
        self.time($0, "\(path): pressure_damping")
      } ?? 1000)
  }
}
