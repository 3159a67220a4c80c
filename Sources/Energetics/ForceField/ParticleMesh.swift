internal import CFFTW
internal import Crystal
internal import Dispatch

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The reciprocal part of an Ewald sum on a mesh.
///
///     E = k/(2πV) Σ_{m≠0} exp(-π²m²/α²)/m² B(m) |F[Q](m)|²                                [eV]
///
/// Q spreads the charges over the mesh with cardinal B-splines, F is the discrete Fourier transform, B the
/// splines' own transform. Forces are exact derivatives of this energy. Every mesh point adds up its
/// charges in the order of the atoms and every transform has a fixed size, so that the result does
/// not depend on the number of threads.
///
/// Reference: U. Essmann et al., J. Chem. Phys. 103, 8577 (1995).
@safe final class ParticleMesh {
  /// Points along each lattice vector.
  let points: SIMD3<Int>
  /// Order of the splines.
  let order: Int
  /// Splitting parameter, Å⁻¹.
  let splitting: Double

  /// Charges, later potentials: x, y, z with z fastest.
  private let mesh: UnsafeMutablePointer<Double>
  /// Transforms: x, y, z up to half.
  private let waves: UnsafeMutablePointer<Double>
  private let planeForward: OpaquePointer?
  private let planeBackward: OpaquePointer?
  private let lineForward: OpaquePointer?
  private let lineBackward: OpaquePointer?
  /// exp(-π²m²/α²)/m² B(m) k/(πV) of the lattice it was made for.
  private var influence: [Double] = []
  private var influenceLattice: Lattice?
  private let splineModuli: [[Double]]

  /// What one evaluation gives.
  struct Result {
    var energy = 0.0
    /// Forces on the atoms, eV/Å.
    var forces: [SIMD3<Double>]
    /// ∂E/∂ε, rows, eV.
    var strain = [SIMD3<Double>](repeating: .zero, count: 3)
  }

  init(points: SIMD3<Int>, order: Int, splitting: Double) {
    self.points = points
    self.order = order
    self.splitting = splitting
    let (nx, ny, nz) = (points.x, points.y, points.z)
    let half = nz / 2 + 1
    unsafe mesh = .allocate(capacity: nx * ny * nz)
    unsafe mesh.initialize(repeating: 0, count: nx * ny * nz)
    unsafe waves = .allocate(capacity: 2 * nx * ny * half)
    unsafe waves.initialize(repeating: 0, count: 2 * nx * ny * half)
    splineModuli = (0..<3).map { SplineWeights.moduli(points[$0], order: order) }
    let flags = UInt32(FFTW_ESTIMATE) | UInt32(FFTW_UNALIGNED)
    let (real, complex) = unsafe (
      mesh, UnsafeMutableRawPointer(waves).assumingMemoryBound(to: fftw_complex.self)
    )
    var plans: (OpaquePointer?, OpaquePointer?, OpaquePointer?, OpaquePointer?) = (
      nil, nil, nil, nil
    )
    planningFourierTransforms {
      let stride = Int32(ny * half)
      var length = Int32(nx)
      unsafe plans = (
        fftw_plan_dft_r2c_2d(Int32(ny), Int32(nz), real, complex, flags),
        fftw_plan_dft_c2r_2d(Int32(ny), Int32(nz), complex, real, flags),
        fftw_plan_many_dft(
          1, &length, Int32(half), complex, nil, stride, 1, complex, nil, stride, 1, FFTW_FORWARD,
          flags),
        fftw_plan_many_dft(
          1, &length, Int32(half), complex, nil, stride, 1, complex, nil, stride, 1,
          FFTW_BACKWARD, flags)
      )
    }
    unsafe (planeForward, planeBackward, lineForward, lineBackward) = unsafe plans
  }

  deinit {
    planningFourierTransforms {
      unsafe fftw_destroy_plan(planeForward)
      unsafe fftw_destroy_plan(planeBackward)
      unsafe fftw_destroy_plan(lineForward)
      unsafe fftw_destroy_plan(lineBackward)
    }
    unsafe mesh.deallocate()
    unsafe waves.deallocate()
  }

