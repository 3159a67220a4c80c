public import Crystal

/// Cubic particles of one or more crystals in a periodic box, as a start for amorphous mixtures.
///
/// Each particle is a cube cut along the Cartesian axes of its structure, so that the layers of a slab
/// or a multilayer are normal to z before it is turned. Ions are removed at its surface until its
/// composition is exact. Columns are kept; `particle` counts the particles from 0.
///
/// Reference: the procedure of X. Yang et al., "Fast Room-Temperature Mg-Ion Conduction in Clay-Like
/// Halide Glassy Electrolytes" (2024), for MgCl2–GaF3.
public struct ParticleAssembly: Sendable {
  /// The atoms, particle by particle.
  public let structure: Structure

  /// The particles, place by place, the first axis running fastest.
  public let particles: [Particle]

  /// Distance of the faces that was asked for, Å.
  public let askedGap: Double

  /// Distance of the faces in the structure, Å.
  public let gap: Double

  /// Pairs of atoms of different particles that are too near at the gap that was asked for.
  public let overlapsAtAskedGap: Int

  /// Pairs that are too near in the structure.
  public let overlaps: Int

  /// Smallest distance between atoms of different particles over the sum of their radii; infinite if
  /// none is nearer than the largest such sum.
  public let closest: Double

  /// What was removed because of overlaps; nil if nothing was.
  public let removal: Removal?

  /// Charge of the box, e; nil if oxidation states are not known.
  public let charge: Double?

  /// Neutral groups that were removed so that no atoms are too near.
  public struct Removal: Hashable, Sendable {
    /// A group, the reduced formula of the box.
    public let group: Composition
    /// Number of groups.
    public let groups: Int
    /// Number of atoms.
    public let atoms: Int
    /// No removal does with fewer groups.
    public let leastGroups: Int
  }

  /// One of the cubes.
  public struct Particle: Hashable, Sendable {
    /// Which structure it is cut from, from 0.
    public let source: Int
    /// Its place in the grid.
    public let place: SIMD3<Int>
    /// Where x, y and z of its structure point.
    public let axes: [SIMD3<Double>]
    /// Formula units, before overlaps were removed.
    public let formulaUnits: Int
    /// Edge of its cube, Å.
    public let edge: Double
    /// Number of atoms.
    public fileprivate(set) var atoms: Int
    /// Atoms of each element that were removed from its surface.
    public fileprivate(set) var removed: [Element: Int]
  }

  /// Cuts and arranges particles.
  ///
  /// - Parameters:
  ///   - structures: Crystals, slabs or multilayers; places of the grid take them in turn.
  ///   - specification: Edge, arrangement and so on.
  /// - Throws: ``InputError`` if a number cannot be meant, or a particle cannot have the composition.
  public init(
    _ structures: [Structure], _ specification: ParticleSpecification
  ) throws(InputError) {
    let counts = try ParticleAssembly.grid(structures, specification)
    let recipes = try structures.map { structure throws(InputError) in
      try ParticleRecipe(structure, specification)
    }
    var (cuts, particles): ([ParticleCut], [Particle]) = ([], [])
    var made: [Int: ParticleCut] = [:]
    var parts: [Structure] = []
    for k in 0..<counts.z {
      for j in 0..<counts.y {
        for i in 0..<counts.x {
          let (number, place) = (particles.count, SIMD3(i, j, k))
          let source = number % structures.count
          let isNew = specification.cuts == .independent || made[source] == nil
          let cut =
            isNew
            ? try ParticleCut(
              structures[source], unit: recipes[source].unit, specification, number: number)
            : made[source]
          guard let cut else { continue }
          made[source] = cut
          let axes: [SIMD3<Double>]
          switch specification.rotation {
          case .none: axes = ParticleTurn.quarters[0]
          case .quarterTurns:
            axes = ParticleTurn.quarters[ParticleTurn.colour(place, of: counts)]
          case .random:
            var stream = RandomStream(
              seed: specification.seed, purpose: "particle turn", index: number)
            axes = ParticleTurn.all[stream.integer(below: 24)]
          }
          var part = structures[source].selecting(cut.indices).turningVectors(axes)
          if let charges = recipes[source].charges {
            part.charges = cut.indices.map { charges[$0] }
          }
          part.trace(parents: cut.indices)
          part.set(
            Column("particle", .integer(Array(repeating: number, count: cut.indices.count))))
          parts.append(part)
          cuts.append(cut)
          particles.append(
            Particle(
              source: source, place: place, axes: axes, formulaUnits: cut.formulaUnits,
              edge: cut.edge, atoms: cut.indices.count, removed: cut.removed))
        }
      }
    }
    let layout = try ParticleLayout(
      cuts: cuts, particles: particles, counts: counts, species: parts.flatMap(\.species),
      specification)
    let asked = layout.overlaps(gap: specification.gap)
    let gap =
      specification.overlaps == .widen && !asked.pairs.isEmpty
      ? layout.widened(from: specification.gap) : specification.gap
    let joined = parts.flatMap(\.species)
    let removal =
      specification.overlaps == .remove && !asked.pairs.isEmpty
      ? try ParticleAssembly.removal(of: asked.pairs, layout, joined, seed: specification.seed)
      : nil
    let final = layout.overlaps(gap: gap, without: removal?.isRemoved)
    let (points, edges) = layout.points(gap: gap)
    let lattice: Lattice
    do {
      lattice = try Lattice(
        a: SIMD3(edges.x, 0, 0), b: SIMD3(0, edges.y, 0), c: SIMD3(0, 0, edges.z))
    } catch {
      throw InputError("\(error)", at: "edge")
    }
    let whole = try Structure.joining(parts, in: lattice, at: points)
    if let removal {
      structure = whole.selecting(whole.species.indices.filter { !removal.isRemoved[$0] })
      var start = 0
      for index in particles.indices {
        for atom in start..<(start + parts[index].count) where removal.isRemoved[atom] {
          particles[index].atoms -= 1
          particles[index].removed[joined[atom].element, default: 0] += 1
        }
        start += parts[index].count
      }
      self.removal = Removal(
        group: try whole.composition.reduced().formula, groups: removal.groups,
        atoms: whole.count - structure.count, leastGroups: removal.leastGroups)
    } else {
      structure = whole
      self.removal = nil
    }
    self.particles = particles
    self.askedGap = specification.gap
    self.gap = gap
    self.overlapsAtAskedGap = asked.pairs.count
    self.overlaps = final.pairs.count
    self.closest = final.closest
    let isKnown = recipes.allSatisfy { $0.charges != nil }
    self.charge = isKnown ? structure.charges.map { $0.reduce(0, +) } : nil
    if let charge, let before = whole.charges?.reduce(0, +), (charge - before).magnitude > 1e-6 {
      throw InputError(
        "removing overlaps would leave a charge of \(fixed(charge, 3)) e: atoms of one element have "
          + "several charges", at: "overlaps", hint: "widen the gap instead")
    }
  }

