import Crystal
import Dynamics
import Energetics
import Foundation
import Testing
import Workflow

@Suite struct PotentialFileTests {
  @Test("the shipped sets can be read, and one of them is that of the lattice model")
  func shipped() throws {
    let files = try PotentialLibrary.shipped()
    #expect(files.count == 7)
    #expect(files.allSatisfy { !$0.set.source.isEmpty && !$0.title.isEmpty && !$0.status.isEmpty })
    let lewisCatlow = try PotentialLibrary.set(named: "lewis-catlow").set
    #expect(Set(lewisCatlow.pairs) == Set(PotentialSet.lewisCatlow.pairs))
    #expect(lewisCatlow.cutoff == PotentialSet.lewisCatlow.cutoff && lewisCatlow.charges.isEmpty)
  }

  @Test("oxidation states are found before elements, and elements stand for all states")
  func species() throws {
    let pedone = try PotentialLibrary.set(named: "Pedone2006").set
    let oxide = Species(.oxygen, oxidationState: -2)
    let iron = try ["Fe2+", "Fe3+"].map { try #require(Species($0)) }
    #expect(iron.map { pedone.charge($0) } == [1.2, 1.8])
    #expect(pedone.potential(iron[0], oxide) != pedone.potential(iron[1], oxide))
    let silicon = try #require(Species("Si4+"))
    #expect(pedone.charge(silicon) == 2.4)
    let terms = try #require(pedone.potential(oxide, silicon)).terms.map(\.form)
    #expect(
      terms == [
        .morse(depth: 0.340554, stiffness: 2.0067, distance: 2.1),
        .inversePower(coefficient: 1, power: 12),
      ])
    #expect(pedone.potential(silicon, silicon) == nil)
  }

  @Test("every form can be written")
  func forms() throws {
    let file = try PotentialFile(
      parsing: """
        name: all
        source: a test
        cutoff: 9
        truncation: smooth
        charges: {Mg: 2, Cl-: -1}
        pairs:
          Mg Mg: {zbl: true}
          Mg Cl-: {bmh: {A: 1, sigma: 2, rho: 0.3, C: 4, D: 5}, lj: {epsilon: 0.1, sigma: 3}}
          Cl Cl: {screened_coulomb: {A: 14.4, rho: 1.5}, buckingham: {A: 1, rho: 2}}
        """, file: "all.yaml")
    #expect(file.set.truncation == .smooth && file.set.charges.count == 2)
    #expect(
      file.set.pairs.map { $0.terms.map(\.form) } == [
        [.nuclearRepulsion(first: 12, second: 12)],
        [
          .bornMayerHuggins(amplitude: 1, size: 2, range: 0.3, dispersion6: 4, dispersion8: 5),
          .lennardJones(depth: 0.1, size: 3),
        ],
        [
          .screenedCoulomb(amplitude: 14.4, range: 1.5),
          .buckingham(amplitude: 1, range: 2, dispersion: 0),
        ],
      ])
  }

  @Test(
    "mistakes are named with line and key",
    arguments: [
      ("name: x", "no pairs"), ("cutof: 9", "did you mean cutoff?"),
      ("name: x\ncutoff: 90", "x.yaml:2: cutoff: cutoff 90.0, expected 2.0 to 40.0 Å"),
      ("truncation: sharp", "unknown truncation \"sharp\""),
      ("charges: none", "expected formal or charges by element"),
      ("charges: {Mg: 20}", "charge 20.0, expected -10 to 10 e"),
      ("charges: {Foo: 2}", "\"Foo\" is no species"),
      ("pairs: {MgO: {zbl: true}}", "\"MgO\" is no pair"),
      ("pairs: {Mg O: {morse: {D: 1, a: 2}}}", "pairs: Mg O: morse: no r0"),
      ("pairs: {Mg O: {morze: {D: 1}}}", "did you mean morse?"),
      ("pairs: {Mg O: {buckingham: {A: 1, rho: -2}}}", "rho is -2.0, expected more than 0 Å"),
      ("pairs: {Mg O: {power: {C: 1, n: 2.5}}}", "expected a whole number from 1 to 30"),
      ("pairs: {Mg O: {zbl: true}, O Mg: {zbl: true}}", "the pair is given twice"),
    ])
  func mistakes(_ text: String, _ message: String) {
    let error = #expect(throws: InputErrors.self) {
      try PotentialFile(parsing: text, file: "x.yaml")
    }
    let text = error?.problems.map(\.description).joined(separator: "\n") ?? ""
    #expect(text.contains(message))
  }

  @Test("charges and pairs that do not match the ions are refused")
  func setup() throws {
    func structure(_ species: [String]) throws -> Structure {
      Structure(
        lattice: try .cubic(8), species: try species.map { try #require(Species($0)) },
        positions: species.indices.map { Fractional(0.11 * Double($0), 0, 0) })
    }
    func message(_ species: [String], _ set: String) throws -> String {
      let potentials = try PotentialLibrary.set(named: set).set
      do {
        _ = try ForceFieldSetup(try structure(species), potentials: potentials, file: "a.cif")
        return ""
      } catch { return "\(error)" }
    }
    #expect(try message(["Si", "O", "O"], "bks").isEmpty)
    #expect(try message(["Si", "O"], "bks").contains("the charges of bks add up to 1.2000 e"))
    #expect(try message(["Ti", "O", "O"], "bks").contains("bks has no charge for Ti"))
    #expect(
      try message(["Mo4+", "O2-", "O2-"], "lewis-catlow").contains("no parameters for O2--Mo4+"))
    #expect(throws: InputError.self) { try PotentialLibrary.set(named: "pedone") }
  }

  @Test("dynamics that goes on refuses another file of potentials")
  func changed() async throws {
    try await withTemporaryFolder { folder in
      let file = "\(folder)/mine.yaml"
      let shipped = try PotentialLibrary.set(named: "lewis-catlow").text
      try shipped.write(toFile: file, atomically: true, encoding: .utf8)
      try """
      2
      Lattice="4 0 0 0 4 0 0 0 4" Properties=species:S:1:pos:R:3
      Mg 0 0 0
      O 2 2 2

      """.write(toFile: "\(folder)/m.extxyz", atomically: true, encoding: .utf8)
      var energy = EnergySpecification(structure: "\(folder)/m.extxyz")
      energy.model = file
      energy.charges = "Mg=2,O=-2"
      let run = try MDRun(
        MDSpecification(energy: energy, times: [2], temperatures: [Schedule.Ramp(10)], seed: 1))
      let out = try OutputFolder("\(folder)/out")
      _ = try run(in: out)
      _ = try MDRun(resuming: out)
      try (shipped + "\n").write(toFile: file, atomically: true, encoding: .utf8)
      let error = #expect(throws: InputError.self) { try MDRun(resuming: out) }
      #expect(error?.message == "the file has changed since the run began")
    }
  }
}
