public import Arrangement
public import Crystal

/// The smallest changes of the composition that keep the charge of the cell.
///
/// Elements with a chemical potential come from a reservoir: their number changes. All others keep
/// their number in every pool, but may change their oxidation state. The sites of one pool that allow
/// the same species form a class. A move is a set of at most four changes of species on sites of
/// given classes; for Mg in a spinel `Va→Mg2+ on 8a, 2 × Mn4+→Mn3+ on 16d`. Its reverse belongs to
/// it. Moves that consist of smaller ones, or that exchanges within a pool make up, are left out.
///
/// The ensemble is that of all arrangements of the species on the sites that allow them, with
/// weights exp(-(E - Σ μ N)/kT).
public struct SemiGrandMoves: Sendable {
  /// Chemical potential of each species of the problem, eV per atom; 0 for those without.
  public let chemicalPotentials: [Double]

  /// The moves.
  public let moves: [Move]

  /// For each active site its class.
  let classOfSite: [Int]

  /// Number of classes.
  let classCount: Int

  /// Number of species.
  let speciesCount: Int

  /// Changes of species on sites of given classes.
  public struct Move: Sendable, CustomStringConvertible {
    /// The changes, one per site.
    let changes: [Change]
    /// What it does, in words, in one of the two directions.
    public let description: String
  }

  /// A change of species on any site of a class.
  struct Change: Hashable, Sendable, Comparable {
    var siteClass: Int
    var from: Int
    var to: Int

    var reversed: Change { Change(siteClass: siteClass, from: to, to: from) }

    static func < (a: Change, b: Change) -> Bool {
      (a.siteClass, a.from, a.to) < (b.siteClass, b.from, b.to)
    }
  }

  /// Sites in a move, at most.
  public static let largestMove = 4

  /// Finds the moves of a problem.
  ///
  /// - Parameters:
  ///   - problem: Sites and species.
  ///   - given: μ by element, eV per atom, on the scale of the lattice energy.
  /// - Throws: ``InputErrors`` if an element cannot be inserted or removed, or a value is not finite.
  public init(
    _ problem: ArrangementProblem, chemicalPotentials given: [Element: Double]
  ) throws(InputErrors) {
    var problems: [InputError] = []
    let arranged = problem.elementsToArrange.filter { !$0.isVacancy }
    for (element, value) in given.sorted(by: { $0.key < $1.key }) {
      let place = "chemical potential of \(element)"
      if element.isVacancy {
        problems.append(
          InputError("an empty site has no chemical potential", at: place, hint: "remove it"))
      } else if !arranged.contains(element) {
        problems.append(
          InputError(
            "\(element) is not arranged on any site", at: place,
            hint: "arranged are \(arranged.map(\.symbol).joined(separator: ", "))"))
      } else if !value.isFinite {
        problems.append(InputError("\(value), expected a finite number of eV", at: place))
      }
    }
    if given.isEmpty {
      problems.append(
        InputError("no chemical potential is given", hint: "for example Mg=-5.0, eV per atom"))
    }
    if !problems.isEmpty { throw InputErrors(problems) }

    let search = MoveSearch(problem, reservoirs: Set(given.keys))
    self.chemicalPotentials = problem.species.map { given[$0.element] ?? 0 }
    self.classOfSite = search.classOfSite
    self.classCount = search.classes.count
    self.speciesCount = problem.species.count
    self.moves = search.moves().map { Move(changes: $0, description: search.description(of: $0)) }

    for element in given.keys.sorted() {
      let isReached = moves.contains { move in
        let change = move.changes.reduce(0) { sum, change in
          sum + (problem.species[change.to].element == element ? 1 : 0)
            - (problem.species[change.from].element == element ? 1 : 0)
        }
        return change != 0
      }
      if !isReached {
        problems.append(
          InputError(
            "no change of species on at most \(SemiGrandMoves.largestMove) sites inserts "
              + "\(element) and keeps the charge", at: "chemical potential of \(element)",
            hint: SemiGrandMoves.hint(problem)))
      }
    }
    if !problems.isEmpty { throw InputErrors(problems) }
  }

  /// The chemical part of the energy, -Σ μ N, eV per cell.
  public func chemicalEnergy(_ arrangement: [UInt8]) -> Double {
    var counts = [Int](repeating: 0, count: speciesCount)
    for species in arrangement { counts[Int(species)] += 1 }
    // From the numbers, so that it does not depend on the order of the sites.
    return -zip(counts, chemicalPotentials).reduce(0) { $0 + Double($1.0) * $1.1 }
  }

  /// What would make a charge-neutral move possible.
  private static func hint(_ problem: ArrangementProblem) -> String {
    let elements = (problem.fixedSpecies.compactMap { $0 } + problem.species).map(\.element)
    let redox = Set(elements).filter(\.isRedoxActive).sorted()
    guard let first = redox.first else {
      return "allow a second species of another charge, or an element with two oxidation states"
    }
    return
      "\(first) must be split in whole states, oxidation: {\(first): integer}, in a composition "
      + "that has both of them; and the site must allow Va or another element"
  }
}
