internal import Crystal
internal import Energetics
public import Engines

extension ForceFieldSetup {
  /// The same interactions for LAMMPS.
  ///
  /// - Parameters:
  ///   - cutoff: Å; nil takes that of the potentials, or 10 Å.
  ///   - accuracy: Of forces, in units of 14.4 eV/Å.
  /// - Returns: The model, for configurations with these atoms.
  /// - Throws: ``InputError`` for a net charge.
  public func lammpsModel(
    cutoff: Double? = nil, accuracy: Double = ForceFieldSetup.usualAccuracy
  ) throws -> LAMMPSModel {
    try LAMMPSModel(
      species: species, charges: charges, potentials: potentials,
      cutoff: cutoff ?? potentials?.cutoff ?? 10, accuracy: accuracy)
  }
}
