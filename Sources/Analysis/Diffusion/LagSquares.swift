/// Mean squares of displacements over all pairs of frames with the same lag.
///
///     MSD(L) = ⟨ |u(t + L) − u(t)|² ⟩ over t = Σ (u²(t) + u²(t + L)) − 2 Σ u(t) u(t + L)  [Å²]
///
/// Reference: G. R. Kneller et al., Comput. Phys. Commun. 91, 191 (1995).
struct LagSquares: ~Copyable {
  private var transform: LagTransform
  private var squares: [Double]

  init(count: Int) {
    transform = LagTransform(count: count)
    squares = [Double](repeating: 0, count: count)
  }

  /// Adds a series.
  mutating func add(_ series: ArraySlice<Double>) {
    transform.add(series)
    var position = 0
    for value in series {
      squares[position] += value * value
      position += 1
    }
  }

  /// The means for each lag from 0, summed over the series since the last call; starts anew.
  mutating func means() -> [Double] {
    let count = squares.count
    let products = transform.correlation()
    // Sum of the squares of both ends of all pairs; ends drop out one after another.
    var ends = 2 * squares.reduce(0, +)
    var result = [Double](repeating: 0, count: count)
    for lag in 1..<max(1, count) {
      ends -= squares[lag - 1] + squares[count - lag]
      // Rounding must not make a square negative.
      result[lag] = max(0, (ends - 2 * products[lag]) / Double(count - lag))
    }
    for t in squares.indices { squares[t] = 0 }
    return result
  }
}
