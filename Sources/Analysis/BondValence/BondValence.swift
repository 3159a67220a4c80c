public import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The parameters of the bond between a cation and an anion.
///
///     s = exp((R0 − r) / b)          [valence units]
///
/// The bond valences around an ion add up to its oxidation state.
///
/// Reference: I. D. Brown and D. Altermatt, Acta Cryst. B 41, 244 (1985).
public struct BondValence: Hashable, Sendable {
  /// Length of a bond of valence 1, Å.
  public let r0: Double

  /// Softness, Å.
  public let b: Double

  /// Where the parameters are from.
  public let source: Source

  /// Where parameters are from.
  public enum Source: String, Hashable, Sendable, Codable {
    /// I. D. Brown and D. Altermatt, Acta Cryst. B 41, 244 (1985).
    case brownAltermatt = "Brown & Altermatt 1985"
    /// N. E. Brese and M. O'Keeffe, Acta Cryst. B 47, 192 (1991).
    case breseOKeeffe = "Brese & O'Keeffe 1991"
    /// W. Liu and H. H. Thorp, Inorg. Chem. 32, 4102 (1993).
    case liuThorp = "Liu & Thorp 1993"
    /// Given by the user.
    case user
  }

  /// Parameters, Å.
  public init(r0: Double, b: Double = 0.37, source: Source = .user) {
    self.r0 = r0
    self.b = b
    self.source = source
  }

  /// The parameters of a cation with an oxidation state and an anion; nil if none are tabulated.
  public init?(cation: Species, anion: Element) {
    let row = bondValenceTable.first { row in
      row.cation == cation.element.symbol && Double(row.valence) == cation.oxidationState
        && row.anion == anion.symbol
    }
    guard let row else { return nil }
    self.init(r0: row.r0, b: 0.37, source: row.source)
  }

  /// The valence of a bond of length r, Å.
  public func valence(_ r: Double) -> Double { exp((r0 - r) / b) }

  /// The anions for which parameters are tabulated.
  public static var anions: [Element] {
    Set(bondValenceTable.map(\.anion)).compactMap { Element(symbol: $0) }.sorted()
  }

  /// The cations, with oxidation states, for which parameters with an anion are tabulated.
  public static func cations(with anion: Element) -> [Species] {
    bondValenceTable.filter { $0.anion == anion.symbol }.compactMap { row in
      Element(symbol: row.cation).map { Species($0, oxidationState: Double(row.valence)) }
    }.sorted()
  }
}

/// Cation, oxidation state, anion, R0 in Å (b = 0.37 Å throughout), source.
private let bondValenceTable:
  [(cation: String, valence: Int, anion: String, r0: Double, source: BondValence.Source)] = [
    ("Al", 3, "O", 1.651, .brownAltermatt),
    ("Ca", 2, "O", 1.967, .brownAltermatt),
    ("Co", 2, "O", 1.692, .brownAltermatt),
    ("Co", 3, "O", 1.700, .breseOKeeffe),
    ("Cr", 2, "O", 1.730, .breseOKeeffe),
    ("Cr", 3, "O", 1.724, .brownAltermatt),
    ("Cr", 6, "O", 1.794, .brownAltermatt),
    ("Fe", 2, "O", 1.734, .brownAltermatt),
    ("Fe", 3, "O", 1.759, .brownAltermatt),
    ("Ga", 3, "Cl", 2.070, .breseOKeeffe),
    ("Ga", 3, "F", 1.620, .breseOKeeffe),
    ("Ga", 3, "O", 1.730, .brownAltermatt),
    ("Ga", 3, "S", 2.163, .brownAltermatt),
    ("Li", 1, "Cl", 1.910, .breseOKeeffe),
    ("Li", 1, "F", 1.360, .brownAltermatt),
    ("Li", 1, "O", 1.466, .brownAltermatt),
    ("Li", 1, "S", 1.940, .breseOKeeffe),
    ("Li", 1, "Se", 2.090, .breseOKeeffe),
    ("Mg", 2, "Cl", 2.080, .breseOKeeffe),
    ("Mg", 2, "F", 1.578, .brownAltermatt),
    ("Mg", 2, "O", 1.693, .brownAltermatt),
    ("Mg", 2, "S", 2.180, .breseOKeeffe),
    ("Mg", 2, "Se", 2.320, .breseOKeeffe),
    ("Mn", 2, "Cl", 2.133, .brownAltermatt),
    ("Mn", 2, "F", 1.698, .brownAltermatt),
    ("Mn", 2, "O", 1.790, .brownAltermatt),
    ("Mn", 3, "Cl", 2.140, .breseOKeeffe),
    ("Mn", 3, "F", 1.660, .breseOKeeffe),
    ("Mn", 3, "O", 1.760, .brownAltermatt),
    ("Mn", 4, "Cl", 2.130, .breseOKeeffe),
    ("Mn", 4, "F", 1.710, .breseOKeeffe),
    ("Mn", 4, "O", 1.753, .brownAltermatt),
    ("Mn", 7, "Cl", 2.170, .breseOKeeffe),
    ("Mn", 7, "F", 1.720, .breseOKeeffe),
    ("Mn", 7, "O", 1.790, .breseOKeeffe),
    ("Mo", 4, "O", 1.886, .liuThorp),
    ("Mo", 4, "S", 2.235, .liuThorp),
    ("Mo", 5, "O", 1.907, .liuThorp),
    ("Mo", 5, "S", 2.288, .liuThorp),
    ("Mo", 6, "Cl", 2.280, .breseOKeeffe),
    ("Mo", 6, "F", 1.810, .breseOKeeffe),
    ("Mo", 6, "O", 1.907, .brownAltermatt),
    ("Mo", 6, "S", 2.331, .liuThorp),
    ("Na", 1, "O", 1.803, .brownAltermatt),
    ("Sc", 3, "O", 1.849, .brownAltermatt),
    ("Si", 4, "O", 1.624, .breseOKeeffe),
    ("Ti", 3, "Cl", 2.170, .breseOKeeffe),
    ("Ti", 3, "F", 1.723, .breseOKeeffe),
    ("Ti", 3, "O", 1.791, .breseOKeeffe),
    ("Ti", 4, "Cl", 2.190, .breseOKeeffe),
    ("Ti", 4, "F", 1.760, .breseOKeeffe),
    ("Ti", 4, "O", 1.815, .brownAltermatt),
    ("V", 3, "Cl", 2.190, .breseOKeeffe),
    ("V", 3, "F", 1.702, .breseOKeeffe),
    ("V", 3, "O", 1.743, .brownAltermatt),
    ("V", 4, "Cl", 2.160, .breseOKeeffe),
    ("V", 4, "F", 1.700, .breseOKeeffe),
    ("V", 4, "O", 1.784, .brownAltermatt),
    ("V", 5, "Cl", 2.160, .breseOKeeffe),
    ("V", 5, "O", 1.803, .brownAltermatt),
    ("Zn", 2, "Cl", 2.010, .breseOKeeffe),
    ("Zn", 2, "F", 1.620, .breseOKeeffe),
    ("Zn", 2, "O", 1.704, .brownAltermatt),
    ("Zn", 2, "S", 2.090, .breseOKeeffe),
    ("Zn", 2, "Se", 2.220, .breseOKeeffe),
  ]
