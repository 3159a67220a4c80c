internal import Arrangement
public import Crystal
internal import Energetics

/// The arrangements that are sampled, and what gives them their weights.
///
/// Without chemical potentials the composition is fixed and an arrangement has the weight
/// exp(-E/kT): the canonical ensemble. With them it is exp(-Ω/kT) with
///
///     Ω = E - Σ μ N                                                                 [eV]
///
/// over all compositions that ``SemiGrandMoves`` reach.
public struct Ensemble: Sendable {
  /// Sites, species, energies and symmetry.
  public let space: SearchSpace

  /// What changes the composition; nil if it is fixed.
  public let moves: SemiGrandMoves?

  /// Exchanges at one temperature.
  let sampler: ExchangeSampler

  /// Describes an ensemble.
  ///
  /// - Parameters:
  ///   - space: Sites, species, energies and symmetry.
  ///   - chemicalPotentials: μ by element, eV per atom; empty for a fixed composition.
  /// - Throws: ``InputErrors`` if nothing can be exchanged, or as ``SemiGrandMoves``.
  public init(
    _ space: SearchSpace, chemicalPotentials: [Element: Double] = [:]
  ) throws(InputErrors) {
    self.space = space
    moves =
      chemicalPotentials.isEmpty
      ? nil : try SemiGrandMoves(space.problem, chemicalPotentials: chemicalPotentials)
    sampler = ExchangeSampler(space.rules)
    // With a reservoir single sites can change.
    guard moves != nil || space.problem.hasExchanges else {
      throw InputErrors([
        InputError(
          "no two sites can exchange different species: there is a single arrangement",
          hint: "allow more species on a label, a larger supercell or another composition")
      ])
    }
  }

  /// Ω of an arrangement with the energy E, eV per cell.
  func grandEnergy(_ arrangement: [UInt8], energy: Double) -> Double {
    energy + (moves?.chemicalEnergy(arrangement) ?? 0)
  }

  /// Proposals in a sweep: one for every site that can exchange its species, and with a reservoir
  /// one move for every active site.
  var proposalsPerSweep: Int {
    sampler.mobileSiteCount + (moves == nil ? 0 : space.problem.activeSites.count)
  }
}

extension ArrangementProblem {
  /// Whether some pool has more than one species, so that there is more than one arrangement.
  var hasExchanges: Bool {
    pools.contains { pool in pool.counts.count { $0 > 0 } > 1 }
  }
}

/// One walker in an ensemble.
struct LatticeWalker {
  private let ensemble: Ensemble

  /// Arrangement, potentials and energy.
  private(set) var state: LatticeState

  /// Accepted and tried exchanges.
  private(set) var exchanges = Tally()

  /// Accepted and tried moves that change the composition.
  private(set) var insertions = Tally()

  /// What was tried and accepted.
  struct Tally: Hashable, Sendable, Codable {
    var tried = 0
    var accepted = 0

    static func += (a: inout Tally, b: Tally) {
      a.tried += b.tried
      a.accepted += b.accepted
    }
  }

  /// Starts at an arrangement, with fresh potentials.
  init(_ ensemble: Ensemble, arrangement: [UInt8]) {
    self.ensemble = ensemble
    state = LatticeState(table: ensemble.space.table, arrangement: arrangement)
  }

  /// Ω, eV per cell; the energy if the composition is fixed.
  var grandEnergy: Double {
    ensemble.grandEnergy(state.arrangement, energy: state.energy)
  }

  /// Tries as many exchanges as there are mobile sites, then as many moves of composition as there are
  /// active sites.
  mutating func sweep(thermalEnergy: Double, using stream: inout RandomStream) {
    let sampler = ensemble.sampler
    let tried = sampler.mobileSiteCount
    exchanges += Tally(
      tried: tried,
      accepted: state.sample(
        proposals: tried, thermalEnergy: thermalEnergy, sampler: sampler, using: &stream))
    guard let moves = ensemble.moves else { return }
    var inserter = SemiGrandSampler(moves, arrangement: state.arrangement)
    let trials = state.arrangement.count
    insertions += Tally(
      tried: trials,
      accepted: inserter.sample(
        &state, trials: trials, thermalEnergy: thermalEnergy, using: &stream))
  }
}
