public import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// How strongly atoms scatter.
public enum ScatteringTable {
  /// Form factors are fitted up to here, Å⁻¹.
  public static let largestWavenumber = 8 * Double.pi

  /// The amplitude that an atom scatters.
  ///
  /// - Parameters:
  ///   - element: The atom, neutral and with its natural isotopes.
  ///   - radiation: What is scattered.
  ///   - wavenumber: q = 4π sin θ / λ, Å⁻¹; neutrons do not depend on it.
  /// - Returns: Electrons for X-rays, fm for neutrons; nil where none is tabulated.
  public static func amplitude(
    of element: Element, _ radiation: StructureFactor.Radiation, wavenumber: Double
  ) -> Double? {
    switch radiation {
    case .neutron: return neutronLengths[element]
    case .xray:
      guard let row = formFactors[element] else { return nil }
      let s = wavenumber / (4 * Double.pi)
      return (0..<4).reduce(row[8]) { $0 + row[$1] * exp(-row[4 + $1] * s * s) }
    }
  }

  /// Refuses elements without data.
  ///
  /// - Throws: ``InputError`` that names them.
  static func check(
    _ elements: [Element], _ radiation: StructureFactor.Radiation
  ) throws(InputError) {
    let known = radiation == .xray ? Set(formFactors.keys) : Set(neutronLengths.keys)
    let missing = elements.filter { !known.contains($0) }.map(\.symbol)
    guard missing.isEmpty else {
      let what = radiation == .xray ? "X-ray form factor" : "neutron scattering length"
      throw InputError("no \(what) is tabulated for \(missing.joined(separator: ", "))")
    }
  }

  private static let formFactors: [Element: [Double]] = {
    var factors: [Element: [Double]] = [:]
    for line in formFactorTable.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard let element = Element(symbol: words[0]) else { continue }
      factors[element] = words.dropFirst().compactMap { NumberReader.real(String($0)) }
    }
    return factors
  }()

  private static let neutronLengths: [Element: Double] = {
    let words = neutronLengthTable.split { $0 == " " || $0 == "\n" }
    var lengths: [Element: Double] = [:]
    for index in stride(from: 0, to: words.count - 1, by: 2) {
      guard let element = Element(symbol: words[index]) else { continue }
      lengths[element] = NumberReader.real(String(words[index + 1]))
    }
    return lengths
  }()
}
