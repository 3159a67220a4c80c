internal import Crystal
internal import Engines
public import Search

/// All settings of a genetic search; together with the problem file it determines every result.
public struct GASpecification: Codable, Hashable, Sendable {
  /// Path of the problem file; nil for the built-in problem.
  public var problem: String?

  /// A composition that replaces the one of the problem file.
  public var composition: String?

  /// A formula with `{x}`, searched for every value of ``x``.
  public var sweep: String?

  /// The values of x, as numbers or fractions.
  public var x: [String] = []

  /// An energy model that replaces the one of the problem file.
  public var model: EnergyModelChoice?

  /// How whole structures are evaluated in place of the lattice energy; nil for the lattice energy.
  public var evaluation: EvaluationSpecification?

  /// Candidates that the lattice energy sees for each that is evaluated as a whole structure.
  public var prescreen = 1

  /// Learn a lattice model from the energies of whole structures, and screen with it when it is useful.
  public var learn = false

  /// Accept the nearest composition that fits the cell.
  public var round = false

  /// Accept a cell with a net charge.
  public var allowCharge = false

  /// Generations at most.
  public var generations = 500

  /// Stop after so many generations without a lower energy; 0 for never.
  public var plateau = 100

  /// Sizes and rates.
  public var parameters = GeneticAlgorithm.Parameters()

  /// Best distinct structures that are written.
  public var top = 5

  /// Seed of the random numbers.
  public var seed: UInt64

  /// The defaults with a seed.
  public init(seed: UInt64) { self.seed = seed }

  /// Checks what belongs to the evaluation of whole structures.
  ///
  /// - Throws: ``InputErrors`` with all that is wrong.
  func validateEvaluation() throws(InputErrors) {
    var problems: [InputError] = []
    if !(1...1000).contains(prescreen) {
      problems.append(InputError("\(prescreen), expected 1 to 1000", at: "--prescreen"))
    }
    if learn, evaluation == nil || prescreen < 2 {
      problems.append(
        InputError(
          "a learned model chooses among several candidates for an evaluation", at: "--learn",
          hint: "add --energy or --engine, and --prescreen 2 or more"))
    }
    if let evaluation {
      do {
        try evaluation.validate()
      } catch {
        problems += error.problems
      }
      if parameters.refinement > 0 {
        problems.append(
          InputError(
            "exchanges at the lattice energy would undo what other energies prefer", at: "--refine",
            hint: "leave --refine out; --prescreen makes use of the lattice energy"))
      }
      if sweep != nil, evaluation.engine?.engine.hasPrefix("ipi:") ?? false {
        problems.append(
          InputError(
            "an i-PI client has one composition in its own input, a series has several",
            at: "--sweep", hint: "run one search with --composition for each"))
      }
    } else if prescreen > 1 {
      problems.append(
        InputError(
          "there is nothing to screen for: the lattice energy is the only one", at: "--prescreen",
          hint: "add --energy or --engine"))
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
  }
}
