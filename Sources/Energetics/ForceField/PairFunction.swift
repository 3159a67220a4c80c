internal import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What happens to short-range terms at the cutoff.
public enum Truncation: String, Hashable, Sendable, CaseIterable {
  /// Energy and force jump to zero: v(r).
  case plain
  /// The energy is continuous, the force jumps: v(r) - v(c).
  case shifted
  /// Energy and force are continuous: v(r) - v(c) - (r - c) v'(c).
  case smooth
}

/// The interaction of a pair of ions within the cutoff.
struct PairFunction {
  let short: PairPotential?
  let truncation: Truncation
  let cutoff: Double
  /// k q q, eV·Å.
  let product: Double
  /// α, Å⁻¹.
  let splitting: Double
  private let shift: Double
  private let tilt: Double

  init(
    short: PairPotential?, truncation: Truncation, cutoff: Double, product: Double,
    splitting: Double
  ) {
    self.short = short
    self.truncation = truncation
    self.cutoff = cutoff
    self.product = product
    self.splitting = splitting
    shift = truncation == .plain ? 0 : short?.energy(cutoff) ?? 0
    tilt = truncation == .smooth ? short?.derivative(cutoff) ?? 0 : 0
  }

  /// v(r) + k q q erfc(αr)/r, eV.
  func energy(_ r: Double) -> Double {
    var energy = product == 0 ? 0 : product * erfc(splitting * r) / r
    if let short { energy += short.energy(r) - shift - (r - cutoff) * tilt }
    return energy
  }

  /// The derivative of the short-range part, eV/Å.
  func shortDerivative(_ r: Double) -> Double { (short?.derivative(r) ?? 0) - tilt }

  /// The derivative of the whole interaction, v'(r) - k q q/r², eV/Å.
  private func slope(_ r: Double) -> Double { (short?.derivative(r) ?? 0) - product / (r * r) }

  /// Below this distance the interaction makes no sense, Å.
  ///
  /// That is where the force exceeds what an ``ExactSum`` holds; and, for potentials with attraction
  /// that grows without limit, the top of the barrier in front of it.
  var core: Double {
    let smallest = PairTable.smallestSquare.squareRoot()
    let step = 0.005
    var r = 2.5
    var wasRepulsive = false
    while r > smallest {
      let slope = slope(r)
      if slope.magnitude > ExactSum.largestTerm / 4 { return r }
      // Going inwards, repulsion that ends is a barrier.
      if short != nil && slope < -0.1 { wasRepulsive = true }
      if wasRepulsive && slope > 0 { return r + step }
      r -= step
    }
    return smallest
  }
}
