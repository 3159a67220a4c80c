/// The uninterrupted runs of points of each row of a plane that are allowed.
struct AllowedRuns {
  /// First and last point of every run, row after row.
  private var runs: [(first: Int, last: Int)] = []
  /// Where the runs of each row begin, and where the last ones end.
  private var starts: [Int] = []

  /// Collects the runs.
  ///
  /// - Parameters:
  ///   - isAllowed: One value per point of the grid.
  ///   - plane: Number of the plane along a.
  ///   - n: Points along a, b and c.
  init(_ isAllowed: [Bool], plane: Int, divisions n: SIMD3<Int>) {
    for row in 0..<n.y {
      starts.append(runs.count)
      let start = (plane * n.y + row) * n.z
      var first: Int?
      for k in 0..<n.z {
        if isAllowed[start + k] {
          first = first ?? k
        } else if let begin = first {
          runs.append((begin, k - 1))
          first = nil
        }
      }
      if let first { runs.append((first, n.z - 1)) }
    }
    starts.append(runs.count)
  }

  /// Whether a row has no such points.
  func isEmpty(row: Int) -> Bool { starts[row] == starts[row + 1] }

  /// Calls `body` with the first and last point of every run of a row, cut to a range.
  @inline(__always)
  func forEach(row: Int, in range: ClosedRange<Int>, _ body: (_ first: Int, _ last: Int) -> Void) {
    for run in starts[row]..<starts[row + 1] {
      let (first, last) = (
        max(runs[run].first, range.lowerBound), min(runs[run].last, range.upperBound)
      )
      if first <= last { body(first, last) }
    }
  }
}
