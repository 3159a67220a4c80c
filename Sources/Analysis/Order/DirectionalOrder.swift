public import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// How far atoms are from the planes of an ideal lattice, direction by direction.
///
///     D(n) = ⟨ |Σ nₖ δₖ| ⟩          [plane spacings]
///
/// δₖ is the deviation of an atom from its ideal place along the axis k = a, b, c, in units of the spacing of
/// the ideal planes along that axis, and n a unit vector in the same three components. 0 is a perfect crystal;
/// atoms without any order have 0.25 along an axis.
///
/// Reference: the program PyLRO, K. Parrish et al., J. Appl. Phys. 137, 025101 (2025), which projects |δₖ|
/// instead of δₖ: ``Projection/absolute``.
public struct DirectionalOrder: Sendable {
  /// What is projected.
  public enum Projection: String, Sendable, Codable, CaseIterable {
    /// The deviations with their signs, as vectors.
    case signed
    /// Their moduli along a, b and c, as PyLRO does; larger for n with three positive components.
    case absolute
  }

  /// Ideal planes along a, b and c within the cell.
  public let divisions: SIMD3<Int>

  /// Atoms in each cell of the ideal lattice; nil if planes were fitted along each axis by themselves.
  public let atomsPerCell: Int?

  /// Strength of the wave that belongs to the planes along a, b and c: |Σ exp(2πi h x)|/N.
  public let planeStrengths: SIMD3<Double>

  /// δ of every atom, in spacings along a, b and c.
  public let deviations: [SIMD3<Double>]

  /// Most planes along an axis that are tried.
  private static let mostPlanes = 64

  /// Fits planes along each axis: the strongest wave that has atoms on all of its planes.
  ///
  /// - Parameter positions: Of the atoms, at least two.
  /// - Throws: ``InputError`` if the atoms lie on one plane along an axis.
  public init(planesOf positions: [Fractional]) throws(InputError) {
    try checkUsable(positions)
    var divisions = SIMD3<Int>.zero
    var strengths = SIMD3<Double>.zero
    var deviations = [SIMD3<Double>](repeating: .zero, count: positions.count)
    for axis in 0..<3 {
      let x = positions.map { $0.components[axis] }
      guard let fit = PlaneFit.best(x, most: DirectionalOrder.mostPlanes) else {
        throw InputError(
          "the atoms lie on one plane along \(["a", "b", "c"][axis]), expected at least two",
          hint: "take a supercell")
      }
      divisions[axis] = fit.planes
      strengths[axis] = fit.strength
      for (atom, deviation) in fit.deviations.enumerated() { deviations[atom][axis] = deviation }
    }
    self.divisions = divisions
    self.planeStrengths = strengths
    self.deviations = deviations
    atomsPerCell = nil
  }

  /// Fits a lattice with a basis: as many atoms in every cell of it as there are atoms per cell.
  ///
  /// - Parameters:
  ///   - positions: Of the atoms.
  ///   - lattice: The cell.
  ///   - divisions: Cells of the ideal lattice along a, b and c.
  /// - Throws: ``InputError`` if the number of atoms is not a multiple of the cells.
  public init(
    _ positions: [Fractional], lattice: Lattice, divisions: SIMD3<Int>
  ) throws(InputError) {
    try checkUsable(positions)
    let basis = try BasisFit(positions, lattice: lattice, divisions: divisions)
    self.divisions = divisions
    atomsPerCell = basis.atomsPerCell
    deviations = basis.deviations
    planeStrengths = SIMD3(
      PlaneFit(positions.map(\.components.x), planes: divisions.x).strength,
      PlaneFit(positions.map(\.components.y), planes: divisions.y).strength,
      PlaneFit(positions.map(\.components.z), planes: divisions.z).strength)
  }

  /// D along a direction.
  ///
  /// - Parameters:
  ///   - direction: n, of any length but zero.
  ///   - projection: What is projected.
  /// - Returns: Plane spacings.
  public func disorder(along direction: SIMD3<Double>, _ projection: Projection) -> Double {
    let n = direction / length(direction)
    let sum = deviations.reduce(0.0) { sum, deviation in
      let d =
        projection == .signed
        ? deviation
        : SIMD3(deviation.x.magnitude, deviation.y.magnitude, deviation.z.magnitude)
      return sum + dot(n, d).magnitude
    }
    return sum / Double(max(1, deviations.count))
  }

  /// A direction with its disorder.
  public struct Sample: Hashable, Sendable {
    /// n, of length 1.
    public var direction: SIMD3<Double>
    /// D, plane spacings.
    public var disorder: Double
  }

  /// D over directions that are spread evenly over the sphere.
  ///
  /// - Parameters:
  ///   - count: Number of directions, at least 1.
  ///   - projection: What is projected.
  /// - Returns: One sample for each direction.
  public func sphere(_ count: Int, _ projection: Projection) -> [Sample] {
    fibonacciSphere(count).map {
      Sample(direction: $0, disorder: disorder(along: $0, projection))
    }
  }
}

/// Directions that are spread evenly over the sphere, from pole to pole in a spiral.
///
/// Reference: A. Gonzalez, Math. Geosci. 42, 49 (2010).
///
/// - Parameter count: How many, at least 1.
/// - Returns: Unit vectors.
public func fibonacciSphere(_ count: Int) -> [SIMD3<Double>] {
  let turn = Double.pi * (3 - 5.0.squareRoot())
  return (0..<count).map { i in
    let z = 1 - (2 * Double(i) + 1) / Double(count)
    let radius = (1 - z * z).squareRoot()
    return SIMD3(radius * cos(turn * Double(i)), radius * sin(turn * Double(i)), z)
  }
}
