import CellgenTestSupport
import Crystal
import Energetics
import Engines
import Foundation
import Testing

@testable import Engines

@Suite struct CommandEngineTests {
  private let configuration = Configuration(
    lattice: skewedLattice, species: [Species(.oxygen), Species(.oxygen)],
    positions: [SIMD3(0.1, 0.2, 0.3), SIMD3(2, 7.5, -1)])

  private func engine(
    _ command: String, seconds: Double = 20, attempts: Int = 1, clients: Int = 1
  ) throws -> CommandEngine {
    var limits = EngineLimits()
    limits.evaluationSeconds = seconds
    limits.attempts = attempts
    limits.clients = clients
    return try CommandEngine(
      CommandTemplate(command, known: CommandEngine.places), limits: limits)
  }

  /// What a program answers about the configuration: extxyz with other keys and columns.
  private func answer(
    _ keys: String = "energy=-2.5", columns: String = ":forces:R:3",
    rows: [String] = ["O 0.1 0.2 0.3 1 2 3", "O 2 7.5 -1 -1 -2 -3"]
  ) -> String {
    """
    \(rows.count)
    Lattice="6.1 0 0 1.3 5.7 0 -0.9 1.1 6.4" Properties=species:S:1:pos:R:3\(columns) \(keys)
    \(rows.joined(separator: "\n"))

    """
  }

  private func evaluate(_ answer: String) throws -> Evaluation {
    try CommandResult(answer, for: configuration).evaluation
  }

  @Test("stress and virial are the same strain derivative in the units and signs of ASE")
  func conventions() throws {
    let volume = skewedLattice.volume
    let stress = "energy=-2.5 stress=\"1 4 5 4 2 6 5 6 3\""
    let found = try evaluate(answer(stress))
    #expect(found.energy == -2.5)
    #expect(found.forces == [SIMD3(1, 2, 3), SIMD3(-1, -2, -3)])
    let expected = [SIMD3(1, 4, 5), SIMD3(4, 2, 6), SIMD3(5, 6, 3)].map { $0 * volume }
    #expect(found.strainDerivative == expected)
    #expect(try evaluate(answer("free_energy=-2.5 stress=\"1 2 3 6 5 4\"")) == found)
    let virial = expected.flatMap { ["\(-$0.x)", "\(-$0.y)", "\(-$0.z)"] }.joined(separator: " ")
    #expect(try evaluate(answer("energy=-2.5 virial=\"\(virial)\"")) == found)
    let json = """
      {"energy_eV": -2.5, "forces_eV_A": [[1, 2, 3], [-1, -2, -3]],
       "stress_eV_A3": [[1, 4, 5], [4, 2, 6], [5, 6, 3]]}
      """
    #expect(try evaluate(json) == found)
    let without = try CommandResult(answer(), for: configuration)
    #expect(!without.hasStress && without.evaluation.strainDerivative.allSatisfy { $0 == .zero })
    // Another periodic image of an atom is the same atom.
    let image = ["O 0.1 0.2 0.3 1 2 3", "O 3.3 13.2 -1 -1 -2 -3"]
    #expect(try evaluate(answer(rows: image)).energy == -2.5)
  }

