public import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A packing before any atom is put down: what, how many, in which box.
public struct PackingPlan: Sendable {
  /// Number of formula units.
  public let formulaUnits: Int
  /// The elements, in the order of the formula.
  public let elements: [Element]
  /// Atoms of each element.
  public let counts: [Int]
  /// Edges of the rectangular box, Å.
  public let edges: SIMD3<Double>
  /// Mass density, g/cm³.
  public let density: Double
  /// The least distances, for the same elements.
  public let distances: MinimumDistances
  /// Of the random numbers.
  public let seed: UInt64

  let charges: [Element: Double]?

  /// Atoms that are not taken for a mistake.
  static let atomLimit = 2_000_000

  /// Checks a specification.
  ///
  /// - Throws: ``InputError`` for a formula, density or box that cannot be meant, or an element without
  ///   radius.
  public init(_ specification: PackingSpecification) throws(InputError) {
    let formula: Composition
    do {
      formula = try Composition(parsing: specification.formula)
    } catch {
      throw error.inside("formula")
    }
    guard formula.amounts.allSatisfy({ $0.amount.denominator == 1 }) else {
      throw InputError(
        "\(formula) has fractions of atoms", at: "formula",
        hint: "write whole numbers: \((try? formula.reduced().formula).map(String.init) ?? "…")")
    }
    let perUnit = formula.atomCount
    let wanted =
      specification.formulaUnits.map(Double.init)
      ?? (Double(specification.atoms ?? 1000) / perUnit).rounded()
    guard wanted >= 1, wanted * perUnit <= Double(PackingPlan.atomLimit) else {
      throw InputError(
        "\(fixed(wanted * perUnit, 0)) atoms, expected \(Int(perUnit)) to \(PackingPlan.atomLimit)",
        at: specification.formulaUnits == nil ? "atoms" : "formula_units")
    }
    let units = Int(wanted)
    formulaUnits = units
    elements = formula.elements
    counts = formula.amounts.map { $0.amount.numerator * units }
    seed = specification.seed
    let mass = formula.mass * Double(units)
    switch (specification.density, specification.box) {
    case (let density?, nil):
      guard density.isFinite, density > 1e-4, density < 50 else {
        throw InputError("a density of \(density) g/cm³, expected 0.0001 to 50", at: "density")
      }
      let edge = cbrt(mass / (UnitFactor.gramPerCubicCentimetre * density))
      edges = SIMD3(repeating: edge)
      self.density = density
    case (nil, let box?):
      guard box.count == 1 || box.count == 3, box.allSatisfy({ $0 >= 1 && $0 <= 10_000 }) else {
        throw InputError(
          "the box has the edges \(box.map { "\($0)" }.joined(separator: ", ")), expected one or "
            + "three lengths of 1 to 10000 Å", at: "box")
      }
      edges = box.count == 1 ? SIMD3(repeating: box[0]) : SIMD3(box[0], box[1], box[2])
      self.density = mass / (UnitFactor.gramPerCubicCentimetre * edges.x * edges.y * edges.z)
    default:
      throw InputError("expected either a density or a box", at: "density")
    }
    var states: [Element: Double] = [:]
    for (symbol, state) in specification.oxidation.sorted(by: { $0.key < $1.key }) {
      guard let element = Element(symbol: symbol), formula.elements.contains(element) else {
        throw InputError("there is no \(symbol) in \(formula)", at: "oxidation")
      }
      states[element] = state
    }
    let cell = Dictionary(
      uniqueKeysWithValues: formula.amounts.map { ($0.element, $0.amount.numerator) })
    charges = FormalCharges.balanced(cell, fixed: states)
    distances = try MinimumDistances(
      formula.elements, states: charges ?? states, factor: specification.factor,
      pairs: specification.distances, radii: specification.radii)
    let shortest = min(edges.x, min(edges.y, edges.z))
    guard 2 * distances.largest <= shortest else {
      throw InputError(
        "the box edge of \(fixed(shortest, 3)) Å is less than twice the largest distance of "
          + "\(fixed(distances.largest, 3)) Å",
        at: specification.box == nil ? "atoms" : "box", hint: "pack more atoms")
    }
  }

  /// Kind of each atom, an index into ``elements``.
  var kinds: [Int] {
    counts.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
  }

  /// The structure with its atoms at given points.
  func structure(_ points: [SIMD3<Double>]) throws(InputError) -> Structure {
    let lattice: Lattice
    do {
      lattice = try Lattice(
        a: SIMD3(edges.x, 0, 0), b: SIMD3(0, edges.y, 0), c: SIMD3(0, 0, edges.z))
    } catch {
      throw InputError("\(error)", at: "box")
    }
    let species = kinds.map { Species(elements[$0]) }
    var result = Structure(
      lattice: lattice, species: species,
      positions: points.map { Fractional($0 / edges).wrapped })
    if let charges { result.charges = species.map { charges[$0.element] ?? 0 } }
    return result
  }
}
