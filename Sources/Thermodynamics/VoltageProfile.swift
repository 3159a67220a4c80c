public import Crystal

/// The voltage along a sequence of compositions at which the host takes up ions.
///
/// Between two compositions that coexist,
///
///     V = -(E(x₂) - E(x₁) - (x₂ - x₁) E_ion) / (z (x₂ - x₁))          [V]
///
/// with energies per host formula unit, x in ions per host formula unit and z electrons per ion.
///
/// Conventions: against the pure metal of the ion; at 0 K, where the volume term and the entropy are
/// neglected. A discharge goes to larger x.
///
/// Reference: M. K. Aydinol et al., Phys. Rev. B 56, 1354 (1997).
public struct VoltageProfile: Hashable, Sendable {
  /// A plateau between two compositions.
  public struct Step: Hashable, Sendable {
    /// Index of the phase with fewer ions.
    public let from: Int

    /// Index of the phase with more ions.
    public let to: Int

    /// Ions per host formula unit at the start.
    public let xFrom: Rational

    /// Ions per host formula unit at the end.
    public let xTo: Rational

    /// Voltage, V.
    public let voltage: Double

    /// Ions taken up, per host formula unit.
    public var width: Double { xTo.doubleValue - xFrom.doubleValue }
  }

  /// A point on the way.
  struct Point {
    let phase: Int
    let x: Rational
    let energy: Double
  }

  /// The plateaus, x rising.
  public let steps: [Step]

  /// The profile through points with distinct x; nil if the ion has no reference energy.
  init?(through points: [Point], ion: WorkingIon) {
    guard let reference = ion.energyPerAtom else { return nil }
    let sorted = points.sorted { $0.x < $1.x }
    steps = zip(sorted, sorted.dropFirst()).map { low, high in
      let width = high.x.doubleValue - low.x.doubleValue
      let gain = high.energy - low.energy - width * reference
      return Step(
        from: low.phase, to: high.phase, xFrom: low.x, xTo: high.x,
        voltage: -gain / (Double(ion.valence) * width))
    }
  }

  /// Mean voltage weighted by capacity, V, which is the voltage between both ends.
  public var mean: Double {
    let width = steps.reduce(0.0) { $0 + $1.width }
    return width > 0 ? steps.reduce(0.0) { $0 + $1.voltage * $1.width } / width : .nan
  }

  /// Steps at which ions do not go in by themselves.
  public var negativeSteps: [Step] { steps.filter { $0.voltage < 0 } }

  /// Steps with a voltage above that of the step before, where a mixture would be more stable.
  ///
  /// A profile along the hull has none.
  ///
  /// - Parameter tolerance: Rise that is put down to rounding, V.
  /// - Returns: The higher one of each such pair.
  public func risingSteps(tolerance: Double = 1e-6) -> [Step] {
    zip(steps, steps.dropFirst()).filter { $0.voltage + tolerance < $1.voltage }.map(\.1)
  }
}
