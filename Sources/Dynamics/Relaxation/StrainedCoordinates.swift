internal import Crystal
package import Energetics

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Positions and strain of a cell as one vector that can be minimised over.
///
///     F = exp(ε),   lattice vector = F a₀,   position = F y
///
/// With a symmetric ε no turn of the cell is among the coordinates. The vector holds y, Å, of each atom
/// and the rows of s ε, s = (V₀/n)^⅓ n^½ Å, which makes its curvature like that of an atom.
///
/// Reference: E. B. Tadmor et al., Phys. Rev. B 59, 235 (1999), for the separation of F and y.
package struct StrainedCoordinates {
  /// The unstrained configuration.
  package let reference: Configuration

  /// How the cell may change.
  package let cell: CellFreedom

  /// Pressure outside, eV/Å³.
  package let pressure: Double

  /// Atoms that keep their fractional coordinates; n entries.
  package let isFixed: [Bool]

  /// s, Å.
  package let cellScale: Double

  /// Coordinates about a configuration.
  ///
  /// - Precondition: `isFixed` has an entry for every atom.
  package init(
    _ reference: Configuration, cell: CellFreedom, pressure: Double, isFixed: [Bool]
  ) {
    precondition(isFixed.count == reference.positions.count, "one entry per atom")
    self.reference = reference
    self.cell = cell
    self.pressure = pressure
    self.isFixed = isFixed
    let n = Double(max(1, reference.positions.count))
    cellScale = cbrt(reference.lattice.volume / n) * n.squareRoot()
  }

  /// The vector of the reference: n + 3 entries.
  package var start: [SIMD3<Double>] { reference.positions + [.zero, .zero, .zero] }

  /// ε of a vector.
  package func strain(_ vector: [SIMD3<Double>]) -> Matrix3 {
    (1 / cellScale) * Matrix3(rows: vector.suffix(3))
  }

  /// The configuration of a vector.
  ///
  /// - Throws: `LatticeError` for a strain that leaves no cell.
  package func place(
    _ vector: [SIMD3<Double>], into configuration: inout Configuration
  ) throws {
    let n = isFixed.count
    if cell == .fixed {
      for i in 0..<n { configuration.positions[i] = vector[i] }
      return
    }
    let deformation = strain(vector).mapped(exp)
    let lattice = reference.lattice
    configuration.lattice = try Lattice(
      a: deformation * lattice.a, b: deformation * lattice.b, c: deformation * lattice.c)
    for i in 0..<n { configuration.positions[i] = deformation * vector[i] }
  }

  /// The enthalpy E + P V, eV.
  package func enthalpy(_ evaluation: Evaluation, _ configuration: Configuration) -> Double {
    cell == .fixed
      ? evaluation.energy : evaluation.energy + pressure * configuration.lattice.volume
  }

  /// The derivative of the enthalpy by a strain of the present cell, as far as the cell may follow, eV.
  package func drivingStrain(
    _ evaluation: Evaluation, _ configuration: Configuration
  ) -> Matrix3 {
    let work = pressure * configuration.lattice.volume
    return cell.projection(
      of: Matrix3(rows: evaluation.strainDerivative).symmetrised + work * .identity)
  }

  /// The derivative of the enthalpy by the vector, eV/Å.
  ///
  /// With W the derivative by a strain of the present cell, and λ, e the eigensystem of ε,
  ///
  ///     ∂H/∂ε = Σ eᵢ eⱼᵀ (eᵢ W eⱼ) sinh(λᵢ - λⱼ)/(λᵢ - λⱼ)
  ///
  /// which is the integral of exp(-tε) dε exp(tε) over t from 0 to 1 in the basis of ε.
  package func gradient(
    _ evaluation: Evaluation, _ configuration: Configuration, at vector: [SIMD3<Double>],
    into gradient: inout [SIMD3<Double>]
  ) {
    let n = isFixed.count
    if cell == .fixed {
      for i in 0..<n { gradient[i] = isFixed[i] ? .zero : -evaluation.forces[i] }
      for row in 0..<3 { gradient[n + row] = .zero }
      return
    }
    let (values, vectors) = strain(vector).eigensystem()
    let deformation = Matrix3(values, vectors, exp)
    for i in 0..<n { gradient[i] = isFixed[i] ? .zero : -(deformation * evaluation.forces[i]) }
    let work = pressure * configuration.lattice.volume
    let driving = Matrix3(rows: evaluation.strainDerivative).symmetrised + work * .identity
    var inBasis = vectors * driving * vectors.transposed
    for i in 0..<3 {
      for j in 0..<3 {
        let difference = values[i] - values[j]
        if difference.magnitude > 1e-6 { inBasis[i][j] *= sinh(difference) / difference }
      }
    }
    let byStrain = cell.projection(of: vectors.transposed * inBasis * vectors)
    for row in 0..<3 { gradient[n + row] = (1 / cellScale) * byStrain[row] }
  }
}
