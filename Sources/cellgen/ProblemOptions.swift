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

  @Option(
    help: ArgumentHelp(
      "Oxidation states instead of the problem's, such as Li=1,Mn=auto; may be repeated.",
      valueName: "list"))
  var oxidation: [String] = []

  @Option(
    help: ArgumentHelp(
      "What partial occupancies may be off to become whole numbers (default: their uncertainty or last "
        + "digit).", valueName: "fraction"))
  var tolerance: Double?

  @Option(help: ArgumentHelp("Disorder group of a CIF to keep.", valueName: "number"))
  var disorderGroup: Int?

  @Flag(help: "Accept partially occupied sites that are too near to be occupied at once.")
  var allowSplitSites = false

  /// The choice that was made.
  var choice: ProblemChoice {
    var choice = ProblemChoice()
    choice.problem = problem
    choice.supercell = supercell
    choice.composition = composition
    choice.model = model
    choice.round = round
    choice.allowCharge = allowCharge
    choice.oxidation = oxidation
    choice.tolerance = tolerance
    choice.disorderGroup = disorderGroup
    choice.allowSplitSites = allowSplitSites
    return choice
  }

  /// Says which problem it is when none was named.
  func announce(_ console: Console) {
    if problem == nil {
      console.note("No problem file: using the built-in problem, \(BuiltInProblem.summary).")
    }
  }
}
