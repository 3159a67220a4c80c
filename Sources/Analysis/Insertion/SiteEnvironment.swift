internal import Crystal

/// What surrounds a point of a structure.
struct SiteEnvironment: Sendable {
  /// Distance of the nearest anion, Å; of the nearest atom if there are no anions.
  var anionDistance = Double.infinity

  /// Distance of the nearest atom that is no anion, Å; infinite if none is near.
  var cationDistance = Double.infinity

  /// Bond-valence sum of the ion, valence units; nil without an ion.
  var valence: Double?

  /// How well the point suits as a site; less is better.
  var penalty = 0.0
}

/// Judges points of a structure as sites.
struct SiteJudge: Sendable {
  private let grid: NeighbourGrid
  private let isAnion: [Bool]
  private let parameters: [BondValence?]
  private let charge: Double?
  private let specification: InsertionSpecification

  /// Bonds longer than this are not summed, Å; a bond of Mg and O has then 0.002 valence units.
  static let bondCutoff = 4.0

  init(_ atoms: Structure, _ specification: InsertionSpecification) throws(InputError) {
    let anions = atoms.species.map(\.element.isUsualAnion)
    let hasAnions = anions.contains(true)
    // A metal has no anions to bind to: all its atoms are alike.
    self.isAnion = hasAnions ? anions : anions.map { _ in true }
    self.specification = specification
    self.grid = NeighbourGrid(
      lattice: atoms.lattice, positions: atoms.positions, radius: SiteJudge.bondCutoff)
    guard let text = specification.ion else {
      self.charge = nil
      self.parameters = atoms.species.map { _ in nil }
      return
    }
    guard let ion = Species(text), !ion.isVacancy else {
      throw InputError("\"\(text)\" is no ion", at: "ion", hint: "write Mg2+ or Li+")
    }
    guard let charge = ion.oxidationState, charge > 0 else {
      throw InputError(
        "the ion \(text) needs a positive oxidation state", at: "ion",
        hint: "write \(ion.element)\(ion.element.oxidationStates.first.map { "\($0)" } ?? "2")+")
    }
    guard hasAnions else {
      throw InputError(
        "bond valences of \(text) need anions, and the structure has none", at: "ion",
        hint: "leave out the ion to find voids by distance alone")
    }
    var table: [Element: BondValence] = [:]
    for element in Set(atoms.species.map(\.element)).sorted() where element.isUsualAnion {
      guard let parameters = BondValence(cation: ion, anion: element) else {
        let known = BondValence.cations(with: element).map(\.description)
        throw InputError(
          "no bond-valence parameters for \(text) and \(element)", at: "ion",
          hint: known.isEmpty
            ? "leave out the ion to find voids by distance alone"
            : "tabulated with \(element): \(known.joined(separator: ", "))")
      }
      table[element] = parameters
    }
    self.charge = charge
    self.parameters = atoms.species.map { table[$0.element] }
  }

  /// The environment of a point; nil if no ion can be there.
  func environment(of point: Fractional) -> SiteEnvironment? {
    var found = SiteEnvironment()
    var (sum, direction) = (0.0, SIMD3<Double>.zero)
    let (least, leastCation) = (
      specification.minimumDistance,
      max(specification.minimumDistance, specification.cationDistance)
    )
    grid.forEach(near: point, within: SiteJudge.bondCutoff) { neighbour in
      if isAnion[neighbour.index] {
        found.anionDistance = min(found.anionDistance, neighbour.distance)
      } else {
        found.cationDistance = min(found.cationDistance, neighbour.distance)
      }
      if let bond = parameters[neighbour.index] {
        let valence = bond.valence(neighbour.distance)
        sum += valence
        if neighbour.distance > 1e-6 {
          direction += valence * neighbour.vector / neighbour.distance
        }
      }
    }
    guard found.anionDistance >= least, found.cationDistance >= leastCation else { return nil }
    guard let charge else {
      found.penalty = -min(found.anionDistance, found.cationDistance)
      return found
    }
    let mismatch = (sum - charge) / charge
    guard mismatch.magnitude <= specification.mismatch else { return nil }
    found.valence = sum
    // The valences of the bonds of an ion at rest add up to its charge, their vectors to zero.
    found.penalty = (mismatch * mismatch + dot(direction, direction) / (charge * charge))
      .squareRoot()
    return found
  }
}
