internal import Crystal

/// Electrostatics of point charges and pair potentials, summed directly and to high accuracy.
///
/// The slow twin of faster models, for small cells and for tests.
public final class DirectSum: EnergyModel {
  private let potentials: PotentialSet?
  private let charges: [Double]
  private let accuracy: Double

  /// A model.
  ///
  /// - Parameters:
  ///   - charges: One charge per atom, e.
  ///   - potentials: Short-range interactions by species; nil for electrostatics alone.
  ///   - accuracy: Of the Ewald sum, relative.
  public init(charges: [Double], potentials: PotentialSet?, accuracy: Double = 1e-12) {
    self.charges = charges
    self.potentials = potentials
    self.accuracy = accuracy
  }

  /// Sums over one configuration.
  ///
  /// - Parameter configuration: As many atoms as charges.
  /// - Returns: Energy, forces and the derivative by strain.
  public func evaluate(_ configuration: Configuration) -> Evaluation {
    let lattice = configuration.lattice
    let positions = configuration.positions.map { lattice.fractional(Cartesian($0)) }
    var result = Evaluation.zero(positions.count)
    if charges.contains(where: { $0 != 0 }) {
      let ewald = EwaldSum(
        lattice: lattice, positions: positions, charges: charges, accuracy: accuracy)
      result = Evaluation(
        energy: ewald.energy, forces: ewald.forces, strainDerivative: ewald.strainDerivative)
    }
    guard let potentials else { return result }
    let short = PairSum(
      lattice: lattice, positions: positions, species: configuration.species,
      potentials: potentials)
    result.energy += short.energy
    for i in positions.indices { result.forces[i] += short.forces[i] }
    for row in 0..<3 { result.strainDerivative[row] += short.strainDerivative[row] }
    return result
  }
}
