internal import Arrangement
public import Crystal
internal import Foundation
internal import Search

/// Fills some of the empty sites of a structure with ions; a redox element of the host balances them.
public struct SiteFilling: Sendable {
  /// The structure with its sites as vacancies.
  public let structure: Structure

  /// The sites that may be filled, indices into ``structure``.
  public let sites: [Int]

  private let specification: SiteFillingSpecification
  private let ion: Species
  private let file: ProblemFile
  private let arrangements: ArrangementProblem

  /// Where every charge comes from, one sentence each.
  public var notes: [String] { arrangements.ledger.notes }

  /// Doubtful but legal, one sentence each.
  public var warnings: [String] { arrangements.ledger.warnings }

  /// A filling of lowest energy.
  public struct Lowest: Sendable {
    /// The structure with charges on all atoms; sites that are not filled are vacancies.
    public var structure: Structure
    /// Its energy, eV.
    public var energy: Double
    /// Whether no other filling is lower.
    public var isProved: Bool
    /// How far the energy may be above the lowest, eV; 0 if that is proved.
    public var gap: Double
    /// Both in words.
    public var verdict: String
  }

  /// Prepares a filling.
  ///
  /// - Parameters:
  ///   - structure: The host with its sites as vacancies.
  ///   - sites: Those that may be filled.
  ///   - specification: With what, how many, how far apart.
  /// - Throws: ``InputErrors`` if the ions do not fit or the charges do not come out.
  public init(
    _ structure: Structure, sites: [Int], _ specification: SiteFillingSpecification
  ) throws {
    precondition(sites.allSatisfy { structure.species[$0].isVacancy }, "sites are empty")
    guard let ion = Species(specification.ion), let state = ion.oxidationState, state > 0 else {
      throw InputError(
        "\"\(specification.ion)\" is no ion with a positive oxidation state", at: "ion",
        hint: "write Mg2+ or Li+")
    }
    let count = specification.count
    guard (1...max(1, sites.count)).contains(count), !sites.isEmpty else {
      throw InputError(
        "\(count) ions to insert, expected 1 to the \(sites.count) sites that can be filled",
        hint: "allow a smaller separation, or more sites by shorter distances")
    }
    guard specification.separation >= 0, specification.separation <= 10 else {
      throw InputError("a separation of \(specification.separation) Å, expected 0 to 10 Å")
    }
    var choice = ProblemChoice()
    choice.oxidation = specification.oxidation
    var rules = try choice.oxidationRules()
    if let rule = rules[ion.element], rule != .fixed(state) {
      throw InputError(
        "\(ion) is to be inserted, so \(ion.element) cannot have another state", at: "--oxidation")
    }
    rules[ion.element] = .fixed(state)
    for element in rules.keys.sorted()
    where element != ion.element && !structure.species.contains(where: { $0.element == element }) {
      throw InputError("there is no \(element) in the structure", at: "--oxidation")
    }
    var totals = structure.elementCounts
    totals[ion.element, default: 0] += count
    var parent = structure
    parent.labels = structure.labels ?? structure.species.map(\.element.symbol)
    let chosen = Set(sites)
    let problem = ProblemSpecification(
      parent: parent,
      allowed: structure.species.indices.map {
        chosen.contains($0) ? [ion.element, .vacancy] : [structure.species[$0].element]
      },
      composition: Composition(counts: totals), formulaUnits: 1, oxidation: rules)
    self.structure = structure
    self.sites = sites
    self.specification = specification
    self.ion = ion
    file = ProblemFile(problem, energy: specification.model)
    arrangements = try ArrangementProblem(problem)
    if specification.model != .ewald { _ = try specification.model.check(arrangements) }
  }

  /// Writes the problem of arranging the ions, for other searches.
  ///
  /// - Throws: ``InputError`` if it cannot be written.
  public func writeProblem(to path: String, replaces: Bool) throws(InputError) {
    try file.write(to: path, replaces: replaces)
  }

  /// A filling with charges on all atoms, those of an element that balances the charge averaged.
  ///
  /// - Parameter filled: ``structure`` with ions on some sites.
  /// - Returns: The same with the column `initial_charges`, e.
  public func charged(_ filled: Structure) -> Structure {
    var sums: [Element: (charge: Double, count: Int)] = [:]
    for row in arrangements.ledger.rows {
      let sum = sums[row.species.element] ?? (0, 0)
      let state = row.species.oxidationState ?? 0
      sums[row.species.element] = (sum.charge + Double(row.count) * state, sum.count + row.count)
    }
    var copy = filled
    copy.charges = filled.species.map { species in
      guard let sum = sums[species.element], sum.count > 0 else { return 0 }
      return sum.charge / Double(sum.count)
    }
    return copy
  }

  /// The energy of a filling, eV; nil if states of one element are to be arranged, too.
  public func energy(of filled: Structure) throws -> Double? {
    guard arrangements.activeSites.count == sites.count else { return nil }
    let space = try SearchSpace(arrangements, potentials: specification.model.potentials)
    return space.energy(
      arrangements.activeSites.map { site in
        let index = arrangements.species.firstIndex { $0.element == filled.species[site].element }
        return UInt8(index ?? 0)
      })
  }

  /// The filling of lowest energy, no two ions nearer than the separation, by branch and bound after a
  /// genetic search.
  ///
  /// Ions that are too near get a penalty, so that neither search keeps them while there is another
  /// way, and what is proved for the penalised energies holds for the fillings without such pairs.
  ///
  /// - Parameter threads: No effect on the result.
  /// - Returns: The filling, with what is known about it.
  /// - Throws: ``InputError`` if no filling keeps the separation.
  public func lowest(threads: Int) async throws -> Lowest {
    var settings = RankSpecification()
    settings.top = 1
    settings.nodes = specification.nodes
    settings.seed = specification.seed
    let ranking = try Ranking(
      arrangements, specification.model, settings, separation: specification.separation)
    let state = try await ranking.run(threads: threads)
    guard let best = state.search.list.entries.first else {
      throw InputError("no filling was found")
    }
    let found = arrangements.structure(of: best.arrangement)
    let filled = sites.filter { found.species[$0] == ion }
    try checkSeparation(filled, isProved: state.search.isProved)
    var result = structure
    for site in filled { result.setSpecies(ion, at: site) }
    result.charges = found.charges
    let gap = max(0, best.energy - state.search.lowerBound)
    let isProved = state.search.isProved
    let distinct = "\(readable(ranking.distinct)) distinct fillings"
    let verdict =
      isProved
      ? "proved lowest of \(distinct)"
      : "lowest found of \(distinct), not proved: \(state.search.nodes) nodes of branch and bound leave "
        + "a gap of \(fixed(gap, 3)) eV"
    return Lowest(
      structure: result, energy: best.energy, isProved: isProved, gap: isProved ? 0 : gap,
      verdict: verdict)
  }

  /// Refuses a filling with ions that are too near.
  private func checkSeparation(_ filled: [Int], isProved: Bool) throws(InputError) {
    for (index, i) in filled.enumerated() {
      for j in filled[..<index] {
        let distance = structure.lattice.distance(structure.positions[i], structure.positions[j])
        guard distance < specification.separation else { continue }
        throw InputError(
          "no filling \(isProved ? "keeps" : "was found that keeps") \(filled.count) ions "
            + "\(specification.separation) Å apart", at: "--separation",
          hint: "\(fixed(distance, 3)) Å is the distance of two ions in the one found")
      }
    }
  }
}
