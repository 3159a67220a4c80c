/// Mean squared and collective displacements of groups of atoms for every lag.
///
/// Groups are such as the ions of one species. Lags are in frames, from 0.
public struct DisplacementCorrelations: Sendable {
  /// Number of atoms in each group.
  public let sizes: [Int]

  /// Mean squared displacement along x, y and z of each group, Å², 3 × lags.
  public let meanSquaresByAxis: [[[Double]]]

  /// ⟨ΔR_a · ΔR_b⟩ of the summed displacements R_a = Σ rᵢ of two groups, Å²; [a][b][lag].
  public let collective: [[[Double]]]

  /// Mean squared displacement of each group, Å².
  public func meanSquare(_ group: Int) -> [Double] {
    let axes = meanSquaresByAxis[group]
    return axes[0].indices.map { axes[0][$0] + axes[1][$0] + axes[2][$0] }
  }

  /// Averages over all origins.
  ///
  /// - Parameters:
  ///   - history: The displacements.
  ///   - groups: The atoms of each group, at least one each.
  ///   - frames: Frames to use; nil for all.
  /// - Complexity: O(atoms × frames × log frames).
  public init(_ history: DisplacementHistory, groups: [[Int]], frames: Range<Int>? = nil) {
    let frames = frames ?? 0..<history.frames
    let count = frames.count
    sizes = groups.map(\.count)
    var squares = LagSquares(count: count)
    var (byAxis, sums) = ([[[Double]]](), [[[Double]]]())
    var series = [Double](repeating: 0, count: count * DisplacementCorrelations.batch)
    for group in groups {
      var sum = [[Double]](repeating: [Double](repeating: 0, count: count), count: 3)
      var axes: [[Double]] = []
      for axis in 0..<3 {
        // Atoms share cache lines, so that several are copied at a time.
        for start in stride(from: 0, to: group.count, by: DisplacementCorrelations.batch) {
          let chosen = group[start..<min(group.count, start + DisplacementCorrelations.batch)]
          history.gather(chosen, frames: frames, axis: axis, into: &series)
          for index in 0..<chosen.count {
            let part = series[(index * count)..<((index + 1) * count)]
            squares.add(part)
            for t in 0..<count { sum[axis][t] += series[index * count + t] }
          }
        }
        axes.append(squares.means().map { $0 / Double(group.count) })
      }
      byAxis.append(axes)
      sums.append(sum)
    }
    meanSquaresByAxis = byAxis
    // 2 ⟨ΔA · ΔB⟩ = ⟨|Δ(A + B)|²⟩ − ⟨|ΔA|²⟩ − ⟨|ΔB|²⟩
    var table = groups.map { _ in groups.map { _ in [Double](repeating: 0, count: count) } }
    for a in groups.indices {
      for axis in 0..<3 { squares.add(sums[a][axis][...]) }
      table[a][a] = squares.means()
    }
    for a in groups.indices {
      for b in groups.indices where b > a {
        for axis in 0..<3 {
          squares.add((0..<count).map { sums[a][axis][$0] + sums[b][axis][$0] }[...])
        }
        let both = squares.means()
        let cross = (0..<count).map { (both[$0] - table[a][a][$0] - table[b][b][$0]) / 2 }
        table[a][b] = cross
        table[b][a] = cross
      }
    }
    collective = table
  }

  /// Atoms that are copied at a time.
  static let batch = 16
}
