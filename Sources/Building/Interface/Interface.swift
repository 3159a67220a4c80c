public import Crystal

/// Two slabs on each other in a common cell.
///
/// The cell has a along x, b in the xy plane and c along z; the substrate is below. All columns are
/// kept, and `side` says `substrate` or `film`. Heights are those of the slabs: strain in the plane
/// does not change them.
public struct Interface: Sendable {
  /// The atoms, the substrate's first.
  public let structure: Structure

  /// The matches that were found, the smallest area first, each with less strain than all before.
  public let matches: [LatticeMatch]

  /// The one that was built.
  public let match: LatticeMatch

  /// Area of the common cell, Å².
  public let area: Double

  /// Strain of the film in the plane, xx, yy, xy in the axes of its slab.
  public let filmStrain: [Double]

  /// Strain of the substrate in the plane, xx, yy, xy in the axes of its slab.
  public let substrateStrain: [Double]

  /// The matches of two slabs.
  ///
  /// - Throws: ``InputError`` if a slab does not lie in the xy plane, or no match is good enough; it
  ///   names the nearest.
  public static func matches(
    substrate: Structure, film: Structure, _ specification: InterfaceSpecification
  ) throws(InputError) -> [LatticeMatch] {
    let limit = specification.maximumStrain
    guard limit > 0, limit <= 0.3 else {
      throw InputError("a largest strain of \(limit), expected above 0, up to 0.3", at: "strain")
    }
    let search = try LatticeMatching(
      film: FlatSlab(film, "film").plane, substrate: FlatSlab(substrate, "substrate").plane,
      maximumArea: specification.maximumArea)
    let found = search.matches(within: limit)
    guard found.isEmpty else { return found }
    let nearest = search.nearest().map {
      "the nearest is \($0.cells.x) cells of the film on \($0.cells.y) of the substrate, "
        + "\(fixed($0.area, 1)) Å², with a mean strain of \(fixed(100 * $0.meanStrain, 2)) %"
    }
    throw InputError(
      "the surfaces have no common cell of up to \(fixed(specification.maximumArea, 1)) Å² with a "
        + "mean strain below \(fixed(100 * limit, 2)) %",
      at: "strain", hint: nearest ?? "allow a larger area")
  }

  /// Puts a film on a substrate.
  ///
  /// - Parameters:
  ///   - substrate: A slab with a and b in the xy plane.
  ///   - film: Another one.
  ///   - specification: Limits, gap and so on.
  /// - Throws: ``InputError`` if nothing matches or a number cannot be meant.
  public init(
    substrate: Structure, film: Structure, _ specification: InterfaceSpecification
  ) throws(InputError) {
    guard specification.gap >= 0, specification.gap <= 100 else {
      throw InputError("a gap of \(specification.gap) Å, expected 0 to 100 Å", at: "gap")
    }
    guard specification.shift.count == 2, specification.shift.allSatisfy(\.isFinite) else {
      throw InputError(
        "\(specification.shift.count) numbers for the shift, expected two", at: "shift")
    }
    if let vacuum = specification.vacuum, !(vacuum >= 1 && vacuum <= 1000) {
      throw InputError("a vacuum of \(vacuum) Å, expected 1 to 1000 Å, or none", at: "vacuum")
    }
    let matches = try Interface.matches(substrate: substrate, film: film, specification)
    guard (1...matches.count).contains(specification.match) else {
      throw InputError(
        "there is no match \(specification.match)", at: "match",
        hint: "there are matches 1 to \(matches.count)")
    }
    let match = matches[specification.match - 1]
    let lower = try FlatSlab(substrate, "substrate")
    let upper = try FlatSlab(film, "film")
    let (s, f) = (
      lower.plane.superlattice(match.substrateMatrix), upper.plane.superlattice(match.filmMatrix)
    )
    let map = PlaneMap(from: f, to: s)
    let common: PlaneLattice
    switch specification.strained {
    case .film: common = s
    case .substrate: common = f
    case .both:
      let half = map.stretch.squareRoot * map.rotation
      common = PlaneLattice(a: half(f.a), b: half(f.b))
    }
    self.matches = matches
    self.match = match
    self.area = common.area
    self.filmStrain = PlaneMap(from: f, to: common).strain
    self.substrateStrain = PlaneMap(from: s, to: common).strain

    let height =
      lower.thickness + specification.gap + upper.thickness
      + (specification.vacuum ?? specification.gap)
    let length = (common.a * common.a).sum().squareRoot()
    let cell = PlaneLattice(
      a: SIMD2(length, 0),
      b: SIMD2((common.a * common.b).sum() / length, common.signedArea / length))
    let lattice: Lattice
    do {
      lattice = try Lattice(
        a: SIMD3(cell.a.x, 0, 0), b: SIMD3(cell.b.x, cell.b.y, 0), c: SIMD3(0, 0, max(height, 1)))
    } catch {
      throw InputError("\(error)", at: "gap")
    }
    // A multilayer starts half a gap above the bottom, so that both interfaces lie inside the cell.
    let margin = (specification.vacuum ?? specification.gap) / 2
    let below = try lower.placed(
      match.substrateMatrix, on: cell, from: s, bottom: margin, shift: .zero, side: "substrate")
    let shift = specification.shift[0] * cell.a + specification.shift[1] * cell.b
    let above = try upper.placed(
      match.filmMatrix, on: cell, from: f, bottom: margin + lower.thickness + specification.gap,
      shift: shift, side: "film")
    self.structure = try Structure.joining(
      [below.atoms, above.atoms], in: lattice, at: below.points + above.points)
  }
}

