public import Crystal
public import Dynamics
public import Energetics
internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A whole molecular dynamics run with LAMMPS: files, the run itself, and its results.
///
/// Langevin, Nosé-Hoover chains and constant energy, with a fixed cell or the barostat of Martyna, Tobias
/// and Klein; temperatures and pressures follow the schedule. LAMMPS does the same physics with other
/// random numbers, so trajectories differ from those of cellgen.
public struct LAMMPSDynamics: Sendable {
  /// The interactions.
  public var model: LAMMPSModel

  /// How the run is integrated.
  public var settings: DynamicsSettings

  /// What thermostat and barostat aim at.
  public var schedule: Schedule

  /// Steps between lines of the log.
  public var logInterval = 100

  /// Steps between frames of the trajectory; 0 for none.
  public var frameInterval = 0

  /// Steps between restart files, two in turn; 0 for none.
  public var restartInterval = 0

  /// Longest time without a new line of the log, s.
  public var patience = Double.infinity

  /// Names of the files in the folder of a run.
  public enum Name {
    /// Commands.
    public static let input = "in.lammps"
    /// The atoms at the start.
    public static let data = "start.data"
    /// Tables of pair potentials, if any.
    public static let tables = "pairs.table"
    /// What LAMMPS prints.
    public static let log = "log.lammps"
    /// Frames, as LAMMPS writes them.
    public static let trajectory = "trajectory.lammpstrj"
    /// Files from which LAMMPS goes on.
    public static let restarts = ["restart.1", "restart.2"]
    /// Atoms at the end.
    static let final = "final.txt"
    /// The box at the end.
    static let box = "box.txt"
  }

  /// A run.
  public init(model: LAMMPSModel, settings: DynamicsSettings, schedule: Schedule) {
    self.model = model
    self.settings = settings
    self.schedule = schedule
  }

  /// What came of a run.
  public struct Result: Sendable {
    /// The atoms at the end in the order and the axes of the start, not wrapped into the cell.
    public let configuration: Configuration
    /// Å/fs.
    public let velocities: [SIMD3<Double>]
    /// The log.
    public let rows: [Row]
  }

