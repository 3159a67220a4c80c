public import Crystal
internal import Symmetry

/// The sites of a structure, crystalline or amorphous, that more ions can take.
///
/// Candidates are the corners and the centres of the faces of the Voronoi cells of all atoms, and of
/// the anions alone: a corner is the centre of a void between four atoms or more, a face centre a
/// narrow between two cells. Candidates too close to an atom are dropped. For a given ion the
/// bond-valence sum V must be near its charge q, and candidates are ranked by
///
///     p = [ ((V − q)/q)² + |Σ s r̂|² / q² ]^½
///
/// where s r̂ are the valences of the bonds along their directions, which cancel at a site; without an
/// ion they are ranked by the distance of the nearest atom. The best candidate of a void is moved onto
/// the symmetry element that it lies near, and its equivalents are added.
///
/// References: C. H. Rycroft, Chaos 19, 041111 (2009), for the cells; M. A. Harvey, S. Baggio and
/// R. Baggio, Acta Cryst. B 62, 1038 (2006), for the vectors of bond valence.
public struct InsertionSites: Sendable {
  /// The kinds of sites, best first.
  public let kinds: [Kind]

  /// The structure with every site as a `Va` atom after its own atoms, kind by kind; atoms without a
  /// label get their element as label.
  public let structure: Structure

  /// Number of atoms and sites that ``structure`` had before.
  public let hostCount: Int

  /// The sites, indices into ``structure``.
  public var indices: [Int] { Array(hostCount..<structure.count) }

  /// Sites that symmetry maps onto each other.
  public struct Kind: Hashable, Sendable {
    /// `i1` for the best kind, `i2` for the next one.
    public var label: String
    /// Number of sites in the cell.
    public var multiplicity: Int
    /// One of the sites, in [0, 1)³.
    public var position: Fractional
    /// Distance of the nearest anion, or of the nearest atom of a structure without anions, Å.
    public var anionDistance: Double
    /// Distance of the nearest other atom, Å; infinite if it is more than 4 Å away.
    public var cationDistance: Double
    /// Bond-valence sum of the ion, valence units; nil without an ion.
    public var valence: Double?
    /// p above, or minus the distance of the nearest atom; less is better.
    public var penalty: Double
  }

  /// Candidates this close to each other are the same point, Å.
  private static let sameness = 0.02

  /// Finds the sites.
  ///
  /// - Parameters:
  ///   - host: The structure; sites that it has as `Va` stay, and no other is put near them.
  ///   - specification: What counts as a site.
  /// - Throws: ``InputError`` for an ion without parameters, atoms on the same point, or numbers out of
  ///   range.
  public init(
    _ host: Structure, _ specification: InsertionSpecification = InsertionSpecification()
  ) throws(InputError) {
    try specification.check()
    let atoms = host.withoutVacancies()
    guard atoms.count > 0 else { throw InputError("the structure has no atoms") }
    try checkUsable(host.positions)
    let judge = try SiteJudge(atoms, specification)
    var candidates: [(position: Fractional, penalty: Double)] = []
    for point in try InsertionSites.points(atoms) {
      if let environment = judge.environment(of: point) {
        candidates.append((point.wrapped, environment.penalty))
      }
    }
    // Rounded, so that equivalent points are in the order of their coordinates on every machine.
    candidates.sort { left, right in
      let (p, q) = ((left.penalty * 1e6).rounded(), (right.penalty * 1e6).rounded())
      let (x, y) = (left.position.components, right.position.components)
      return (p, x.x, x.y, x.z) < (q, y.x, y.y, y.z)
    }
    let operations = try SymmetryDataset(atoms, symprec: specification.symprec).operations
    let lattice = host.lattice
    let tolerance = specification.mergeTolerance
    let grid = NeighbourGrid(
      lattice: lattice, positions: candidates.map(\.position), radius: tolerance)
    var isCovered = [Bool](repeating: false, count: candidates.count)
    func cover(_ points: [Fractional]) {
      for point in points {
        grid.forEach(near: point, within: tolerance) { isCovered[$0.index] = true }
      }
    }
    cover(host.species.indices.filter { host.species[$0].isVacancy }.map { host.positions[$0] })
    var taken = host.species.indices.filter { host.species[$0].isVacancy }
      .map { host.positions[$0] }
    var found: [(orbit: [Fractional], environment: SiteEnvironment)] = []
    for (index, candidate) in candidates.enumerated() where !isCovered[index] {
      let orbit = SiteOrbit(
        candidate.position, operations, lattice: lattice, tolerance: tolerance)
      guard let environment = judge.environment(of: orbit.positions[0]) else { continue }
      if orbit.shift > InsertionSites.sameness {
        let near = NeighbourGrid(lattice: lattice, positions: taken, radius: tolerance)
        if near.nearest(to: orbit.positions[0], within: tolerance) != nil { continue }
      }
      found.append((orbit.positions, environment))
      taken += orbit.positions
      cover(orbit.positions)
    }
    found.sort {
      ($0.environment.penalty * 1e6).rounded() < ($1.environment.penalty * 1e6).rounded()
    }
    self.kinds = found.enumerated().map { index, site in
      Kind(
        label: "i\(index + 1)", multiplicity: site.orbit.count, position: site.orbit[0],
        anionDistance: site.environment.anionDistance,
        cationDistance: site.environment.cationDistance, valence: site.environment.valence,
        penalty: site.environment.penalty)
    }
    self.structure = host.addingSites(
      found.map(\.orbit).enumerated().map { ("i\($0.offset + 1)", $0.element) })
    self.hostCount = host.count
  }

  /// The corners and face centres of the cells of all atoms, and of the anions alone.
  private static func points(_ atoms: Structure) throws(InputError) -> [Fractional] {
    let anions = atoms.positions.indices.filter { atoms.species[$0].element.isUsualAnion }
    var sets = [atoms.positions]
    if !anions.isEmpty, anions.count < atoms.count {
      sets.append(anions.map { atoms.positions[$0] })
    }
    var points: [Fractional] = []
    for positions in sets {
      for cell in try VoronoiTessellation(lattice: atoms.lattice, positions: positions).cells {
        points += cell.vertices + cell.faces.map(\.centre)
      }
    }
    return distinct(points, atoms.lattice)
  }

  /// The points without those that are nearly on another one: a corner belongs to four cells.
  private static func distinct(_ points: [Fractional], _ lattice: Lattice) -> [Fractional] {
    let grid = NeighbourGrid(lattice: lattice, positions: points, radius: sameness)
    var isKnown = [Bool](repeating: false, count: points.count)
    return points.indices.filter { index in
      guard !isKnown[index] else { return false }
      grid.forEach(near: points[index], within: sameness) { isKnown[$0.index] = true }
      return true
    }.map { points[$0] }
  }
}

extension InsertionSpecification {
  /// Refuses numbers that cannot be meant.
  func check() throws(InputError) {
    for (value, range, name) in [
      (minimumDistance, 0.3...4, "minimum distance"), (cationDistance, 0...4, "cation distance"),
      (mismatch, 0.01...10, "mismatch"), (mergeTolerance, 0.05...2, "merging tolerance"),
    ] where !range.contains(value) {
      throw InputError(
        "\(name) \(value), expected \(range.lowerBound) to \(range.upperBound)")
    }
  }
}
