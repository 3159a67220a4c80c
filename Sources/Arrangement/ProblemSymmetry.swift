public import Crystal
public import Symmetry

/// What the symmetry of the parent crystal does to the sites of a problem.
public struct ProblemSymmetry: Sendable {
  /// The permutations of all sites of the supercell.
  public let sites: SitePermutations

  /// The different permutations of the active sites by the symmetry of the parent.
  public let permutations: PermutationTable

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
    sites = permutations
    self.permutations = try permutations.table(of: problem.activeSites)
    canonicalForm = CanonicalForm(self.permutations)
    translations = permutations.translations.map { permutations.permutation($0) }
    activeTranslations = translations.map { permutation in
      problem.activeSites.map { activeIndex[permutation[$0]] }
    }
  }

  /// The permutations of the active sites that leave an arrangement unchanged, ascending.
  public func stabilizer(of arrangement: [UInt8]) -> [Int] {
    (0..<permutations.count).filter { g in
      let images = permutations.permutation(g)
      return arrangement.indices.allSatisfy {
        arrangement[Int(images[images.startIndex + $0])] == arrangement[$0]
      }
    }
  }
}
