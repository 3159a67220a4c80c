import Arrangement
import Building
import Crystal
import Foundation
import Symmetry
import Testing
import Workflow

@Suite struct HostBuildTests {
  private func prototype(
    _ name: String, _ change: (inout PrototypeBuildSpecification) -> Void = { _ in }
  ) throws -> HostBuild {
    var specification = PrototypeBuildSpecification(prototype: name)
    change(&specification)
    return try specification.build()
  }

  private func rocksalt(
    _ composition: String, _ supercell: String, seed: UInt64 = 0, exact: Bool = false
  ) throws -> HostBuild {
    var specification = RocksaltBuildSpecification()
    specification.composition = composition
    specification.filling.supercell = supercell
    specification.filling.seed = seed
    specification.exact = exact
    return try specification.build()
  }

  @Test("a supercell keeps labels, parent sites and cells")
  func labels() throws {
    let build = try prototype("rutile") { $0.filling.supercell = "2x2x2" }
    let host = build.host
    #expect(host.count == 48)
    #expect(host.labels?.prefix(16).allSatisfy { $0 == "2a" } ?? false)
    #expect(host.parentSites?.max() == 5 && host.cellIndices?.max() == 7)
    #expect("\(build.formula)" == "Ti16O32")
    #expect(build.totalCharge == 0)
    #expect(abs(host.lattice.volume - 8 * 4.59373 * 4.59373 * 2.95812) < 1e-9)
  }

  @Test("numbers and species of a prototype can be replaced")
  func replaced() throws {
    let build = try prototype("rutile") {
      $0.lattice = ["a": 4.396, "c": 2.871]
      $0.parameters = ["u": 0.302]
      $0.occupancy = ["2a": "Mn"]
    }
    let pyrolusite = try prototype("pyrolusite")
    #expect("\(build.formula)" == "Mn2O4")
    #expect(build.host.species == pyrolusite.host.species)
    #expect(build.host.positions == pyrolusite.host.positions)
    #expect(build.host.lattice == pyrolusite.host.lattice)
  }

  @Test("mixtures on a label, and sites that are emptied")
  func mixtures() throws {
    let build = try prototype("layered-o3") {
      $0.occupancy = ["3b": "Ni0.5Mn0.5", "3a": "Li0.5"]
      $0.oxidation = ["Mn": 4]
      $0.filling.supercell = "2x1x1"
    }
    #expect("\(build.formula)" == "Li3Ni3Mn3O12")
    // 0.5 + q/2 + 2 = 4: Ni3+.
    #expect(build.host.species.contains { $0.description == "Ni3+" })
    #expect {
      try prototype("layered-o3") { $0.occupancy = ["3b": "Ni0.5Mn0.6"] }
    } throws: {
      "\($0)".contains("occupy: 3b: the fractions add up to 1.1")
    }
    let empty = try prototype("spinel-normal") { $0.occupancy = ["8a": "Va", "16d": "Mn"] }
    #expect("\(empty.formula)" == "Mn16O32" && empty.totalCharge == 0)
  }

  // 500 cations and 500 anions: 1000/3 Li, 500/9 Ti, 1000/9 Mo, so 333 + 56 + 111; the charge is
  // 333 + 4 (56 + 111) - 1000 = +1.
  @Test("the rocksalt Li2Ti1/3Mo2/3O3 of 1000 atoms")
  func thousandAtoms() throws {
    let build = try rocksalt("Li2Ti1/3Mo2/3O3", "5x5x5")
    #expect(build.atomCount == 1000)
    #expect("\(build.formula)" == "Li333Ti56Mo111O500")
    #expect(build.totalCharge == 1)
    #expect(build.warnings.count == 2)
    #expect(
      build.warnings[0].contains(
        "333.3333 Li+ became 333, 55.5556 Ti4+ became 56, 111.1111 Mo4+ became 111"))
    #expect(build.warnings[0].contains("multiple of 9 cells"))
    #expect(build.warnings[1].contains("+1.000 e in 1000 atoms"))
    let file = try ProblemFile(parsing: try #require(build.problemText), file: "problem.yaml")
    let problem = try ArrangementProblem(file.specification)
    #expect(problem.activeSites.count == 500)
    #expect(abs(problem.ledger.totalCharge - 1) < 1e-9)
    // Neutral where the numbers are whole.
    let whole = try rocksalt("Li2Ti1/3Mo2/3O3", "3x3x1", exact: true)
    #expect(
      "\(whole.formula)" == "Li24Ti4Mo8O36" && whole.totalCharge == 0 && whole.warnings.isEmpty)
  }

  @Test("the seed decides the placement, and nothing else does")
  func seeds() throws {
    let first = try rocksalt("Li2TiO3", "3x3x3", seed: 1)
    #expect(try rocksalt("Li2TiO3", "3x3x3", seed: 1).host == first.host)
    let second = try rocksalt("Li2TiO3", "3x3x3", seed: 2)
    #expect(second.host != first.host && second.formula == first.formula)
    #expect(first.host.labels == second.host.labels)
  }

  @Test("rocksalts with cation vacancies and mixed anions")
  func rocksalts() throws {
    // Mg0.5TiO3 has three cation sites, half of them filled: 54 of 108.
    let defect = try rocksalt("Mg0.5TiO3", "3x3x3", exact: true)
    #expect("\(defect.formula)" == "Mg18Ti36O108" && defect.host.count == 216)
    #expect(defect.host.species.count(where: \.isVacancy) == 54)
    let fluoride = try rocksalt("Li2MnO2F", "3x3x3", exact: true)
    #expect("\(fluoride.formula)" == "Li72Mn36O72F36")
    #expect(fluoride.totalCharge == 0)
    // Mn balances: 2 + q - 4 - 1 = 0.
    #expect(fluoride.host.species.contains { $0.description == "Mn3+" })
  }

  @Test(
    "formulas that are no rocksalt are refused",
    arguments: [
      ("Mg2O", "more than a rocksalt has sites"), ("Mg", "has no anion"), ("O", "has no cation"),
      ("MgX", "composition"), ("MgTe", "no typical edge"),
    ])
  func notRocksalt(formula: String, message: String) {
    #expect {
      try rocksalt(formula, "1x1x1")
    } throws: {
      "\($0)".contains(message)
    }
  }

  @Test("atoms on sites that exclude each other are reported")
  func clashes() throws {
    let full = try prototype("layered-p2") { $0.occupancy = ["2b": "Na"] }
    // The two kinds of prisms are a/√3 = 1.64 Å apart.
    #expect(full.warnings.contains { $0.contains("atoms on 2d and 2b as close as 1.64 Å") })
    #expect(try prototype("layered-p2").warnings.isEmpty)
  }
}
