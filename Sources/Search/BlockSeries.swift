/// Correlated measurements of several quantities, kept as means over blocks of equal length.
///
/// Whenever the store is full, neighbouring blocks are joined, so that any number of measurements
/// takes the same space: from half of ``capacity`` to all of it.
public struct BlockSeries: Hashable, Sendable, Codable {
  /// Number of quantities.
  public let width: Int

  /// Number of measurements.
  public private(set) var count = 0

  /// Measurements per block, a power of two.
  public private(set) var blockLength = 1

  /// Sums over the full blocks, block by block, `width` each.
  private var sums: [Double] = []

  /// Sums over the block that is not full yet, and the number of measurements in it.
  private var open: [Double]
  private var openCount = 0

  /// Sums of squares of all measurements.
  private var squares: [Double]

  /// Largest number of blocks, even.
  public static let capacity = 256

  /// Means over fewer blocks than this say nothing about the error.
  static let fewestBlocks = 8

  /// An empty series of measurements with `width` quantities each.
  public init(width: Int) {
    self.width = width
    open = [Double](repeating: 0, count: width)
    squares = open
  }

  /// Adds one measurement of every quantity.
  ///
  /// - Precondition: `width` values.
  public mutating func append(_ values: [Double]) {
    precondition(values.count == width, "one value per quantity")
    for (k, value) in values.enumerated() {
      open[k] += value
      squares[k] += value * value
    }
    count += 1
    openCount += 1
    guard openCount == blockLength else { return }
    sums += open
    for k in open.indices { open[k] = 0 }
    openCount = 0
    if blockCount == BlockSeries.capacity {
      sums = joined(sums)
      blockLength *= 2
    }
  }

  /// Whether the parts fit together: a series that was read back may be damaged.
  var isConsistent: Bool {
    width > 0 && open.count == width && squares.count == width
      && sums.count.isMultiple(of: width) && blockCount < BlockSeries.capacity
      && blockLength > 0 && (0..<blockLength).contains(openCount)
      && count >= openCount && (count - openCount) / blockLength == blockCount
  }

  /// Number of full blocks.
  var blockCount: Int { width == 0 ? 0 : sums.count / width }

  /// Mean of a quantity over all measurements; 0 if there are none.
  public func mean(_ quantity: Int) -> Double {
    var sum = open[quantity]
    for block in 0..<blockCount { sum += sums[block * width + quantity] }
    return count == 0 ? 0 : sum / Double(count)
  }

  /// The mean of a quantity with its error from blocking.
  ///
  /// The error of the mean over N measurements follows from the scatter of n block means as
  /// ε² = s²/(n - 1). It grows with the length B of the blocks until they are independent. The
  /// shortest length with
  ///
  ///     B³ > 2 N (ε(B)/ε(1))⁴
  ///
  /// balances what is left of the correlation against the scatter of the error itself; the error is
  /// the largest one up to that length. What never
  /// changes has the error 0: events that are too rare for the run are not seen.
  ///
  /// Reference: H. Flyvbjerg and H. G. Petersen, J. Chem. Phys. 91, 461 (1989); choice of the length:
  /// R. M. Lee et al., Phys. Rev. E 83, 066706 (2011).
  public func estimate(_ quantity: Int) -> Estimate {
    let choice = blockLevel(quantity)
    return Estimate(mean: mean(quantity), error: choice.error, isConverged: choice.isConverged)
  }

  /// A function of the means of some quantities, with its error by the jackknife over blocks.
  ///
  /// The blocks are those that one of the quantities needs, and shorter ones, whichever give the larger
  /// error.
  ///
  /// - Parameters:
  ///   - quantities: The quantities on which the function depends.
  ///   - function: Takes the means in the order of `quantities`; nil where it is not defined.
  /// - Returns: The function of the means; nil where that is not defined.
  public func jackknife(
    _ quantities: [Int], _ function: ([Double]) -> Double?
  ) -> Estimate? {
    guard let value = function(quantities.map(mean)) else { return nil }
    let levels = quantities.map(blockLevel)
    let level = levels.map(\.level).max() ?? 0
    let isConverged = levels.allSatisfy(\.isConverged)
    var blocks = sums
    var largest: Double?
    for joins in 0...level {
      if joins > 0 { blocks = joined(blocks) }
      let length = Double(blockLength << joins)
      guard let error = jackknifeError(blocks, quantities, length: length, function) else {
        continue
      }
      largest = max(largest ?? error, error)
    }
    return Estimate(mean: value, error: largest, isConverged: isConverged && largest != nil)
  }

