/// Means over frames of a trajectory with errors from blocks of consecutive frames.
///
/// Frames that follow each other are alike, so that the scatter of single frames says too little about the
/// error of their mean. The standard error comes from the means of n blocks,
///
///     σ = √(Σₖ (xₖ − x̄)² / (n (n − 1)))
///
/// which is right for blocks longer than the time over which frames are alike, and too small for shorter ones.
///
/// Reference: H. Flyvbjerg and H. G. Petersen, J. Chem. Phys. 91, 461 (1989).
public struct FrameBlocks: Sendable {
  /// Number of values of a frame.
  public let width: Int

  /// Number of frames.
  public private(set) var frameCount = 0

  /// Sums over runs of `framesPerRun` frames; the last one may be shorter.
  private var runs: [(frames: Int, sums: [Double])] = []
  private var framesPerRun = 1

  /// Two runs become one when there are more, so that memory does not grow with the trajectory; even.
  private let mostRuns: Int

  /// No frame yet.
  public init(width: Int) {
    self.width = width
    mostRuns = 2 * max(10, min(64, 4_000_000 / max(1, width)))
  }

  /// Adds a frame.
  ///
  /// - Parameter values: As many as ``width``.
  public mutating func add(_ values: [Double]) {
    precondition(values.count == width, "one value for each place")
    if let last = runs.indices.last, runs[last].frames < framesPerRun {
      for index in 0..<width { runs[last].sums[index] += values[index] }
      runs[last].frames += 1
    } else {
      if runs.count == mostRuns { halve() }
      runs.append((1, values))
    }
    frameCount += 1
  }

  private mutating func halve() {
    runs = stride(from: 0, to: runs.count, by: 2).map { index in
      (
        runs[index].frames + runs[index + 1].frames,
        zip(runs[index].sums, runs[index + 1].sums).map { $0 + $1 }
      )
    }
    framesPerRun *= 2
  }

  /// The mean over all frames; zeros without any.
  public var mean: [Double] { FrameBlocks.mean(runs[...], width) }

  /// The means of blocks of about equal length, at most as many as there are frames.
  public func blockMeans(_ count: Int) -> [[Double]] {
    let count = min(count, runs.count)
    return (0..<count).map { block in
      FrameBlocks.mean(
        runs[(block * runs.count / count)..<((block + 1) * runs.count / count)], width)
    }
  }

  /// What follows from the mean, with standard errors from what follows from each block.
  ///
  /// - Parameters:
  ///   - blocks: How many blocks.
  ///   - quantity: Values from the mean of all frames or of a block, equally many each time.
  /// - Returns: The values and their errors; no errors for a single frame.
  public func estimate(
    blocks: Int, _ quantity: ([Double]) -> [Double]
  ) -> (values: [Double], errors: [Double]?) {
    let values = quantity(mean)
    let parts = blockMeans(blocks).map(quantity)
    guard parts.count > 1 else { return (values, nil) }
    let n = Double(parts.count)
    let errors = values.indices.map { index in
      let mean = parts.reduce(0) { $0 + $1[index] } / n
      let squares = parts.reduce(0) { $0 + ($1[index] - mean) * ($1[index] - mean) }
      return (squares / (n * (n - 1))).squareRoot()
    }
    return (values, errors)
  }

  private static func mean(
    _ runs: ArraySlice<(frames: Int, sums: [Double])>, _ width: Int
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: width)
    var frames = 0
    for run in runs {
      frames += run.frames
      for index in 0..<width { sums[index] += run.sums[index] }
    }
    return frames == 0 ? sums : sums.map { $0 / Double(frames) }
  }
}
