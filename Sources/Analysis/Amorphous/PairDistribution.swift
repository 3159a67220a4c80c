public import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Partial radial distribution functions of one configuration or the mean of several.
///
///     g_ab(r) = V n_ab(r) / (N_a N_b' 4π r² Δr),    N_b' = N_b - δ_ab                 [dimensionless]
///
/// n_ab(r) counts images of b at distances r ± Δr/2 of all atoms a.
public struct PairDistribution: Sendable {
  /// The elements, by atomic number.
  public let elements: [Element]

  /// Width of a bin, Å.
  public let binWidth: Double

  /// Number of bins.
  public let binCount: Int

  /// Counts of pairs of elements, a × elements + b, divided by N_a N_b' / V of their configuration.
  private var sums: [[Double]]
  private var frames = 0

  /// No configuration yet.
  ///
  /// - Parameters:
  ///   - elements: Those that occur.
  ///   - radius: Where the functions end, Å.
  ///   - binWidth: Å.
  public init(elements: [Element], radius: Double = 8, binWidth: Double = 0.05) {
    self.elements = elements.sorted()
    self.binWidth = binWidth
    binCount = max(1, Int((radius / binWidth).rounded()))
    sums = [[Double]](
      repeating: [Double](repeating: 0, count: binCount), count: elements.count * elements.count)
  }

  /// Adds a configuration.
  ///
  /// - Parameters:
  ///   - lattice: The cell.
  ///   - positions: Any images.
  ///   - atoms: What they are; others than those of ``elements`` are left out.
  public mutating func add(_ lattice: Lattice, positions: [Fractional], atoms: [Element]) {
    let kinds = atoms.map { elements.firstIndex(of: $0) }
    var numbers = [Double](repeating: 0, count: elements.count)
    for kind in kinds { if let kind { numbers[kind] += 1 } }
    let radius = Double(binCount) * binWidth
    let grid = NeighbourGrid(lattice: lattice, positions: positions, radius: radius)
    var counts = [[Int]](
      repeating: [Int](repeating: 0, count: binCount), count: elements.count * elements.count)
    for (i, position) in positions.enumerated() {
      guard let a = kinds[i] else { continue }
      grid.forEach(near: position, within: radius) { other in
        guard let b = kinds[other.index], other.distance > 0 else { return }
        let bin = Int(other.distance / binWidth)
        if bin < binCount { counts[a * elements.count + b][bin] += 1 }
      }
    }
    for a in elements.indices {
      for b in elements.indices {
        let partners = numbers[b] - (a == b ? 1 : 0)
        guard numbers[a] > 0, partners > 0 else { continue }
        let pair = a * elements.count + b
        let density = numbers[a] * partners / lattice.volume
        for bin in 0..<binCount { sums[pair][bin] += Double(counts[pair][bin]) / density }
      }
    }
    frames += 1
  }

  /// Middles of the bins, Å.
  public var distances: [Double] { (0..<binCount).map { (Double($0) + 0.5) * binWidth } }

  /// g of two elements, one value per bin; zeros for elements that do not occur.
  public func values(_ first: Element, _ second: Element) -> [Double] {
    guard let a = elements.firstIndex(of: first), let b = elements.firstIndex(of: second),
      frames > 0
    else { return [Double](repeating: 0, count: binCount) }
    return sums[a * elements.count + b].enumerated().map { bin, sum in
      let (inner, outer) = (Double(bin) * binWidth, Double(bin + 1) * binWidth)
      let shell = 4 * Double.pi / 3 * (outer * outer * outer - inner * inner * inner)
      return sum / (shell * Double(frames))
    }
  }

  /// The first maximum above 1 and the minimum behind it, Å; nil for pairs without one.
  public func firstShell(_ first: Element, _ second: Element) -> (peak: Double, end: Double)? {
    let g = smoothed(values(first, second))
    guard let start = g.firstIndex(where: { $0 > 1 }) else { return nil }
    // The highest point before the function falls below 1 again for good.
    var top = start
    var bin = start
    while bin < g.count, g[bin] > 0.8 || bin - start < 2 {
      if g[bin] > g[top] { top = bin }
      bin += 1
    }
    let window = Int((1.5 / binWidth).rounded())
    let behind = top..<min(g.count, top + window)
    guard let low = behind.min(by: { (g[$0], $0) < (g[$1], $1) }) else { return nil }
    return (distances[top], distances[low])
  }

  /// A running mean over three bins.
  private func smoothed(_ g: [Double]) -> [Double] {
    g.indices.map { i in
      let around = max(0, i - 1)...min(g.count - 1, i + 1)
      return around.reduce(0) { $0 + g[$1] } / Double(around.count)
    }
  }
}
