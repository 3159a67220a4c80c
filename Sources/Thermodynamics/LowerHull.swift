internal import Crystal

/// The lower convex hull of energies over a simplex of compositions, and where each point lies
/// above it.
///
/// Each point has shares λ₁ … λₖ of k components with Σ λⱼ = 1, and an energy relative to the
/// lowest points of the pure components. On a facet with vertices v
///
///     λ = Σᵥ wᵥ λ(v),    E_hull = Σᵥ wᵥ E(v),    energy above hull = E - E_hull
///
/// What the shares count (atoms, host formula units) and what the energy is divided by is up to
/// the caller, but must be the same thing.
struct LowerHull {
  /// A point and how much of it is present.
  struct Share: Hashable {
    let point: Int
    let weight: Double
  }

  /// Energy above the hull for every point, in the unit of the energies, ≥ 0.
  let energyAboveHull: [Double]

  /// What every point decomposes into, itself if it is stable; weights are shares of one.
  let decomposition: [[Share]]

  /// Whether the energy above the hull is within the tolerance.
  let isStable: [Bool]

  /// The points at the corners of the hull, in the order of their numbers.
  let vertices: [Int]

  /// Computes the hull.
  ///
  /// - Parameters:
  ///   - coordinates: Shares of the components, one row of `components` for each point.
  ///   - energies: Energies; the lowest of each pure component is zero.
  ///   - names: Decide between points of the same composition and energy, so that the result does
  ///     not depend on the order of the points.
  ///   - components: Number of components.
  ///   - tolerance: Largest energy above the hull of a stable point.
  ///   - roundoff: Energies of this size are as good as zero.
  /// - Throws: ``InputError`` if qhull gives up or the points leave the simplex.
  init(
    coordinates: [Double], energies: [Double], names: [String], components: Int,
    tolerance: Double, roundoff: Double
  ) throws(InputError) {
    let lowest = LowerHull.lowestOfEachComposition(coordinates, energies, names, components)
    let lowestPoints = Set(lowest).sorted { point, other in
      let (a, b) = (point * components, other * components)
      return coordinates[a..<(a + components)].lexicographicallyPrecedes(
        coordinates[b..<(b + components)])
    }
    let corners = (0..<components).compactMap { component in
      lowestPoints.first { coordinates[$0 * components + component] > 1 - sameComposition }
    }
    guard corners.count == components else {
      throw InputError("a pure component of the hull has no entry")
    }
    let below = lowestPoints.filter { energies[$0] < -roundoff && !corners.contains($0) }
    let facets: Facets
    if components == 1 || below.isEmpty {
      facets = Facets(corners: corners)
    } else {
      facets = try Facets(
        points: corners + below, coordinates: coordinates, energies: energies,
        components: components)
    }
    vertices = Set(facets.vertices).sorted()

    var aboveHull: [Double] = []
    var shares: [[Share]] = []
    var system = LinearSystem(rows: components, columns: components)
    for point in energies.indices {
      let composition = coordinates[(point * components)..<((point + 1) * components)]
      guard
        let weights = LowerHull.weights(
          composition, facets: facets, coordinates: coordinates, system: &system)
      else {
        throw InputError("no facet of the hull lies below entry \"\(names[point])\"")
      }
      let hull = weights.reduce(0.0) { $0 + $1.weight * energies[$1.point] }
      aboveHull.append(max(0, energies[point] - hull))
      shares.append(weights.filter { $0.weight > sameComposition })
    }
    energyAboveHull = aboveHull
    isStable = aboveHull.map { $0 <= tolerance }
    for point in energies.indices {
      if aboveHull[point] <= tolerance {
        shares[point] = [Share(point: point, weight: 1)]
      } else if lowest[point] != point, aboveHull[lowest[point]] <= tolerance {
        shares[point] = [Share(point: lowest[point], weight: 1)]
      }
    }
    decomposition = shares
  }

  /// The weights of the vertices of the facet below a composition.
  private static func weights(
    _ composition: ArraySlice<Double>, facets: Facets, coordinates: [Double],
    system: inout LinearSystem
  ) -> [Share]? {
    if let shares = weights(
      composition, facets.highest(at: composition), facets, coordinates, &system)
    {
      return shares
    }
    // Planes that are equal within rounding: take the one that contains the composition.
    for facet in facets.ordered(at: composition) {
      if let shares = weights(composition, facet, facets, coordinates, &system) { return shares }
    }
    return nil
  }

  private static func weights(
    _ composition: ArraySlice<Double>, _ facet: Int, _ facets: Facets, _ coordinates: [Double],
    _ system: inout LinearSystem
  ) -> [Share]? {
    let components = facets.components
    let vertices = facets.vertices[(facet * components)..<((facet + 1) * components)]
    for (column, vertex) in vertices.enumerated() {
      for row in 0..<components {
        system.coefficients[row * components + column] = coordinates[vertex * components + row]
      }
    }
    for row in 0..<components { system.right[row] = composition[composition.startIndex + row] }
    guard let solution = system.solve(), solution.residual < sameComposition,
      solution.unknowns.allSatisfy({ $0 > -sameComposition })
    else { return nil }
    return zip(vertices, solution.unknowns).map { Share(point: $0, weight: $1) }
  }

  /// For each point the one of the same composition with the lowest energy.
  private static func lowestOfEachComposition(
    _ coordinates: [Double], _ energies: [Double], _ names: [String], _ components: Int
  ) -> [Int] {
    var lowest: [[Int64]: Int] = [:]
    let keys = energies.indices.map { point in
      coordinates[(point * components)..<((point + 1) * components)].map {
        // The odd offset keeps simple fractions away from the edges of the intervals.
        Int64(($0 / sameComposition + 0.37).rounded(.down))
      }
    }
    for point in energies.indices {
      guard let other = lowest[keys[point]] else {
        lowest[keys[point]] = point
        continue
      }
      if (energies[point], names[point]) < (energies[other], names[other]) {
        lowest[keys[point]] = point
      }
    }
    return keys.map { lowest[$0] ?? 0 }
  }
}

/// Shares of components that differ by less describe the same composition.
let sameComposition = 1e-9
