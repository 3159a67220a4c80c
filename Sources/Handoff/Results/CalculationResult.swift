public import Crystal

/// What a calculation gave, as far as it came.
public struct CalculationResult: Hashable, Sendable {
  /// Name of the calculation.
  public var id: String

  /// The file it was read from.
  public var file: String

  /// Version of the program, as it prints it.
  public var version: String?

  /// Whether it ended, and how.
  public var state: State

  /// Energy of the cell, eV: extrapolated to no smearing for VASP, E(σ→0), as ASE and pymatgen take
  /// it; for the other codes the total energy of which the forces are the derivatives.
  public var energy: Double?

  /// Free of the entropy of smeared occupations, eV, where a code prints it.
  public var energyWithoutEntropy: Double?

  /// Force on each atom, eV/Å; n entries.
  public var forces: [SIMD3<Double>]?

  /// Stress (1/V) ∂E/∂ε, eV/Å³, three rows: positive if the cell pulls together, as in ``Evaluation``;
  /// VASP and Quantum ESPRESSO print it with the other sign.
  public var stress: [SIMD3<Double>]?

  /// Magnetic moment of each atom, μB; n entries.
  public var moments: [Double]?

  /// Magnetic moment of the cell, μB.
  public var totalMoment: Double?

  /// The atoms at the energy, in the order of the code.
  public var structure: Structure?

  /// What the energy belongs to, where there is no structure.
  public var composition: Composition?

  /// What the energy depends on, as the code prints it.
  public var settings: CalculationSettings

  /// Positions of the atoms that were calculated.
  public var ionicSteps: Int?

  /// Wall time, s.
  public var wallTime: Double?

  /// What is doubtful, one sentence each.
  public var notes: [String] = []

  /// How a calculation ended.
  public enum State: Hashable, Sendable {
    /// Ended and converged.
    case finished
    /// The electrons of the last positions did not reach self-consistency in so many iterations.
    case electronsNotConverged(iterations: Int?)
    /// The forces were not below the limit after the largest number of steps.
    case ionsNotConverged(steps: Int?)
    /// The output ends in the middle: the calculation runs still, or was killed.
    case truncated
    /// The program says that it gave up.
    case failed(String)
  }

  /// A result of which nothing is known yet.
  public init(file: String, state: State) {
    self.id = ""
    self.file = file
    self.state = state
    self.settings = CalculationSettings()
  }
}

extension CalculationResult {
  /// The length of the largest force, eV/Å.
  public var largestForce: Double? {
    forces?.map { length($0) }.max()
  }

  /// The pressure that the cell exerts, −tr σ / 3, eV/Å³: positive if it would expand.
  public var pressure: Double? {
    stress.map { -($0[0].x + $0[1].y + $0[2].z) / 3 }
  }
}

extension CalculationResult.State {
  /// The state in one word, as in `results.csv`.
  public var name: String {
    switch self {
    case .finished: "finished"
    case .electronsNotConverged: "electrons-not-converged"
    case .ionsNotConverged: "ions-not-converged"
    case .truncated: "truncated"
    case .failed: "failed"
    }
  }

  /// Whether there is an energy of a calculation that came to its end, but did not converge.
  public var isUnconverged: Bool {
    switch self {
    case .electronsNotConverged, .ionsNotConverged: true
    case .finished, .truncated, .failed: false
    }
  }

  /// What is the matter; nil for a finished one.
  public var reason: String? {
    switch self {
    case .finished: nil
    case .electronsNotConverged(let iterations):
      "the electrons did not converge" + (iterations.map { " in \($0) iterations" } ?? "")
    case .ionsNotConverged(let steps):
      "the atoms were still moving" + (steps.map { " after \($0) steps" } ?? "")
    case .truncated: "the output ends in the middle"
    case .failed(let message): message
    }
  }
}
