public import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Parameters of an Ewald sum on a mesh.
public struct Electrostatics: Hashable, Sendable {
  /// Cutoff of the sum over pairs, Å.
  public var cutoff: Double
  /// Splitting parameter α, Å⁻¹.
  public var splitting: Double
  /// Points of the mesh along each lattice vector.
  public var points: SIMD3<Int>
  /// Order of the splines.
  public var splineOrder: Int

  /// Given parameters.
  ///
  /// - Precondition: splines of order 3 or more, and at least as many points along each vector.
  public init(cutoff: Double, splitting: Double, points: SIMD3<Int>, splineOrder: Int) {
    precondition(
      splineOrder >= 3 && points.min() >= splineOrder, "the mesh holds a spline of order 3 or more")
    self.cutoff = cutoff
    self.splitting = splitting
    self.points = points
    self.splineOrder = splineOrder
  }

  /// Parameters that reach an accuracy at little cost.
  ///
  /// Both parts of the sum contribute half of the error that is allowed. Error of the sum over pairs: J.
  /// Kolafa and J. W. Perram, Mol. Simul. 9, 351 (1992); of the mesh: M. Deserno and C. Holm, J. Chem.
  /// Phys. 109, 7694 (1998), leading term, times 8, which covers what was measured on ions at
  /// random.
  ///
  /// - Parameters:
  ///   - lattice: The cell, Å.
  ///   - charges: e.
  ///   - cutoff: Of the sum over pairs, Å.
  ///   - accuracy: Root mean square error of a force in units of the force between two unit charges at
  ///     a distance of 1 Å, 14.4 eV/Å; 10⁻⁸ to 10⁻².
  public init(lattice: Lattice, charges: [Double], cutoff: Double, accuracy: Double) {
    let squares = max(charges.reduce(0) { $0 + $1 * $1 }, 1e-12)
    let count = Double(max(1, charges.count))
    let allowed = min(max(accuracy, 1e-8), 1e-2) / 2.0.squareRoot()
    // 2 Q² exp(-α²c²) / √(N c V) = allowed
    let strength = 2 * squares / (count * cutoff * lattice.volume).squareRoot()
    let alpha = max(0.05, max(0, log(strength / allowed)).squareRoot() / cutoff)

    var best: (cost: Double, order: Int, points: SIMD3<Int>)?
    for (order, leadingTerm) in Electrostatics.leadingTerms {
      // Q²/L² (hα)^p √(αL/N √(2π) a₀), L the edge of a cube of the same volume.
      let edge = cbrt(lattice.volume)
      let factor =
        8 * squares / (edge * edge)
        * (alpha * edge / count * (2 * Double.pi).squareRoot() * leadingTerm).squareRoot()
      // Beyond 0.4, the terms that are left out count.
      let spacing = min(0.4, pow(allowed / factor, 1 / Double(order))) / alpha
      let lengths = lattice.lengths
      var points = SIMD3<Int>(0, 0, 0)
      for axis in 0..<3 {
        points[axis] = Electrostatics.transformSize(
          atLeast: max(order, Int(min(lengths[axis] / spacing, 1024).rounded(.up))))
      }
      // Measured: a point of a spline takes a tenth of the time of a point of the mesh.
      let cost =
        count * Double(order * order * order) + 10 * Double(points.x * points.y * points.z)
      if best.map({ cost < $0.cost }) ?? true { best = (cost, order, points) }
    }
    self.init(
      cutoff: cutoff, splitting: alpha, points: best?.points ?? SIMD3(8, 8, 8),
      splineOrder: best?.order ?? 8)
  }

  /// a₀ of Deserno and Holm by the order of the splines; of order 8, a fit to forces that were measured.
  private static let leadingTerms = [(5, 1.0 / 23232), (6, 1.0141e-5), (7, 2.894e-6), (8, 9e-7)]

  /// The next even number without prime factors above 7.
  private static func transformSize(atLeast size: Int) -> Int {
    var candidate = size + size % 2
    while true {
      var rest = candidate
      for factor in [2, 3, 5, 7] { while rest % factor == 0 { rest /= factor } }
      if rest == 1 { return candidate }
      candidate += 2
    }
  }
}
