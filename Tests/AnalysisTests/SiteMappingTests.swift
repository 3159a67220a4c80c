import Analysis
import Building
import CellgenTestSupport
import Crystal
import Testing

/// A spinel host with every site, as a unit cell; `empty` labels hold no atoms.
private func host(empty: Set<String> = []) throws -> Structure {
  var cell = try Spinel(SpinelSpecification()).unitCell
  for (site, label) in (cell.labels ?? []).enumerated() where empty.contains(label) {
    cell.setSpecies(.vacancy, at: site)
  }
  return cell
}

/// What is done to a structure before it is mapped.
private struct Treatment: Sendable, CustomTestStringConvertible {
  var shift = SIMD3<Double>.zero
  var strain = [0.0, 0, 0, 0, 0, 0]
  var rattle = 0.0
  var turned = false
  var seed: UInt64 = 1

  var testDescription: String { "shift \(shift) strain \(strain) rattle \(rattle) turn \(turned)" }

  /// The treated atoms, in random order, and the site that each came from.
  func callAsFunction(_ ideal: Structure) throws -> (atoms: Structure, sites: [Int]) {
    var sites = ideal.species.indices.filter { !ideal.species[$0].isVacancy }
    var stream = RandomStream(seed: seed, purpose: "permutation")
    stream.shuffle(&sites)
    var atoms = ideal.selecting(sites)
    for index in sites.indices {
      let point = ideal.lattice.cartesian(atoms.positions[index]).components + shift
      atoms.setPosition(ideal.lattice.fractional(Cartesian(point)), at: index)
    }
    atoms = try atoms.rattled(rattle, seed: seed).strained(Strain(strain))
    if turned {
      func turn(_ v: SIMD3<Double>) -> SIMD3<Double> {
        // About (1, 1, 1) by 120 degrees, then about z by about 37 degrees.
        let w = SIMD3(v.y, v.z, v.x)
        return SIMD3(0.8 * w.x - 0.6 * w.y, 0.6 * w.x + 0.8 * w.y, w.z)
      }
      let lattice = atoms.lattice
      atoms.lattice = try Lattice(a: turn(lattice.a), b: turn(lattice.b), c: turn(lattice.c))
    }
    return (atoms, sites)
  }
}

@Suite struct SiteMappingTests {
  @Test(
    "the site of every atom is found again",
    arguments: [
      Treatment(), Treatment(shift: SIMD3(0.7, -0.4, 1.1)),
      Treatment(strain: [0.05, -0.05, 0.03, 0.02, -0.01, 0.04]), Treatment(rattle: 0.1),
      Treatment(rattle: 0.2, seed: 2), Treatment(rattle: 0.3, seed: 3),
      Treatment(
        shift: SIMD3(-1.2, 0.9, 0.5), strain: [0.04, 0.05, 0.05, 0, 0.01, 0], rattle: 0.2, seed: 4),
    ], [Set<String>(), ["8a"], ["16d"]])
  private func identity(treatment: Treatment, empty: Set<String>) throws {
    let parent = try host(empty: empty)
    let ideal = try parent.repeated(SupercellMatrix(parsing: "2x2x1"))
    let (atoms, sites) = try treatment(ideal)
    let mapping = try SiteMapping(atoms, parent: parent)
    #expect(mapping.atoms.map { $0.site?.site } == sites)
    #expect(mapping.structure.species == ideal.species)
    #expect(mapping.structure.labels == ideal.labels)
    #expect(mapping.migrated.isEmpty && mapping.unassigned.isEmpty)
    #expect("\(mapping.supercell)" == "2x2x1")
    #expect(length(mapping.shift - treatment.shift) < 0.1)
    for (found, given) in zip(mapping.strain, treatment.strain) {
      #expect((found - given).magnitude < 1e-9)
    }
  }

  @Test(
    "a turned cell is matched by its metric, with the right labels",
    arguments: ["1x1x1", "2x1x1", "3x2x3"])
  func turnedCell(supercell: String) throws {
    let parent = try host()
    let ideal = try parent.repeated(SupercellMatrix(parsing: supercell))
    let (atoms, _) = try Treatment(
      shift: SIMD3(0.3, 0.2, 0.1), strain: [0.02, 0, -0.02, 0, 0, 0.01], rattle: 0.05, turned: true)(
        ideal)
    let mapping = try SiteMapping(atoms, parent: parent)
    #expect(mapping.migrated.isEmpty && mapping.unassigned.isEmpty)
    #expect(mapping.rootMeanSquareDisplacement < 0.1)
    #expect(mapping.rotationDegrees > 1)
  }

