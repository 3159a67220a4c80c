internal import Analysis
internal import Building
internal import Crystal
internal import Energetics

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Potentials for any ions, made from bond valences: first models of compositions that no published set
/// covers.
///
///     all pairs:      k s² V V'/r                          partial charges s V
///     cation-anion:   A exp(-r/ρ),   A = ρ c k s² |V V'|/r₀² exp(r₀/ρ)
///     anion-anion:    w exp((R + R' - r)/ρ)
///     r₀ = g (R₀ - b ln(V/N)),   c = 0.874 (1 + V/|V'|)/N
///
/// R₀ and b are the bond-valence parameters, V oxidation states, N the usual number of neighbours, R ionic
/// radii of anions. c is what Kapustinskii's rule gives for the pull of a crystal's charges on one of
/// its bonds, so that the wall balances it at the length r₀ that bond valences give. s, ρ, g and w are
/// the same for all ions and were fitted to crystals of oxides, fluorides, chlorides, sulfides and
/// selenides. Relaxed with all freedom of the cell, the volumes of 28 prototypes come out 1.4 % too small
/// on average (median error 8.7 %, standard deviation 14 %), their shortest distances 2.0 % too long
/// (median error 2.8 %). Layered sulfides (TiS2 +40 %) and oxides of V5+ with short bonds (δ-V2O5 -39 %)
/// are the worst: nothing here stands for dispersion or for covalent bonds.
///
/// Chosen in place of Morse functions with a screened repulsion (S. Adams and R. P. Rao, Phys. Chem.
/// Chem. Phys. 11, 3210, 2009), which were made for ions that move in a rigid host: fitted to the same
/// crystals, fluorides and layered oxides collapsed when all ions were free.
///
/// References: I. D. Brown and D. Altermatt, Acta Cryst. B 41, 244 (1985); A. F. Kapustinskii, Q. Rev.
/// Chem. Soc. 10, 283 (1956); R. D. Shannon, Acta Cryst. A32, 751 (1976).
enum UniversalPotentials {
  /// What the set is called.
  static let name = "universal"

  /// s, charges in units of the oxidation states.
  private static let chargeScale = 0.5

  /// ρ, Å.
  private static let range = 0.25

  /// g, since walls of other ions push bonds apart.
  private static let contraction = 0.96

  /// w, eV.
  private static let contactEnergy = 0.01

  /// Makes the potentials of the ions of a structure.
  ///
  /// - Parameters:
  ///   - ions: Species with oxidation states.
  ///   - file: Name of the structure, for messages.
  /// - Returns: The set, with charges, and pairs whose bond lengths are estimated from ionic radii.
  /// - Throws: ``InputErrors`` that name ions without oxidation state or without any data.
  static func set(
    for ions: [Species], file: String
  ) throws(InputErrors) -> (set: PotentialSet, estimated: [String]) {
    let kinds = Set(ions).sorted()
    var problems: [InputError] = []
    var pairs: [PotentialSet.Pair] = []
    var estimated: [String] = []
    for ion in kinds where (ion.oxidationState ?? 0) == 0 {
      problems.append(
        InputError(
          "\(ion) has no charge", at: file, hint: "give oxidation states, --charges \(ion)=2"))
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
    for (index, first) in kinds.enumerated() {
      for second in kinds[index...] {
        let (a, b) = (first.oxidationState ?? 0, second.oxidationState ?? 0)
        if a * b > 0 {
          if a < 0 { pairs.append(.init(first, second, .init(contact(first, second)))) }
          continue
        }
        let (cation, anion) = a > 0 ? (first, second) : (second, first)
        guard let bond = bond(cation, anion) else {
          problems.append(
            InputError(
              "there are neither bond valences nor ionic radii for \(cation) with \(anion)",
              at: file, hint: "use a file of your own, --model mine.yaml, or an engine"))
          continue
        }
        if bond.isEstimated { estimated.append("\(cation)-\(anion)") }
        pairs.append(.init(first, second, .init(bond.form)))
      }
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
    let charges = Dictionary(
      uniqueKeysWithValues: kinds.map { ($0, chargeScale * ($0.oxidationState ?? 0)) })
    return (
      PotentialSet(
        name: name, source: "bond valences and Kapustinskii's rule", cutoff: 8,
        charges: charges, truncation: .shifted, pairs: pairs), estimated
    )
  }

  /// The wall between two anions.
  private static func contact(_ a: Species, _ b: Species) -> PairForm {
    let sum = (ionicRadius(a) ?? 1.4) + (ionicRadius(b) ?? 1.4)
    return .buckingham(amplitude: contactEnergy * exp(sum / range), range: range, dispersion: 0)
  }

  private static func bond(
    _ cation: Species, _ anion: Species
  ) -> (form: PairForm, isEstimated: Bool)? {
    let valence = cation.oxidationState ?? 0
    let neighbours = usualNeighbours(cation)
    let rounded = Species(cation.element, oxidationState: valence.rounded())
    let shorter: Double
    let b: Double
    var isEstimated = false
    if let known = BondValence(cation: rounded, anion: anion.element) {
      (shorter, b) = (known.r0, known.b)
    } else if let sum = ionicRadius(rounded).flatMap({ r in ionicRadius(anion).map { r + $0 } }) {
      b = 0.37
      // The length of a bond of valence V/N is the sum of the radii.
      shorter = sum + b * log(valence / neighbours)
      isEstimated = true
    } else {
      return nil
    }
    let distance = contraction * (shorter - b * log(valence / neighbours))
    guard distance > 0.5 else { return nil }
    let anionValence = (anion.oxidationState ?? 0).magnitude
    let pull =
      0.874 * (1 + valence / anionValence) / neighbours * Constants.coulomb * chargeScale
      * chargeScale * valence * anionValence / (distance * distance)
    return (
      .buckingham(amplitude: range * pull * exp(distance / range), range: range, dispersion: 0),
      isEstimated
    )
  }

  /// How many anions a cation usually has around it.
  private static func usualNeighbours(_ cation: Species) -> Double {
    switch (cation.element.symbol, cation.oxidationState ?? 0) {
    case ("B", _), ("C", _), ("N", _): 3
    case ("Si", _), ("P", _), ("S", _), ("Be", _), ("Ge", 4): 4
    case ("Zn", _): 4.5
    case ("Li", _), ("V", 4.5...), ("Mo", 5.5...): 5.5
    case ("Na", _): 6.5
    case ("K", _), ("Ca", _), ("Sr", _), ("Y", _), ("La", _), ("Zr", _): 8
    case ("Ba", _), ("Rb", _), ("Cs", _): 10
    default: 6
    }
  }
}
