import Arrangement
import Building
import CellgenTestSupport
import Crystal
import Energetics
import Testing

/// Largest difference of energies that rounding explains, eV, for a few dozen sites.
private let rounding = 1e-9

@Suite struct InteractionTableTests {
  @Test("the energy of an arrangement is that of its structure")
  func equalsWholeStructures() throws {
    for model in try LatticeModel.all() {
      let table = model.table()
      for seed: UInt64 in 0..<4 {
        let arrangement = model.randomArrangement(seed)
        let expected = plainEnergy(model.structure(arrangement), model.potentials)
        let energy = table.energy(arrangement)
        #expect((energy - expected).magnitude < rounding, "\(model.name), seed \(seed)")
      }
    }
  }

  @Test("translations change the work, not the table")
  func translations() throws {
    for model in try LatticeModel.all() {
      let (fast, slow) = (model.table(), model.table(model.identity))
      #expect((fast.constant - slow.constant).magnitude < rounding, "\(model.name)")
      func difference(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
      }
      #expect(difference(fast.siteEnergies, slow.siteEnergies) < rounding, "\(model.name)")
      #expect(difference(fast.coulomb, slow.coulomb) < rounding, "\(model.name)")
      for seed: UInt64 in 0..<4 {
        let arrangement = model.randomArrangement(seed)
        let deviation = fast.energy(arrangement) - slow.energy(arrangement)
        #expect(deviation.magnitude < rounding, "\(model.name), seed \(seed)")
      }
    }
  }