  /// The jackknife error of a function over given blocks; nil if there are too few, or the function is
  /// not defined without one of them.
  private func jackknifeError(
    _ blocks: [Double], _ quantities: [Int], length: Double, _ function: ([Double]) -> Double?
  ) -> Double? {
    let n = width == 0 ? 0 : blocks.count / width
    guard n >= 2 else { return nil }
    let totals = quantities.map { k in
      (0..<n).reduce(0) { $0 + blocks[$1 * width + k] }
    }
    var values: [Double] = []
    for block in 0..<n {
      let means = quantities.enumerated().map { position, k in
        (totals[position] - blocks[block * width + k]) / (length * Double(n - 1))
      }
      guard let value = function(means) else { return nil }
      values.append(value)
    }
    let center = values.reduce(0, +) / Double(n)
    let scatter = values.reduce(0) { $0 + ($1 - center) * ($1 - center) }
    return (scatter * Double(n - 1) / Double(n)).squareRoot()
  }

  /// How often blocks are joined until the error of a quantity no longer depends on their length.
  private func blockLevel(_ quantity: Int) -> (level: Int, error: Double?, isConverged: Bool) {
    let total = Double(count)
    let all = mean(quantity)
    let variance = max(0, squares[quantity] / max(1, total) - all * all)
    let plain = variance / max(1, total - 1)
    var means = (0..<blockCount).map { sums[$0 * width + quantity] / Double(blockLength) }
    // A quantity that never changes has no error; squares of it round.
    if let first = means.first, means.allSatisfy({ $0 == first }), blockLength > 1 || count > 1,
      variance <= 1e-14 * squares[quantity] / max(1, total)
    {
      return (0, 0, true)
    }
    var length = Double(blockLength)
    var level = 0
    var largest: (level: Int, square: Double)?
    while means.count >= 2 {
      let n = Double(means.count)
      let center = means.reduce(0, +) / n
      let square = means.reduce(0) { $0 + ($1 - center) * ($1 - center) } / (n * (n - 1))
      if means.count >= BlockSeries.fewestBlocks || largest == nil {
        let ratio = plain > 0 ? square / plain : 1
        let isEnough = means.count >= BlockSeries.fewestBlocks
        if isEnough && length * length * length > 2 * total * ratio * ratio {
          // Errors grow with the length; a smaller one among few long blocks is chance.
          return (level, max(square, largest?.square ?? 0).squareRoot(), true)
        }
        if square > largest?.square ?? -1 { largest = (level, square) }
      }
      means = stride(from: 0, to: means.count - 1, by: 2).map { 0.5 * (means[$0] + means[$0 + 1]) }
      length *= 2
      level += 1
    }
    return (largest?.level ?? 0, largest.map { $0.square.squareRoot() }, false)
  }

  /// Sums over pairs of neighbouring blocks; a last one without a partner is left out.
  private func joined(_ blocks: [Double]) -> [Double] {
    let n = blocks.count / max(1, width) / 2
    var result: [Double] = []
    result.reserveCapacity(n * width)
    for block in 0..<n {
      for k in 0..<width {
        result.append(blocks[2 * block * width + k] + blocks[(2 * block + 1) * width + k])
      }
    }
    return result
  }
}

extension BlockSeries {
  private enum CodingKeys: String, CodingKey {
    case width, count, blockLength, sums, open, openCount, squares
  }

  /// Reads a series that was written down.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    width = try container.decode(Int.self, forKey: .width)
    count = try container.decode(Int.self, forKey: .count)
    blockLength = try container.decode(Int.self, forKey: .blockLength)
    sums = try container.decode(PackedNumbers.self, forKey: .sums).values
    open = try container.decode(PackedNumbers.self, forKey: .open).values
    openCount = try container.decode(Int.self, forKey: .openCount)
    squares = try container.decode(PackedNumbers.self, forKey: .squares).values
  }

  /// Writes the series down, exactly.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(width, forKey: .width)
    try container.encode(count, forKey: .count)
    try container.encode(blockLength, forKey: .blockLength)
    try container.encode(PackedNumbers(sums), forKey: .sums)
    try container.encode(PackedNumbers(open), forKey: .open)
    try container.encode(openCount, forKey: .openCount)
    try container.encode(PackedNumbers(squares), forKey: .squares)
  }
}
