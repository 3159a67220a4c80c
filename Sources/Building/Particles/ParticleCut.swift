internal import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A cube cut from a crystal, with ions removed from its surface until its composition is exact.
struct ParticleCut: Sendable {
  /// Index in the crystal of each atom.
  let indices: [Int]
  /// Cartesian positions from the centre of the cube, Å.
  let points: [SIMD3<Double>]
  let formulaUnits: Int
  /// Atoms of each element that were removed.
  let removed: [Element: Int]
  /// Edge of the cube, Å.
  let edge: Double

  /// Largest part of the atoms that may be removed.
  private static let removalLimit = 0.25

  /// Edges that are not taken for a mistake, Å.
  static let edgeRange = 4.0...300

  /// Cuts one particle.
  init(
    _ crystal: Structure, unit: [Element: Int], _ specification: ParticleSpecification, number: Int
  ) throws(InputError) {
    var edge = specification.edge ?? 0
    if let units = specification.formulaUnits, specification.edge == nil {
      // The volume of the units in the scarcest element, and a little for the surface.
      let counts = crystal.elementCounts
      let held = unit.map { Double(counts[$0.key, default: 0]) / Double($0.value) }.min() ?? 0
      guard held > 0 else { throw ParticleCut.lacking(crystal, unit) }
      edge = cbrt(Double(units) * crystal.lattice.volume / held)
    }
    while true {
      guard ParticleCut.edgeRange.contains(edge) else {
        throw InputError("an edge of \(fixed(edge, 3)) Å, expected 4 to 300 Å", at: "edge")
      }
      let best = try ParticleCut.best(crystal, unit, specification, edge: edge, number: number)
      guard let wanted = specification.formulaUnits else {
        try self.init(crystal, unit, best, best.units, specification, edge, number)
        return
      }
      if best.units >= wanted {
        try self.init(crystal, unit, best, wanted, specification, edge, number)
        return
      }
      guard specification.edge == nil else {
        throw InputError(
          "a cube of \(fixed(edge, 3)) Å holds \(best.units) formula units, expected \(wanted)",
          at: "formula_units", hint: "leave out the edge, or make it longer")
      }
      edge *= 1.005
    }
  }

  private typealias Candidate = (indices: [Int], points: [SIMD3<Double>], units: Int)

  /// The place of the cube with most formula units, and of those the one with fewest atoms too many.
  private static func best(
    _ crystal: Structure, _ unit: [Element: Int], _ specification: ParticleSpecification,
    edge: Double, number: Int
  ) throws(InputError) -> Candidate {
    var best: Candidate = ([], [], -1)
    let limit = specification.formulaUnits ?? Int.max
    for trial in 0..<max(1, specification.trials) {
      var stream = RandomStream(
        seed: specification.seed, purpose: "particle place", generation: trial, index: number)
      let origin = crystal.lattice.cartesian(
        Fractional(stream.uniform(), stream.uniform(), stream.uniform()))
      let (indices, points) = inside(crystal, centre: origin.components, edge: edge)
      let counts = indices.reduce(into: [Element: Int]()) {
        $0[crystal.species[$1].element, default: 0] += 1
      }
      let held = unit.map { counts[$0.key, default: 0] / $0.value }.min() ?? 0
      let units = min(held, limit)
      if units > best.units || units == best.units && indices.count < best.indices.count {
        best = (indices, points, units)
      }
    }
    guard best.units > 0 else { throw lacking(crystal, unit) }
    return best
  }

  private static func lacking(_ crystal: Structure, _ unit: [Element: Int]) -> InputError {
    InputError(
      "a cube of \(crystal.composition) holds no unit of \(Composition(counts: unit))",
      at: "formula", hint: "take a longer edge, or the composition of the structure")
  }

  /// The atoms in a cube whose lower faces belong to it.
  private static func inside(
    _ crystal: Structure, centre: SIMD3<Double>, edge: Double
  ) -> (indices: [Int], points: [SIMD3<Double>]) {
    let lattice = crystal.lattice
    let half = edge / 2
    // |Δf| along a is at most Σ |a*| half.
    let g = lattice.reciprocal
    let reach = [g.a, g.b, g.c].map {
      ($0.x.magnitude + $0.y.magnitude + $0.z.magnitude) * half / (2 * .pi)
    }
    let middle = lattice.fractional(Cartesian(centre)).components
    var (indices, points): ([Int], [SIMD3<Double>]) = ([], [])
    for (index, position) in crystal.positions.enumerated() {
      guard !crystal.species[index].isVacancy else { continue }
      let d = position.components - middle
      func range(_ axis: Int) -> ClosedRange<Int> {
        Int((-reach[axis] - d[axis]).rounded(.down))...Int((reach[axis] - d[axis]).rounded(.up))
      }
      for i in range(0) {
        for j in range(1) {
          for k in range(2) {
            let f = d + SIMD3(Double(i), Double(j), Double(k))
            let r = lattice.cartesian(Fractional(f)).components
            guard r.x >= -half, r.x < half, r.y >= -half, r.y < half, r.z >= -half, r.z < half
            else { continue }
            indices.append(index)
            points.append(r)
          }
        }
      }
    }
    return (indices, points)
  }

  /// Removes what is too much, nearest to the faces first.
  private init(
    _ crystal: Structure, _ unit: [Element: Int], _ candidate: Candidate, _ units: Int,
    _ specification: ParticleSpecification, _ edge: Double, _ number: Int
  ) throws(InputError) {
    var stream = RandomStream(
      seed: specification.seed, purpose: "particle surface", index: number)
    // Half an ångström of chance spreads the holes over the six faces.
    let depths = candidate.points.map { point in
      edge / 2 - max(point.x.magnitude, max(point.y.magnitude, point.z.magnitude))
        + 0.5 * stream.uniform()
    }
    var keeps = Array(repeating: true, count: depths.count)
    var removed: [Element: Int] = [:]
    let elements = Set(candidate.indices.map { crystal.species[$0].element }).sorted()
    for element in elements {
      let own = candidate.indices.indices.filter {
        crystal.species[candidate.indices[$0]].element == element
      }
      let surplus = own.count - units * unit[element, default: 0]
      guard surplus > 0 else { continue }
      removed[element] = surplus
      for atom in own.sorted(by: { (depths[$0], $0) < (depths[$1], $1) }).prefix(surplus) {
        keeps[atom] = false
      }
    }
    let total = removed.values.reduce(0, +)
    guard Double(total) <= ParticleCut.removalLimit * Double(depths.count) else {
      throw InputError(
        "\(total) of \(depths.count) atoms of a cube would have to be removed", at: "formula",
        hint:
          "build a structure nearer to \(Composition(counts: unit)), for example by the number of "
          + "layers of its slabs")
    }
    let kept = keeps.indices.filter { keeps[$0] }
    self.indices = kept.map { candidate.indices[$0] }
    self.points = kept.map { candidate.points[$0] }
    self.formulaUnits = units
    self.removed = removed
    self.edge = edge
  }
}
