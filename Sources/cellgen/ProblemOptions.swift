import ArgumentParser
import Workflow

/// Which problem to work on; the same for every command that takes one.
struct ProblemOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Problem file (YAML), or a structure with partial occupancies (CIF, extxyz).",
      valueName: "problem"))
  var problem: String?

  @Option(
    help: ArgumentHelp(
      "Supercell instead of the problem's: 2x2x1, nine integers, or auto for the smallest in which "
        + "partial occupancies come out.", valueName: "matrix"))
  var supercell: String?

  @Option(help: ArgumentHelp("Composition instead of the problem's.", valueName: "formula"))
  var composition: String?

  @Option(help: "Energies: lattice (Ewald and short-range terms) or ewald.")
  var model: EnergyModelChoice?

  @Flag(help: "Round numbers that do not fit the cell to the nearest that do.")
  var round = false

  @Flag(help: "Accept a cell with a net charge, compensated by a uniform background.")
  var allowCharge = false

  /// The choice that was made.
  var choice: ProblemChoice {
    var choice = ProblemChoice()
    choice.problem = problem
    choice.supercell = supercell
    choice.composition = composition
    choice.model = model
    choice.round = round
    choice.allowCharge = allowCharge
    return choice
  }

  /// Says which problem it is when none was named.
  func announce(_ console: Console) {
    if problem == nil {
      console.note("No problem file: using the built-in problem, \(BuiltInProblem.summary).")
    }
  }
}
