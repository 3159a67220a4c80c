public import Crystal

/// Short-range parameters of a rigid-ion model, by species.
public struct PotentialSet: Hashable, Sendable {
  /// How the set is named in results.
  public var name: String

  /// Where the parameters come from, and what is only known from a single source.
  public var source: String

  /// Distance beyond which pairs are left out, Å.
  public var cutoff: Double

  /// Charges by species, e; empty for formal charges, the oxidation states.
  ///
  /// A species without oxidation state stands for all states of its element.
  public private(set) var charges: [Species: Double]

  /// What happens to the terms at the cutoff.
  public var truncation: Truncation

  /// The pairs that interact; a pair that is absent has electrostatic interaction only.
  public private(set) var pairs: [Pair]

  /// Parameters of one pair of species with integer oxidation states, or of elements.
  public struct Pair: Hashable, Sendable {
    /// One species; the order of the two does not matter.
    public var first: Species
    /// The other.
    public var second: Species
    /// Its terms, which add up.
    public var terms: [PairPotential.Term]
    /// Whether only one source for the numbers is known.
    public var isSingleSource: Bool

    /// A pair.
    public init(
      _ first: Species, _ second: Species, _ term: PairPotential.Term, isSingleSource: Bool = false
    ) {
      self.init(first, second, terms: [term], isSingleSource: isSingleSource)
    }

    /// A pair with several terms.
    public init(
      _ first: Species, _ second: Species, terms: [PairPotential.Term],
      isSingleSource: Bool = false
    ) {
      self.first = first
      self.second = second
      self.terms = terms
      self.isSingleSource = isSingleSource
    }
  }

  /// A set.
  public init(
    name: String, source: String, cutoff: Double, charges: [Species: Double] = [:],
    truncation: Truncation = .plain, pairs: [Pair]
  ) {
    self.name = name
    self.source = source
    self.cutoff = cutoff
    self.charges = charges
    self.truncation = truncation
    self.pairs = pairs
  }

  /// The charge of a species, e; nil if the set has none for it.
  public func charge(_ species: Species) -> Double? {
    if charges.isEmpty { return species.oxidationState }
    return charges[species] ?? charges[Species(species.element)]
  }

  /// The interaction of two species; nil if the set has none for them.
  ///
  /// A fractional oxidation state between two tabulated ones gives their weighted average: Mn3.25+ is
  /// ¾ Mn3+ and ¼ Mn4+.
  public func potential(_ first: Species, _ second: Species) -> PairPotential? {
    var terms: [PairPotential.Term] = []
    for (weightA, a) in mixture(first) {
      for (weightB, b) in mixture(second) {
        guard let pair = pair(a, b) else { return nil }
        for var term in pair.terms {
          term.weight *= weightA * weightB
          terms.append(term)
        }
      }
    }
    return PairPotential(terms)
  }

  /// The parameters in use between two species that are known from a single source.
  public func singleSourcePairs(_ first: Species, _ second: Species) -> [Pair] {
    mixture(first).flatMap { a in
      mixture(second).compactMap { b in pair(a.species, b.species) }
    }.filter(\.isSingleSource)
  }

  /// The pair with these oxidation states, or else one for all states of an element.
  private func pair(_ a: Species, _ b: Species) -> Pair? {
    func match(_ entry: Species, _ species: Species) -> Int? {
      if entry == species { return 2 }
      return entry.element == species.element && entry.oxidationState == nil ? 1 : nil
    }
    var best: (score: Int, pair: Pair)?
    for pair in pairs {
      for (x, y) in [(a, b), (b, a)] {
        guard let first = match(pair.first, x), let second = match(pair.second, y),
          first + second > best?.score ?? 0
        else { continue }
        best = (first + second, pair)
      }
    }
    return best?.pair
  }

  /// The tabulated states that average to an oxidation state, nearest below and above.
  private func mixture(_ species: Species) -> [(weight: Double, species: Species)] {
    guard let state = species.oxidationState, !species.isVacancy else { return [(1, species)] }
    let whole = state.rounded(.toNearestOrEven)
    if (state - whole).magnitude < 1e-9 {
      return [(1, Species(species.element, oxidationState: whole))]
    }
    let tabulated = Set(
      pairs.flatMap { [$0.first, $0.second] }.filter { $0.element == species.element }
        .compactMap(\.oxidationState))
    guard let below = tabulated.filter({ $0 <= state }).max(),
      let above = tabulated.filter({ $0 > state }).min()
    else { return [(1, species)] }
    let fraction = (state - below) / (above - below)
    return [
      (1 - fraction, Species(species.element, oxidationState: below)),
      (fraction, Species(species.element, oxidationState: above)),
    ]
  }

  /// The rigid-ion oxide set that cellgen uses unless told otherwise.
  ///
  /// Formal charges with Buckingham terms between cation and O2- and between O2- and O2-:
  /// G. V. Lewis and C. R. A. Catlow, J. Phys. C 18, 1149 (1985). Mn3+–O and Mn4+–O, which it lacks:
  /// B. Ammundsen, J. Rozière and M. S. Islam, J. Phys. Chem. B 101, 8156 (1997); these two are known
  /// from a single source. Ranks arrangements; gives no voltages.
  public static let lewisCatlow: PotentialSet = {
    let oxide = Species(.oxygen, oxidationState: -2)
    let rows: [(symbol: String, state: Double, amplitude: Double, range: Double)] = [
      ("Mg", 2, 821.6, 0.3242), ("Ca", 2, 1228.9, 0.3372), ("Sr", 2, 1400.0, 0.35),
      ("Ba", 2, 931.7, 0.3949), ("Mn", 2, 715.8, 0.3464), ("Fe", 2, 694.1, 0.3399),
      ("Co", 2, 696.3, 0.3362), ("Ni", 2, 683.5, 0.3332), ("Zn", 2, 499.6, 0.3595),
      ("Al", 3, 1114.9, 0.3118), ("Ti", 3, 1715.7, 0.3069), ("V", 3, 1790.2, 0.3061),
      ("Cr", 3, 1734.1, 0.301), ("Fe", 3, 1102.4, 0.3299), ("Ge", 4, 1035.5, 0.3464),
      ("Sn", 4, 938.7, 0.3813), ("Ti", 4, 754.2, 0.3879), ("Ce", 4, 1013.6, 0.3949),
    ]
    let manganese: [(symbol: String, state: Double, amplitude: Double, range: Double)] = [
      ("Mn", 3, 1267.50, 0.3240), ("Mn", 4, 1345.15, 0.3240),
    ]
    func pairs(
      _ rows: [(symbol: String, state: Double, amplitude: Double, range: Double)], single: Bool
    ) -> [Pair] {
      rows.compactMap { row in
        guard let element = Element(symbol: row.symbol) else { return nil }
        return Pair(
          Species(element, oxidationState: row.state), oxide,
          PairPotential.Term(amplitude: row.amplitude, range: row.range), isSingleSource: single)
      }
    }
    return PotentialSet(
      name: "Lewis-Catlow 1985",
      source:
        "Lewis and Catlow, J. Phys. C 18, 1149 (1985); Mn3+-O and Mn4+-O from a single source, "
        + "Ammundsen, Roziere and Islam, J. Phys. Chem. B 101, 8156 (1997)",
      cutoff: 12,
      pairs: pairs(rows, single: false) + pairs(manganese, single: true) + [
        Pair(
          oxide, oxide,
          PairPotential.Term(amplitude: 22764.3, range: 0.1490, dispersion: 27.88))
      ])
  }()
}
