internal import Crystal
internal import Energetics

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Proposes the moves of ``SemiGrandMoves`` with the Metropolis–Hastings criterion.
///
/// A move and its direction are drawn with equal probabilities, and for each of its changes a site of
/// the class that has the species, no site twice. If K(c, s) sites of class c lose species s, of the
/// N(c, s) that have it, the proposal has the probability Π 1/(N (N - 1) … (N - K + 1)) up to a factor
/// that the reverse shares. The move is accepted with probability
///
///     min(1, exp(-ΔΩ/kT) Π N!/(N - K)! / Π N'!/(N' - K')!)
///
/// where N' and K' are the numbers of the reverse: those of the species gained, after the move.
///
/// Reference: W. K. Hastings, Biometrika 57, 97 (1970).
struct SemiGrandSampler {
  private let moves: SemiGrandMoves

  /// Sites by class and species.
  private var sites: [[Int]]

  /// Sites and species of the move that is tried.
  private var changes: [LatticeState.SiteChange] = []

  /// Sorts the sites of an arrangement.
  init(_ moves: SemiGrandMoves, arrangement: [UInt8]) {
    self.moves = moves
    sites = [[Int]](repeating: [], count: moves.classCount * moves.speciesCount)
    for (site, species) in arrangement.enumerated() {
      sites[moves.classOfSite[site] * moves.speciesCount + Int(species)].append(site)
    }
  }

  /// Tries moves at one temperature.
  ///
  /// - Parameters:
  ///   - state: Changed by the moves that are accepted.
  ///   - trials: Number of moves that are tried.
  ///   - thermalEnergy: kT, eV, positive.
  ///   - stream: Random numbers.
  /// - Returns: The number of accepted moves.
  mutating func sample(
    _ state: inout LatticeState, trials: Int, thermalEnergy: Double,
    using stream: inout RandomStream
  ) -> Int {
    var accepted = 0
    for _ in 0..<trials {
      let move = moves.moves[stream.integer(below: moves.moves.count)]
      let isReversed = stream.next() & 1 == 1
      guard let ratio = propose(move, isReversed: isReversed, using: &stream) else { continue }
      let difference = state.difference(changes)
      let exponent = -(difference + chemicalDifference(state.arrangement)) / thermalEnergy
      guard stream.uniform() < ratio * exp(min(exponent, 300)) else { continue }
      for change in changes {
        let row = moves.classOfSite[change.site] * moves.speciesCount
        sites[row + Int(state.arrangement[change.site])].removeAll { $0 == change.site }
        sites[row + Int(change.species)].append(change.site)
      }
      state.apply(changes, difference: difference)
      accepted += 1
    }
    return accepted
  }

  /// -Σ μ ΔN of the changes, eV.
  private func chemicalDifference(_ arrangement: [UInt8]) -> Double {
    changes.reduce(0) {
      $0 + moves.chemicalPotentials[Int(arrangement[$1.site])]
        - moves.chemicalPotentials[Int($1.species)]
    }
  }

  /// Draws the sites of a move into `changes`.
  ///
  /// - Returns: The ratio of the probabilities to propose the reverse and the move; nil if there are
  ///   too few sites.
  private mutating func propose(
    _ move: SemiGrandMoves.Move, isReversed: Bool, using stream: inout RandomStream
  ) -> Double? {
    changes.removeAll(keepingCapacity: true)
    var ratio = 1.0
    for (k, change) in move.changes.enumerated() {
      let row = change.siteClass * moves.speciesCount
      let (from, to) = isReversed ? (change.to, change.from) : (change.from, change.to)
      // Changes before this one that take from, or give to, the same sites.
      var (taken, given) = (0, 0)
      for before in move.changes[..<k] where before.siteClass == change.siteClass {
        if (isReversed ? before.to : before.from) == from { taken += 1 }
        if (isReversed ? before.from : before.to) == to { given += 1 }
      }
      let candidates = sites[row + from]
      guard candidates.count > taken else { return nil }
      var site = candidates[stream.integer(below: candidates.count)]
      while taken > 0, changes.contains(where: { $0.site == site }) {
        site = candidates[stream.integer(below: candidates.count)]
      }
      ratio *= Double(candidates.count - taken) / Double(sites[row + to].count + given + 1)
      changes.append(LatticeState.SiteChange(site: site, species: UInt8(to)))
    }
    return ratio
  }
}
