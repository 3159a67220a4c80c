import Arrangement
import Building
import Crystal
import Foundation
import Testing
import Workflow

@Suite struct SpinelBuildTests {
  private func build(
    _ supercell: String, _ change: (inout SpinelSpecification) -> Void = { _ in }
  ) throws -> (build: SpinelBuild, problem: ArrangementProblem, file: ProblemFile) {
    var specification = SpinelBuildSpecification()
    specification.supercell = supercell
    change(&specification.spinel)
    let build = try SpinelBuild(specification)
    let file = try ProblemFile(parsing: build.problemText, file: "problem.yaml")
    return (build, try ArrangementProblem(file.specification), file)
  }

  @Test(
    "the problem file gives back the sites of the host, in order",
    arguments: ["1x1x1", "3x1x1", "2x2x2", "1 1 0 -1 1 0 0 0 3", "3x3x3"], [1, 2])
  func sites(supercell: String, origin: Int) throws {
    let (build, problem, _) = try build(supercell) { $0.originChoice = origin }
    #expect(problem.structure.labels == build.host.labels)
    #expect(problem.supercell == build.supercell)
    for (a, b) in zip(problem.structure.positions, build.host.positions) {
      #expect(build.host.lattice.distance(a, b) < 1e-9)
    }
    #expect(problem.ledger.totalCharge.magnitude < 1e-9)
  }

  @Test(
    "the default problem is Mg0.5ZnMnO3 where it fits, else the nearest whole numbers",
    arguments: [
      ("1x1x1", "Mg5Zn10Mn11O32"), ("2x1x1", "Mg11Zn21Mn22O64"), ("3x1x1", "Mg16Zn32Mn32O96"),
      ("3x3x3", "Mg144Zn288Mn288O864"),
    ])
  func composition(supercell: String, formula: String) throws {
    let (_, problem, file) = try build(supercell)
    #expect(Set(problem.composition.amounts) == Set(try Composition(parsing: formula).amounts))
    #expect(file.energy == .lattice)
  }

  @Test(
    "a problem has an arrangement",
    arguments: [
      ("Mg", "Al", 0.0, nil), ("Mg", "Al", 0.25, nil), ("Mn", "Mn", 0, nil), ("Fe", "Co", 1, nil),
      ("Li", "Mn", 0, "LiMn2O4"), ("Mg", "Mn", 0, "Mg0.5Mn2O4"), ("Mg", "Li", 0, nil),
      ("Mn2+", "Mn3+", 0, nil), ("Zn", "Ga", 0.5, nil),
    ] as [(String, String, Double, String?)])
  func pairs(a: String, b: String, inversion: Double, formula: String?) throws {
    let (build, problem, file) = try build("1x1x1") {
      ($0.speciesA, $0.speciesB, $0.inversion, $0.composition) = (a, b, inversion, formula)
    }
    #expect(Set(problem.composition.amounts) == Set(build.host.composition.amounts))
    #expect(problem.activeSites.count == 24)
    var stream = RandomStream(seed: 1, purpose: "test")
    #expect(problem.isValid(problem.randomArrangement(using: &stream)))
    // The set has no short-range parameters of Ga, Li and Co3+.
    let isCovered = Set(["Ga", "Li", "Co"]).isDisjoint(with: [a, b])
    #expect(file.energy == (isCovered ? .lattice : .ewald))
  }

  @Test func extraSitesMayBeTakenByTheHost() throws {
    let (_, problem, _) = try build("1x1x1") { $0.extraSites = ["48f", "8b"] }
    #expect(problem.activeSites.count == 8 + 16 + 16 + 48 + 8)
  }
}
