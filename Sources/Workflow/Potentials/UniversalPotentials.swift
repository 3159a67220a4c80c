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
///     cation-anion:  D ([1 - exp(-(r - r₀)/b)]² - 1)                                        Morse
///     like charges:  k |V V'|/√(n n') erfc(r/ρ)/r,  ρ = f (R + R')                          repulsion
///     r₀ = g R₀ - b ln(V/N),    D = c k (V V')^(1/c) b²/(2 r₀ √(n n'))
///
/// R₀ and b are the bond-valence parameters, V oxidation states, N the usual number of neighbours, n the
/// period of an element, R covalent radii, c = 2 for cations of the d block and 1 for others. There is
/// no long-range part. f and g, below, are fitted to 22 crystals of oxides, fluorides, chlorides and
/// sulfides, whose cell lengths come out 0.2 % too short on average, with a standard deviation of 2 %.
///
/// After S. Adams and R. P. Rao, Phys. Chem. Chem. Phys. 11, 3210 (2009) and Phys. Status Solidi A 208,
/// 1746 (2011), where r₀ has a term of the softnesses of the ions in place of the factor g.
enum UniversalPotentials {
  /// What the set is called.
  static let name = "universal"

  /// Screening length in units of the sum of covalent radii; fitted.
  private static let screening = 0.70

  /// Bond-valence parameters come out shorter by this factor where like ions repel; fitted.
  private static let contraction = 0.96

  /// Makes the potentials of the ions of a structure.
  ///
  /// - Parameters:
  ///   - ions: Species with oxidation states.
  ///   - file: Name of the structure, for messages.
  /// - Returns: The set, without charges, and cations whose bond lengths are estimated from ionic radii.
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
          pairs.append(.init(first, second, .init(repulsion(first, second))))
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
    let charges = Dictionary(uniqueKeysWithValues: kinds.map { ($0, 0.0) })
    return (
      PotentialSet(
        name: name, source: "bond valences, after Adams and Rao, PCCP 11, 3210 (2009)", cutoff: 8,
        charges: charges, truncation: .shifted, pairs: pairs), estimated
    )
  }

  private static func repulsion(_ a: Species, _ b: Species) -> PairForm {
    let charges = ((a.oxidationState ?? 0) * (b.oxidationState ?? 0)).magnitude
    let periods = (period(a) * period(b)).squareRoot()
    return .screenedCoulomb(
      amplitude: Constants.coulomb * charges / periods,
      range: screening * (covalentRadius(a) + covalentRadius(b)))
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
    let distance = contraction * shorter - b * log(valence / neighbours)
    guard distance > 0.5 else { return nil }
    let block = isTransitionMetal(cation.element) ? 2.0 : 1.0
    let product = valence * (anion.oxidationState ?? 0).magnitude
    let depth =
      block * Constants.coulomb * pow(product, 1 / block) * b * b
      / (2 * distance * (period(cation) * period(anion)).squareRoot())
    return (.morse(depth: depth, stiffness: 1 / b, distance: distance), isEstimated)
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

  private static func period(_ species: Species) -> Double {
    let last = [2, 10, 18, 36, 54, 86]
    return Double((last.firstIndex { species.element.atomicNumber <= $0 } ?? 6) + 1)
  }

  private static func isTransitionMetal(_ element: Element) -> Bool {
    [21...30, 39...48, 57...80].contains { $0.contains(element.atomicNumber) }
  }

  private static func covalentRadius(_ species: Species) -> Double {
    species.element.covalentRadius ?? 1.5
  }
}
