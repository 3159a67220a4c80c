public import Crystal

/// The ion that goes in and out of the host, with the charge that flows in the outer circuit.
public struct WorkingIon: Hashable, Sendable {
  /// The element.
  public let element: Element

  /// Electrons per ion, z > 0.
  public let valence: Int

  /// Energy per atom of the pure element that the voltage is measured against, eV; nil if unknown.
  public let energyPerAtom: Double?

  /// An ion.
  ///
  /// - Parameters:
  ///   - element: The element.
  ///   - valence: Electrons per ion; nil for the usual oxidation state of the element.
  ///   - energyPerAtom: Energy of the pure element, eV/atom.
  /// - Throws: ``InputError`` for a valence that is not in 1 ... 8, or if none is known.
  public init(
    _ element: Element, valence: Int? = nil, energyPerAtom: Double? = nil
  ) throws(InputError) {
    guard let valence = valence ?? element.oxidationStates.first(where: { $0 > 0 }) else {
      throw InputError(
        "\(element) has no usual positive charge as an ion",
        hint: "give the number of electrons per ion, such as 2 for Mg")
    }
    guard (1...8).contains(valence) else {
      throw InputError("\(valence) electrons per ion of \(element) is not in 1 ... 8")
    }
    if let energyPerAtom, !energyPerAtom.isFinite {
      throw InputError("the reference energy of \(element) is not a finite number")
    }
    self.element = element
    self.valence = valence
    self.energyPerAtom = energyPerAtom
  }

  /// The elements whose amount varies while all others keep their ratios.
  ///
  /// Rows of one pure element are left out of account, because they may be references.
  public static func candidates(among entries: [EnergyEntry]) -> [Element] {
    let formulas = entries.map(\.formula).filter { $0.amounts.count > 1 }
    let hosts = entries.map(\.formula)
    return Set(hosts.flatMap(\.elements)).sorted().filter { element in
      // A host of one element (graphite for Li) may be among the pure rows.
      let rows = formulas + hosts.filter { $0.amounts.count == 1 && $0[element] == .zero }
      guard let first = try? HostFraction(rows.first, ion: element), formulas.count > 0 else {
        return false
      }
      let fractions = rows.map { try? HostFraction($0, ion: element) }
      let contents = Set(fractions.compactMap { $0?.content })
      return contents.count > 1 && fractions.allSatisfy { $0?.ratios == first.ratios }
    }
  }

  /// The ion that a set of entries is about.
  ///
  /// - Returns: The only candidate, or the only one among several that batteries use.
  /// - Throws: ``InputError`` if there is none or the choice is not clear.
  public static func detected(among entries: [EnergyEntry]) throws(InputError) -> Element {
    let found = candidates(among: entries)
    let usual = found.filter { usualIons.contains($0.symbol) }
    if found.count == 1 { return found[0] }
    if usual.count == 1 { return usual[0] }
    let hint = "name the working ion, such as Mg"
    guard !found.isEmpty else {
      throw InputError(
        "there is no element whose amount varies while all others keep their ratios", hint: hint)
    }
    throw InputError("the working ion may be \(listed(found.map(\.symbol)))", hint: hint)
  }

  /// Ions of batteries on the market or in the literature.
  private static let usualIons = ["Li", "Na", "K", "Rb", "Mg", "Ca", "Zn", "Al", "Y", "Ag", "Cu"]
}

/// A composition split into ion and host: Mg48Zn288Mn288O864 is x = 1/6 of Mg in ZnMnO3.
struct HostFraction: Hashable {
  /// The host with the smallest whole numbers, elements in the order of the formula.
  let host: Composition

  /// The amounts of the host, the same in whatever order they were written.
  let ratios: [Element: Rational]

  /// Ions per host formula unit, x.
  let content: Rational

  /// Splits a formula; throws if the numbers do not fit or there is no host.
  init(_ formula: Composition?, ion: Element) throws(InputError) {
    guard let formula else { throw InputError("there is no formula") }
    let rest = formula.removing(ion)
    guard !rest.amounts.isEmpty else { throw InputError("\(formula) has no host for \(ion)") }
    let (reduced, units) = try rest.reduced()
    host = reduced
    ratios = Dictionary(uniqueKeysWithValues: reduced.amounts.map { ($0.element, $0.amount) })
    do {
      content = try formula[ion].divided(by: units)
    } catch {
      throw InputError("the amounts of \(formula) have no common unit that fits")
    }
  }
}
