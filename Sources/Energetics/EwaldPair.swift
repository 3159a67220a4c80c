public import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The electrostatic potential of a unit charge and all its periodic images, with the neutralising
/// background.
///
///     ψ(d) = Σ_T erfc(α |d + T|) / |d + T|
///          + (4π/V) Σ_{G≠0} exp(-G²/4α²) / G² cos(G·d) - π / (V α²)      [1/Å]
///
/// At d = 0 the term of the charge itself is left out and replaced by its limit -2α/√π. Energies
/// follow as E = ½ k Σᵢⱼ qᵢ qⱼ ψ(rⱼ - rᵢ) with k = ``Constants/coulomb``; they do not depend on α.
///
/// Conventions: tin-foil boundary, no G = 0 term, uniform background for cells that are not neutral.
///
/// Reference: P. P. Ewald, Ann. Phys. 369, 253 (1921); A. Y. Toukmaji and J. A. Board, Comput. Phys.
/// Commun. 95, 73 (1996).
public struct EwaldPair: Sendable {
  /// The cell.
  public let lattice: Lattice

  /// Splitting parameter α, Å⁻¹.
  public let splitting: Double

  private let cutoff: Double
  private let images: [SIMD3<Double>]
  private let waves: [Wave]
  private let background: Double

  private struct Wave: Sendable {
    let indices: SIMD3<Double>
    let weight: Double
  }

  /// Prepares the sums.
  ///
  /// - Parameters:
  ///   - lattice: The cell, Å.
  ///   - accuracy: Size of what is neglected relative to 1, in (0, 1).
  ///   - splitting: α, Å⁻¹; nil balances both sums.
  /// - Precondition: `accuracy` is in (0, 1).
  public init(lattice: Lattice, accuracy: Double = 1e-14, splitting: Double? = nil) {
    let alpha = splitting ?? Double.pi.squareRoot() / cbrt(lattice.volume)
    let reach = ewaldReach(accuracy)
    self.lattice = lattice
    self.splitting = alpha
    self.cutoff = reach / alpha
    self.images = lattice.latticePoints(within: reach / alpha).map {
      Double($0.x) * lattice.a + Double($0.y) * lattice.b + Double($0.z) * lattice.c
    }
    self.waves = halfSpaceWaves(lattice, cutoff: 2 * alpha * reach).map { wave in
      // Twice: G and -G give the same cosine.
      Wave(
        indices: wave.indices,
        weight: 8 * Double.pi / lattice.volume * exp(-wave.square / (4 * alpha * alpha))
          / wave.square)
    }
    self.background = -Double.pi / (lattice.volume * alpha * alpha)
  }

  /// ψ for a displacement between two different sites, 1/Å.
  public func potential(_ displacement: SIMD3<Double>) -> Double {
    sum(displacement, omitsOrigin: false)
  }

  /// ψ(0): the potential of the images of a unit charge, and of the background, on itself, 1/Å.
  public var selfPotential: Double {
    sum(.zero, omitsOrigin: true) - 2 * splitting / Double.pi.squareRoot()
  }

  /// Both sums at a displacement.
  ///
  /// - Parameters:
  ///   - displacement: Fractional; any image.
  ///   - omitsOrigin: Whether the term of the charge itself is left out of the sum over images.
  /// - Returns: 1/Å.
  private func sum(_ displacement: SIMD3<Double>, omitsOrigin: Bool) -> Double {
    // Reduced, so that the range of images is valid for any image of the sites.
    let f = displacement - displacement.rounded(.toNearestOrEven)
    let d = lattice.cartesian(Fractional(f)).components
    var sum = background
    for image in images {
      let r2 = dot(d + image, d + image)
      if r2 > cutoff * cutoff || (omitsOrigin && image == .zero) { continue }
      let r = r2.squareRoot()
      sum += erfc(splitting * r) / r
    }
    for wave in waves {
      sum += wave.weight * cos(2 * Double.pi * dot(wave.indices, f))
    }
    return sum
  }
}

/// Where both sums of an Ewald sum end: α r and G / 2α at the cutoff.
///
/// Terms fall off as exp(-reach²). A few dozen of the largest neglected ones can have the same sign,
/// as in crystals, where they come in shells.
func ewaldReach(_ accuracy: Double) -> Double {
  precondition(accuracy > 0 && accuracy < 1, "accuracy must be in (0, 1)")
  return (-log(accuracy / 30)).squareRoot()
}

/// Reciprocal vectors up to a length, without the origin and without one of each pair ±G.
///
/// - Parameters:
///   - lattice: The cell, Å.
///   - cutoff: Å⁻¹, with 2π.
/// - Returns: Integer multiples of the reciprocal vectors, G in Å⁻¹ and G².
func halfSpaceWaves(
  _ lattice: Lattice, cutoff: Double
) -> [(indices: SIMD3<Double>, vector: SIMD3<Double>, square: Double)] {
  let (a, b, c) = lattice.reciprocal
  // |l| = |G·a| / 2π <= |G| |a| / 2π
  func bound(_ length: Double) -> Int { Int((cutoff * length / (2 * Double.pi)).rounded(.down)) }
  let lengths = lattice.lengths
  let (nl, nm, nn) = (bound(lengths.x), bound(lengths.y), bound(lengths.z))
  var waves: [(indices: SIMD3<Double>, vector: SIMD3<Double>, square: Double)] = []
  for l in 0...nl {
    for m in (l == 0 ? 0 : -nm)...nm {
      for n in (l == 0 && m == 0 ? 1 : -nn)...max(nn, l == 0 && m == 0 ? 1 : -nn) {
        let indices = SIMD3(Double(l), Double(m), Double(n))
        let vector = indices.x * a + indices.y * b + indices.z * c
        let square = dot(vector, vector)
        if square <= cutoff * cutoff { waves.append((indices, vector, square)) }
      }
    }
  }
  return waves
}
