import CellgenTestSupport
import Crystal
import Energetics
import Testing

/// Short-range energy of a cell by a plain sum over a generous box of images, eV.
func plainShortRange(_ structure: Structure, _ potentials: PotentialSet) -> Double {
  let lattice = structure.lattice
  let spacings = lattice.planeSpacings
  let box = (0..<3).map { Int((potentials.cutoff / spacings[$0]).rounded(.up)) + 1 }
  var sum = 0.0
  for i in 0..<structure.count {
    for j in 0..<structure.count {
      guard let v = potentials.potential(structure.species[i], structure.species[j]) else {
        continue
      }
      let f = structure.positions[j].wrapped.components - structure.positions[i].wrapped.components
      for x in -box[0]...box[0] {
        for y in -box[1]...box[1] {
          for z in -box[2]...box[2] where i != j || (x, y, z) != (0, 0, 0) {
            let shift = SIMD3(Double(x), Double(y), Double(z))
            let r = length(lattice.cartesian(Fractional(f + shift)).components)
            if r <= potentials.cutoff { sum += 0.5 * v.energy(r) }
          }
        }
      }
    }
  }
  return sum
}

/// Ewald energy plus short-range energy of a whole structure, eV.
func plainEnergy(_ structure: Structure, _ potentials: PotentialSet?) -> Double {
  let atoms = structure.withoutVacancies()
  let coulomb = EwaldSum(
    lattice: atoms.lattice, positions: atoms.positions,
    charges: atoms.species.map { $0.oxidationState ?? 0 })
  return coulomb.energy + (potentials.map { plainShortRange(atoms, $0) } ?? 0)
}

func namedSpecies(_ text: String) throws -> Species { try #require(Species(text)) }

/// A cell with fixed and active sites, for which a table is made.
struct LatticeModel: Sendable, CustomTestStringConvertible {
  var name: String
  /// The supercell; the species of active sites are ignored.
  var structure: Structure
  var fixed: [Species?]
  var species: [Species]
  var translations: [[Int]]
  var potentials: PotentialSet?

  var testDescription: String { name }

  var activeSites: [Int] { fixed.indices.filter { fixed[$0] == nil } }

  var identity: [[Int]] { [Array(0..<structure.count)] }

  func table(_ translations: [[Int]]? = nil) -> InteractionTable {
    InteractionTable(
      lattice: structure.lattice, positions: structure.positions, fixedSpecies: fixed,
      species: species, translations: translations ?? self.translations, potentials: potentials)
  }

  func structure(_ arrangement: [UInt8]) -> Structure {
    var copy = structure
    for i in fixed.indices { if let s = fixed[i] { copy.setSpecies(s, at: i) } }
    for (i, site) in activeSites.enumerated() {
      copy.setSpecies(species[Int(arrangement[i])], at: site)
    }
    return copy
  }

  func randomArrangement(_ seed: UInt64) -> [UInt8] {
    var stream = RandomStream(seed: seed, purpose: "LatticeModel")
    return activeSites.map { _ in UInt8(stream.integer(below: species.count)) }
  }
}

extension LatticeModel {
  /// Repeats a cell; translations are those of the supercell that map its copies onto each other.
  init(
    _ name: String, cell: Structure, fixed: [Species?], species: [Species], supercell: String,
    potentials: PotentialSet?
  ) throws {
    let matrix = try SupercellMatrix(parsing: supercell)
    let large = try cell.repeated(matrix)
    let index = matrix.indexing()
    let cells = matrix.cells
    self.init(
      name: name, structure: large,
      fixed: fixed.flatMap { Array(repeating: $0, count: cells.count) }, species: species,
      translations: cells.map { shift in
        (0..<large.count).map { site in
          let (parent, cell) = site.quotientAndRemainder(dividingBy: cells.count)
          return parent * cells.count + index(cells[cell] &+ shift)
        }
      },
      potentials: potentials)
  }

  /// A triclinic cell without symmetry, sites far outside [0, 1).
  static func triclinic(
    _ name: String, active: [String], supercell: String, potentials: PotentialSet?
  ) throws -> LatticeModel {
    let cell = Structure(
      lattice: skewedLattice, species: Array(repeating: .vacancy, count: 6),
      positions: [
        Fractional(0.03, 0.02, 0.01), Fractional(1.52, -0.49, 2.04), Fractional(-0.48, 0.05, 0.53),
        Fractional(0.26, 3.24, 0.27), Fractional(-1.23, 0.76, 0.22), Fractional(0.78, 0.27, -3.26),
      ])
    let oxide = Species(.oxygen, oxidationState: -2)
    return try LatticeModel(
      name, cell: cell,
      fixed: [
        nil, nil, nil, oxide, oxide, Species(#require(Element(symbol: "Mg")), oxidationState: 2),
      ],
      species: active.map { try namedSpecies($0) }, supercell: supercell,
      potentials: potentials)
  }

  /// The models that every law is tested with.
  static func all() throws -> [LatticeModel] {
    var shortSighted = PotentialSet.lewisCatlow
    shortSighted.cutoff = 5
    return [
      // Cations meet through their charges alone; any arrangement, so the cell may be charged.
      try triclinic(
        "cations", active: ["Mg2+", "Zn2+", "Mn3.5+", "Va"], supercell: "2x1x2",
        potentials: .lewisCatlow),
      // Oxide on active sites: neighbours have short-range interactions.
      try triclinic(
        "oxide vacancies", active: ["O2-", "Mg2+", "Va"], supercell: "1 1 0  -1 1 0  0 0 2",
        potentials: shortSighted),
      try triclinic(
        "electrostatics", active: ["Mg2+", "Li+", "Va"], supercell: "1 1 0  0 2 1  0 0 1",
        potentials: nil),
      try triclinic(
        "one cell", active: ["O2-", "Al3+"], supercell: "1x1x1", potentials: .lewisCatlow),
    ]
  }
}
