public import Crystal

/// Atoms at random in a periodic box, no two nearer than their least distance.
///
/// Atoms are put down one by one, the largest first, where there is room (random sequential addition);
/// when there is none left, at the roomiest of some random places. A relaxation under the soft repulsion
/// E = Σ ½ (d₀ − d)² then drives pairs apart until none is nearer than its least distance d₀.
public struct Packing: Sendable {
  /// The atoms, species by species in the order of the formula; column `initial_charges` if the
  /// oxidation states balance.
  public let structure: Structure

  /// Number of formula units.
  public let formulaUnits: Int

  /// Mass density, g/cm³.
  public let density: Double

  /// The least distances that were asked for.
  public let distances: MinimumDistances

  /// Smallest d/d₀ of all pairs; at least 1.
  public let tightness: Double

  /// Atoms that found no room before the relaxation; 0 for points that were given.
  public let crowded: Int

  /// Steps of the relaxation; 0 for points that were given.
  public let steps: Int

  /// Packs a composition.
  ///
  /// - Parameter specification: Composition, density or box, distances, seed.
  /// - Throws: ``InputError`` for a formula, density or box that cannot be meant, an element without
  ///   radius, or a density that is not reached; that one says which is.
  public init(_ specification: PackingSpecification) throws(InputError) {
    let plan = try PackingPlan(specification)
    var state = PackingState(plan)
    let reached = state.relax(limit: specification.steps)
    guard reached else {
      // Grown by the inverse of its tightness the packing that was reached keeps all distances.
      let largest = plan.density * state.looserDensityFactor(steps: specification.steps / 4)
      throw InputError(
        "\(fixed(plan.density, 3)) g/cm³ is too dense for these distances: no packing was found in "
          + "\(specification.steps) steps",
        at: specification.box == nil ? "density" : "box",
        hint: "\(fixed(largest, 3)) g/cm³ was reached; or lower the factor on the radii, now "
          + "\(fixed(specification.factor, 3))")
    }
    self.structure = try plan.structure(state.points)
    self.formulaUnits = plan.formulaUnits
    self.density = plan.density
    self.distances = plan.distances
    self.tightness = state.tightness()
    self.crowded = state.crowded
    self.steps = state.steps
  }

  /// A packing that something else made.
  ///
  /// - Parameters:
  ///   - plan: What was to be packed.
  ///   - points: Cartesian positions, element by element in the order of the plan, Å; any image.
  /// - Throws: ``InputError`` if the points are too few or too many, no usable numbers, or two atoms are
  ///   nearer than their least distance.
  public init(_ plan: PackingPlan, points: [SIMD3<Double>]) throws(InputError) {
    let count = plan.counts.reduce(0, +)
    guard points.count == count else {
      throw InputError("a packing of \(points.count) atoms, expected \(count)")
    }
    if let lost = points.firstIndex(where: { !(($0 * $0).sum() < 1e12) }) {
      throw InputError("the position of atom \(lost + 1) is not a usable number")
    }
    let ratio = smallestRatio(
      points, kinds: plan.kinds.map(Int32.init), edges: plan.edges, table: plan.distances.table,
      largest: plan.distances.largest)
    guard ratio >= 1 else {
      throw InputError(
        "two atoms of the packing are at \(fixed(ratio, 4)) of their least distance",
        hint: "lower the density, or take another seed")
    }
    structure = try plan.structure(points)
    formulaUnits = plan.formulaUnits
    density = plan.density
    distances = plan.distances
    tightness = ratio
    crowded = 0
    steps = 0
  }
}
