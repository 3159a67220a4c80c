/// What thermostat and barostat aim at over the steps of a run: stretches with linear ramps.
public struct Schedule: Hashable, Codable, Sendable {
  /// A stretch of a run.
  public struct Segment: Hashable, Codable, Sendable {
    /// Number of steps.
    public var steps: Int
    /// Temperature at the beginning and at the end, K.
    public var temperature: Ramp
    /// Pressure at the beginning and at the end, eV/Å³.
    public var pressure: Ramp
    /// Stress σ_yz, σ_xz, σ_xy that is applied besides, eV/Å³.
    public var shear: SIMD3<Double>

    /// A stretch.
    public init(
      steps: Int, temperature: Ramp, pressure: Ramp = Ramp(0), shear: SIMD3<Double> = .zero
    ) {
      self.steps = steps
      self.temperature = temperature
      self.pressure = pressure
      self.shear = shear
    }
  }

  /// A value that changes linearly.
  public struct Ramp: Hashable, Codable, Sendable {
    /// At the beginning.
    public var from: Double
    /// At the end.
    public var to: Double

    /// A ramp.
    public init(from: Double, to: Double) {
      self.from = from
      self.to = to
    }

    /// A constant.
    public init(_ value: Double) { self.init(from: value, to: value) }
  }

  /// What is aimed at in one step.
  public struct Target: Hashable, Sendable {
    /// Temperature, K.
    public var temperature: Double
    /// Pressure, eV/Å³.
    public var pressure: Double
    /// Stress σ_yz, σ_xz, σ_xy that is applied besides, eV/Å³.
    public var shear: SIMD3<Double>
  }

  /// The stretches in their order.
  public var segments: [Segment]

  /// A schedule.
  ///
  /// - Precondition: there is a stretch, and every one has a step.
  public init(_ segments: [Segment]) {
    precondition(!segments.isEmpty && segments.allSatisfy { $0.steps > 0 }, "stretches of steps")
    self.segments = segments
  }

  /// Steps in all.
  public var steps: Int { segments.reduce(0) { $0 + $1.steps } }

  /// What is aimed at after `step` steps: T₀ + (T₁ - T₀) s/n within a stretch of n steps.
  public func target(after step: Int) -> Target {
    var (s, k) = (step, 0)
    while k + 1 < segments.count, s >= segments[k].steps {
      s -= segments[k].steps
      k += 1
    }
    let segment = segments[k]
    let share = Double(min(s, segment.steps)) / Double(segment.steps)
    func value(_ ramp: Ramp) -> Double { ramp.from + (ramp.to - ramp.from) * share }
    return Target(
      temperature: value(segment.temperature), pressure: value(segment.pressure),
      shear: segment.shear)
  }
}
