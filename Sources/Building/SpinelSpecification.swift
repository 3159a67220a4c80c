/// Which spinel to build, in Fd-3m.
///
/// Without ``speciesA`` and ``speciesB`` this is the host Mg_x ZnMnO3, in which 8a, 16c and 16d may
/// each take Mg, Zn, Mn or stay empty.
public struct SpinelSpecification: Hashable, Sendable {
  /// Origin of the coordinates, 1 (-43m) or 2 (-3m).
  public var originChoice = 2

  /// Edge of the conventional cell, Å.
  public var a = SpinelSpecification.defaultEdge

  /// Oxygen parameter u of the chosen origin.
  ///
  /// Nil takes 0.2625 (choice 2) or 0.3875 (choice 1), where 8a-O and 16d-O are equally long. Ideal
  /// close packing has 0.25 (0.375).
  public var u: Double?

  /// The species A of A B2 X4, on 8a in the normal spinel; nil for the host.
  public var speciesA: String?

  /// The species B of A B2 X4, on 16d in the normal spinel; nil for the host.
  public var speciesB: String?

  /// The anion X, on 32e.
  public var anion = "O"

  /// Species that the host admits on its cation sites, beside the vacancy.
  public var hostSpecies = ["Mg", "Zn", "Mn"]

  /// Degree of inversion i: (A_1-i B_i) on 8a, (B_2-i A_i) on 16d; from 0 (normal) to 1 (inverse).
  public var inversion = 0.0

  /// Overall composition, such as `Mg0.5ZnMnO3`; nil for A B2 X4, and ZnMn2O4 for the host.
  public var composition: String?

  /// Further empty sites: `8b`, and `48f` with x = 3/8 in choice 2, which is tetrahedral.
  public var extraSites: [String] = []

  /// Å; a round value for cubic spinels of Mg, Zn and Mn.
  public static let defaultEdge = 8.5

  /// The host with its default parameters.
  public init() {}
}

/// Keys as in a specification file: `origin`, `a`, `u`, `A`, `B`, `X`, `host_species`, `inversion`,
/// `composition`, `extra_sites`; all are optional.
extension SpinelSpecification: Codable {
  private enum CodingKeys: String, CodingKey {
    case originChoice = "origin"
    case a
    case u
    case speciesA = "A"
    case speciesB = "B"
    case anion = "X"
    case hostSpecies = "host_species"
    case inversion
    case composition
    case extraSites = "extra_sites"
  }

  /// Reads the keys that are present; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    originChoice = try values.decodeIfPresent(Int.self, forKey: .originChoice) ?? originChoice
    a = try values.decodeIfPresent(Double.self, forKey: .a) ?? a
    u = try values.decodeIfPresent(Double.self, forKey: .u)
    speciesA = try values.decodeIfPresent(String.self, forKey: .speciesA)
    speciesB = try values.decodeIfPresent(String.self, forKey: .speciesB)
    anion = try values.decodeIfPresent(String.self, forKey: .anion) ?? anion
    hostSpecies = try values.decodeIfPresent([String].self, forKey: .hostSpecies) ?? hostSpecies
    inversion = try values.decodeIfPresent(Double.self, forKey: .inversion) ?? inversion
    composition = try values.decodeIfPresent(String.self, forKey: .composition)
    extraSites = try values.decodeIfPresent([String].self, forKey: .extraSites) ?? extraSites
  }
}