  /// Evaluates charges in a cell.
  ///
  /// - Parameters:
  ///   - lattice: The cell, Å.
  ///   - fractions: Fractional positions in [0, 1).
  ///   - charges: e.
  ///   - threads: Number of threads; no effect on the result.
  /// - Returns: Energy, forces and derivative by strain.
  func evaluate(
    _ lattice: Lattice, fractions: [SIMD3<Double>], charges: [Double], threads: Int
  ) -> Result {
    let weights = SplineWeights(
      fractions: fractions, points: points, order: order, threads: threads)
    if influenceLattice != lattice { prepare(lattice) }
    spread(weights, charges, threads)
    var result = convolve(lattice, threads)
    gather(lattice, weights, charges, threads, into: &result.forces)
    return result
  }

  /// Adds the charges to the mesh and transforms each plane.
  private func spread(_ weights: SplineWeights, _ charges: [Double], _ threads: Int) {
    let (nx, ny, nz) = (points.x, points.y, points.z)
    let (half, order) = (nz / 2 + 1, order)
    // Atoms by the last plane that their spline reaches, in their own order.
    var starts = [Int](repeating: 0, count: nx + 1)
    for cell in weights.cells { starts[Int(cell.x) + 1] += 1 }
    for x in 1...nx { starts[x] += starts[x - 1] }
    var next = starts
    var atoms = [Int](repeating: 0, count: weights.cells.count)
    for (i, cell) in weights.cells.enumerated() {
      atoms[next[Int(cell.x)]] = i
      next[Int(cell.x)] += 1
    }
    let (bucketStarts, bucketAtoms) = (starts, atoms)
    nonisolated(unsafe) let (mesh, waves) = unsafe (mesh, waves)
    nonisolated(unsafe) let plan = unsafe planeForward
    inParallel(nx, threads) { planes in
      for x in planes {
        let plane = unsafe mesh + x &* ny &* nz
        unsafe plane.update(repeating: 0, count: ny * nz)
        for offset in 0..<order {
          let bucket = (x + offset) % nx
          for entry in bucketStarts[bucket]..<bucketStarts[bucket + 1] {
            let i = bucketAtoms[entry]
            let q = charges[i] * weights.values[(3 * i) * order + order - 1 - offset]
            unsafe weights.addSquare(of: i, times: q, to: plane, points: (ny, nz))
          }
        }
        unsafe fftw_execute_dft_r2c(
          plan, plane,
          UnsafeMutableRawPointer(waves + 2 &* x &* ny &* half).assumingMemoryBound(
            to: fftw_complex.self))
      }
    }
  }

  /// Finishes the transform, multiplies by the influence function, and goes back.
  private func convolve(_ lattice: Lattice, _ threads: Int) -> Result {
    let (nx, ny, nz) = (points.x, points.y, points.z)
    let half = nz / 2 + 1
    let reciprocal = lattice.reciprocal
    let turns = 1 / (2 * Double.pi)
    let (a, b, c) = (turns * reciprocal.a, turns * reciprocal.b, turns * reciprocal.c)
    let decay = Double.pi * Double.pi / (splitting * splitting)
    var energies = [Double](repeating: 0, count: ny)
    var strains = [[SIMD3<Double>]](
      repeating: [SIMD3](repeating: .zero, count: 3), count: ny)
    nonisolated(unsafe) let (mesh, waves) = unsafe (mesh, waves)
    nonisolated(unsafe) let (forward, backward) = unsafe (lineForward, lineBackward)
    nonisolated(unsafe) let planeBackward = unsafe planeBackward
    let influence = influence
    unsafe energies.withUnsafeMutableBufferPointer { energies in
      unsafe strains.withUnsafeMutableBufferPointer { strains in
        nonisolated(unsafe) let (energies, strains) = unsafe (energies, strains)
        inParallel(ny, threads) { rows in
          for y in rows {
            let row = unsafe waves + 2 &* y &* half
            let complex = unsafe UnsafeMutableRawPointer(row).assumingMemoryBound(
              to: fftw_complex.self)
            unsafe fftw_execute_dft(forward, complex, complex)
            var energy = 0.0
            var diagonal = SIMD3<Double>.zero
            var rest = SIMD3<Double>.zero
            let my = Double(2 * y > ny ? y - ny : y) * b
            for x in 0..<nx {
              let mxy = Double(2 * x > nx ? x - nx : x) * a + my
              let line = unsafe row + 2 &* x &* ny &* half
              let factors = (x &* ny &+ y) &* half
              for z in 0..<half {
                let factor = influence[factors &+ z]
                let (re, im) = unsafe (line[2 &* z], line[2 &* z &+ 1])
                unsafe line[2 &* z] = factor * re
                unsafe line[2 &* z &+ 1] = factor * im
                // Half of the waves are not stored; ½ for every pair.
                let twin = z == 0 || 2 &* z == nz ? 0.5 : 1.0
                let part = twin * factor * (re * re + im * im)
                if part == 0 { continue }
                energy += part
                let m = mxy + Double(z) * c
                let m2 = m.x * m.x + m.y * m.y + m.z * m.z
                let slope = 2 * part * (1 / m2 + decay)
                diagonal += slope * m * m
                rest += slope * m * SIMD3(m.y, m.z, m.x)
              }
            }
            unsafe fftw_execute_dft(backward, complex, complex)
            unsafe energies[y] = energy
            unsafe strains[y] = [
              SIMD3(diagonal.x - energy, rest.x, rest.z),
              SIMD3(rest.x, diagonal.y - energy, rest.y),
              SIMD3(rest.z, rest.y, diagonal.z - energy),
            ]
          }
        }
      }
    }
    inParallel(nx, threads) { planes in
      for x in planes {
        unsafe fftw_execute_dft_c2r(
          planeBackward,
          UnsafeMutableRawPointer(waves + 2 &* x &* ny &* half).assumingMemoryBound(
            to: fftw_complex.self), mesh + x &* ny &* nz)
      }
    }
    var result = Result(forces: [])
    for y in 0..<ny {
      result.energy += energies[y]
      for axis in 0..<3 { result.strain[axis] += strains[y][axis] }
    }
    return result
  }