  @Test(
    "an answer that is incomplete or about other atoms is refused",
    arguments: [
      ("energ=1", ":forces:R:3", ["O 0.1 0.2 0.3 1 2 3", "O 2 7.5 -1 1 2 3"], "no energy"),
      ("energy=nan", ":forces:R:3", ["O 0.1 0.2 0.3 1 2 3", "O 2 7.5 -1 1 2 3"], "finite"),
      ("energy=1", ":frc:R:3", ["O 0.1 0.2 0.3 1 2 3", "O 2 7.5 -1 1 2 3"], "no column forces"),
      (
        "energy=1 stress=\"1 2\"", ":forces:R:3", ["O 0.1 0.2 0.3 1 2 3", "O 2 7.5 -1 1 2 3"], "six"
      ),
      ("energy=1", ":forces:R:3", ["O 0.1 0.2 0.3 1 2 3"], "1 atoms, expected 2"),
      ("energy=1", ":forces:R:3", ["O 0.1 0.2 0.3 1 2 3", "F 2 7.5 -1 1 2 3"], "atom 2 is F"),
      ("energy=1", ":forces:R:3", ["O 0.1 0.2 0.3 1 2 3", "O 2 7.4 -1 1 2 3"], "without relaxing"),
    ])
  func refused(keys: String, columns: String, rows: [String], message: String) {
    let error = #expect(throws: InputError.self) {
      try evaluate(answer(keys, columns: columns, rows: rows))
    }
    #expect(error?.description.contains(message) ?? false, "\(error?.description ?? "")")
  }

  @Test(
    "JSON of the wrong shape is refused",
    arguments: [
      "{", "{\"energy_eV\": 1}", "{\"energy_eV\": \"a\", \"forces_eV_A\": []}",
      "{\"energy_eV\": 1, \"forces_eV_A\": [[1, 2, 3]]}",
      "{\"energy_eV\": 1, \"forces_eV_A\": [[1, 2, 3], [1, 2]]}",
      "{\"energy_eV\": 1, \"forces_eV_A\": [[1, 2, 3], [1, 2, 3]], \"stress_eV_A3\": [[1]]}",
    ])
  func json(text: String) {
    #expect(throws: InputError.self) { try evaluate(text) }
  }

  @Test("programs run several at a time, and their results keep the order")
  func batch() throws {
    // The energy is the number of atoms of the input file.
    let script = """
      n=$(head -n 1 {in}); { echo $n; sed -n 2p {in} | sed 's/Properties=[^ ]*//' | tr -d '\\n'; \
      echo " energy=$n Properties=species:S:1:pos:R:3:fractional:R:3:forces:R:3"; \
      sed -n '3,$p' {in} | awk '{{print}}' | awk 'NF == 4 { print $0, $2, $3, $4, 0, 0, 0 } \
      NF == 7 { print $0, 0, 0, 0 }'; } > {out}
      """
    let engine = try engine(script, clients: 3)
    let batch = (1...6).map { count in
      Configuration(
        lattice: skewedLattice, species: (0..<count).map { _ in Species(.oxygen) },
        positions: (0..<count).map { SIMD3(Double($0), 0.3, 0.1) })
    }
    let results = engine.evaluate(batch)
    #expect(try results.map { try $0.get().energy } == [1, 2, 3, 4, 5, 6], "\(engine.events)")
    #expect(engine.events.map(\.kind) == [.incomplete])
    engine.stop()
  }

  @Test(
    "a program that fails is tried again, and the error says what it printed",
    arguments: [
      ("echo no licence >&2; exit 3 # {in} {out}", "exit code 3\n    no licence"),
      ("true {in} {out}", "it wrote no {out}"), ("sleep 60 # {in} {out}", "longer than 0.30 s"),
      ("echo 1 > {out} # {in}", "{out}:1: 1 atoms are announced"),
      ("kill -9 $$ # {in} {out}", "ended by signal 9"),
    ])
  func failures(command: String, message: String) throws {
    let engine = try engine(command, seconds: command.hasPrefix("sleep") ? 0.3 : 20, attempts: 2)
    guard case .failure(.failed(let attempts)) = engine.evaluate([configuration])[0] else {
      Issue.record("no failure")
      return
    }
    #expect(attempts.count == 2 && attempts.allSatisfy { $0.contains(message) }, "\(attempts)")
    #expect(engine.events.map(\.kind) == [.failed, .failed, .abandoned])
    engine.stop()
  }

  @Test("no stress is an error at the first attempt where the cell is to change")
  func stress() throws {
    let engine = try engine(
      "printf %s \(CommandTemplate.quoted(answer())) > {out} # {in}", attempts: 3)
    #expect(try engine.evaluate(configuration).energy == -2.5)
    engine.stress = .required
    #expect(
      engine.evaluate([configuration]) == [.failure(.noStress("the program gives no stress"))])
    #expect(engine.events.map(\.kind) == [.incomplete])
    engine.stop()
  }

  @Test("a second attempt that works leaves only an event")
  func retry() throws {
    let text = CommandTemplate.quoted(answer("energy=-2.5 stress=\"1 2 3 4 5 6\""))
    let engine = try engine(
      "if [ -e {folder}/seen ]; then printf %s \(text) > {out}; else touch {folder}/seen; exit 1; fi "
        + "# {in}", attempts: 2)
    #expect(try engine.evaluate(configuration).energy == -2.5)
    #expect(engine.events.map(\.kind) == [.failed])
    engine.stop()
    #expect(throws: EngineError.self) { try engine.evaluate(configuration) }
  }
}
