public import Crystal
public import Handoff
internal import Yams

/// How arrangements are calculated by another code, as jobs: which inputs are written, and how they run.
///
///     preset: materials-project-like
///     set: {functional: LDA, kpoints: 2x2x2, relax: none}
///     pseudopotentials: pseudo
///     scheduler: slurm
///     tasks: 16
///     time: 2:00:00
///     command: srun pw.x -in pw.in
///     at_once: 20
public struct JobSpecification: Codable, Hashable, Sendable {
  /// The program.
  public var code: SimulationCode
  /// Name or file of the preset.
  public var preset = CalculationPreset.usual
  /// Values that come before those of the preset, by key.
  public var changes: [InputSpecification.Change] = []
  /// Folder with templates; nil for those of cellgen.
  public var templates: String?
  /// Folder with pseudopotentials, or with POTCAR data sets for VASP.
  public var pseudopotentials: String?
  /// Built-in interactions, for LAMMPS.
  public var model = "lattice"
  /// How the jobs run.
  public var jobs = JobSettings()
  /// Time between two looks at Slurm, s.
  public var interval = 30.0

  private static let keys = [
    "preset", "set", "templates", "pseudopotentials", "model", "scheduler", "nodes", "tasks",
    "cpus", "time", "account", "partition", "modules", "command", "at_once", "retries",
    "time_factor", "job_template", "interval",
  ]

  /// Reads a file of settings.
  ///
  /// - Parameters:
  ///   - text: YAML.
  ///   - file: Its name, for messages.
  ///   - code: The program.
  /// - Throws: ``InputErrors`` with everything that is wrong.
  public init(parsing text: String, file: String, code: SimulationCode) throws(InputErrors) {
    self.code = code
    jobs.scheduler = .local
    var reader = YAMLReader(file: file)
    guard let root = reader.document(text) else { throw InputErrors(reader.problems) }
    for (key, node) in reader.mapping(root, "", keys: JobSpecification.keys) {
      switch key {
      case "preset": preset = reader.text(node, key) ?? preset
      case "set": read(changes: node, "", &reader)
      case "templates": templates = reader.text(node, key)
      case "pseudopotentials": pseudopotentials = reader.text(node, key)
      case "model": model = reader.text(node, key) ?? model
      case "scheduler":
        let word = reader.text(node, key) ?? ""
        guard let scheduler = JobScheduler(rawValue: word) else {
          reader.report("unknown scheduler \"\(word)\"", at: node, key, "write slurm or local")
          continue
        }
        jobs.scheduler = scheduler
      case "nodes": jobs.nodes = reader.integer(node, key)
      case "tasks": jobs.tasks = reader.integer(node, key) ?? jobs.tasks
      case "cpus": jobs.cpus = reader.integer(node, key) ?? jobs.cpus
      case "time":
        jobs.seconds = reader.text(node, key).flatMap { JobTime.seconds($0) }
        if jobs.seconds == nil {
          reader.report("no time", at: node, key, "write 30:00, 12:00:00 or 2-00:00:00")
        }
      case "account": jobs.account = reader.text(node, key)
      case "partition": jobs.partition = reader.text(node, key)
      case "modules": jobs.modules = reader.list(node, key).compactMap { reader.text($0, key) }
      case "command": jobs.command = reader.text(node, key)
      case "at_once": jobs.atOnce = reader.integer(node, key)
      case "retries": jobs.retries = reader.integer(node, key) ?? jobs.retries
      case "time_factor": jobs.timeFactor = reader.real(node, key) ?? jobs.timeFactor
      case "job_template": jobs.template = reader.text(node, key)
      case "interval":
        interval = reader.real(node, key) ?? interval
        if !(0.05...3600).contains(interval) {
          reader.report("\(interval), expected 0.05 to 3600 s", at: node, key, nil)
        }
      default: preconditionFailure("the reader lets no other key through")
      }
    }
    guard reader.problems.isEmpty else { throw InputErrors(reader.problems) }
    try jobs.validate()
  }

  /// Takes the values of a table, and of those in it, under keys such as `hubbard_eV.Mn`.
  private mutating func read(changes node: Node, _ path: String, _ reader: inout YAMLReader) {
    for (key, value) in reader.mapping(node, path.isEmpty ? "set" : "set.\(path)", keys: nil) {
      let name = path.isEmpty ? key : "\(path).\(key)"
      if value.mapping != nil {
        read(changes: value, name, &reader)
      } else if let sequence = value.sequence {
        let words = sequence.compactMap { reader.text($0, "set.\(name)") }
        changes.append(.init(name, "[\(words.joined(separator: ", "))]"))
      } else if let word = reader.text(value, "set.\(name)") {
        changes.append(.init(name, word))
      }
    }
  }

  /// What is calculated.
  ///
  /// - Throws: ``InputErrors`` for a preset or values that cannot be used.
  public func calculation() throws -> Calculation {
    try CalculationPreset.calculation(
      named: preset, changes: changes.map { ($0.key, $0.value) })
  }

  /// The inputs that are written.
  var input: InputSpecification {
    var input = InputSpecification(code: code, structures: [])
    input.preset = preset
    input.changes = changes
    input.templates = templates
    input.pseudopotentials = pseudopotentials
    input.model = model
    return input
  }
}
