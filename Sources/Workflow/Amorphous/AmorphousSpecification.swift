public import Crystal

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
    var problems: [InputError] = []
    do {
      try energy.validate()
    } catch {
      problems += error.problems
    }
    if !(1...1000).contains(models) {
      problems.append(InputError("\(models), expected 1 to 1000", at: "--models"))
    }
    for rate in quenchRates where !(rate > 0 && rate < 1e6) {
      problems.append(InputError("\(rate), expected more than 0 K/ps", at: "--quench-rates"))
    }
    for (value, name) in [(frameInterval, "--frames-every"), (logInterval, "--log-every")]
    where value < 1 {
      problems.append(InputError("\(value), expected 1 or more", at: name))
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
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
