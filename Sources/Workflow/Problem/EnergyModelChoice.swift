public import Arrangement
internal import Crystal
public import Energetics

/// Which energies rank the arrangements.
public enum EnergyModelChoice: String, Codable, Sendable, CaseIterable {
  /// Ewald sums of formal charges with published short-range terms.
  case lattice
  /// Ewald sums alone.
  case ewald

  /// The short-range terms; nil for electrostatics alone.
  public var potentials: PotentialSet? { self == .lattice ? .lewisCatlow : nil }

  /// What the model can tell and what it cannot, for the end of every result.
  public var caveat: String {
    switch self {
    case .lattice:
      "rigid ions with formal charges (\(PotentialSet.lewisCatlow.name)): ranks arrangements of one "
        + "composition; gives no voltages or formation energies"
    case .ewald:
      "formal point charges: ranks charge orderings of one composition; ions of equal charge are "
        + "alike, and it gives no voltages or formation energies"
    }
  }

  /// Checks that every cation meets the fixed anions with a published short-range term.
  ///
  /// - Returns: Warnings, such as parameters with a single source.
  /// - Throws: ``InputErrors`` that name the pairs without parameters.
  public func check(_ problem: ArrangementProblem) throws -> [String] {
    guard let potentials else { return [] }
    let fixed = Set(problem.fixedSpecies.compactMap { $0 }).sorted()
    let present = (problem.species + fixed).filter { !$0.isVacancy }
    let occurring = present.filter { species in
      problem.ledger.rows.contains { $0.species == species && $0.count > 0 }
    }
    let anions = occurring.filter { ($0.oxidationState ?? 0) < 0 }
    var problems: [InputError] = []
    var singles: Set<String> = []
    for cation in Set(occurring).sorted() where (cation.oxidationState ?? 0) > 0 {
      for anion in Set(anions).sorted() {
        if potentials.potential(cation, anion) == nil {
          problems.append(
            InputError(
              "no published short-range parameters for \(cation)-\(anion)", at: "energy",
              hint: "use electrostatics alone with energy: ewald (--model ewald)"))
        }
        for pair in potentials.singleSourcePairs(cation, anion) {
          singles.insert("\(pair.first)-\(pair.second)")
        }
      }
    }
    if !problems.isEmpty { throw InputErrors(problems) }
    return singles.sorted().map { "short-range parameters of \($0) come from a single source" }
  }
}
