internal import CFFTW
internal import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Values on a periodic grid, spread by a Gaussian of any cell's metric; their sum stays.
///
///     f(G) → f(G) exp(−½ σ² G²)
///
/// - Parameters:
///   - values: n₁ × n₂ × n₃, the last index fastest.
///   - counts: n₁, n₂, n₃.
///   - lattice: The cell.
///   - width: σ, Å.
/// - Returns: As many values, none below 0.
func smoothed(
  _ values: [Double], _ counts: SIMD3<Int>, _ lattice: Lattice, width: Double
) -> [Double] {
  let half = counts.z / 2 + 1
  guard let real = unsafe fftw_alloc_real(values.count),
    let waves = unsafe fftw_alloc_complex(counts.x * counts.y * half)
  else { preconditionFailure("no memory for a grid of \(values.count) points") }
  defer {
    unsafe fftw_free(real)
    unsafe fftw_free(waves)
  }
  let (x, y, z) = (Int32(counts.x), Int32(counts.y), Int32(counts.z))
  var plans: (fftw_plan?, fftw_plan?) = (nil, nil)
  planningFourierTransforms {
    unsafe plans = (
      fftw_plan_dft_r2c_3d(x, y, z, real, waves, UInt32(FFTW_ESTIMATE)),
      fftw_plan_dft_c2r_3d(x, y, z, waves, real, UInt32(FFTW_ESTIMATE))
    )
  }
  guard let forward = unsafe plans.0, let backward = unsafe plans.1 else {
    preconditionFailure("no plan for a grid of \(values.count) points")
  }
  defer {
    planningFourierTransforms {
      unsafe fftw_destroy_plan(forward)
      unsafe fftw_destroy_plan(backward)
    }
  }
  for (n, value) in values.enumerated() { unsafe real[n] = value }
  unsafe fftw_execute(forward)
  let reciprocal = lattice.reciprocal
  func signed(_ index: Int, _ count: Int) -> Double {
    Double(2 * index > count ? index - count : index)
  }
  for i in 0..<counts.x {
    for j in 0..<counts.y {
      let plane = signed(i, counts.x) * reciprocal.a + signed(j, counts.y) * reciprocal.b
      for k in 0..<half {
        let g = plane + Double(k) * reciprocal.c
        let factor = exp(-0.5 * width * width * dot(g, g)) / Double(values.count)
        let index = (i * counts.y + j) * half + k
        unsafe waves[index].0 *= factor
        unsafe waves[index].1 *= factor
      }
    }
  }
  unsafe fftw_execute(backward)
  // Where nothing ever was, the transform leaves noise of either sign, and ripples where the Gaussian is
  // narrower than the grid.
  let raw = values.indices.map { max(0, unsafe real[$0]) }
  let (wanted, found) = (values.reduce(0, +), raw.reduce(0, +))
  return found > 0 ? raw.map { $0 * wanted / found } : raw
}
