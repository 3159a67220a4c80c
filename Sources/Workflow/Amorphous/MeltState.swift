internal import Dynamics

/// What a melt–quench goes on from.
struct MeltState: Codable {
  /// The segment that is being done; as many as there are when all is done.
  var segment = 0
  /// Time of molecular dynamics before this segment, fs.
  var time = 0.0
  /// The structure at the start of the segment.
  var file = MeltState.start
  /// Volume at the start of the run, Å³.
  var startVolume: Double
  /// What is doubtful about the segments before, one sentence each.
  var doubts: [String] = []
  /// The motion, if the segment is molecular dynamics and has begun.
  var dynamics: DynamicsState?
  /// Bytes of the trajectory.
  var trajectoryBytes: UInt64 = 0
  /// Bytes of the log.
  var logBytes: UInt64 = 0

  /// The file that it is kept in.
  static let name = "state.json"
  /// The structure that the run starts from.
  static let start = "start.extxyz"

  init(startVolume: Double) { self.startVolume = startVolume }
}
