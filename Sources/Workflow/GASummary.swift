internal import Arrangement
internal import Crystal
internal import Search

/// The result of a genetic search for other programs; see design of `summary.json` and `--json`.
public struct GASummary: Codable, Sendable {
  /// Version.
  public var cellgen = cellgenVersion
  /// Seed.
  public var seed: UInt64
  /// Composition as asked for.
  public var composition: String
  /// Composition of the cell.
  public var formula: String
  /// Atoms in the cell.
  public var atoms: Int
  /// Sites on which species were arranged.
  public var active_sites: Int
  /// Energy model.
  public var model: String
  /// The best arrangement.
  public var best: Best
  /// Label → species → fraction.
  public var occupancy: [String: [String: Double]]
  /// Whole structures that were evaluated; nil for the lattice energy.
  public var structures: EvaluationSummary.Figures?
  /// The learned model after the last generation; nil without one.
  public var learned: LearningFigures?
  /// Individuals evaluated.
  public var evaluations: Int
  /// Symmetry copies among them.
  public var duplicates: Int
  /// The last generation.
  public var generations: Int
  /// The generation in which the best one appeared.
  public var last_improvement: Int
  /// Net charge of the cell, e.
  public var total_charge_e: Double
  /// Oxidation states by species, with numbers.
  public var charges: [Charge]
  /// What the user ought to know.
  public var warnings: [String]
  /// Wall time, s; only on standard output, since it differs between equal runs.
  public var wall_s: Double?

  /// The best arrangement.
  public struct Best: Codable, Sendable {
    /// Energy per cell.
    public var energy_eV: Double
    /// Energy per atom.
    public var energy_eV_per_atom: Double
    /// File of the structure.
    public var structure: String
    /// Number of symmetry copies.
    public var degeneracy: Int
  }

  /// A species with its number.
  public struct Charge: Codable, Sendable {
    /// The element.
    public var species: String
    /// Its oxidation state, e.
    public var oxidation_state: Double
    /// Its number in the cell.
    public var count: Int
  }

  /// The summary of a result.
  ///
  /// - Parameters:
  ///   - result: The result.
  ///   - folder: Put before the name of the structure file; nil for names inside the folder.
  ///   - wallTime: s.
  public init(_ result: GAResult, folder: String? = nil, wallTime: Double? = nil) {
    let problem = result.run.problem
    seed = result.run.specification.seed
    composition = result.formula
    formula = "\(problem.composition)"
    atoms = problem.atomCount
    active_sites = problem.activeSites.count
    model = result.evaluated?.specification.name ?? result.run.energy.rawValue
    learned = result.learning.last
    structures = result.evaluated?.figures
    best = Best(
      energy_eV: result.energy, energy_eV_per_atom: result.energyPerAtom,
      structure: result.energyRows(folder: folder.map { "\($0)/" } ?? "")[0][6],
      degeneracy: result.best.first?.degeneracy ?? 1)
    occupancy = [:]
    for label in result.occupancy {
      for (element, _) in label.elements {
        occupancy[label.label, default: [:]][element.symbol] = label.fraction(of: element)
      }
    }
    evaluations = result.evaluations
    duplicates = result.duplicates
    generations = result.generation
    last_improvement = result.lastImprovement
    total_charge_e = problem.ledger.totalCharge
    charges = problem.ledger.rows.map {
      Charge(
        species: $0.species.element.symbol, oxidation_state: $0.species.oxidationState ?? 0,
        count: $0.count)
    }
    warnings = result.run.warnings
    wall_s = wallTime
  }
}