  @Test("the Coulomb part is symmetric to the last bit with an empty diagonal")
  func symmetry() throws {
    for model in try LatticeModel.all() {
      let table = model.table()
      let n = table.siteCount
      for i in 0..<n {
        #expect(table.coulomb[i * n + i] == 0)
        for j in 0..<i { #expect(table.coulomb[i * n + j] == table.coulomb[j * n + i]) }
      }
    }
  }

  @Test("short-range neighbours see each other with the same energies")
  func neighbourLists() throws {
    let model = try LatticeModel.all()[1]
    let table = model.table()
    #expect(!table.shortRange.isEmpty)
    let m = table.species.count
    var energies: [SIMD2<Int32>: [Double]] = [:]
    for i in 0..<table.siteCount {
      let list = table.shortRange.neighbours[
        Int(table.shortRange.offsets[i])..<Int(table.shortRange.offsets[i + 1])]
      for entry in list {
        let start = Int(entry.kind) * m * m
        #expect(energies[SIMD2(Int32(i), entry.site)] == nil, "listed twice")
        energies[SIMD2(Int32(i), entry.site)] = Array(
          table.shortRange.energies[start..<(start + m * m)])
      }
    }
    for (pair, values) in energies {
      let back = try #require(energies[SIMD2(pair.y, pair.x)])
      for s in 0..<m {
        for t in 0..<m { #expect((values[s * m + t] - back[t * m + s]).magnitude < rounding) }
      }
    }
  }

  @Test("cations that meet through their charges alone have no neighbour lists")
  func noShortRange() throws {
    let models = try LatticeModel.all()
    #expect(models[0].table().shortRange.isEmpty)
    #expect(models[2].table().shortRange.isEmpty)
  }

  @Test("a table without active sites holds the energy of the fixed ones")
  func everythingFixed() throws {
    var model = try LatticeModel.all()[0]
    let arrangement = model.randomArrangement(5)
    let structure = model.structure(arrangement)
    model.fixed = structure.species
    let table = model.table(model.identity)
    #expect(table.siteCount == 0)
    #expect((table.energy([]) - plainEnergy(structure, model.potentials)).magnitude < rounding)
  }

  @Test("folded onto repeat units, the energy is that of one unit")
  func folding() throws {
    for model in try LatticeModel.all() where model.translations.count > 1 {
      let table = model.table()
      let active = model.activeSites
      var activeIndex = [Int](repeating: -1, count: model.structure.count)
      for (i, site) in active.enumerated() { activeIndex[site] = i }
      for generator in model.translations.dropFirst() {
        // The cyclic subgroup of one translation.
        var subgroup = [model.identity[0]]
        while let last = subgroup.last {
          let next = last.map { generator[$0] }
          if next == model.identity[0] { break }
          subgroup.append(next)
        }
        var orbitOfSite = [Int](repeating: -1, count: active.count)
        var count = 0
        for i in active.indices where orbitOfSite[i] < 0 {
          for permutation in subgroup { orbitOfSite[activeIndex[permutation[active[i]]]] = count }
          count += 1
        }
        let folded = table.folded(orbitOfSite: orbitOfSite, order: subgroup.count)
        #expect(folded.siteCount == count)
        var stream = RandomStream(seed: 3, purpose: "InteractionTableTests.folding")
        for _ in 0..<4 {
          let orbits = (0..<count).map { _ in UInt8(stream.integer(below: model.species.count)) }
          let whole = table.energy(orbitOfSite.map { orbits[$0] })
          let part = folded.energy(orbits)
          #expect((whole - Double(subgroup.count) * part).magnitude < rounding, "\(model.name)")
          // Differences by the folded table as well.
          let state = LatticeState(table: folded, arrangement: orbits)
          for i in 0..<count {
            for j in 0..<i {
              var exchanged = orbits
              exchanged.swapAt(i, j)
              let difference = folded.energy(exchanged) - part
              #expect((state.exchangeDifference(i, j) - difference).magnitude < rounding)
            }
          }
        }
      }
    }
  }

  @Test("translations found by symmetry give the energies of whole structures")
  func problemSymmetry() throws {
    let spinel = try Spinel(SpinelSpecification())
    let symbols = ["8a": ["Mg", "Zn", "Mn"], "16c": ["Mg", "Va"], "16d": ["Mg", "Zn", "Mn"]]
    let labels = try #require(spinel.unitCell.labels)
    let allowed = try labels.map { label in
      try (symbols[label] ?? ["O"]).map {
        $0 == "Va" ? .vacancy : try #require(Element(symbol: $0))
      }
    }
    let problem = try ArrangementProblem(
      ProblemSpecification(
        parent: spinel.unitCell, allowed: allowed, supercell: SupercellMatrix(parsing: "1x1x2"),
        composition: Composition(parsing: "Mg0.5ZnMn1.5O4")))
    let symmetry = try ProblemSymmetry(problem)
    // Two cells with four centring translations each.
    #expect(symmetry.translations.count == 8)
    let potentials = PotentialSet.lewisCatlow
    func table(_ translations: [[Int]]) -> InteractionTable {
      InteractionTable(
        lattice: problem.structure.lattice, positions: problem.structure.positions,
        fixedSpecies: problem.fixedSpecies, species: problem.species, translations: translations,
        potentials: potentials)
    }
    let fast = table(symmetry.translations)
    var stream = RandomStream(seed: 11, purpose: "InteractionTableTests.problemSymmetry")
    for _ in 0..<2 {
      let arrangement = problem.randomArrangement(using: &stream)
      let expected = plainEnergy(problem.structure(of: arrangement), potentials)
      #expect((fast.energy(arrangement) - expected).magnitude < 1e-8)
      // Any translation leaves the energy as it is.
      for shift in symmetry.activeTranslations {
        let moved = shift.map { arrangement[$0] }
        #expect((fast.energy(moved) - fast.energy(arrangement)).magnitude < 1e-8)
      }
    }
  }

  @Test(
    "Mg2+Mn3+2O4 has the energy of the spinel in the literature",
    arguments: ["1x1x1", "2x2x2", "3x3x3"])
  func spinelEnergy(supercell: String) throws {
    // 14.39964548 / 8.5 × 132.79489354: the Madelung energy of the normal 2-3 spinel, u = 0.2625.
    let expected = -224.96463
    var specification = SpinelSpecification()
    (specification.speciesA, specification.speciesB) = ("Mg", "Mn")
    (specification.a, specification.u) = (8.5, 0.2625)
    let cell = try Spinel(specification).unitCell
    let charges = ["8a": "Mg2+", "16d": "Mn3+", "32e": "O2-"]
    let fixed = try #require(cell.labels).map { label -> Species? in
      label == "16d" ? nil : Species(charges[label] ?? "Va")
    }
    let model = try LatticeModel(
      "spinel", cell: cell, fixed: fixed, species: [namedSpecies("Mn3+")], supercell: supercell,
      potentials: nil)
    let units = model.structure(model.randomArrangement(0)).elementCounts[.oxygen].map { $0 / 4 }
    let table = model.table()
    let energy = table.energy([UInt8](repeating: 0, count: table.siteCount))
    #expect(fixed5(energy / Double(try #require(units))) == fixed5(expected))
    let atoms = model.structure(model.randomArrangement(0)).withoutVacancies()
    let sum = EwaldSum(
      lattice: atoms.lattice, positions: atoms.positions,
      charges: atoms.species.map { $0.oxidationState ?? 0 }, accuracy: 1e-12)
    #expect((sum.energy - energy).magnitude < 1e-9 * energy.magnitude)
  }

  private func fixed5(_ value: Double) -> String { fixed(value, 5) }
}

@Suite struct LatticeStateTests {
  @Test("the difference of an exchange is the difference of two energies, for all pairs")
  func exchangeDifference() throws {
    for model in try LatticeModel.all() {
      let table = model.table()
      let arrangement = model.randomArrangement(1)
      let state = LatticeState(table: table, arrangement: arrangement)
      for i in 0..<table.siteCount {
        for j in 0..<table.siteCount {
          var exchanged = arrangement
          exchanged.swapAt(i, j)
          let expected = table.energy(exchanged) - table.energy(arrangement)
          let difference = state.exchangeDifference(i, j)
          #expect((difference - expected).magnitude < rounding, "\(model.name), \(i) \(j)")
        }
      }
    }
  }

