public import Crystal

/// Velocities of atoms at a temperature, Å/fs, without total momentum.
///
/// Drawn from a Maxwell distribution, freed of the total momentum unless there are fixed atoms, and scaled
/// so that Σ ½ m v² = ½ N kT holds exactly.
///
/// - Parameters:
///   - species: What the atoms are, n entries.
///   - temperature: K, 0 or more.
///   - degreesOfFreedom: N.
///   - fixed: Atoms that stay.
///   - seed: Seed of the random numbers.
/// - Returns: n velocities, Å/fs; all zero for a single atom.
/// - Precondition: atoms have mass.
public func maxwellVelocities(
  _ species: [Species], temperature: Double, degreesOfFreedom: Int, fixed: [Int] = [],
  seed: UInt64
) -> [SIMD3<Double>] {
  let masses = species.map { $0.element.mass / DynamicsUnits.acceleration }
  let numbers = GaussianNumbers(seed: seed, purpose: "dynamics velocities")
  let thermalEnergy = Constants.boltzmann * temperature
  var velocities = species.indices.map { i in
    (thermalEnergy / masses[i]).squareRoot() * numbers.vector(step: 0, index: i)
  }
  guard species.count > 1 else { return velocities.map { _ in .zero } }
  if fixed.isEmpty { removeDrift(&velocities, masses) }
  for i in fixed { velocities[i] = .zero }
  let kinetic = zip(masses, velocities).reduce(0) { $0 + 0.5 * $1.0 * dot($1.1, $1.1) }
  guard kinetic > 0 else { return velocities }
  let scale = (0.5 * Double(degreesOfFreedom) * thermalEnergy / kinetic).squareRoot()
  return velocities.map { scale * $0 }
}

/// Takes out the velocity of the centre of mass.
func removeDrift(_ velocities: inout [SIMD3<Double>], _ masses: [Double]) {
  var (momentum, mass) = (SIMD3<Double>.zero, 0.0)
  for i in masses.indices {
    momentum += masses[i] * velocities[i]
    mass += masses[i]
  }
  let drift = momentum / mass
  for i in masses.indices { velocities[i] -= drift }
}