  /// Forces from the potential on the mesh.
  private func gather(
    _ lattice: Lattice, _ weights: SplineWeights, _ charges: [Double], _ threads: Int,
    into forces: inout [SIMD3<Double>]
  ) {
    let reciprocal = lattice.reciprocal
    let turns = 1 / (2 * Double.pi)
    let a = turns * Double(points.x) * reciprocal.a
    let b = turns * Double(points.y) * reciprocal.b
    let c = turns * Double(points.z) * reciprocal.c
    let points = points
    nonisolated(unsafe) let mesh = unsafe mesh
    forces = [SIMD3<Double>](repeating: .zero, count: charges.count)
    unsafe forces.withUnsafeMutableBufferPointer { forces in
      nonisolated(unsafe) let forces = unsafe forces
      inParallel(charges.count, threads) { atoms in
        for i in atoms {
          let g = unsafe weights.gradient(of: i, mesh, points: points)
          unsafe forces[i] = -charges[i] * (g.x * a + g.y * b + g.z * c)
        }
      }
    }
  }

  /// The influence function of a lattice.
  private func prepare(_ lattice: Lattice) {
    let (nx, ny, nz) = (points.x, points.y, points.z)
    let half = nz / 2 + 1
    let reciprocal = lattice.reciprocal
    let turns = 1 / (2 * Double.pi)
    let (a, b, c) = (turns * reciprocal.a, turns * reciprocal.b, turns * reciprocal.c)
    let decay = Double.pi * Double.pi / (splitting * splitting)
    let prefactor = Constants.coulomb / (Double.pi * lattice.volume)
    influence.removeAll(keepingCapacity: true)
    influence.reserveCapacity(nx * ny * half)
    for x in 0..<nx {
      let mx = Double(2 * x > nx ? x - nx : x) * a
      for y in 0..<ny {
        let mxy = mx + Double(2 * y > ny ? y - ny : y) * b
        let modulus = splineModuli[0][x] * splineModuli[1][y]
        for z in 0..<half {
          let m = mxy + Double(z) * c
          let m2 = m.x * m.x + m.y * m.y + m.z * m.z
          influence.append(
            m2 == 0 ? 0 : prefactor * exp(-decay * m2) / m2 * modulus * splineModuli[2][z])
        }
      }
    }
    influenceLattice = lattice
  }
}

/// Runs a piece of work for parts of a range on several threads.
///
/// - Parameters:
///   - count: The range is 0 ..< count.
///   - threads: Number of parts.
///   - body: The work; parts must not depend on each other.
func inParallel(_ count: Int, _ threads: Int, _ body: @Sendable (Range<Int>) -> Void) {
  guard threads > 1 else { return body(0..<count) }
  DispatchQueue.concurrentPerform(iterations: threads) { part in
    body((count * part / threads)..<(count * (part + 1) / threads))
  }
}
