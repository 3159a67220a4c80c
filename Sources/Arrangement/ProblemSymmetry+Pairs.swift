internal import Crystal
internal import Symmetry

extension ProblemSymmetry {
  /// The pairs of active sites that may both be empty and are nearer than a distance.
  ///
  /// Images of such a pair are among them whatever rounding makes of their distance.
  ///
  /// - Parameters:
  ///   - problem: The problem that was analysed.
  ///   - distance: Å.
  /// - Returns: Indices of active sites, each pair once, the smaller index first.
  public func emptiablePairs(
    of problem: ArrangementProblem, nearerThan distance: Double
  ) -> [(Int, Int)] {
    let vacancies = problem.species.indices.reduce(UInt32(0)) {
      problem.species[$1].isVacancy ? $0 | 1 << UInt32($1) : $0
    }
    let sites = problem.allowed.indices.filter { problem.allowed[$0] & vacancies != 0 }
    let positions = problem.activeSites.map { problem.structure.positions[$0] }
    let lattice = problem.structure.lattice
    var known: Set<SIMD2<Int>> = []
    for (place, j) in sites.enumerated() {
      for i in sites[..<place] where !known.contains(SIMD2(i, j)) {
        guard lattice.distance(positions[i], positions[j]) < distance else { continue }
        for g in 0..<permutations.count {
          let images = permutations.permutation(g)
          let (a, b) = (Int(images[images.startIndex + i]), Int(images[images.startIndex + j]))
          known.insert(SIMD2(min(a, b), max(a, b)))
        }
      }
    }
    return known.map { ($0.x, $0.y) }.sorted { $0 < $1 }
  }
}