  @Test("the difference of changes on several sites is the difference of two energies")
  func changes() throws {
    for model in try LatticeModel.all() {
      let table = model.table()
      var state = LatticeState(table: table, arrangement: model.randomArrangement(4))
      var stream = RandomStream(seed: 8, purpose: "LatticeStateTests.changes")
      for size in [1, 2, 3, 4, 4, 3] {
        var sites = Array(0..<table.siteCount)
        stream.shuffle(&sites)
        let changes = sites.prefix(size).map { site in
          LatticeState.SiteChange(
            site: site, species: UInt8(stream.integer(below: table.species.count)))
        }
        let before = state.arrangement
        let difference = state.difference(changes)
        state.apply(changes, difference: difference)
        let expected = table.energy(state.arrangement) - table.energy(before)
        #expect((difference - expected).magnitude < rounding, "\(model.name), \(size) sites")
        for change in changes { #expect(state.arrangement[change.site] == change.species) }
        var fresh = state
        fresh.refresh()
        let errors = zip(state.potentials, fresh.potentials).map { ($0 - $1).magnitude }
        #expect((errors.max() ?? 0) < rounding, "\(model.name)")
      }
    }
  }

  @Test("potentials and energy follow exchanges without drift")
  func drift() throws {
    for model in try LatticeModel.all() {
      var state = LatticeState(table: model.table(), arrangement: model.randomArrangement(2))
      var stream = RandomStream(seed: 4, purpose: "LatticeStateTests.drift")
      for _ in 0..<10_000 {
        let i = stream.integer(below: state.arrangement.count)
        let j = stream.integer(below: state.arrangement.count)
        state.exchange(i, j, difference: state.exchangeDifference(i, j))
      }
      var fresh = state
      fresh.refresh()
      #expect((state.energy - fresh.energy).magnitude < 1e-8, "\(model.name)")
      let errors = zip(state.potentials, fresh.potentials).map { ($0 - $1).magnitude }
      #expect((errors.max() ?? 0) < 1e-8, "\(model.name)")
      #expect(
        fresh.energy == LatticeState(table: state.table, arrangement: state.arrangement).energy)
    }
  }

  @Test("potentials are those of the other active charges")
  func potentials() throws {
    for model in try LatticeModel.all() {
      let table = model.table()
      let state = LatticeState(table: table, arrangement: model.randomArrangement(3))
      for i in 0..<table.siteCount {
        var sum = 0.0
        for j in 0..<table.siteCount {
          sum += table.coulomb[i * table.siteCount + j] * table.charges[Int(state.arrangement[j])]
        }
        #expect((state.potentials[i] - sum).magnitude < rounding)
      }
    }
  }

  @Test("a vacancy has no charge, whatever oxidation state it carries")
  func vacancyCharge() throws {
    var model = try LatticeModel.all()[2]
    let arrangement = model.randomArrangement(7)
    let expected = model.table().energy(arrangement)
    model.species = model.species.map {
      $0.isVacancy ? Species(.vacancy, oxidationState: 3) : $0
    }
    #expect(model.table().energy(arrangement) == expected)
  }
}
