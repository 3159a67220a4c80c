internal import CQhull
internal import Crystal

/// The lower facets of the convex hull of points (composition, energy), from qhull.
struct Facets {
  /// Point numbers of the vertices, `components` for each facet.
  let vertices: [Int]

  /// Number of components of the compositions, and of vertices of a facet.
  let components: Int

  /// Energies of the facet planes at the pure components, in lanes of eight facets.
  ///
  /// The energy of facet f at composition λ is Σⱼ λⱼ heights[j][f].
  private let heights: [[SIMD8<Double>]]

  /// Number of facets.
  var count: Int { vertices.count / components }

  /// A single facet whose vertices are the points of the pure components, all at energy zero.
  init(corners: [Int]) {
    vertices = corners
    components = corners.count
    var lanes = SIMD8<Double>(repeating: -.infinity)
    lanes[0] = 0
    heights = corners.map { _ in [lanes] }
  }

  /// The lower hull of points over a simplex of compositions.
  ///
  /// - Parameters:
  ///   - points: Numbers of the points; the pure components have energy zero, all others less.
  ///   - coordinates: Shares of the components, one row for every point that exists.
  ///   - energies: Energies of every point that exists.
  ///   - components: Number of components, at least 2.
  /// - Throws: ``InputError`` with the message of qhull if it found no hull.
  init(
    points: [Int], coordinates: [Double], energies: [Double], components: Int
  ) throws(InputError) {
    let scale = points.reduce(0) { max($0, energies[$1].magnitude) }
    precondition(components >= 2 && scale > 0, "no point lies below the pure components")
    var flat: [Double] = []
    flat.reserveCapacity((points.count + 1) * components)
    for point in points {
      flat += coordinates[(point * components)..<(point * components + components - 1)]
      flat.append(energies[point] / scale)
    }
    // A point above the middle gives the hull a volume also when all others lie in one plane; the
    // facets that contain it are the upper ones.
    flat += [Double](repeating: 1 / Double(components), count: components - 1) + [1]

    var raw = unsafe CQhullFacets()
    defer { unsafe cqhull_free(&raw) }
    let status = unsafe cqhull_facets(Int32(components), Int32(points.count + 1), flat, &raw)
    guard status == 0 else {
      let message = unsafe String(cString: raw.message)
      let first = message.split(separator: "\n").first.map(String.init) ?? "status \(status)"
      throw InputError("the convex hull could not be computed: \(first)")
    }
    var vertices: [Int] = []
    var planes: [[Double]] = []
    for facet in unsafe 0..<Int(raw.facet_count) {
      let corners = (0..<components).map { unsafe Int(raw.vertices[facet * components + $0]) }
      let plane = (0...components).map { unsafe raw.planes[facet * (components + 1) + $0] }
      let slope = plane[components - 1]
      guard slope < -Facets.verticalTolerance, !corners.contains(points.count) else { continue }
      vertices += corners.map { points[$0] }.sorted()
      let offset = -plane[components] / slope
      planes.append(
        (0..<components).map { component in
          let gradient = component < components - 1 ? -plane[component] / slope : 0
          return scale * (gradient + offset)
        })
    }
    self.vertices = vertices
    self.components = components
    heights = (0..<components).map { component in
      stride(from: 0, to: planes.count, by: 8).map { first in
        var lanes = SIMD8<Double>(repeating: -.infinity)
        for facet in first..<min(first + 8, planes.count) {
          lanes[facet - first] = planes[facet][component]
        }
        return lanes
      }
    }
  }

  /// A facet whose unit normal has a smaller component along the energy is a vertical side of the
  /// hull: the scaled energy would change by 10⁹ within the range of compositions.
  static let verticalTolerance = 1e-9

  /// The highest facet plane at a composition, which is the facet below that composition.
  ///
  /// - Complexity: O(facets × components), without branches.
  func highest(at shares: ArraySlice<Double>) -> Int {
    var best = SIMD8<Double>(repeating: -.infinity)
    var bestBlock = SIMD8<Int64>(repeating: 0)
    let start = shares.startIndex
    for block in heights[0].indices {
      var sum = shares[start] * heights[0][block]
      for component in 1..<components {
        sum += shares[start + component] * heights[component][block]
      }
      let higher = sum .> best
      best.replace(with: sum, where: higher)
      bestBlock.replace(with: SIMD8(repeating: Int64(block)), where: higher)
    }
    var lane = 0
    for other in 1..<8 where best[other] > best[lane] { lane = other }
    return Int(bestBlock[lane]) * 8 + lane
  }

  /// All facets, the highest plane at a composition first.
  func ordered(at shares: ArraySlice<Double>) -> [Int] {
    let start = shares.startIndex
    let values = (0..<count).map { facet in
      (0..<components).reduce(0.0) {
        $0 + shares[start + $1] * heights[$1][facet / 8][facet % 8]
      }
    }
    return values.indices.sorted { (values[$0], $1) > (values[$1], $0) }
  }
}
