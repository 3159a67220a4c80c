public import Crystal

/// Images of a path between two arrangements of the same atoms, as the nudged elastic band method begins with.
///
/// On the straight line every atom goes to its nearest image in the last structure, and cells are mixed in
/// proportion. The image-dependent pair potential moves the images until their distances are as near as
/// possible to those that lie between the distances of the ends:
///
///     S = Σ_{i<j} (d⁰ᵢⱼ - dᵢⱼ)² / dᵢⱼ⁴
///
/// so that no atoms run through one another.
///
/// Reference: S. Smidstrup et al., J. Chem. Phys. 140, 214106 (2014).
public struct ImagePath: Sendable {
  /// All structures, both ends included.
  public let structures: [Structure]

  /// A straight path.
  ///
  /// - Parameters:
  ///   - first: The first structure, without vacancies.
  ///   - last: The last, with the same atoms in the same order.
  ///   - images: Structures between them.
  /// - Throws: ``InputError`` if the atoms differ.
  public init(from first: Structure, to last: Structure, images: Int) throws(InputError) {
    guard first.species.map(\.element) == last.species.map(\.element) else {
      throw InputError("the ends of the path do not have the same atoms in the same order")
    }
    let steps = zip(first.positions, last.positions).map { a, b in
      let d = b.components - a.components
      return d - d.rounded(.toNearestOrEven)
    }
    var structures: [Structure] = []
    for image in 0...(images + 1) {
      let share = Double(image) / Double(images + 1)
      var structure = image <= images ? first : last
      do {
        let (p, q) = (first.lattice, last.lattice)
        structure.lattice = try Lattice(
          a: p.a + share * (q.a - p.a), b: p.b + share * (q.b - p.b), c: p.c + share * (q.c - p.c))
      } catch {
        throw InputError("the cells of the ends are too different: \(error)")
      }
      for (n, step) in steps.enumerated() {
        structure.setPosition(
          Fractional(first.positions[n].components + share * step), at: n)
      }
      structures.append(structure)
    }
    self.structures = structures
  }

  private init(structures: [Structure]) { self.structures = structures }

  /// The shortest distance of two atoms in an image.
  ///
  /// - Parameter image: Its number, 0 for the first structure.
  /// - Returns: Å; nil beyond 3 Å.
  public func shortestDistance(_ image: Int) -> Double? {
    PairList(structures[image], within: 3).pairs.map(\.distance).min()
  }

  /// The path relaxed on the image-dependent pair potential.
  ///
  /// - Parameters:
  ///   - cutoff: Pairs that count: those nearer than this in one of the ends, Å.
  ///   - steps: Steps at most.
  /// - Returns: The path; its ends stay as they are.
  public func onPairPotential(cutoff: Double = 6, steps: Int = 500) -> ImagePath {
    let last = structures.count - 1
    guard last > 1 else { return self }
    let pairs = PairSet(structures[0], structures[last], cutoff: cutoff)
    var images = structures.map { structure in
      structure.positions.map { structure.lattice.cartesian($0).components }
    }
    var velocities = images.map { $0.map { _ in SIMD3<Double>.zero } }
    // Fast inertial relaxation with a fixed largest step.
    var (timeStep, mixing, downhill) = (0.1, 0.1, 0)
    for _ in 0..<steps {
      let forces = (1..<last).map { image in
        ImagePath.bandForce(
          pairs.force(images[image], share: Double(image) / Double(last)),
          before: images[image - 1], at: images[image], after: images[image + 1])
      }
      let flat = forces.flatMap { $0 }
      guard (flat.map { ($0 * $0).sum() }.max() ?? 0).squareRoot() > 0.005 else { break }
      let power = zip(velocities[1..<last].joined(), flat).reduce(0) { $0 + ($1.0 * $1.1).sum() }
      if power > 0 {
        downhill += 1
        if downhill > 5 { (timeStep, mixing) = (min(timeStep * 1.1, 0.5), mixing * 0.99) }
      } else {
        (timeStep, mixing, downhill) = (timeStep * 0.5, 0.1, 0)
      }
      let speed = velocities.joined().reduce(0) { $0 + ($1 * $1).sum() }.squareRoot()
      let size = flat.reduce(0) { $0 + ($1 * $1).sum() }.squareRoot()
      for image in 1..<last {
        for atom in images[image].indices {
          let force = forces[image - 1][atom]
          var velocity = power > 0 ? velocities[image][atom] : .zero
          velocity = (1 - mixing) * velocity + mixing * speed / max(size, 1e-12) * force
          velocity += timeStep * force
          velocities[image][atom] = velocity
          var move = timeStep * velocity
          let length = (move * move).sum().squareRoot()
          if length > 0.1 { move *= 0.1 / length }
          images[image][atom] += move
        }
      }
    }
    var relaxed = structures
    for image in 1..<last {
      for atom in images[image].indices {
        relaxed[image].setPosition(
          relaxed[image].lattice.fractional(Cartesian(images[image][atom])), at: atom)
      }
    }
    return ImagePath(structures: relaxed)
  }