  @Test("a supercell of the primitive cell is matched too")
  func primitiveSupercell() throws {
    let parent = try host()
    let primitive = try Lattice(
      a: (parent.lattice.b + parent.lattice.c) / 2, b: (parent.lattice.c + parent.lattice.a) / 2,
      c: (parent.lattice.a + parent.lattice.b) / 2)
    var (kept, positions): ([Int], [Fractional]) = ([], [])
    for (site, position) in parent.positions.enumerated() {
      let point = primitive.fractional(parent.lattice.cartesian(position)).wrapped
      guard positions.allSatisfy({ primitive.distance($0, point) > 0.1 }) else { continue }
      kept.append(site)
      positions.append(point)
    }
    let cell = parent.selecting(kept)
    let small = Structure(
      lattice: primitive, species: cell.species, positions: positions, columns: cell.columns)
    let (atoms, _) = try Treatment(rattle: 0.1)(small)
    let mapping = try SiteMapping(atoms, parent: parent)
    #expect(mapping.usesPrimitiveCell && mapping.supercell.cellCount == 1)
    #expect(mapping.migrated.isEmpty && mapping.unassigned.isEmpty)
  }

  @Test("a small triclinic cell without symmetry", arguments: [1, 2, 3] as [UInt64])
  func triclinicCell(seed: UInt64) throws {
    let oxygen = Species(.oxygen)
    let zinc = try #require(Species("Zn"))
    var parent = Structure(
      lattice: skewedLattice, species: [oxygen, oxygen, zinc, .vacancy, zinc],
      positions: [
        Fractional(0.1, 0.2, 0.3), Fractional(0.55, 0.7, 1.9), Fractional(-0.3, 0.4, 0.1),
        Fractional(0.3, 0.9, 0.6), Fractional(0.85, 0.15, 0.75),
      ])
    parent.labels = ["o", "o", "a", "b", "c"]
    for supercell in ["1x1x1", "1 1 0 -1 2 0 0 1 2"] {
      let ideal = try parent.repeated(SupercellMatrix(parsing: supercell))
      let treatment = Treatment(
        shift: SIMD3(0.5, -0.3, 0.8), strain: [0.03, -0.02, 0.01, 0.02, 0.01, -0.02], rattle: 0.05,
        seed: seed)
      let (atoms, sites) = try treatment(ideal)
      let mapping = try SiteMapping(atoms, parent: parent)
      #expect(mapping.atoms.map { $0.site?.site } == sites)
      #expect(mapping.structure.species == ideal.species)
    }
  }

  @Test("a framework with vacancies, and a parent that is a supercell itself")
  func vacantFramework() throws {
    let parent = try host().repeated(SupercellMatrix(parsing: "1x1x2"))
    let ideal = try parent.repeated(SupercellMatrix(parsing: "2x1x1"))
    let (atoms, sites) = try Treatment(
      shift: SIMD3(0.2, 0.3, -0.6), strain: [0.02, 0.01, 0, 0, 0, 0], rattle: 0.1)(ideal)
    let kept = atoms.species.indices.filter { $0 % 17 != 3 }
    let mapping = try SiteMapping(atoms.selecting(kept), parent: parent)
    #expect(mapping.atoms.map { $0.site?.site } == kept.map { sites[$0] })
    let pairs = zip(mapping.structure.parentSites ?? [], mapping.structure.cellIndices ?? [])
    #expect(Set(pairs.map { [$0, $1] }).count == ideal.count)
  }

  @Test("a left-handed cell is mapped too")
  func leftHanded() throws {
    let parent = try host()
    let (atoms, _) = try Treatment(rattle: 0.1)(parent)
    var other = atoms
    other.lattice = try Lattice(a: atoms.lattice.b, b: atoms.lattice.a, c: atoms.lattice.c)
    for (site, position) in atoms.positions.enumerated() {
      let x = position.components
      other.setPosition(Fractional(x.y, x.x, x.z), at: site)
    }
    let mapping = try SiteMapping(other, parent: parent)
    #expect(mapping.migrated.isEmpty && mapping.unassigned.isEmpty)
    #expect(mapping.rootMeanSquareDisplacement < 0.2)
  }

