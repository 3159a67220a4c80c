public import Crystal

/// A slab of a crystal: a whole number of atomic layers between two surfaces.
///
/// Its lattice has a along x and b in the xy plane, both in the surface, and the normal along z; with
/// vacuum c is the normal, without it c leads from the lowest layer to the same layer of the next
/// repeat unit and may be oblique. Atoms are ordered from the bottom up and keep all their columns;
/// `parent_site` and `cell_index` are added unless they are there, and `layer` counts from 0.
public struct Slab: Sendable {
  /// The atoms.
  public let structure: Structure

  /// The layers from the bottom up; heights are those in the cell, counts those of the whole cell.
  public let layers: [SurfaceStacking.Layer]

  /// Number of the surface at the top, from 1.
  public let termination: Int

  /// Number of the termination that the lower surface is, the slab being turned over; nil if the
  /// crystal cannot be turned over.
  public let lowerTermination: Int?

  /// Area of one surface, Å².
  public let area: Double

  /// From the lowest to the highest atom, Å.
  public let thickness: Double

  /// Repeat units of the crystal in the slab; a fraction if it is no whole number.
  public let repeatUnits: Double

  /// Whether its composition is that of the crystal.
  public let isStoichiometric: Bool

  /// Whether a symmetry operation exchanges the two surfaces.
  public let isSymmetric: Bool

  /// Tasker's type of the surface at the top; nil if charges are not known.
  public let type: SurfaceStacking.TaskerType?

  /// Charge, e; nil if charges are not known.
  public let charge: Double?

  /// Σ q (z − z₀) over all atoms with z₀ in the middle between the lowest and the highest, e·Å; nil if
  /// charges are not known.
  public let dipole: Double?

  /// Whether ``dipole`` is more than rounding.
  public var isPolar: Bool { (dipole ?? 0).magnitude > 1e-6 * max(1, area) }

  /// What is doubtful about the slab, one sentence each.
  public let notes: [String]
}

extension SurfaceStacking {
  /// Slabs with more atoms are taken for a mistake.
  static let atomLimit = 1_000_000

  /// The thinnest slab that fulfils a specification.
  ///
  /// - Parameter specification: Thickness, balance, vacuum and so on; plane, cell, tolerance and
  ///   oxidation states are those with which the stacking was made.
  /// - Returns: The slab.
  /// - Throws: ``InputError`` if there is no such termination, thickness or slab.
  public func slab(_ specification: SlabSpecification) throws(InputError) -> Slab {
    let number = specification.termination
    guard (1...terminations.count).contains(number) else {
      throw InputError(
        "there is no termination \(number)", at: "termination",
        hint: "the plane has terminations 1 to \(terminations.count)")
    }
    try check(specification)
    let termination = terminations[number - 1]
    let count = try layerCount(specification, top: termination.top)
    let cut = SlabCut(stacking: self, top: termination.top, count: count)
    return try SlabBuilder(self, cut, specification).slab(number)
  }

  private func check(_ specification: SlabSpecification) throws(InputError) {
    switch (specification.thickness, specification.layers) {
    case (let thickness?, nil):
      guard thickness.isFinite, thickness > 0, thickness <= 10_000 else {
        throw InputError(
          "a thickness of \(thickness) Å, expected more than 0, up to 10000 Å", at: "thickness")
      }
    case (nil, let layers?):
      guard (1...10_000).contains(layers) else {
        throw InputError("\(layers) layers, expected 1 to 10000", at: "layers")
      }
    default:
      throw InputError(
        "expected either a thickness or a number of layers", at: "thickness",
        hint: "give one of the two")
    }
    if let vacuum = specification.vacuum, !(vacuum >= 1 && vacuum <= 1000) {
      throw InputError("a vacuum of \(vacuum) Å, expected 1 to 1000 Å, or none", at: "vacuum")
    }
  }

  /// Number of layers of the thinnest slab that is thick enough and balanced as asked for.
  private func layerCount(
    _ specification: SlabSpecification, top: Int
  ) throws(InputError) -> Int {
    let whole = layers.count
    // Balanced slabs recur after every period, so one more period than the thickness decides.
    let periods = (specification.thickness ?? 0) / period
    let least = specification.layers ?? 1
    let limit = max(least, (Int(periods) + 1) * whole) + 2 * whole
    for count in least...limit {
      let cut = SlabCut(stacking: self, top: top, count: count)
      if let thickness = specification.thickness, cut.thickness < thickness - 1e-9 { continue }
      if specification.vacuum == nil, !count.isMultiple(of: whole) { continue }
      let isBalanced =
        switch specification.balance {
        case .any: true
        case .stoichiometric: cut.isStoichiometric
        case .symmetric: cut.isSymmetric
        }
      if isBalanced { return count }
    }
    throw InputError(
      "there is no \(specification.balance.rawValue) slab with this surface"
        + (specification.vacuum == nil ? " and without vacuum" : ""), at: "balance",
      hint: specification.vacuum == nil && specification.balance == .symmetric
        ? "without vacuum a slab holds whole repeat units: leave out the balance"
        : "take another termination, or the balance \"any\"")
  }
}

/// A choice of layers: `count` of them from layer `top` down.
struct SlabCut {
  let stacking: SurfaceStacking
  let top: Int
  let count: Int

  private var whole: Int { stacking.layers.count }

  /// Layer below the lowest one, counted on below 0.
  private var below: Int { top - count }

  /// Heights between which the atoms lie, in periods.
  var bounds: (low: Double, high: Double) {
    let periods = floorQuotient(below, whole)
    return (stacking.cuts[below - periods * whole] + Double(periods), stacking.cuts[top])
  }

  /// From the lowest to the highest atom, Å.
  var thickness: Double {
    let lowest = below + 1
    let periods = floorQuotient(lowest, whole)
    let low = stacking.layers[lowest - periods * whole].lowest + Double(periods) * stacking.period
    return stacking.layers[top].highest - low
  }

  /// The layers from the bottom up, in the heights of the stacking.
  var layers: [(index: Int, shift: Double)] {
    ((below + 1)...top).map { layer in
      let periods = floorQuotient(layer, whole)
      return (layer - periods * whole, Double(periods) * stacking.period)
    }
  }

  /// Whether the counts are in the ratio of the crystal.
  var isStoichiometric: Bool {
    var (slab, unit): ([Element: Int], [Element: Int]) = ([:], [:])
    for layer in layers {
      slab.merge(stacking.layers[layer.index].counts, uniquingKeysWith: +)
    }
    for layer in stacking.layers { unit.merge(layer.counts, uniquingKeysWith: +) }
    let (all, whole) = (slab.values.reduce(0, +), unit.values.reduce(0, +))
    return unit.allSatisfy { slab[$0.key, default: 0] * whole == $0.value * all }
  }

  /// Whether an operation of the crystal exchanges the upper and the lower cut.
  var isSymmetric: Bool {
    stacking.turnedCuts[top].contains(floorRemainder(below, whole))
  }

  /// The cut below the lowest layer.
  var lowerCut: Int { floorRemainder(below, whole) }
}
