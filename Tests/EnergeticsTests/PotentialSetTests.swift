import CellgenTestSupport
import Crystal
import Energetics
import Foundation
import Testing

@Suite struct PotentialSetTests {
  private let oxide = Species(.oxygen, oxidationState: -2)

  @Test(
    "energies at fixed geometry agree with a second program",
    arguments: ["LC_MgO", "LC_MgAl2O4"])
  func singlePoints(name: String) throws {
    let reference = try SinglePoint.named(name)
    let structure = try reference.structure()
    let potentials = PotentialSet.lewisCatlow
    #expect(potentials.cutoff == reference.cutoff)
    // References have eight decimals.
    let tolerance = 2e-8
    let shortRange = plainShortRange(structure, potentials)
    #expect((shortRange - reference.shortRangeEnergy).magnitude < tolerance)
    let coulomb = plainEnergy(structure, nil)
    #expect((coulomb - reference.coulombEnergy).magnitude < tolerance)

    // The same through a table: all sites fixed, then one sublattice active.
    let everySite = Array(0..<structure.count)
    let fixed = InteractionTable(
      lattice: structure.lattice, positions: structure.positions, fixedSpecies: structure.species,
      species: [], translations: [everySite], potentials: potentials)
    #expect((fixed.energy([]) - reference.energy).magnitude < tolerance)
    for element in Set(structure.species).sorted() {
      let active = everySite.filter { structure.species[$0] == element }
      let table = InteractionTable(
        lattice: structure.lattice, positions: structure.positions,
        fixedSpecies: structure.species.map { $0 == element ? nil : $0 }, species: [element],
        translations: [everySite], potentials: potentials)
      let energy = table.energy(active.map { _ in 0 })
      #expect((energy - reference.energy).magnitude < tolerance, "\(element) active")
    }
  }

  @Test("the parameters are those of the papers")
  func parameters() throws {
    struct Row: Decodable {
      let cationOxygen: [String: [Double]]
      enum CodingKeys: String, CodingKey { case cationOxygen = "cation_O" }
    }
    struct File: Decodable {
      let lewisCatlow: Row
      enum CodingKeys: String, CodingKey { case lewisCatlow = "LewisCatlow1985" }
    }
    let rows = try readData("potentials.json", as: File.self).lewisCatlow.cationOxygen
    let potentials = PotentialSet.lewisCatlow
    for (cation, numbers) in rows {
      let species = try namedSpecies(cation)
      let potential = try #require(potentials.potential(species, oxide), "\(cation)")
      #expect(
        potential.terms == [
          .init(amplitude: numbers[0], range: numbers[1], dispersion: numbers[2])
        ], "\(cation)")
      #expect(potentials.singleSourcePairs(species, oxide).isEmpty, "\(cation)")
    }
    // Oxide with itself: Lewis and Catlow (1985), also printed with C = 27.879.
    #expect(
      potentials.potential(oxide, oxide)?.terms == [
        .init(amplitude: 22764.3, range: 0.149, dispersion: 27.88)
      ])
    // Nothing else is in the set but oxide with itself and the two states of manganese.
    #expect(potentials.pairs.count == rows.count + 3)
  }

  @Test(
    "Mn3+ and Mn4+ are marked as known from a single source", arguments: ["Mn3+", "Mn4+", "Mn3.5+"])
  func singleSource(text: String) throws {
    let manganese = try namedSpecies(text)
    let pairs = PotentialSet.lewisCatlow.singleSourcePairs(oxide, manganese)
    #expect(pairs.count == (text == "Mn3.5+" ? 2 : 1))
    #expect(
      pairs.allSatisfy { $0.first.element.symbol == "Mn" || $0.second.element.symbol == "Mn" })
  }

  @Test("Mn2+ and the oxide itself are not marked")
  func severalSources() throws {
    #expect(PotentialSet.lewisCatlow.singleSourcePairs(try namedSpecies("Mn2+"), oxide).isEmpty)
    #expect(PotentialSet.lewisCatlow.singleSourcePairs(oxide, oxide).isEmpty)
    // Between Mn2+ and Mn3+ only the second is from a single source.
    let mixed = PotentialSet.lewisCatlow.singleSourcePairs(try namedSpecies("Mn2.5+"), oxide)
    #expect(mixed.map(\.first) == [try namedSpecies("Mn3+")])
  }

  @Test(
    "a fractional state is the weighted average of the tabulated ones",
    arguments: [(2.25, 2.0, 3.0), (2.5, 2, 3), (3.25, 3, 4), (3.5, 3, 4), (3.999, 3, 4)])
  func interpolation(state: Double, below: Double, above: Double) throws {
    let manganese = try #require(Element(symbol: "Mn"))
    func energy(_ state: Double, _ r: Double) throws -> Double {
      try #require(
        PotentialSet.lewisCatlow.potential(
          Species(manganese, oxidationState: state), oxide)
      ).energy(r)
    }
    let share = (state - below) / (above - below)
    for r in [1.7, 2.0, 3.3] {
      let expected = try (1 - share) * energy(below, r) + share * energy(above, r)
      #expect(try (energy(state, r) - expected).magnitude < 1e-12)
    }
  }

  @Test("the order of two species does not matter")
  func symmetry() throws {
    for text in ["Mg2+", "Mn3.25+", "O2-"] {
      let species = try namedSpecies(text)
      let (a, b) = (
        PotentialSet.lewisCatlow.potential(species, oxide),
        PotentialSet.lewisCatlow.potential(oxide, species)
      )
      #expect(try #require(a).energy(2.1) == #require(b).energy(2.1))
    }
  }

  @Test(
    "a pair that is not tabulated has no potential",
    arguments: [
      ("Mg2+", "Mg2+"), ("Mn3.5+", "Mg2+"), ("Va", "O2-"), ("Va", "Va"), ("Mg", "O2-"),
      ("Mg+", "O2-"), ("Mg1.5+", "O2-"), ("Mn4.5+", "O2-"), ("Mn1.5+", "O2-"), ("Mo4+", "O2-"),
      ("Mg2+", "O-"), ("Mg2+", "S2-"),
    ])
  func missing(first: String, second: String) throws {
    let pair = (try namedSpecies(first), try namedSpecies(second))
    #expect(PotentialSet.lewisCatlow.potential(pair.0, pair.1) == nil)
    #expect(PotentialSet.lewisCatlow.singleSourcePairs(pair.0, pair.1).isEmpty)
  }

  @Test("a Buckingham term is A exp(-r/ρ) - C/r⁶")
  func formula() {
    let potential = PairPotential([
      .init(weight: 0.25, amplitude: 1000, range: 0.3, dispersion: 20),
      .init(weight: 0.75, amplitude: 500, range: 0.2),
    ])
    let r = 1.9
    let expected =
      0.25 * (1000 * exp(-r / 0.3) - 20 / pow(r, 6)) + 0.75 * 500 * exp(-r / 0.2)
    #expect((potential.energy(r) - expected).magnitude < 1e-13)
  }
}