  /// The force across the path, with springs along it that keep the images apart.
  private static func bandForce(
    _ force: [SIMD3<Double>], before: [SIMD3<Double>], at: [SIMD3<Double>], after: [SIMD3<Double>]
  ) -> [SIMD3<Double>] {
    var tangent = zip(after, before).map { $0 - $1 }
    let length = tangent.reduce(0) { $0 + ($1 * $1).sum() }.squareRoot()
    guard length > 1e-9 else { return force }
    tangent = tangent.map { $0 / length }
    let along = zip(force, tangent).reduce(0) { $0 + ($1.0 * $1.1).sum() }
    func distance(_ a: [SIMD3<Double>], _ b: [SIMD3<Double>]) -> Double {
      zip(a, b).reduce(0) { $0 + (($1.0 - $1.1) * ($1.0 - $1.1)).sum() }.squareRoot()
    }
    let spring = distance(after, at) - distance(at, before)
    return zip(force, tangent).map { $0 + (spring - along) * $1 }
  }

  /// Pairs of atoms with their images and their distances at both ends.
  private struct PairSet {
    struct Pair {
      var first: Int
      var second: Int
      var shift: SIMD3<Double>
      var ends: (Double, Double)
    }
    var pairs: [Pair] = []
    private let lattices: (Lattice, Lattice)

    init(_ first: Structure, _ last: Structure, cutoff: Double) {
      lattices = (first.lattice, last.lattice)
      // Positions are continuous along the path, so an image of a pair stays the same one.
      var keys: Set<PairList.Key> = []
      for structure in [first, last] {
        keys.formUnion(PairList(structure, within: cutoff).pairs.map(\.key))
      }
      func distance(_ structure: Structure, _ key: PairList.Key) -> Double {
        let d =
          structure.positions[key.second].components + key.shift
          - structure.positions[key.first].components
        let r = structure.lattice.cartesian(Fractional(d)).components
        return (r * r).sum().squareRoot()
      }
      for key in keys.sorted() {
        pairs.append(
          Pair(
            first: key.first, second: key.second, shift: key.shift,
            ends: (distance(first, key), distance(last, key))))
      }
    }

    /// Minus the gradient of S.
    func force(_ positions: [SIMD3<Double>], share: Double) -> [SIMD3<Double>] {
      var forces = [SIMD3<Double>](repeating: .zero, count: positions.count)
      for pair in pairs {
        let shift = mixed(pair.shift, share)
        let r = positions[pair.second] + shift - positions[pair.first]
        let d = max((r * r).sum().squareRoot(), 0.1)
        let wanted = pair.ends.0 + share * (pair.ends.1 - pair.ends.0)
        let miss = d - wanted
        // S = miss²/d⁴: dS/dd = 2 miss/d⁴ - 4 miss²/d⁵
        let slope = (2 * miss - 4 * miss * miss / d) / (d * d * d * d)
        forces[pair.first] += slope / d * r
        forces[pair.second] -= slope / d * r
      }
      return forces
    }

    private func mixed(_ shift: SIMD3<Double>, _ share: Double) -> SIMD3<Double> {
      guard shift != .zero else { return .zero }
      let (p, q) = (
        lattices.0.cartesian(Fractional(shift)).components,
        lattices.1.cartesian(Fractional(shift)).components
      )
      return p + share * (q - p)
    }
  }
}

/// Pairs of atoms in a crystal that are nearer than a distance, each once.
struct PairList {
  /// Two atoms and the lattice vector to the image of the second.
  struct Key: Hashable, Comparable {
    var first: Int
    var second: Int
    var shift: SIMD3<Double>

    static func < (a: Key, b: Key) -> Bool {
      (a.first, a.second, a.shift.x, a.shift.y, a.shift.z)
        < (b.first, b.second, b.shift.x, b.shift.y, b.shift.z)
    }
  }

  /// The pairs with their distances, Å.
  let pairs: [(key: Key, distance: Double)]

  init(_ structure: Structure, within cutoff: Double) {
    let range = (cutoff / structure.lattice.planeSpacings + 0.5).rounded(.up)
    var pairs: [(Key, Double)] = []
    let points = structure.positions.map(\.components)
    for i in points.indices {
      for j in i..<points.count {
        let d = points[j] - points[i]
        let nearest = -d.rounded(.toNearestOrEven)
        for x in stride(from: -range.x, through: range.x, by: 1) {
          for y in stride(from: -range.y, through: range.y, by: 1) {
            for z in stride(from: -range.z, through: range.z, by: 1) {
              let shift = nearest + SIMD3(x, y, z)
              // Of a pair with its own image only one direction.
              if i == j, (shift.x, shift.y, shift.z) <= (0, 0, 0) { continue }
              let r = structure.lattice.cartesian(Fractional(d + shift)).components
              let distance = (r * r).sum().squareRoot()
              if distance < cutoff {
                pairs.append((Key(first: i, second: j, shift: shift), distance))
              }
            }
          }
        }
      }
    }
    self.pairs = pairs
  }
}
