import CellgenTestSupport
import Crystal
import Testing

@testable import Building

@Suite struct ParticleTests {
  /// MgCl2 [001] on GaF3 [001] in the ratio 13 × 6 : 7 × 11 = 78 : 77.
  private func multilayer() throws -> Structure {
    let chloride = try InterfaceTests.slab(
      SurfaceCrystals.magnesiumChloride(), [0, 0, 1], layers: 3, .stoichiometric)
    let fluoride = try InterfaceTests.slab(
      SurfaceCrystals.galliumFluoride(), [0, 0, 1], layers: 4, .stoichiometric)
    var specification = InterfaceSpecification()
    specification.maximumStrain = 0.01
    return try Interface(substrate: fluoride, film: chloride, specification).structure
  }

  @Test("the clay model: eight cubes of 3 nm, about 12,000 atoms, exact and neutral")
  func clay() throws {
    let structure = try multilayer()
    var specification = ParticleSpecification()
    specification.formulaUnits = 214
    specification.formula = "MgGaCl2F3"
    let clock = ContinuousClock()
    let started = clock.now
    let assembly = try ParticleAssembly([structure], specification)
    let time = clock.now - started
    #expect(time < .seconds(5), "\(time)")
    #expect(assembly.structure.count == 8 * 214 * 7)
    let counts = assembly.structure.elementCounts
    #expect(
      counts.sorted { $0.key < $1.key }.map { "\($0.key)\($0.value)" }
        == ["F5136", "Mg1712", "Cl3424", "Ga1712"])
    #expect((assembly.charge ?? 1).magnitude < 1e-9)
    let edge = assembly.structure.lattice.lengths.x
    #expect((58.0...72.0).contains(edge), "\(edge)")
    #expect(assembly.overlaps == 0)
    #expect(
      (edge - 2 * (assembly.particles[0].edge + assembly.gap)).magnitude < 1e-9)
    // Neighbouring particles have different z axes, at right angles.
    for p in assembly.particles {
      for q in assembly.particles {
        let d = p.place &- q.place
        guard (d &* d).wrappedSum() == 1 else { continue }
        #expect(dot(p.axes[2], q.axes[2]).magnitude < 1e-12)
      }
    }
    for column in ["side", "label", "parent_site", "cell_index", "particle"] {
      #expect(assembly.structure[column: column] != nil, "\(column)")
    }
  }

  @Test("inside a turned particle every atom sees its crystal")
  func inside() throws {
    let crystal = try SurfaceCrystals.galliumFluoride()
    var specification = ParticleSpecification()
    specification.edge = 14
    let assembly = try ParticleAssembly([crystal], specification)
    let structure = assembly.structure
    let pitch = assembly.particles[0].edge + assembly.gap
    guard case .integer(let numbers) = structure[column: "particle"]?.values else {
      Issue.record("no particles")
      return
    }
    let parents = try #require(structure.parentSites)
    let points = structure.cartesianPositions.map(\.components)
    var seen = 0
    for index in points.indices {
      let place = assembly.particles[numbers[index]].place
      let centre = (SIMD3(Double(place.x), Double(place.y), Double(place.z)) + 0.5) * pitch
      guard length(points[index] - centre) < 2.5 else { continue }
      seen += 1
      let own = points.indices.map { length(points[$0] - points[index]) }
        .filter { $0 < 3.5 && $0 > 1e-6 }.sorted()
      let origin = crystal.positions[parents[index]].components
      var bulk: [Double] = []
      for position in crystal.positions {
        for point in crystal.lattice.latticePoints(within: 3.5) {
          let shift = SIMD3(Double(point.x), Double(point.y), Double(point.z))
          let d = position.components - origin
          let image = d - d.rounded(.toNearestOrEven) + shift
          let r = length(crystal.lattice.cartesian(Fractional(image)).components)
          if r < 3.5, r > 1e-6 { bulk.append(r) }
        }
      }
      bulk.sort()
      #expect(own.count == bulk.count)
      #expect(zip(own, bulk).allSatisfy { ($0 - $1).magnitude < 1e-9 })
    }
    #expect(seen > 8)
  }

  @Test("every particle has the composition of its own structure, charge included")
  func several() throws {
    let crystals = [try SurfaceCrystals.magnesiumChloride(), try SurfaceCrystals.galliumFluoride()]
    var specification = ParticleSpecification()
    specification.edge = 17
    specification.arrangement = [3, 2, 1]
    specification.rotation = .random
    specification.cuts = .independent
    let assembly = try ParticleAssembly(crystals, specification)
    #expect(assembly.particles.map(\.source) == [0, 1, 0, 1, 0, 1])
    guard case .integer(let numbers) = assembly.structure[column: "particle"]?.values else {
      Issue.record("no particles")
      return
    }
    let charges = try #require(assembly.structure.charges)
    for (number, particle) in assembly.particles.enumerated() {
      let own = numbers.indices.filter { numbers[$0] == number }
      #expect(own.count == particle.atoms)
      #expect(own.reduce(0) { $0 + charges[$1] }.magnitude < 1e-9)
      let counts = assembly.structure.selecting(own).elementCounts
      let formula = particle.source == 0 ? ["Mg": 1, "Cl": 2] : ["Ga": 1, "F": 3]
      for (symbol, amount) in formula {
        let element = try #require(Element(symbol: symbol))
        #expect(counts[element] == amount * particle.formulaUnits)
      }
    }
  }

  @Test("the widened gap is the least one without overlap")
  func widened() throws {
    let crystal = try SurfaceCrystals.magnesia()
    var specification = ParticleSpecification()
    specification.edge = 12
    specification.gap = 0
    specification.closeness = 1
    let wide = try ParticleAssembly([crystal], specification)
    #expect(wide.overlapsAtAskedGap > 0 && wide.overlaps == 0 && wide.gap > 0)
    #expect(wide.closest >= 1)
    specification.overlaps = .keep
    let kept = try ParticleAssembly([crystal], specification)
    #expect(kept.gap == 0 && kept.overlaps == wide.overlapsAtAskedGap)
    specification.gap = wide.gap - 0.01
    #expect(try ParticleAssembly([crystal], specification).overlaps > 0)
  }

  @Test("overlaps are removed in neutral groups that keep the ratio", arguments: [0, 0.5])
  func removed(gap: Double) throws {
    let structure = try multilayer()
    var specification = ParticleSpecification()
    specification.formulaUnits = 214
    specification.formula = "MgGaCl2F3"
    specification.gap = gap
    specification.overlaps = .remove
    let assembly = try ParticleAssembly([structure], specification)
    #expect(assembly.overlapsAtAskedGap > 0 && assembly.overlaps == 0 && assembly.closest >= 0.7)
    #expect(assembly.gap == gap)
    let removal = try #require(assembly.removal)
    let group = removal.group.amounts.sorted { $0.element < $1.element }
    #expect(group.map { "\($0.element)\($0.amount)" } == ["F3", "Mg1", "Cl2", "Ga1"])
    print("gap \(gap): \(assembly.overlapsAtAskedGap) pairs, \(removal)")
    // 37 groups where 35 are needed at 0.5 Å.
    #expect(removal.leastGroups >= 1 && removal.groups >= removal.leastGroups)
    #expect(10 * removal.groups <= 12 * removal.leastGroups)
    #expect(removal.atoms == 7 * removal.groups)
    let units = 8 * 214 - removal.groups
    #expect(
      assembly.structure.elementCounts.sorted { $0.key < $1.key }.map { "\($0.key)\($0.value)" }
        == ["F\(3 * units)", "Mg\(units)", "Cl\(2 * units)", "Ga\(units)"])
    #expect((assembly.charge ?? 1).magnitude < 1e-9)
    #expect(assembly.particles.reduce(0) { $0 + $1.atoms } == assembly.structure.count)
    // Nothing else is changed: every atom that is left is where it was.
    specification.overlaps = .keep
    let kept = try ParticleAssembly([structure], specification)
    let before = Set(kept.structure.positions)
    #expect(assembly.structure.positions.allSatisfy { before.contains($0) })
    #expect(kept.removal == nil)
  }

  @Test("the fewest groups are found where they can be counted by hand")
  func fewest() throws {
    // Three Cl at one Mg: the two Cl of a MgCl2 do not suffice, but its Mg does.
    let star = try #require(
      OverlapRemoval(
        pairs: [(0, 1), (0, 2), (0, 3)],
        kinds: [0, 1, 1, 1] + Array(repeating: 0, count: 10) + Array(repeating: 1, count: 20),
        group: [1, 2], depths: Array(repeating: 1, count: 34)))
    #expect(star.groups == 1 && star.leastGroups == 1 && star.isRemoved[0])
    #expect(star.isRemoved.count { $0 } == 3)
    // Three separate pairs of Cl need three Cl: two groups.
    let chlorine = try #require(
      OverlapRemoval(
        pairs: [(0, 1), (2, 3), (4, 5)],
        kinds: Array(repeating: 1, count: 26) + Array(repeating: 0, count: 13),
        group: [1, 2], depths: (0..<39).map { Double(38 - $0) }))
    #expect(chlorine.groups == 2 && chlorine.leastGroups == 2)
    // What the groups hold besides is nearest to the faces.
    #expect(chlorine.isRemoved.indices.filter { chlorine.isRemoved[$0] }.suffix(2) == [37, 38])
    // Two of six atoms would be more than a quarter.
    #expect(
      OverlapRemoval(
        pairs: [(0, 1), (2, 3)], kinds: [0, 0, 0, 0, 1, 1], group: [1, 1],
        depths: Array(repeating: 1, count: 6)) == nil)
  }

  @Test("the seed decides, and nothing else")
  func seeds() throws {
    let crystal = try SurfaceCrystals.galliumFluoride()
    var specification = ParticleSpecification()
    specification.edge = 12
    let once = try ParticleAssembly([crystal], specification).structure
    #expect(try ParticleAssembly([crystal], specification).structure == once)
    specification.seed = 9
    #expect(try ParticleAssembly([crystal], specification).structure != once)
  }

  @Test("neighbours of a periodic grid have different turns", arguments: [2, 3, 4, 5, 6])
  func colours(n: Int) {
    let counts = SIMD3(n, n, 2)
    for i in 0..<n {
      for j in 0..<n {
        for k in 0..<2 {
          let own = ParticleTurn.colour(SIMD3(i, j, k), of: counts)
          #expect(own != ParticleTurn.colour(SIMD3((i + 1) % n, j, k), of: counts))
          #expect(own != ParticleTurn.colour(SIMD3(i, (j + 1) % n, k), of: counts))
          #expect(own != ParticleTurn.colour(SIMD3(i, j, (k + 1) % 2), of: counts))
        }
      }
    }
    #expect(Set(ParticleTurn.all.map { "\($0)" }).count == 24)
    for frame in ParticleTurn.all + ParticleTurn.quarters {
      #expect(dot(cross(frame[0], frame[1]), frame[2]) == 1)
    }
  }

  typealias Change = @Sendable (inout ParticleSpecification) -> Void

  static let mistakes: [(String, Change)] = [
    ("edge", { s in s.edge = nil }),
    ("edge", { s in s.edge = 1 }),
    ("edge", { s in s.edge = .nan }),
    ("arrangement", { s in s.arrangement = [2, 2] }),
    ("arrangement", { s in s.arrangement = [0, 2, 2] }),
    ("gap", { s in s.gap = -1 }),
    ("trials", { s in s.trials = 0 }),
    ("factor", { s in s.closeness = 7 }),
    ("formula", { s in s.formula = "Mg2O" }),
    ("formula", { s in s.formula = "Zz" }),
    ("formula", { s in s.formula = "ZnO" }),
    ("formula_units", { s in s.formulaUnits = 100_000 }),
    ("formula_units", { s in s.formulaUnits = 0 }),
    ("oxidation", { s in s.oxidation = ["Zn": 2] }),
  ]

  @Test("wrong input is refused with its place", arguments: mistakes)
  func badInput(place: String, change: Change) throws {
    let crystal = try SurfaceCrystals.magnesia()
    var specification = ParticleSpecification()
    specification.edge = 12
    change(&specification)
    let error = #expect(throws: InputError.self) {
      _ = try ParticleAssembly([crystal], specification)
    }
    #expect(error?.location?.hasPrefix(place) == true, "\(error?.description ?? "")")
  }
}
