public import Crystal
internal import Dynamics
internal import Engines

/// All settings of melt–quenched models; together with the structure they determine every result.
public struct AmorphousSpecification: Hashable, Codable, Sendable {
  /// Which energy of which structure.
  public var energy: EnergySpecification

  /// What is done.
  public var schedule: MeltSchedule

  /// Models for each quench rate, with seeds of their own.
  public var models = 1

  /// Quench rates, K/ps; empty for that of the schedule.
  public var quenchRates: [Double] = []

  /// Steps between frames of the trajectory.
  public var frameInterval = 500

  /// Steps between lines of the log.
  public var logInterval = 50

  /// Seed of the first model.
  public var seed: UInt64

  /// One model.
  public init(energy: EnergySpecification, schedule: MeltSchedule, seed: UInt64) {
    self.energy = energy
    self.schedule = schedule
    self.seed = seed
  }

  /// Checks everything that can be checked without the file.
  ///
  /// - Throws: ``InputErrors`` with all that is wrong.
  public func validate() throws(InputErrors) {
    var checks = InputChecks()
    checks.collect(energy.validate)
    checks.check(models, 1...1000, "--models")
    for rate in quenchRates where !(rate > 0 && rate < 1e6) {
      checks.problems.append(InputError("\(rate), expected more than 0 K/ps", at: "--quench-rates"))
    }
    if Set(quenchRates).count < quenchRates.count {
      checks.problems.append(InputError("a rate is given twice", at: "--quench-rates"))
    }
    if !quenchRates.isEmpty, !schedule.segments.contains(where: { $0.motion?.isQuench ?? false }) {
      checks.problems.append(
        InputError(
          "no segment of the schedule cools", at: "--quench-rates",
          hint: "write a segment with temperature: [3000, 300]"))
    }
    // Rates change times only, so that one variant stands for all that is said of the rest.
    let problems = variants.map(\.schedule.problems).first { !$0.isEmpty }
    checks.problems += problems ?? []
    checks.check(frameInterval, 1...1_000_000_000, "--frames-every")
    checks.check(logInterval, 1...1_000_000_000, "--log-every")
    if energy.engine?.usesModel ?? false {
      for segment in schedule.segments {
        guard case .dynamics(let motion) = segment.action, motion.cell == .shape else { continue }
        checks.problems.append(
          InputError(
            "LAMMPS has no barostat that changes the shape at constant volume",
            at: "segment \(segment.name)", hint: "write cell: full, or leave out --engine"))
      }
    }
    try checks.finish()
  }

  /// One model of the batch.
  struct Variant: Sendable {
    /// Its folder; empty for the folder of the run.
    var name: String
    /// What is done.
    var schedule: MeltSchedule
    /// Its seed.
    var seed: UInt64
  }

  /// Every model, rates first.
  var variants: [Variant] {
    let rates: [Double?] = quenchRates.isEmpty ? [nil] : quenchRates
    var all: [Variant] = []
    for rate in rates {
      for model in 0..<models {
        let names = [
          rate.map { "rate-\(Composition.short($0))" }, models > 1 ? "model-\(model + 1)" : nil,
        ].compactMap { $0 }
        var stream = RandomStream(seed: seed, purpose: "amorphous model", index: model)
        all.append(
          Variant(
            name: names.joined(separator: "-"),
            schedule: rate.map { schedule.quenching(at: $0) } ?? schedule,
            seed: model == 0 ? seed : stream.next() >> 33))
      }
    }
    return all
  }
}

extension Composition {
  /// A number without zeros at its end.
  fileprivate static func short(_ value: Double) -> String {
    value == value.rounded() ? "\(Int(value))" : "\(value)"
  }
}
