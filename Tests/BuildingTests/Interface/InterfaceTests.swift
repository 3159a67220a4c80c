import CellgenTestSupport
import Crystal
import Testing

@testable import Building

@Suite struct InterfaceTests {
  /// A slab of some layers without vacuum to speak of.
  static func slab(
    _ crystal: Structure, _ plane: [Int], layers: Int,
    _ balance: SlabSpecification.Balance = .any
  ) throws -> Structure {
    var specification = SlabSpecification(plane: plane)
    (specification.thickness, specification.layers) = (nil, layers)
    specification.balance = balance
    return try SurfaceStacking(crystal, plane: plane).slab(specification).structure
  }

  private func chloride() throws -> Structure {
    try Self.slab(SurfaceCrystals.magnesiumChloride(), [0, 0, 1], layers: 3)
  }

  private func fluoride() throws -> Structure {
    try Self.slab(SurfaceCrystals.galliumFluoride(), [0, 0, 1], layers: 4)
  }

  @Test("MgCl2 on GaF3: thirteen cells on seven with a strain of 0.9 %")
  func clay() throws {
    var specification = InterfaceSpecification()
    specification.maximumStrain = 0.02
    let interface = try Interface(
      substrate: fluoride(), film: chloride(), specification)
    // √7 × 5.0 / (√13 × 3.6363) − 1 = 0.0090, the same along all directions.
    let expected = 7.0.squareRoot() * 5 / (13.0.squareRoot() * 3.6363) - 1
    let match = try #require(
      interface.matches.first { $0.cells == SIMD2(13, 7) })
    #expect((match.meanStrain - expected).magnitude < 1e-9)
    #expect((match.principalStrains.x - match.principalStrains.y).magnitude < 1e-9)
  }

  @Test("a lattice matches itself without strain in one cell")
  func itself() throws {
    let slab = try Self.slab(SurfaceCrystals.magnesia(), [1, 0, 0], layers: 3)
    let interface = try Interface(substrate: slab, film: slab, InterfaceSpecification())
    #expect(interface.match.cells == SIMD2(1, 1))
    #expect(interface.match.meanStrain < 1e-12 && interface.match.twistDegrees.magnitude < 1e-9)
    #expect(interface.structure.count == 2 * slab.count)
    let (c, thickness) = (interface.structure.lattice.lengths.z, 2 * 4.2112 / 2)
    #expect((c - 2 * thickness - 2 * 2.5).magnitude < 1e-9)
  }

  @Test(
    "strains of both sides together take one lattice to the other",
    arguments: InterfaceSpecification.Strained.allCases)
  func strain(side: InterfaceSpecification.Strained) throws {
    var specification = InterfaceSpecification()
    specification.strained = side
    specification.maximumStrain = 0.06
    let interface = try Interface(substrate: fluoride(), film: chloride(), specification)
    let (film, substrate) = (interface.filmStrain, interface.substrateStrain)
    // Areas: det U of each side is the ratio of the common area to its own.
    func growth(_ e: [Double]) -> Double { (1 + e[0]) * (1 + e[1]) - e[2] * e[2] }
    let filmArea = Double(interface.match.cells.x) * 3.6363 * 3.6363 * 3.0.squareRoot() / 2
    let substrateArea = Double(interface.match.cells.y) * 25 * 3.0.squareRoot() / 2
    #expect((growth(film) * filmArea - interface.area).magnitude < 1e-6)
    #expect((growth(substrate) * substrateArea - interface.area).magnitude < 1e-6)
    switch side {
    case .film: #expect(substrate.allSatisfy { $0.magnitude < 1e-9 })
    case .substrate: #expect(film.allSatisfy { $0.magnitude < 1e-9 })
    case .both:
      #expect((growth(film) * growth(substrate) - 1).magnitude < 1e-9)
    }
    let size = interface.structure.lattice
    #expect((length(cross(size.a, size.b)) - interface.area).magnitude < 1e-9)
  }

  @Test("sides, labels, heights and distances are kept")
  func atoms() throws {
    var specification = InterfaceSpecification()
    specification.maximumStrain = 0.02
    specification.vacuum = 12
    specification.shift = [0.25, 0.5]
    let (substrate, film) = (try fluoride(), try chloride())
    let interface = try Interface(substrate: substrate, film: film, specification)
    let structure = interface.structure
    guard case .text(let sides) = structure[column: "side"]?.values else {
      Issue.record("no sides")
      return
    }
    let match = interface.match
    #expect(sides.count { $0 == "film" } == film.count * match.cells.x)
    #expect(sides.count { $0 == "substrate" } == substrate.count * match.cells.y)
    let heights = structure.cartesianPositions.map(\.components.z)
    let top = zip(heights, sides).filter { $0.1 == "substrate" }.map(\.0).max() ?? 0
    let bottom = zip(heights, sides).filter { $0.1 == "film" }.map(\.0).min() ?? 0
    #expect((bottom - top - specification.gap).magnitude < 1e-9)
    let labels = try #require(structure.labels)
    for index in structure.species.indices where sides[index] == "film" {
      #expect(labels[index] == structure.species[index].element.symbol)
    }
    // The substrate is not strained: its neighbours are where they were.
    let own = distances(structure, sides.firstIndex(of: "substrate") ?? 0, within: 2.5)
    let before = distances(substrate, 0, within: 2.5)
    #expect(own.count == before.count)
    #expect(zip(own, before).allSatisfy { ($0 - $1).magnitude < 1e-9 })
  }

  private func distances(
    _ structure: Structure, _ index: Int, within radius: Double
  ) -> [Double] {
    structure.positions.indices.filter { $0 != index }.map {
      structure.lattice.distance(structure.positions[index], structure.positions[$0])
    }.filter { $0 < radius }.sorted()
  }

  @Test("all matches are found that a search over every matrix finds")
  func complete() throws {
    let film = PlaneLattice(a: SIMD2(3.1, 0), b: SIMD2(0.7, 3.9))
    let substrate = PlaneLattice(a: SIMD2(4.4, 0), b: SIMD2(-1.1, 4.6))
    let search = try LatticeMatching(film: film, substrate: substrate, maximumArea: 85)
    let limit = 0.06
    let front = search.matches(within: limit)
    // Every basis of the film against every reduced cell of the substrate.
    var best: [Int: Double] = [:]
    let range = -7...7
    for index in 1...4 {
      for form in PlaneMatrix.hermiteForms(index: index) {
        let cell = substrate.superlattice(form)
        let s = substrate.superlattice(cell.reduction() * form)
        for aa in range {
          for ab in range {
            let a = film.superlattice(PlaneMatrix(aa, ab, 0, 1)).a
            guard ((a * a).sum() / (s.a * s.a).sum() - 1).magnitude < 0.3 else { continue }
            for ba in range {
              for bb in range where aa * bb - ab * ba > 0 {
                let f = film.superlattice(PlaneMatrix(aa, ab, ba, bb))
                let strain = PlaneMap(from: f, to: s).meanStrain
                best[index] = min(best[index] ?? 1, strain)
              }
            }
          }
        }
      }
    }
    var expected: [(Int, Double)] = []
    for index in 1...4 {
      guard let strain = best[index], strain <= min(limit, (expected.last?.1 ?? 1) - 1e-7) else {
        continue
      }
      expected.append((index, strain))
    }
    #expect(front.map(\.cells.y) == expected.map(\.0))
    #expect(zip(front, expected).allSatisfy { ($0.meanStrain - $1.1).magnitude < 1e-9 })
  }

  @Test("reduction gives the shortest vectors of the same lattice", arguments: 1...50)
  func reduction(seed: Int) {
    var stream = RandomStream(seed: UInt64(seed), purpose: "plane")
    func entry() -> Int { stream.integer(below: 9) - 4 }
    let m = PlaneMatrix(entry(), entry(), entry(), entry())
    guard m.determinant != 0 else { return }
    let lattice = PlaneLattice(a: SIMD2(3.2, 0), b: SIMD2(-0.4, 4.1)).superlattice(m)
    let r = lattice.reduction()
    #expect(r.determinant == 1)
    let reduced = lattice.superlattice(r)
    let (a2, b2) = ((reduced.a * reduced.a).sum(), (reduced.b * reduced.b).sum())
    #expect(a2 <= b2 * (1 + 1e-6))
    #expect(2 * (reduced.a * reduced.b).sum().magnitude <= a2 * (1 + 1e-6))
  }

  @Test("surfaces that do not match name the nearest miss")
  func noMatch() throws {
    var specification = InterfaceSpecification()
    specification.maximumArea = 30
    specification.maximumStrain = 0.001
    let (substrate, film) = (try fluoride(), try chloride())
    let error = try #require(throws: InputError.self) {
      _ = try Interface(substrate: substrate, film: film, specification)
    }
    #expect(error.location == "strain")
    #expect(error.hint?.contains("cells of the film") == true)
  }

  typealias Change = @Sendable (inout InterfaceSpecification) -> Void

  static let mistakes: [(String, Change)] = [
    ("area", { s in s.maximumArea = 3 }),
    ("area", { s in s.maximumArea = 1e6 }),
    ("strain", { s in s.maximumStrain = 0 }),
    ("strain", { s in s.maximumStrain = .nan }),
    ("gap", { s in s.gap = -1 }),
    ("shift", { s in s.shift = [0] }),
    ("vacuum", { s in s.vacuum = 0 }),
    ("match", { s in s.match = 99 }),
  ]

  @Test("wrong input is refused with its place", arguments: mistakes)
  func badInput(place: String, change: Change) throws {
    var specification = InterfaceSpecification()
    change(&specification)
    let (substrate, film) = (try fluoride(), try chloride())
    let error = #expect(throws: InputError.self) {
      _ = try Interface(substrate: substrate, film: film, specification)
    }
    #expect(error?.location == place)
  }
}
