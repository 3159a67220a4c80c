import Arrangement
import CellgenTestSupport
import Crystal
import Testing

/// One atom of a disordered structure.
struct Atom {
  var species: String
  var position: Fractional
  var occupancy: Double
  var label: String
  var uncertainty = 0.0
  var group = "."

  init(
    _ label: String, _ species: String, _ x: Double, _ y: Double, _ z: Double, _ occupancy: Double,
    uncertainty: Double = 0, group: String = "."
  ) {
    self.species = species
    self.position = Fractional(x, y, z)
    self.occupancy = occupancy
    self.label = label
    self.uncertainty = uncertainty
    self.group = group
  }
}

func disordered(_ atoms: [Atom], lattice: Lattice = skewedLattice) -> Structure {
  Structure(
    lattice: lattice, species: atoms.map { Species($0.species) ?? Species(.dummy) },
    positions: atoms.map(\.position),
    columns: [
      Column(Column.Name.fileLabel, .text(atoms.map(\.label))),
      Column(Column.Name.occupancy, .real(atoms.map(\.occupancy))),
      Column(Column.Name.occupancyUncertainty, .real(atoms.map(\.uncertainty))),
      Column(Column.Name.disorderGroup, .text(atoms.map(\.group))),
    ])
}

/// The messages with which a structure is refused.
func refusal(
  _ structure: Structure, disorderGroup: Int? = nil, source: String? = nil
) -> [String] {
  do {
    _ = try DisorderedCrystal(structure, disorderGroup: disorderGroup, source: source)
    return []
  } catch {
    return error.problems.map(\.description)
  }
}

/// What must hold for every disordered crystal in any supercell.
func expectLaws(
  _ crystal: DisorderedCrystal, cells: Int = 3, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  #expect(
    crystal.groups.flatMap(\.sites).sorted() == Array(crystal.parent.species.indices),
    sourceLocation: sourceLocation)
  #expect(
    Set(crystal.groups.map(\.label)).count == crystal.groups.count, sourceLocation: sourceLocation)
  let specification = try crystal.specification(
    supercell: supercell("1x1x\(cells)"), rounding: .nearest, chargePolicy: .background)
  #expect(specification.parent == crystal.parent, sourceLocation: sourceLocation)
  for group in crystal.groups {
    let total = group.occupants.reduce(0) { $0 + $1.occupancy }
    #expect((total - 1).magnitude < 1e-9, sourceLocation: sourceLocation)
    for site in group.sites {
      #expect(specification.allowed[site] == group.elements, sourceLocation: sourceLocation)
      #expect(crystal.parent.labels?[site] == group.label, sourceLocation: sourceLocation)
    }
    guard group.isMixed else { continue }
    let counts = try #require(
      specification.counts.first { $0.label == group.label }?.counts, sourceLocation: sourceLocation
    )
    let sites = group.sites.count * cells
    // Every site is counted once, and no number is further from its share than the next whole one.
    #expect(counts.values.reduce(0, +) == sites, sourceLocation: sourceLocation)
    for occupant in group.occupants {
      let count = Double(try #require(counts[occupant.element]))
      #expect(
        (count - occupant.occupancy * Double(sites)).magnitude < 1 + 1e-9,
        sourceLocation: sourceLocation)
    }
  }
}

/// Atoms of one row on `count` sites along a, and a full anion.
func row(
  _ species: [(String, Double)], sites count: Int, uncertainty: Double = 0, anion: String = "O2-"
) throws -> DisorderedCrystal {
  let lattice = try Lattice(
    a: SIMD3(4 * Double(count), 0, 0), b: SIMD3(0, 5, 0), c: SIMD3(0, 0, 6))
  var atoms: [Atom] = []
  for site in 0..<count {
    let x = Double(site) / Double(count)
    for (name, occupancy) in species {
      atoms.append(
        Atom(
          "\(name.prefix(2).filter(\.isLetter))1", name, x, 0, 0, occupancy,
          uncertainty: uncertainty))
    }
    atoms.append(Atom("O1", anion, x, 0.5, 0.5, 1))
  }
  return try DisorderedCrystal(disordered(atoms, lattice: lattice))
}