  @Test("ions that were moved on purpose are reported, with the degree of inversion")
  func migration() throws {
    let parent = try host()
    var moved = try parent.repeated(SupercellMatrix(parsing: "2x1x1"))
    let labels = try #require(moved.labels)
    // One Zn goes from 8a to 16c, another one changes places with an Mn of 16d.
    let tetrahedral = labels.indices.filter { labels[$0] == "8a" }
    let octahedral = try #require(labels.firstIndex(of: "16d"))
    let reference = moved.withoutVacancies()
    let zinc = moved.positions[tetrahedral[3]]
    moved.setPosition(moved.positions[octahedral], at: tetrahedral[3])
    moved.setPosition(zinc, at: octahedral)
    // A free 16c site next to the first Zn.
    let first = moved.positions[tetrahedral[0]]
    let free = try #require(
      labels.indices.filter { labels[$0] == "16c" }.min {
        moved.lattice.distance(first, moved.positions[$0])
          < moved.lattice.distance(first, moved.positions[$1])
      })
    moved.setPosition(moved.positions[free], at: tetrahedral[0])
    var atoms = moved.withoutVacancies().rattled(0.1, seed: 5)
    let own = try SiteMapping(atoms, parent: parent)
    let expected = ["1 Mn 16d -> 8a", "1 Zn 8a -> 16c", "1 Zn 8a -> 16d"]
    func text(_ mapping: SiteMapping) -> [String] {
      mapping.migrations.map { "\($0.count) \($0.element) \($0.from) -> \($0.to)" }
    }
    #expect(text(own) == expected)
    #expect(own.origin == .ownLabels)
    #expect(own.degreeOfInversion == 1.0 / 16)
    #expect(own.fillings.map(\.empty) == [1, 31, 0, 0])

    // Without labels, from the host; with a reference in another order of the elements.
    atoms.labels = nil
    let plain = try SiteMapping(atoms, parent: parent)
    #expect(plain.origin == .parent && text(plain) == expected)
    let grouped = try SiteMapping(
      atoms.groupedBySpecies(), parent: parent, reference: reference)
    #expect(grouped.origin == .reference && text(grouped) == expected)
  }

  @Test("an ion between two sites is ambiguous, an atom without a site is reported")
  func doubtfulAtoms() throws {
    let parent = try host()
    var atoms = parent.withoutVacancies()
    let zinc = try #require(atoms.labels?.firstIndex(of: "8a"))
    let free = try #require(
      parent.species.indices.filter { parent.species[$0].isVacancy }
        .map { parent.positions[$0] }
        .min {
          parent.lattice.distance(atoms.positions[zinc], $0)
            < parent.lattice.distance(atoms.positions[zinc], $1)
        })
    var step = free.components - atoms.positions[zinc].components
    step -= step.rounded(.toNearestOrEven)
    atoms.setPosition(Fractional(atoms.positions[zinc].components + 0.48 * step), at: zinc)
    let mapping = try SiteMapping(atoms, parent: parent)
    #expect(mapping.ambiguous.map(\.atom) == [zinc])
    #expect(mapping.atoms[zinc].site?.label == "8a")
    #expect(mapping.atoms[zinc].nextSite?.label == "16c")

    let tight = try SiteMapping(atoms, parent: parent, MappingSpecification(cutoff: 0.5))
    #expect(tight.unassigned.map(\.atom) == [zinc])
  }

  @Test("what cannot be mapped is refused with a reason")
  func badInput() throws {
    let parent = try host()
    let atoms = parent.withoutVacancies()
    func message(
      _ atoms: Structure, _ parent: Structure, _ reference: Structure? = nil,
      _ specification: MappingSpecification = MappingSpecification()
    ) -> String {
      do {
        _ = try SiteMapping(atoms, parent: parent, reference: reference, specification)
        return ""
      } catch {
        return "\(error)"
      }
    }
    var bare = parent
    bare.labels = nil
    #expect(message(atoms, bare).contains("the parent has no labels"))
    var lost = atoms
    lost.setPosition(Fractional(0, .nan, 0), at: 2)
    #expect(message(lost, parent).contains("the position of atom 3 is not a usable number"))
    #expect(message(atoms.selecting([]), parent).contains("has no atoms"))
    #expect(message(atoms, parent, atoms.selecting([0, 1])).contains("the reference is"))
    #expect(
      message(try atoms.strained(Strain([0.2, 0.2, 0.2, 0, 0, 0])), parent)
        .contains("would fit with a strain of 20"))
    var odd = atoms
    odd.lattice = skewedLattice
    #expect(message(odd, parent).contains("is no supercell of the parent's"))
    var stream = RandomStream(seed: 1, purpose: "glass")
    var glass = atoms
    for site in glass.species.indices {
      glass.setPosition(Fractional(stream.uniform(), stream.uniform(), stream.uniform()), at: site)
    }
    #expect(message(glass, parent).contains("Å from the nearest sites"))
    let doubled = atoms.selecting(Array(atoms.species.indices) + Array(40..<atoms.count))
    #expect(message(doubled, parent).contains("anions, but the parent has 32 sites"))
    #expect(
      message(atoms, parent, nil, MappingSpecification(cutoff: .nan)).contains("cutoff nan"))
  }
}
