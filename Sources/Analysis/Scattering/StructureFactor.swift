public import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Partial static structure factors from radial distribution functions, and their sums as X-rays and
/// neutrons see them.
///
///     S_ab(q) = 1 + (4πρ/q) ∫₀ᴿ r (g_ab(r) − 1) sin(qr) w(r) dr                        [dimensionless]
///     S(q) = 1 + Σ_ab c_a c_b f_a(q) f_b(q) (S_ab(q) − 1) / (Σ_a c_a f_a(q))²
///
/// with the number density ρ of all atoms and the fractions c of the elements. Definitions of Faber and Ziman:
/// S and all S_ab tend to 1 at large q.
///
/// The integral ends at R, where the functions end, which spreads features over 2π/R; the window of Lorch,
/// w = sin(πr/R)/(πr/R), takes off the ripples that the sudden end gives.
///
/// References: T. E. Faber and J. M. Ziman, Phil. Mag. 11, 153 (1965); E. Lorch, J. Phys. C 2, 229 (1969).
public struct StructureFactor: Sendable {
  /// How the integral ends.
  public enum Window: String, Hashable, CaseIterable, Codable, Sendable {
    /// At once.
    case none
    /// Smoothly.
    case lorch
  }

  /// What is scattered.
  public enum Radiation: Hashable, Sendable {
    /// X-rays, with form factors of neutral atoms.
    case xray
    /// Neutrons, with coherent scattering lengths.
    case neutron
  }

  /// The elements, by atomic number.
  public let elements: [Element]

  /// Wave numbers q, Å⁻¹.
  public let wavenumbers: [Double]

  /// S_ab for all pairs, a × elements + b.
  private let partials: [[Double]]

  /// Fractions of the elements.
  private let fractions: [Double]

  /// Transforms functions.
  ///
  /// - Parameters:
  ///   - means: The functions.
  ///   - elements: Those that they are of.
  ///   - distances: Middles of their bins, Å.
  ///   - binWidth: Å.
  ///   - wavenumbers: Positive, Å⁻¹.
  ///   - window: How the integral ends.
  public init(
    _ means: PairDistribution.Means, elements: [Element], distances: [Double], binWidth: Double,
    wavenumbers: [Double], window: Window
  ) {
    self.elements = elements
    self.wavenumbers = wavenumbers
    fractions = elements.map(means.fraction)
    let radius = Double(distances.count) * binWidth
    let density = means.density
    let weights = distances.map { r -> Double in
      let phase = Double.pi * r / radius
      let window = window == .lorch ? sin(phase) / phase : 1
      return 4 * Double.pi * density * r * window * binWidth
    }
    let waves = wavenumbers.map { q in
      zip(distances, weights).map { sin(q * $0.0) * $0.1 / q }
    }
    func transform(_ g: [Double]) -> [Double] {
      waves.map { wave in
        var sum = 1.0
        for bin in g.indices { sum += wave[bin] * (g[bin] - 1) }
        return sum
      }
    }
    var partials = [[Double]](repeating: [], count: elements.count * elements.count)
    for a in elements.indices {
      for b in a..<elements.count {
        let values = transform(means.function(elements[a], elements[b]))
        partials[a * elements.count + b] = values
        partials[b * elements.count + a] = values
      }
    }
    self.partials = partials
  }

  /// S_ab, one value for each wave number.
  public func partial(_ first: Element, _ second: Element) -> [Double] {
    guard let a = elements.firstIndex(of: first), let b = elements.firstIndex(of: second)
    else { return [] }
    return partials[a * elements.count + b]
  }

  /// The sum for a radiation, one value for each wave number.
  ///
  /// - Throws: ``InputError`` that names the elements without scattering data.
  public func total(_ radiation: Radiation) throws(InputError) -> [Double] {
    try ScatteringTable.check(elements, radiation)
    return wavenumbers.indices.map { index in
      let f = elements.map {
        ScatteringTable.amplitude(of: $0, radiation, wavenumber: wavenumbers[index]) ?? 0
      }
      var (sum, mean) = (0.0, 0.0)
      for a in elements.indices {
        mean += fractions[a] * f[a]
        for b in elements.indices {
          sum +=
            fractions[a] * fractions[b] * f[a] * f[b]
            * (partials[a * elements.count + b][index] - 1)
        }
      }
      return 1 + sum / (mean * mean)
    }
  }
}
