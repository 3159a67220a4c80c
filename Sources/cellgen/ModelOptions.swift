import ArgumentParser
import Workflow

/// Which built-in model gives the energies; the same for every command in which atoms move.
struct ModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Model: lattice, ewald, universal, a set of potentials (cellgen potentials), or a file *.yaml "
        + "(default: lattice).", valueName: "model"))
  var model: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Charges by element, such as Mg=2,O=-2 [e].", valueName: "list"))
  var charges: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Cutoff of pairs (default: that of the model) [Å].", valueName: "distance"))
  var cutoff: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Accuracy of long-range forces, in units of 14.4 eV/Å (default: 1e-5; 1e-7 for relax).",
      valueName: "accuracy"))
  var accuracy: Double?

  @OptionGroup var engine: EngineOptions

  /// Whether any of them was given.
  var isGiven: Bool {
    model != nil || charges != nil || cutoff != nil || accuracy != nil || engine.engine != nil
  }

  /// The energy of a structure file.
  func energy(of structure: String) -> EnergySpecification {
    var energy = EnergySpecification(structure: structure)
    energy.model = model ?? "lattice"
    energy.charges = charges
    energy.cutoff = cutoff
    energy.accuracy = accuracy
    energy.engine = engine.specification
    return energy
  }
}
