import Arrangement
import Building
import CellgenTestSupport
import Crystal
import Testing
import Workflow

struct SiteFillingTests {
  /// Mn16O32 of a spinel, or a supercell, with empty 8a and 16c sites, and those sites.
  private func host(_ size: String) throws -> (Structure, [Int]) {
    var cell = try Spinel(SpinelSpecification()).unitCell.repeated(SupercellMatrix(parsing: size))
    let labels = try #require(cell.labels)
    let sites = labels.indices.filter { ["8a", "16c"].contains(labels[$0]) }
    for site in sites { cell.setSpecies(.vacancy, at: site) }
    return (cell, sites)
  }

  private func filling(
    supercell: String = "1x1x1", _ change: (inout SiteFillingSpecification) -> Void = { _ in }
  ) throws -> SiteFilling {
    var specification = SiteFillingSpecification(ion: "Mg2+", count: 4)
    change(&specification)
    let (cell, sites) = try host(supercell)
    return try SiteFilling(cell, sites: sites, specification)
  }

  @Test("the lowest filling is proved, neutral and keeps sites, labels and the separation")
  func lowest() async throws {
    let filling = try filling()
    let lowest = try await filling.lowest(threads: 1)
    #expect(lowest.isProved && lowest.gap == 0)
    #expect(lowest.verdict.hasPrefix("proved lowest of"))
    let result = lowest.structure
    #expect("\(result.composition)" == "Mg4Mn16O32")
    #expect(result.labels == filling.structure.labels)
    #expect(result.positions == filling.structure.positions)
    let charges = try #require(result.charges)
    #expect(charges.reduce(0, +).magnitude < 1e-9)
    for (species, charge) in zip(result.species, charges) {
      #expect(charge == ["Mg": 2, "Mn": 3.5, "O": -2, "Va": 0][species.element.symbol])
    }
    let ions = filling.sites.filter { !result.species[$0].isVacancy }
    for i in ions {
      for j in ions where i < j {
        #expect(result.lattice.distance(result.positions[i], result.positions[j]) >= 2.4)
      }
    }
    // The same by the charges that were written, and lower than the first four sites.
    let energy = try #require(try filling.energy(of: result))
    #expect((energy - lowest.energy).magnitude < 1e-8)
    var first = filling.structure
    for site in filling.sites.prefix(4) {
      first.setSpecies(try #require(Species("Mg2+")), at: site)
    }
    #expect(try #require(try filling.energy(of: first)) > lowest.energy + 0.1)
    #expect(filling.charged(first).charges?.reduce(0, +).magnitude ?? 1 < 1e-9)
  }

  @Test("threads do not matter, and what is not proved has a gap")
  func threads() async throws {
    let filling = try filling(supercell: "2x1x1") {
      $0.count = 9
      $0.nodes = 300
      $0.seed = 3
    }
    let (once, more) = (try await filling.lowest(threads: 1), try await filling.lowest(threads: 3))
    #expect(once.structure == more.structure && once.energy == more.energy)
    #expect(!once.isProved && once.gap > 0)
    #expect(once.verdict.contains("not proved") && once.verdict.contains("gap"))
  }

  @Test("a separation changes the lowest filling and is kept")
  func separation() async throws {
    // Mn4+ on the sites of a spinel leaves no charge for more than 16 Mg; 8 Mg fill 8a at 3.5 Å.
    let near = try await filling { $0.count = 8 }.lowest(threads: 2)
    let far = try await filling {
      $0.count = 8
      $0.separation = 3.3
    }.lowest(threads: 2)
    #expect(far.energy >= near.energy - 1e-9)
    let labels = try #require(far.structure.labels)
    let filled = labels.indices.filter { far.structure.species[$0].element.symbol == "Mg" }
    #expect(filled.allSatisfy { labels[$0] == "8a" })
    let error = await #expect(throws: InputError.self) {
      try await self.filling {
        $0.count = 8
        $0.separation = 5
      }.lowest(threads: 2)
    }
    #expect("\(try #require(error))".contains("5.0 Å apart"))
  }

  @Test("a redox element split into whole states is arranged, too")
  func states() async throws {
    let filling = try filling {
      $0.oxidation = ["Mn=integer"]
      $0.nodes = 100
    }
    let lowest = try await filling.lowest(threads: 2)
    let charges = try #require(lowest.structure.charges)
    #expect(charges.reduce(0, +).magnitude < 1e-9)
    #expect(charges.count { $0 == 3 } == 8 && charges.count { $0 == 4 } == 8)
    #expect(try filling.energy(of: lowest.structure) == nil)
  }

  @Test("the problem file holds the ions and the sites")
  func problem() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/problem.yaml"
      let filling = try filling()
      try filling.writeProblem(to: path, replaces: false)
      let problem = try ArrangementProblem(ProblemFile(path: path).specification)
      #expect("\(problem.composition)" == "Mg4Mn16O32")
      #expect(problem.activeSites.count == 24 && problem.ledger.totalCharge == 0)
      #expect(throws: InputError.self) {
        try filling.writeProblem(to: path, replaces: false)
      }
    }
  }

  typealias Change = @Sendable (inout SiteFillingSpecification) -> Void

  static let mistakes: [(String, Change)] = [
    ("\"Mg\" is no ion", { $0.ion = "Mg" }),
    ("\"O2-\" is no ion", { $0.ion = "O2-" }),
    ("0 ions to insert", { $0.count = 0 }),
    ("25 ions to insert, expected 1 to the 24 sites", { $0.count = 25 }),
    ("a separation of nan", { $0.separation = .nan }),
    ("Mg cannot have another state", { $0.oxidation = ["Mg=1"] }),
    ("there is no Zn in the structure", { $0.oxidation = ["Zn=2"] }),
    ("not an oxidation state", { $0.oxidation = ["Mn=many"] }),
    ("charge", { $0.oxidation = ["Mn=4"] }),
  ]

  @Test("what cannot be meant is refused with a reason", arguments: mistakes)
  func badInput(text: String, change: Change) throws {
    let error = #expect(throws: (any Error).self) { _ = try filling(change) }
    #expect("\(try #require(error))".contains(text))
  }
}