  /// Runs LAMMPS in a folder.
  ///
  /// - Parameters:
  ///   - folder: Gets all files; restart files in it are gone on from if `resuming`.
  ///   - start: The atoms.
  ///   - velocities: Å/fs.
  ///   - program: LAMMPS.
  ///   - resuming: Whether to go on from the newest restart file, if there is one.
  ///   - progress: Is told of every new line of the log; what it throws ends the run.
  ///   - frames: Is told of every new frame that has a line in the log; what it throws ends the run.
  ///   - isInterrupted: Whether the run should end; asked several times a second.
  /// - Returns: The end of the run. Forces of a thermostat differ after resuming.
  /// - Throws: ``InputError`` for what LAMMPS cannot do and for what it says went wrong;
  ///   ``EngineError/interrupted``.
  public func run(
    in folder: String, from start: Configuration, velocities: [SIMD3<Double>],
    program: LAMMPSProgram, resuming: Bool = false, progress: (Row) throws -> Void = { _ in },
    frames: (Frame) throws -> Void = { _ in }, isInterrupted: () -> Bool = { false }
  ) throws -> Result {
    let restart = resuming ? newestRestart(folder) : nil
    for (name, text) in try files(start, velocities: velocities, restart: restart) {
      do {
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
      } catch {
        throw InputError(
          "cannot be written", at: "\(folder)/\(name)", hint: LAMMPSDynamics.spaceHint)
      }
    }
    for name in [Name.final, Name.box] + (restart == nil ? [Name.trajectory] : []) {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
    let log = "\(folder)/\(Name.log)"
    let child = try ChildProcess(program.command(Name.input, in: folder), log: log)
    defer { child.endGently() }
    var follower = Follower(folder, start: start)
    let clock = ContinuousClock()
    var (looked, heard) = (clock.now, clock.now)
    func follow() throws {
      looked = clock.now
      let rows = try follower.newRows()
      if !rows.isEmpty { heard = looked }
      for row in rows { try progress(row) }
      for frame in try follower.newFrames() { try frames(frame) }
    }
    while child.ending == nil {
      if isInterrupted() { throw EngineError.interrupted }
      if (clock.now - heard) / .seconds(1) > patience {
        throw InputError(
          "LAMMPS wrote nothing for \(fixed(patience, 0)) s", at: log,
          hint: "give it more time, or more processes")
      }
      usleep(20_000)
      if clock.now - looked > .milliseconds(500) { try follow() }
    }
    try follow()
    guard child.ending == .exited(0) else {
      let ending = child.ending.map { "\($0)" } ?? ""
      let text = LAMMPSDynamics.text(log)
      throw InputError(
        program.complaint(in: text) ?? "LAMMPS: \(ending)\(child.tail)", at: log,
        hint: LAMMPSProgram.hint(for: text))
    }
    if restart == nil { try follower.checkEnd(schedule.steps, frameInterval: frameInterval) }
    let (configuration, final) = try LAMMPSDynamics.final(folder, like: start)
    return Result(configuration: configuration, velocities: final, rows: follower.rows)
  }

  /// The files of a run.
  ///
  /// - Parameters:
  ///   - start: The atoms.
  ///   - velocities: Å/fs.
  ///   - restart: A restart file to go on from; nil for none.
  /// - Returns: Texts by the names of ``Name``.
  /// - Throws: ``InputError`` for what LAMMPS cannot do.
  public func files(
    _ start: Configuration, velocities: [SIMD3<Double>], restart: String? = nil
  ) throws(InputError) -> [String: String] {
    let pairs = LAMMPSPairs(model)
    var files = [Name.data: try model.data(start, velocities: velocities)]
    files[Name.tables] = pairs.tables
    let turns = settings.barostat?.cell == .full
    let begin =
      restart.map { ["read_restart \($0)"] }
      ?? (["read_data \(Name.data)"] + (turns ? ["change_box all triclinic"] : []))
    var lines = model.lines(start: begin, tables: Name.tables, pairs: pairs)
    lines += ["timestep \(settings.timeStep / 1000)", "thermo \(logInterval)"]
    lines += LAMMPSDynamics.logCommands
    if frameInterval > 0 {
      lines += [
        "dump frames all custom \(frameInterval) \(Name.trajectory) id type xu yu zu",
        "dump_modify frames sort id format float %.12g" + (restart == nil ? "" : " append yes"),
      ]
    }
    if restartInterval > 0 {
      lines.append("restart \(restartInterval) \(Name.restarts.joined(separator: " "))")
    }
    if settings.driftRemoval > 0 {
      lines.append("fix drift all momentum \(settings.driftRemoval) linear 1 1 1")
    }
    var first = 0
    for (k, segment) in schedule.segments.enumerated() {
      let last = first + segment.steps
      let (fixes, names) = try integration(segment, number: k)
      lines += fixes
      // Stretches that a restart file has behind it are left out.
      lines.append(
        "if \"$(step) < \(last)\" then \"run \(last) upto start \(first) stop \(last)\"")
      lines += names.map { "unfix \($0)" }
      first = last
    }
    lines += [
      "write_dump all custom \(Name.final) id xu yu zu vx vy vz modify sort id format float %.17g",
      "print \"$(lx:%.17g) $(ly:%.17g) $(lz:%.17g) $(xy:%.17g) $(xz:%.17g) $(yz:%.17g)\" &",
      "  file \(Name.box) screen no",
    ]
    files[Name.input] = lines.joined(separator: "\n") + "\n"
    return files
  }

  /// bar per eV/Å³ in LAMMPS.
  static let bars = 1.6021765e6

  /// The fixes of a stretch and their names.
  private func integration(
    _ segment: Schedule.Segment, number: Int
  ) throws(InputError) -> (lines: [String], names: [String]) {
    guard segment.shear == .zero else {
      throw InputError(
        "cellgen gives LAMMPS no shear stress", at: "engine", hint: "leave --engine out")
    }
    var barostat = ""
    if let choice = settings.barostat {
      let cell: String
      switch choice.cell {
      case .isotropic: cell = "iso"
      case .full: cell = "tri"
      case .shape, .fixed:
        throw InputError(
          "LAMMPS has no barostat that changes the shape at constant volume", at: "engine",
          hint: "take --cell isotropic or --cell full, or leave --engine out")
      }
      let (from, to) = (segment.pressure.from, segment.pressure.to)
      barostat =
        " \(cell) \(from * LAMMPSDynamics.bars) \(to * LAMMPSDynamics.bars) "
        + "\(choice.period / 1000)" + (cell == "tri" ? " flip no" : "")
    }
    let temperatures = "\(segment.temperature.from) \(segment.temperature.to)"
    switch settings.thermostat {
    case .none:
      let style = barostat.isEmpty ? "nve" : "nph\(barostat)"
      return (["fix motion all \(style)"], ["motion"])
    case .noseHoover(let period, let length):
      let style = barostat.isEmpty ? "nvt" : "npt"
      return (
        [
          "fix motion all \(style) temp \(temperatures) \(period / 1000) tchain \(length)"
            + barostat
        ], ["motion"]
      )
    case .langevin(let time, let momentum):
      let style = barostat.isEmpty ? "nve" : "nph\(barostat)"
      // Seeds of LAMMPS are positive and have 31 bits.
      let seed =
        (settings.seed &+ UInt64(number) &* 0x9e37_79b9_7f4a_7c15) % 899_999_999 + 1
      return (
        [
          "fix motion all \(style)",
          "fix bath all langevin \(temperatures) \(time / 1000) \(seed) tally yes"
            + (momentum == .kept ? " zero yes" : ""),
        ], ["bath", "motion"]
      )
    }
  }

  /// The restart file that was written last, if there is one.
  private func newestRestart(_ folder: String) -> String? {
    let dates = Name.restarts.compactMap { name -> (String, Date)? in
      let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
      return (attributes?[.modificationDate] as? Date).map { (name, $0) }
    }
    return dates.max { $0.1 < $1.1 }?.0
  }

  private static func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }

  /// The atoms at the end.
  private static func final(
    _ folder: String, like start: Configuration
  ) throws -> (Configuration, velocities: [SIMD3<Double>]) {
    let rows = try LAMMPSDump.rows(text("\(folder)/\(Name.final)"), width: 7)
    let box = text("\(folder)/\(Name.box)").split(whereSeparator: \.isWhitespace)
      .compactMap { NumberReader.real($0) }
    guard rows.count == start.positions.count, box.count == 6 else {
      throw InputError(
        "LAMMPS left \(rows.count) of \(start.positions.count) atoms", at: "\(folder)/\(Name.final)"
      )
    }
    let frame = LowerTriangularFrame(start.lattice)
    return (
      Configuration(
        lattice: try frame.lattice(
          SIMD3(box[0], box[1], box[2]), tilt: SIMD3(box[3], box[4], box[5])),
        species: start.species, positions: rows.map { frame.back(SIMD3($0[1], $0[2], $0[3])) }),
      rows.map { 1e-3 * frame.back(SIMD3($0[4], $0[5], $0[6])) }
    )
  }
}
