internal import Crystal
public import Energetics
internal import Foundation

extension LAMMPSDynamics {
  /// One line of the log.
  public struct Row: Hashable, Codable, Sendable {
    /// Steps done.
    public let step: Int
    /// K.
    public let temperature: Double
    /// Energy without that of motion, eV.
    public let energy: Double
    /// Kinetic energy, eV.
    public let kineticEnergy: Double
    /// eV/Å³.
    public let pressure: Double
    /// Å³.
    public let volume: Double
    /// Energy with that which thermostat and barostat have taken since the stretch began, eV.
    public let conservedEnergy: Double
    /// Speed of the fastest atom, Å/fs.
    public let largestSpeed: Double
  }

  /// One frame of the trajectory.
  public struct Frame: Sendable {
    /// The line of the log after the same step.
    public let row: Row
    /// The atoms in the order and the axes of the start, not wrapped into the cell.
    public let configuration: Configuration
  }

  /// The commands that write the log.
  static let logCommands = [
    "variable square atom vx*vx+vy*vy+vz*vz", "compute fastest all reduce max v_square",
    "thermo_style custom step temp pe ke press vol econserve c_fastest",
    "thermo_modify format float %.15g flush yes",
  ]

  /// What to do about files that are not whole.
  static let spaceHint = "is there space left on the disk?"

  /// What LAMMPS has written so far, line by line and frame by frame.
  struct Follower {
    /// Lines of the log; the first of a stretch, which repeats the last of the one before, left out.
    private(set) var rows: [Row] = []

    private var log: GrowingLines
    private var trajectory: GrowingLines
    private var frameLines: [String] = []
    /// Step of the last frame.
    private var frameStep = 0
    private let start: Configuration
    private let frame: LowerTriangularFrame

    init(_ folder: String, start: Configuration) {
      log = GrowingLines("\(folder)/\(Name.log)")
      trajectory = GrowingLines("\(folder)/\(Name.trajectory)")
      self.start = start
      frame = LowerTriangularFrame(start.lattice)
    }

    /// Lines of the log that are new.
    ///
    /// - Throws: ``InputError`` if LAMMPS has lost the motion and writes no numbers.
    mutating func newRows() throws(InputError) -> [Row] {
      let first = rows.count
      for line in log.next() {
        let words = line.split(separator: " ")
        guard words.count == 8, let step = Int(words[0]) else { continue }
        let numbers = words.compactMap { NumberReader.real($0) }
        guard numbers.count == words.count else {
          let isLost = words.allSatisfy { Double($0) != nil }
          guard isLost else { continue }
          throw InputError(
            "LAMMPS: the motion blew up: \"\(line)\" after step \(step) are no numbers",
            at: log.path, hint: LAMMPSProgram.collapseHint)
        }
        if let last = rows.last, step <= last.step { continue }
        rows.append(
          Row(
            step: step, temperature: numbers[1], energy: numbers[2], kineticEnergy: numbers[3],
            pressure: numbers[4] / LAMMPSDynamics.bars, volume: numbers[5],
            conservedEnergy: numbers[6],
            largestSpeed: 1e-3 * numbers[7].squareRoot()))
      }
      return Array(rows[first...])
    }

    /// Frames that are new and have a line in the log.
    ///
    /// - Throws: ``InputError`` for other text than that of frames.
    mutating func newFrames() throws -> [Frame] {
      frameLines += trajectory.next()
      let (count, header) = (start.positions.count, 9)
      var frames: [Frame] = []
      var first = 0
      while frameLines.count - first >= header + count {
        let lines = frameLines[first..<(first + header + count)]
        guard let step = Int(lines[first + 1]), lines[first + 3] == "\(count)" else {
          throw InputError(
            "LAMMPS wrote a frame that begins with \"\(lines[first + 1])\" and has "
              + "\(lines[first + 3]) of \(count) atoms", at: trajectory.path)
        }
        // The log may come later than the trajectory.
        guard let last = rows.last, last.step >= step else { break }
        if let row = rows.last(where: { $0.step <= step }), row.step == step {
          frames.append(Frame(row: row, configuration: try configuration(Array(lines))))
        }
        frameStep = step
        first += header + count
      }
      frameLines.removeFirst(first)
      return frames
    }

    /// Checks that all was written: LAMMPS does not notice a full disk.
    ///
    /// - Throws: ``InputError`` if lines or frames are missing.
    func checkEnd(_ steps: Int, frameInterval: Int) throws(InputError) {
      let last = rows.last?.step ?? 0
      guard last == steps else {
        throw InputError(
          "the log of LAMMPS ends after step \(last) of \(steps)", at: log.path,
          hint: LAMMPSDynamics.spaceHint)
      }
      guard frameInterval == 0 || frameStep == steps - steps % frameInterval else {
        throw InputError(
          "the trajectory of LAMMPS ends after step \(frameStep) of \(steps)",
          at: trajectory.path, hint: LAMMPSDynamics.spaceHint)
      }
    }

    /// The atoms of a frame.
    private func configuration(_ lines: [String]) throws -> Configuration {
      let bounds = lines[5...7].map { line in
        line.split(separator: " ").compactMap { NumberReader.real($0) } + [0]
      }
      guard bounds.allSatisfy({ $0.count >= 3 }) else {
        throw InputError("LAMMPS wrote a frame without a box", at: trajectory.path)
      }
      // Bounds are those of the box around the cell.
      let (xy, xz, yz) = (bounds[0][2], bounds[1][2], bounds[2][2])
      let corners = [0, xy, xz, xy + xz]
      let overhang = SIMD3(
        (corners.max() ?? 0) - (corners.min() ?? 0), yz.magnitude, 0)
      let edges = SIMD3(
        bounds[0][1] - bounds[0][0], bounds[1][1] - bounds[1][0], bounds[2][1] - bounds[2][0])
      let rows = try LAMMPSDump.rows(lines.joined(separator: "\n"), width: 5)
      return Configuration(
        lattice: try frame.lattice(edges - overhang, tilt: SIMD3(xy, xz, yz)),
        species: start.species, positions: rows.map { frame.back(SIMD3($0[2], $0[3], $0[4])) })
    }
  }
}
