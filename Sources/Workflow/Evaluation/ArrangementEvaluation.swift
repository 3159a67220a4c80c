internal import Arrangement
internal import Crystal
internal import Dynamics
internal import Energetics

/// What came of the evaluation of an arrangement, and with it of all its symmetry copies.
struct ArrangementEvaluation: Hashable, Sendable {
  /// How it went.
  enum Ending: String, Sendable {
    /// The energy of the ideal sites was asked for.
    case ideal
    /// All criteria of the relaxation hold.
    case converged
    /// The relaxation took as many steps as allowed.
    case stepLimit = "step_limit"
    /// The relaxation found no lower energy along the forces.
    case stalled
    /// There is no energy.
    case failed
  }

  /// Where the atoms are after a relaxation.
  struct Geometry: Hashable, Sendable {
    /// Rows of the lattice, Å.
    var lattice: [SIMD3<Double>]
    /// Cartesian positions of the sites that are not empty, Å.
    var positions: [SIMD3<Double>]
  }

  /// The canonical arrangement, which was evaluated.
  var genes: [UInt8]

  /// Equal for symmetry copies only.
  var key: ArrangementKey

  /// How it went.
  var ending: Ending

  /// Energy that counts, eV per cell; nil if it failed.
  var energy: Double?

  /// Energy before the relaxation, eV per cell; nil without one.
  var idealEnergy: Double?

  /// Steps of the relaxation.
  var steps = 0

  /// Why there is no energy.
  var reason: String?

  /// Where the atoms went; nil without a relaxation.
  var relaxed: Geometry?

  /// Energy by which a search compares: a failed arrangement is worse than all others.
  var fitness: Double { energy ?? .infinity }

  init(
    genes: [UInt8], key: ArrangementKey, ending: Ending, energy: Double? = nil,
    idealEnergy: Double? = nil, steps: Int = 0, reason: String? = nil, relaxed: Geometry? = nil
  ) {
    self.genes = genes
    self.key = key
    self.ending = ending
    self.energy = energy
    self.idealEnergy = idealEnergy
    self.steps = steps
    self.reason = reason
    self.relaxed = relaxed
  }

  /// What a pool says about an arrangement; nil if it says nothing.
  init?(_ outcome: RelaxationOutcome, genes: [UInt8], key: ArrangementKey) {
    switch outcome {
    case .evaluated(let energy):
      self.init(genes: genes, key: key, ending: .ideal, energy: energy)
    case .failed(let reason):
      self.init(genes: genes, key: key, ending: .failed, reason: reason)
    case .aborted: return nil
    case .relaxed(let result):
      let ending: Ending? =
        switch result.ending {
        case .converged: .converged
        case .stepLimit: .stepLimit
        case .stalled: .stalled
        case .stopped: nil
        }
      guard let ending else { return nil }
      self.init(
        genes: genes, key: key, ending: ending, energy: result.energy,
        idealEnergy: result.idealEnergy, steps: result.steps,
        relaxed: Geometry(
          lattice: result.configuration.lattice.vectors,
          positions: result.configuration.positions))
    }
  }

  /// The structure with its atoms where they went; empty sites move with the cell.
  ///
  /// - Parameter ideal: Every site, the empty ones too.
  /// - Returns: nil without a relaxation.
  /// - Throws: ``LatticeError`` if the vectors are no lattice.
  func relaxedStructure(_ ideal: Structure) throws -> Structure? {
    guard let relaxed, relaxed.lattice.count == 3 else { return nil }
    var moved = ideal
    moved.lattice = try Lattice(
      a: relaxed.lattice[0], b: relaxed.lattice[1], c: relaxed.lattice[2])
    let atoms = ideal.species.indices.filter { !ideal.species[$0].isVacancy }
    for (site, position) in zip(atoms, relaxed.positions) {
      moved.setPosition(moved.lattice.fractional(Cartesian(position)), at: site)
    }
    return moved
  }
}
