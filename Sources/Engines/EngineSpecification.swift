public import Crystal
internal import StructureIO

/// Which engine evaluates structures, and how: what `--engine` and its companions say.
///
/// The notation of an engine is
///
///     ase:CALCULATOR [ARGUMENTS]      a calculator of ASE, with arguments as a JSON object
///     ipi:COMMAND                     an i-PI client that cellgen starts; {socket} or {port} is its place
///     ipi:NAME                        clients that people start, on the Unix socket /tmp/ipi_NAME
///     ipi:PORT                        the same on a port of this machine
///     command:COMMAND                 a program run once per structure, from {in} to {out}
///     lammps, lammps:N                LAMMPS with the built-in model, N processes
public struct EngineSpecification: Hashable, Codable, Sendable {
  /// The engine in its notation.
  public var engine: String

  /// Copies, times and attempts.
  public var limits = EngineLimits()

  /// File with the structure that is in the clients' own input; nil if they have none.
  public var start: String?

  /// The Python with ASE; nil looks for one.
  public var python: String?

  /// An engine with the usual limits.
  public init(_ engine: String) { self.engine = engine }

  /// What the notation says.
  enum Kind: Hashable {
    case ase(calculator: String, arguments: String)
    case launched(CommandTemplate)
    case awaited(IPIAddress)
    case command(CommandTemplate)
    case lammps(processes: Int)
  }

  /// Whether the engine evaluates a built-in model, with its charges and potentials.
  public var usesModel: Bool { if case .lammps = try? kind() { true } else { false } }

  /// Whether the clients may have atoms in an order of their own that nobody has told: they connect
  /// without having been given {structure}, and no start structure is named.
  public var hidesOrder: Bool {
    guard start == nil else { return false }
    return switch try? kind() {
    case .awaited: true
    case .launched(let template): !template.contains("structure")
    case .ase, .command, .lammps, nil: false
    }
  }

  /// Processes of LAMMPS; nil for other engines.
  public var lammpsProcesses: Int? {
    if case .lammps(let processes) = try? kind() { processes } else { nil }
  }

  /// Checks everything that can be checked without starting anything.
  ///
  /// - Throws: ``InputErrors`` with all that is wrong.
  public func validate() throws(InputErrors) {
    var problems: [InputError] = []
    var found: Kind?
    do {
      found = try kind()
    } catch {
      problems.append(InputError(error.message, at: "engine", hint: error.hint))
    }
    if !(1...1024).contains(limits.clients) {
      problems.append(InputError("\(limits.clients) clients, expected 1 to 1024", at: "clients"))
    }
    for (key, value) in [
      ("time limit", limits.evaluationSeconds), ("start limit", limits.startSeconds),
    ] where !(value.isFinite && value > 0 && value <= 1e7) {
      problems.append(InputError("\(value) s, expected more than 0 and at most 10000000", at: key))
    }
    if !(1...100).contains(limits.attempts) {
      problems.append(InputError("\(limits.attempts) attempts, expected 1 to 100", at: "attempts"))
    }
    if case .awaited = found, limits.clients != 1 {
      problems.append(
        InputError(
          "the number of clients is for those that cellgen starts", at: "clients",
          hint: "all that you start on this place share the work"))
    }
    switch found {
    case .command, .lammps:
      if start != nil {
        problems.append(
          InputError(
            "a start structure is for i-PI clients only", at: "start",
            hint: "this engine gets every structure as it comes"))
      }
    default: break
    }
    if case .ase = found {
    } else if found != nil, python != nil {
      problems.append(InputError("only ase: engines run in Python", at: "python"))
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
  }

  /// Reads the notation.
  func kind() throws(InputError) -> Kind {
    let names = ["ase", "ipi", "command", "lammps"]
    if engine == "lammps" { return .lammps(processes: 1) }
    guard let colon = engine.firstIndex(of: ":") else {
      throw InputError(
        "\"\(engine)\" is no engine",
        hint: "write ase:CALCULATOR, ipi:COMMAND, ipi:NAME, command:COMMAND, lammps or lammps:N")
    }
    let name = engine[..<colon]
    let rest = trimmed(engine[engine.index(after: colon)...])
    switch name {
    case "ase": return try ase(rest)
    case "ipi": return try ipi(rest)
    case "lammps":
      guard let processes = Int(rest), (1...1024).contains(processes) else {
        throw InputError(
          "lammps:\(rest), expected 1 to 1024 processes", hint: "such as lammps:4")
      }
      return .lammps(processes: processes)
    case "command":
      let template = try CommandTemplate(rest, known: CommandEngine.places)
      for place in ["in", "out"] where !template.contains(place) {
        throw InputError(
          "the command line has no {\(place)}",
          hint: "{in} is the extxyz file with the structure, {out} the file for the result")
      }
      return .command(template)
    default:
      throw InputError(
        "unknown kind of engine \"\(name)\"",
        hint: nearestMatch(to: String(name), among: names).map { "did you mean \($0):?" }
          ?? "kinds are \(names.joined(separator: ", "))")
    }
  }

  private func ase(_ text: String) throws(InputError) -> Kind {
    let calculator = text.prefix { !$0.isWhitespace && $0 != "{" }
    let arguments = trimmed(text.dropFirst(calculator.count))
    guard !calculator.isEmpty else {
      throw InputError(
        "ase: needs the name of a calculator",
        hint: "such as ase:emt, ase:chgnet or ase:module:Class")
    }
    guard
      calculator.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "._-:/".contains($0)) })
    else { throw InputError("\"\(calculator)\" is no name of a calculator") }
    guard arguments.isEmpty || isJSONObject(arguments) else {
      throw InputError(
        "the arguments of the calculator are \"\(arguments)\", expected a JSON object",
        hint: "such as ase:lj {\"sigma\": 3.4, \"epsilon\": 0.01}")
    }
    return .ase(calculator: String(calculator), arguments: arguments.isEmpty ? "{}" : arguments)
  }

  private func ipi(_ text: String) throws(InputError) -> Kind {
    if !text.isEmpty, text.allSatisfy({ $0.isASCII && $0.isNumber }) {
      guard let port = UInt16(text), port >= 1024 else {
        throw InputError("port \(text), expected 1024 to 65535")
      }
      return .awaited(.port(port))
    }
    if IPIAddress.isName(text) { return .awaited(.unix(text)) }
    let template = try CommandTemplate(text, known: IPIServer.places)
    guard ["socket", "path", "port"].contains(where: template.contains) else {
      throw InputError(
        "the command line has no {socket} and no {port}, so the client cannot find cellgen",
        hint:
          "such as ipi:pw.x --ipi {socket}:UNIX -in scf.in; one word alone, ipi:NAME, waits for "
          + "clients that you start")
    }
    guard !template.contains("port") || !["socket", "path"].contains(where: template.contains)
    else {
      throw InputError("the command line has {port} and {socket}; a client has one place")
    }
    return .launched(template)
  }

  private func trimmed(_ text: some StringProtocol) -> String {
    var text = Substring(text)
    while text.first?.isWhitespace ?? false { text.removeFirst() }
    while text.last?.isWhitespace ?? false { text.removeLast() }
    return String(text)
  }
}