  /// Atoms to remove so that none are too near.
  private static func removal(
    of pairs: [(Int, Int)], _ layout: ParticleLayout, _ species: [Species], seed: UInt64
  ) throws(InputError) -> OverlapRemoval {
    let counts: [Element: Int] = species.reduce(into: [:]) { $0[$1.element, default: 0] += 1 }
    let group = try Composition(counts: counts).reduced().formula
    // Half an ångström of chance spreads the holes over the faces of all particles.
    var stream = RandomStream(seed: seed, purpose: "overlap removal")
    let depths = layout.depths.map { $0 + 0.5 * stream.uniform() }
    let removal = OverlapRemoval(
      pairs: pairs, kinds: layout.kinds, group: layout.elements.map { group[$0].numerator },
      depths: depths)
    guard let removal else {
      throw InputError(
        "more than a quarter of the atoms would have to go in groups of \(group)", at: "overlaps",
        hint:
          "widen the gap, or give all particles the same number of formula units, which makes the "
          + "groups small")
    }
    return removal
  }

  /// Checks what does not depend on the structures; the number of particles along each edge.
  private static func grid(
    _ structures: [Structure], _ specification: ParticleSpecification
  ) throws(InputError) -> SIMD3<Int> {
    guard !structures.isEmpty else { throw InputError("no structure to cut particles from") }
    let n = specification.arrangement
    guard n.count == 3, n.allSatisfy({ (1...6).contains($0) }) else {
      throw InputError(
        "the arrangement \(n.map(String.init).joined(separator: "x")), expected three numbers from "
          + "1 to 6", at: "arrangement", hint: "write 2x2x2")
    }
    guard specification.gap >= 0, specification.gap <= 100 else {
      throw InputError("a gap of \(specification.gap) Å, expected 0 to 100 Å", at: "gap")
    }
    guard (1...10_000).contains(specification.trials) else {
      throw InputError("\(specification.trials) trials, expected 1 to 10000", at: "trials")
    }
    if let units = specification.formulaUnits, !(1...1_000_000).contains(units) {
      throw InputError("\(units) formula units, expected 1 to 1000000", at: "formula_units")
    }
    guard specification.edge != nil || specification.formulaUnits != nil else {
      throw InputError("expected an edge or a number of formula units", at: "edge")
    }
    if let edge = specification.edge, !ParticleCut.edgeRange.contains(edge) {
      throw InputError("an edge of \(edge) Å, expected 4 to 300 Å", at: "edge")
    }
    return SIMD3(n[0], n[1], n[2])
  }
}

/// What every particle of a structure must hold.
struct ParticleRecipe {
  /// Atoms of each element per formula unit.
  let unit: [Element: Int]
  /// Charge of each atom of the structure, e.
  let charges: [Double]?

  init(_ structure: Structure, _ specification: ParticleSpecification) throws(InputError) {
    let composition: Composition
    if let formula = specification.formula {
      do {
        composition = try Composition(parsing: formula).reduced().formula
      } catch {
        throw error.inside("formula")
      }
    } else {
      composition = try structure.composition.reduced().formula
    }
    guard !composition.amounts.isEmpty else { throw InputError("a structure has no atoms") }
    unit = Dictionary(
      uniqueKeysWithValues: composition.amounts.map { ($0.element, $0.amount.numerator) })
    charges = try FormalCharges.perAtom(structure, states: specification.oxidation)
    guard let charges else { return }
    // Where all atoms of an element have the same charge, the formula must be neutral.
    var states: [Element: Set<Double>] = [:]
    for (species, charge) in zip(structure.species, charges) {
      states[species.element, default: []].insert(charge)
    }
    let total = unit.reduce(0.0) { $0 + (states[$1.key]?.first ?? 0) * Double($1.value) }
    guard total.magnitude < 1e-6 || states.values.contains(where: { $0.count > 1 }) else {
      throw InputError(
        "a unit of \(composition) has a charge of \(fixed(total, 3)) e", at: "formula",
        hint: "take a neutral formula, or give oxidation states")
    }
  }
}
