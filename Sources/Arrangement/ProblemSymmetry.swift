public import Crystal
internal import Symmetry

/// What the symmetry of the parent crystal does to the sites of a problem.
public struct ProblemSymmetry: Sendable {
  /// The canonical form of arrangements.
  public let canonicalForm: CanonicalForm

  /// Permutations of all sites of the supercell by translations of the parent, the identity first.
  public let translations: [[Int]]

  /// The same translations as permutations of the active sites.
  public let activeTranslations: [[Int]]

  /// Analyses a problem; sites are alike if label, allowed species and fixed species agree.
  ///
  /// - Throws: ``InputError`` if the parent has no symmetry that spglib can find.
  public init(_ problem: ArrangementProblem) throws(InputError) {
    let cells = problem.supercell.cellCount
    let labels = problem.parent.labels ?? []
    var activeIndex = [Int](repeating: -1, count: problem.structure.count)
    for (i, site) in problem.activeSites.enumerated() { activeIndex[site] = i }
    var numberOfKind: [String: Int] = [:]
    let types = problem.parent.species.indices.map { i in
      let site = i * cells
      let label = labels.isEmpty ? "" : labels[i]
      let occupant =
        problem.fixedSpecies[site].map { "\($0)" } ?? "\(problem.allowed[activeIndex[site]])"
      let kind = "\(label) \(occupant)"
      let number = numberOfKind[kind] ?? numberOfKind.count + 1
      numberOfKind[kind] = number
      return number
    }
    let permutations = try SitePermutations(
      parent: problem.parent, types: types, supercell: problem.supercell)
    canonicalForm = CanonicalForm(try permutations.table(of: problem.activeSites))
    translations = permutations.translations.map { permutations.permutation($0) }
    activeTranslations = translations.map { permutation in
      problem.activeSites.map { activeIndex[permutation[$0]] }
    }
  }
}
