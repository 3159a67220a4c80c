import Arrangement
import CellgenTestSupport
import Crystal
import Foundation
import StructureIO
import Testing
import Workflow

/// Li3MnO4 on a rocksalt lattice, 64 sites, as a file.
private func hostFile() throws -> String {
  let cell = try Structure(
    lattice: .cubic(4.15),
    species: ["Li", "Li", "Mn", "Li", "O", "O", "O", "O"].map { try #require(Species($0)) },
    positions: [
      (0, 0, 0), (0, 0.5, 0.5), (0.5, 0, 0.5), (0.5, 0.5, 0), (0.5, 0.5, 0.5), (0.5, 0, 0),
      (0, 0.5, 0), (0, 0, 0.5),
    ].map { Fractional(SIMD3($0.0, $0.1, $0.2)) })
  var host = try cell.repeated(SupercellMatrix(parsing: "2x2x2"))
  host.labels = host.species.map { $0.element.symbol == "O" ? "4b" : "4a" }
  let path = FileManager.default.temporaryDirectory
    .appending(path: "cellgen-\(ProcessInfo.processInfo.globallyUniqueString).extxyz").path()
  try StructureFile.write(host, to: path)
  return path
}

struct IonExchangeTests {
  private func specification(
    _ path: String, from: [String] = ["Li"], to: [String] = ["Mg"]
  ) -> ExchangeSpecification {
    var specification = ExchangeSpecification(structure: path, from: from, to: to)
    specification.seed = 5
    return specification
  }

  private func counts(_ structure: Structure) -> [String: Int] {
    Dictionary(grouping: structure.species, by: \.element.symbol).mapValues(\.count)
  }

  @Test func twoLithiumGiveWayToOneMagnesiumAndAVacancy() async throws {
    let path = try hostFile()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let exchange = try IonExchange(specification(path))
    let result = try await exchange(threads: 1).structure
    #expect(counts(result) == ["Mg": 12, "Va": 12, "Mn": 8, "O": 32])
    #expect(result.labels == exchange.structure.labels)
    #expect(result.positions == exchange.structure.positions)
    // The same seed, the same choice; another seed, another one.
    #expect(try await exchange(threads: 2).structure == result)
    var other = specification(path)
    other.seed = 6
    #expect(try await IonExchange(other)(threads: 1).structure != result)
  }

  @Test func chargeIsKeptForSeveralIonsAndFractions() async throws {
    let path = try hostFile()
    defer { try? FileManager.default.removeItem(atPath: path) }
    for (to, fraction) in [
      (["Mg"], 0.5), (["Mg:0.5", "Zn:0.5"], 1), (["Al"], 0.5), (["Na"], 0.25), (["Ca"], 1.0 / 3),
    ] {
      var specification = specification(path, to: to)
      specification.fraction = fraction
      let exchange = try IonExchange(specification)
      let states = ["Li": 1, "Na": 1, "Mg": 2, "Zn": 2, "Ca": 2, "Al": 3, "Va": 0]
      let charge = exchange.counts.reduce(0) { $0 + (states[$1.element.symbol] ?? 99) * $1.count }
      #expect(charge == 24, "\(to)")
      #expect(exchange.counts.reduce(0) { $0 + $1.count } == 24)
      #expect(
        exchange.counts.first { $0.element.symbol == "Li" }?.count ?? 0
          == Int((24 * (1 - fraction)).rounded()))
    }
  }

  @Test func whatCannotKeepTheChargeNamesTheNearest() throws {
    let path = try hostFile()
    defer { try? FileManager.default.removeItem(atPath: path) }
    var specification = specification(path)
    specification.fraction = 0.3
    let error = #expect(throws: InputError.self) { try IonExchange(specification) }
    #expect("\(try #require(error))".contains("−8 Li +4 Mg"))
    specification.round = true
    let exchange = try IonExchange(specification)
    #expect(exchange.counts.map { "\($0.count) \($0.element)" } == ["16 Li", "4 Mg", "4 Va"])
    #expect(exchange.notes.contains { $0.contains("−7.200 Li +3.600 Mg") })
  }

  @Test func aCompositionLeavesResidualAlkali() throws {
    let path = try hostFile()
    defer { try? FileManager.default.removeItem(atPath: path) }
    var specification = specification(path)
    // Per Mn: 3 Li become 1 Li and 1 Mg.
    specification.composition = "LiMgMnO4"
    let exchange = try IonExchange(specification)
    #expect(exchange.counts.map { "\($0.count) \($0.element)" } == ["8 Li", "8 Mg", "8 Va"])
    specification.composition = "LiMgMnO3"
    #expect(throws: InputError.self) { try IonExchange(specification) }
  }

  @Test("residual alkali, on a disordered rocksalt of 1000 atoms whose numbers are rounded")
  func aMeasuredComposition() async throws {
    var rocksalt = RocksaltBuildSpecification()
    rocksalt.composition = "Li2Ti1/3Mo2/3O3"
    rocksalt.filling.supercell = "5x5x5"
    let host = try rocksalt.build().host
    let path = FileManager.default.temporaryDirectory
      .appending(path: "cellgen-\(ProcessInfo.processInfo.globallyUniqueString).extxyz").path()
    try StructureFile.write(host, to: path)
    defer { try? FileManager.default.removeItem(atPath: path) }
    var specification = specification(path)
    specification.composition = "Mg0.27Li0.09Ti0.11Mo0.22O"
    // 500 formula units ask for 55 Ti and 110 Mo, the cell has 56 and 111.
    #expect {
      try IonExchange(specification)
    } throws: {
      "\($0)".contains("the cell has 56 Ti") && "\($0)".contains("--round")
    }
    specification.round = true
    let fixedMolybdenum = try IonExchange(specification)
    // −288 Li +135 Mg would lose 18 e; −284 +142 is the nearest pair that keeps the charge.
    #expect(
      fixedMolybdenum.counts.map { "\($0.count) \($0.element)" } == ["49 Li", "142 Mg", "142 Va"])
    let notes = fixedMolybdenum.notes.joined(separator: "\n")
    for text in [
      "the cell keeps its 56 Ti, Mg0.27Li0.09Ti0.11Mo0.22O asks for 55.00",
      "would change the charge by −18.00 e", "--oxidation Mo=auto lets Mo take it",
      "−288.000 Li +135.000 Mg rounded to −284 Li +142 Mg", "0.2840 Mg",
      "the cell keeps its charge of +1.00 e",
    ] {
      #expect(notes.contains(text), "\(text)")
    }
    // Mo takes the charge: 1000 − 2 × 135 − 45 − 4 × 56 = 461 e on 111 Mo.
    specification.oxidation = ["Mo=auto"]
    let exchange = try IonExchange(specification)
    #expect(exchange.counts.map { "\($0.count) \($0.element)" } == ["45 Li", "135 Mg", "153 Va"])
    #expect(exchange.notes.contains { $0.contains("Mo keeps the cell neutral with 4.1532 e") })
    let result = try await exchange(threads: 1).structure
    let charge = result.species.reduce(0) { $0 + ($1.oxidationState ?? 0) }
    #expect(abs(charge) < 1e-9)
    // The problem knows the charges that the atoms of the host carry.
    let problem = try exchange.problem().specification
    #expect(problem.oxidation[try #require(Element(symbol: "Ti"))] == .fixed(4))
    #expect(try ArrangementProblem(problem).structure.count == 1000)
    specification.oxidation = ["Mo=integer"]
    let whole = try await IonExchange(specification)(threads: 1).structure
    let states = whole.species.filter { $0.element.symbol == "Mo" }.compactMap(\.oxidationState)
    #expect(states.count { $0 == 5 } == 17 && states.count { $0 == 4 } == 94)
    // Sodium and potassium, one for one, several at once.
    specification.oxidation = []
    specification.composition = "Na0.3K0.27Li0.09Ti0.11Mo0.22O"
    specification.to = ["Na", "K"]
    let alkali = try IonExchange(specification)
    let moved = alkali.counts.reduce(0) { $0 + ($1.element.isVacancy ? 0 : $1.count) }
    #expect(moved == 333)
    #expect(alkali.counts.allSatisfy { !$0.element.isVacancy })
  }

  @Test func compositionsThatDoNotFitTheListsAreRefused() throws {
    let path = try hostFile()
    defer { try? FileManager.default.removeItem(atPath: path) }
    var specification = specification(path)
    specification.composition = "LiMg0.5Zn0.5MnO4"
    #expect {
      try IonExchange(specification)
    } throws: {
      "\($0)".contains("has Zn, which is neither in the cell nor among the ions that come")
    }
    specification.to = ["Mg:0.5", "Zn:0.5"]
    #expect {
      try IonExchange(specification)
    } throws: {
      "\($0)".contains("exclude each other")
    }
    specification.to = ["Mg", "Zn"]
    let counts = try IonExchange(specification).counts
    #expect(counts.map { "\($0.count) \($0.element)" } == ["8 Li", "4 Mg", "4 Zn", "8 Va"])
  }

  @Test func theLowestOrderIsProved() async throws {
    let path = try hostFile()
    defer { try? FileManager.default.removeItem(atPath: path) }
    var ranked = specification(path)
    ranked.method = .rank
    ranked.oxidation = ["Mn=5"]
    let best = try await IonExchange(ranked)(threads: 2)
    #expect(try #require(best.verdict).contains("proved lowest"))
    // No random choice is lower by the same model.
    let energy = try #require(best.energy)
    let problem = try IonExchange(ranked).problem()
    #expect(problem.specification.oxidation.count >= 2)
    #expect(counts(best.structure) == ["Mg": 12, "Va": 12, "Mn": 8, "O": 32])
    #expect(energy < 0)
  }

  @Test("oxidation states that the host carries need not be given, and its charges stay")
  func carriedStates() async throws {
    let path = try hostFile()
    defer { try? FileManager.default.removeItem(atPath: path) }
    var host = try StructureFile.read(path).structure
    for index in host.species.indices {
      let state = ["Li": 1.0, "Mn": 5, "O": -2][host.species[index].element.symbol]
      host.setSpecies(Species(host.species[index].element, oxidationState: state), at: index)
    }
    // Charges from a calculation, which are no oxidation states.
    host.charges = host.species.map { 0.6 * ($0.oxidationState ?? 0) }
    try StructureFile.write(host, to: path, existing: .replace)
    var ranked = specification(path)
    ranked.method = .rank
    let exchange = try IonExchange(ranked)
    let result = try await exchange(threads: 2).structure
    let moved = Set(exchange.sites)
    #expect(moved.count == 24)
    for index in host.species.indices {
      if moved.contains(index) {
        #expect(result.charges?[index] == result.species[index].oxidationState ?? 0)
      } else {
        #expect(result.species[index] == host.species[index])
        #expect(result.charges?[index] == host.charges?[index])
      }
    }
  }

  @Test("one kind of ion on all sites is no choice, ranked or not")
  func nothingToRank() async throws {
    let path = try hostFile()
    defer { try? FileManager.default.removeItem(atPath: path) }
    var ranked = specification(path, to: ["Na"])
    ranked.method = .rank
    let result = try await IonExchange(ranked)(threads: 1)
    #expect(counts(result.structure) == ["Na": 24, "Mn": 8, "O": 32])
    #expect(result.energy == nil && result.verdict == nil)
  }

  @Test func badRequestsAreNamed() throws {
    let path = try hostFile()
    defer { try? FileManager.default.removeItem(atPath: path) }
    for (from, to, text) in [
      (["Na"], ["Mg"], "no Na"), (["Li"], ["Li"], "to leave and to come"),
      (["Li"], ["Mgg"], "no element \"Mgg\""), (["Li"], ["Mg:0.5"], "add up to 0.5"),
      (["Li"], ["Mn"], "oxidation state of Mn"), (["Li", "Li"], ["Mg"], "Li is given twice"),
      (["Li"], ["Mg", "Mg"], "Mg is given twice"),
    ] {
      let error = #expect(throws: InputError.self) {
        try IonExchange(specification(path, from: from, to: to))
      }
      #expect("\(try #require(error))".contains(text))
    }
  }
}
