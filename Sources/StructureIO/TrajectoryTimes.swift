public import Crystal

/// The times of the frames of a trajectory, which have to be evenly spaced.
public struct TrajectoryTimes: Sendable {
  /// Time between two frames, fs; nil before the second frame.
  public private(set) var interval: Double?

  /// Frames that were left out, one sentence each.
  public private(set) var warnings: [String] = []

  private let timeStep: Double?
  private var last: Double?
  private var accepted = 0
  private var pending: InputError?

  /// The last interval may differ by this fraction: times in files are rounded.
  private static let tolerance = 1e-3

  /// Times from a file, or from a time step.
  ///
  /// - Parameter timeStep: Time per step, or between frames where the file has no steps, fs; nil
  ///   takes the times of the file.
  public init(timeStep: Double?) { self.timeStep = timeStep }

  /// Takes the next frame.
  ///
  /// A last frame at an odd time, as at the end of a run, and a frame that is written twice, as after a
  /// restart, are left out with a warning.
  ///
  /// - Returns: Whether the frame belongs to the even series.
  /// - Throws: ``InputError`` if there is no time, or frames are not evenly spaced.
  public mutating func accept(_ frame: TrajectoryFrame) throws(InputError) -> Bool {
    if let pending { throw pending }
    let time = try time(of: frame)
    guard let last else {
      self.last = time
      accepted = 1
      return true
    }
    let step = time - last
    let unit = interval ?? max(time.magnitude, last.magnitude)
    if step.magnitude <= TrajectoryTimes.tolerance * 1e-3 * unit {
      warnings.append(
        "\(frame.place): frame \(frame.number) repeats the time of the one before and is left out")
      return false
    }
    guard step > 0 else {
      throw InputError(
        "frame \(frame.number) is at \(fixed(time, 3)) fs, before the frame ahead of it at "
          + "\(fixed(last, 3)) fs", at: frame.place)
    }
    if let interval, (step - interval).magnitude > TrajectoryTimes.tolerance * interval {
      pending = InputError(
        "frame \(frame.number) comes \(fixed(step, 3)) fs after the one before it, expected "
          + "\(fixed(interval, 3)) fs", at: frame.place,
        hint: "frames have to be evenly spaced; leave the odd ones out with --skip and --every")
      return false
    }
    if interval == nil { interval = step }
    self.last = time
    accepted += 1
    return true
  }

  /// Closes the series.
  ///
  /// - Returns: The time between two frames, fs.
  /// - Throws: ``InputError`` if there are fewer than two frames.
  public mutating func finish(_ path: String) throws(InputError) -> Double {
    if let pending {
      warnings.append("\(pending.location ?? path): the last frame is left out: \(pending.message)")
    }
    guard let interval else {
      throw InputError(
        "has \(accepted) frame, expected several", at: path,
        hint: "this needs a trajectory, such as trajectory.extxyz of cellgen md")
    }
    return interval
  }

  private func time(of frame: TrajectoryFrame) throws(InputError) -> Double {
    if let timeStep { return Double(frame.step ?? frame.number) * timeStep }
    guard let time = frame.time else {
      throw InputError(
        frame.step == nil
          ? "frame \(frame.number) has neither a time nor a step"
          : "frame \(frame.number) has a step but no time", at: frame.place,
        hint: frame.step == nil
          ? "give the time between frames, such as --timestep 50 [fs]"
          : "give the time step, such as --timestep 1 [fs]")
    }
    return time
  }
}
