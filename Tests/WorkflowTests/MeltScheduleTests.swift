import Crystal
import Dynamics
import Testing
import Workflow

@Suite struct MeltScheduleTests {
  @Test("the shipped schedules are those of the papers")
  func shipped() throws {
    let schedules = try MeltSchedule.shippedNames.map {
      try MeltSchedule(parsing: MeltSchedule.text(named: $0), file: $0)
    }
    #expect(schedules.map(\.name) == MeltSchedule.shippedNames)
    for schedule in schedules {
      let energy = EnergySpecification(structure: "a.extxyz")
      try AmorphousSpecification(energy: energy, schedule: schedule, seed: 1).validate()
    }
    let kawaguchi = try #require(schedules.first { $0.name == "kawaguchi2025" })
    #expect(kawaguchi.time == 40_000 && kawaguchi.timeStep == 1)
    #expect(kawaguchi.segments.map(\.name) == ["melt", "quench", "minimise", "equilibrate"])
    guard case .dynamics(let quench) = kawaguchi.segments[1].action,
      case .relax(let cell, _, _) = kawaguchi.segments[2].action
    else { throw InputError("other segments") }
    // 135 K/ps.
    #expect(quench.temperature == Schedule.Ramp(from: 3000, to: 300) && quench.time == 20_000)
    #expect(quench.damping == 20 && quench.thermostat == .langevin && cell == .isotropic)
    let choyal = try #require(schedules.first { $0.name == "choyal2025" })
    let ramps = choyal.segments.compactMap { segment -> Double? in
      guard case .dynamics(let motion) = segment.action, motion.isQuench else { return nil }
      #expect(
        abs((motion.temperature.from - motion.temperature.to) / motion.time * 1000 - 106) < 1e-9)
      return motion.time
    }
    // 1700 K in all.
    #expect(abs(ramps.reduce(0, +) - 16_038) < 1)
  }

  @Test("quench rates and factors change times, exchanges add segments")
  func changes() throws {
    let plan = try MeltSchedule(
      parsing: MeltSchedule.text(named: "kawaguchi2025"), file: "kawaguchi2025")
    guard case .dynamics(let slow) = plan.quenching(at: 27).segments[1].action else { return }
    #expect(slow.time == 100_000)
    #expect(plan.quenching(at: 27).segments[0] == plan.segments[0])
    #expect(plan.scalingTimes(by: 0.5).time == 20_000)
    let longer = try plan.exchanging("Li,Na:Mg")
    #expect(longer.segments.count == 6)
    #expect(
      longer.segments[4].action == .exchange(from: ["Li", "Na"], to: ["Mg"], fraction: 1))
    for text in ["Li", "Li:", "Li:Foo", "Li:Mg:Zn"] {
      #expect(throws: InputError.self) { try plan.exchanging(text) }
    }
  }

  @Test(
    "segments that cannot be run are refused before anything moves",
    arguments: [
      ("time: 1e30 ns", "steps of 1.0 fs"),
      ("time: 1 ps, thermostat: nose-hoover, temperature: 0", "0.0 K with a nose-hoover"),
      ("time: 1 ps, temperature: [0, 300], pressure: 0", "0.0 K with a nose-hoover"),
      ("time: 1 ps, temperature: [9, 300], thermostat: none", "a ramp without a thermostat"),
      ("time: 1 ps, pressure: 5, cell: fixed", "a pressure with a cell that is fixed"),
    ])
  func impossible(keys: String, message: String) throws {
    let temperature = keys.contains("temperature") ? "" : ", temperature: 300"
    let plan = try MeltSchedule(
      parsing: "segments: [{name: a, \(keys)\(temperature)}]", file: "s.yaml")
    var specification = AmorphousSpecification(
      energy: EnergySpecification(structure: "a.extxyz"), schedule: plan, seed: 1)
    let errors = #expect(throws: InputErrors.self) { try specification.validate() }
    #expect("\(errors as Any)".contains(message))
    specification.schedule = try MeltSchedule(
      parsing: "segments: [{temperature: 300, time: 1 ps}]", file: "s.yaml")
    try specification.validate()
    specification.quenchRates = [50, 50]
    let rates = #expect(throws: InputErrors.self) { try specification.validate() }
    #expect(rates?.problems.count == 2)
  }

  @Test(
    "mistakes are named with line and key",
    arguments: [
      ("segments: []", "no segments"),
      ("time_stepp: 1 fs\nsegments: []", "did you mean time_step?"),
      ("time_step: 40 fs\nsegments: [{relax: fixed}]", "expected 0.01 to 20 fs"),
      ("segments: [{temperature: -5, time: 1 ps}]", "temperature -5.0, expected 0 K or more"),
      ("segments: [{temperature: 300}]", "no time"),
      ("segments: [{temperature: 300, time: 5}]", "\"5\" is no time"),
      (
        "segments: [{temperature: 300, time: 5 ps, steps: 9}]",
        "steps has no meaning in a segment with temperature"
      ),
      (
        "segments: [{relax: full, pressure: 5}]", "pressure has no meaning in a segment with relax"
      ),
      ("segments: [{temperature: 300, time: -5 ps}]", "\"-5 ps\" is no time"),
      (
        "segments: [{temperature: [1, 2, 3], time: 5 ps}]", "expected one number, or two for a ramp"
      ),
      ("segments: [{temperature: 300, rate: 5 K/ps}]", "is no rate of a ramp"),
      ("segments: [{temperature: 300, time: 1 ps, thermostat: hot}]", "unknown thermostat"),
      ("segments: [{temperature: 300, time: 1 ps, cell: full}]", "needs a pressure"),
      ("segments: [{name: melt}]", "nothing happens in this segment"),
      ("segments: [{temperature: 300, relax: full}]", "temperature and relax"),
      ("segments: [{relax: wobbly}]", "\"wobbly\" is no way for a cell to change"),
      ("segments: [{name: a/b, relax: full}]", "cannot name a file"),
      ("segments: [{exchange: {from: Li}}]", "exchange needs from and to"),
      ("segments: [{relaxx: full}]", "did you mean relax?"),
    ])
  func mistakes(_ text: String, _ message: String) {
    let error = #expect(throws: InputErrors.self) {
      try MeltSchedule(parsing: text, file: "x.yaml")
    }
    let text = error?.problems.map(\.description).joined(separator: "\n") ?? ""
    #expect(text.contains(message), "\(text)")
    #expect(text.contains("x.yaml"))
  }
}