/// A slab with its heights counted from its lowest atom.
struct FlatSlab {
  /// Vectors in the plane, a along x.
  let plane: PlaneLattice
  /// From the lowest to the highest atom, Å.
  let thickness: Double
  private let structure: Structure
  /// Cartesian positions in axes with a along x, heights from the lowest atom, Å.
  private let points: [SIMD3<Double>]
  private let frame: [SIMD3<Double>]

  /// Finds the widest gap along the normal and counts heights from there.
  init(_ structure: Structure, _ side: String) throws(InputError) {
    let lattice = structure.lattice
    let scale = length(lattice.a) + length(lattice.b)
    guard lattice.a.z.magnitude + lattice.b.z.magnitude < 1e-6 * scale else {
      throw InputError(
        "the vectors a and b do not lie in the xy plane", at: side,
        hint: "cut a slab first; it is oriented like this")
    }
    guard structure.species.contains(where: { !$0.isVacancy }) else {
      throw InputError("the slab has no atoms", at: side)
    }
    let (x, z) = (lattice.a / length(lattice.a), SIMD3<Double>(0, 0, 1))
    let y = cross(z, x)
    frame = [SIMD3(x.x, y.x, 0), SIMD3(x.y, y.y, 0), SIMD3(0, 0, 1)]
    var b = SIMD2(dot(lattice.b, x), dot(lattice.b, y))
    // A left-handed cell spans the same lattice with b turned over.
    if b.y < 0 { b = -b }
    plane = PlaneLattice(a: SIMD2(length(lattice.a), 0), b: b)
    let wrapped = structure.positions.map(\.wrapped)
    let levels = structure.species.indices.filter { !structure.species[$0].isVacancy }
      .map { wrapped[$0].components.z }.sorted()
    var widest = (gap: levels[0] + 1 - levels[levels.count - 1], start: levels[0])
    for (low, high) in zip(levels, levels.dropFirst()) where high - low > widest.gap + 1e-9 {
      widest = (high - low, high)
    }
    let points = wrapped.map { position -> SIMD3<Double> in
      var f = position.components
      if f.z < widest.start - 1e-9 { f.z += 1 }
      let r = lattice.cartesian(Fractional(f)).components
      return SIMD3(dot(r, x), dot(r, y), r.z * (lattice.c.z < 0 ? -1 : 1))
    }
    let heights = structure.species.indices.filter { !structure.species[$0].isVacancy }
      .map { points[$0].z }
    let (low, high) = (heights.min() ?? 0, heights.max() ?? 0)
    self.points = points.map { $0 - SIMD3(0, 0, low) }
    self.thickness = high - low
    self.structure = structure
  }

  /// The atoms of a supercell, strained into a cell.
  func placed(
    _ matrix: PlaneMatrix, on cell: PlaneLattice, from own: PlaneLattice, bottom: Double,
    shift: SIMD2<Double>, side: String
  ) throws(InputError) -> (atoms: Structure, points: [SIMD3<Double>]) {
    let rows = [
      SIMD3(matrix.aa, matrix.ab, 0), SIMD3(matrix.ba, matrix.bb, 0), SIMD3(0, 0, 1),
    ]
    let supercell = try SupercellMatrix(IntegerMatrix(rows: rows))
    let map = PlaneMap(from: own, to: cell)
    var indices: [Int] = []
    var placed: [SIMD3<Double>] = []
    for (index, point) in points.enumerated() {
      for lattice in supercell.cells {
        let flat =
          SIMD2(point.x, point.y) + Double(lattice.x) * plane.a + Double(lattice.y) * plane.b
        let r = map(flat) + shift
        indices.append(index)
        placed.append(SIMD3(r.x, r.y, point.z + bottom))
      }
    }
    var atoms = structure.selecting(indices).turningVectors(frame)
    atoms.set(Column("side", .text(Array(repeating: side, count: indices.count))))
    atoms.trace(parents: indices)
    return (atoms, placed)
  }
}
