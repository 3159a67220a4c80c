public import Crystal

/// What gives the energy of atoms in a periodic cell, with its derivatives.
///
/// A model may keep lists and caches between calls, so it is a class and belongs to one owner; what it
/// returns depends on the configuration alone.
public protocol EnergyModel: AnyObject {
  /// Evaluates one configuration.
  ///
  /// - Parameter configuration: The atoms; a model may refuse numbers of atoms or species other than
  ///   those it was made for.
  /// - Returns: Energy, forces and the derivative by strain.
  /// - Throws: What makes the energy impossible to tell: missing parameters, atoms on one point, an
  ///   engine that failed.
  func evaluate(_ configuration: Configuration) throws -> Evaluation
}

/// Atoms in a periodic cell as an energy needs them.
public struct Configuration: Hashable, Sendable {
  /// The cell, Å.
  public var lattice: Lattice

  /// What the atoms are; n entries, no vacancies.
  public var species: [Species]

  /// Cartesian positions, Å; any image; n entries.
  public var positions: [SIMD3<Double>]

  /// A configuration.
  ///
  /// - Precondition: as many species as positions.
  public init(lattice: Lattice, species: [Species], positions: [SIMD3<Double>]) {
    precondition(species.count == positions.count, "one species per position")
    self.lattice = lattice
    self.species = species
    self.positions = positions
  }

  /// The atoms of a structure; empty sites are left out.
  ///
  /// Atom k of the configuration is the k-th site of the structure that is not vacant.
  public init(_ structure: Structure) {
    let atoms = structure.species.indices.filter { !structure.species[$0].isVacancy }
    self.init(
      lattice: structure.lattice, species: atoms.map { structure.species[$0] },
      positions: atoms.map { structure.lattice.cartesian(structure.positions[$0]).components })
  }
}

/// The energy of a configuration with its derivatives.
public struct Evaluation: Hashable, Sendable {
  /// Energy of the cell, eV.
  public var energy: Double

  /// Force on each atom, -∂E/∂r, eV/Å; n entries.
  public var forces: [SIMD3<Double>]

  /// Derivative by a symmetric strain ε, eV: rows of the 3 × 3 matrix ∂E/∂ε; stress is this over V.
  public var strainDerivative: [SIMD3<Double>]

  /// An evaluation.
  public init(energy: Double, forces: [SIMD3<Double>], strainDerivative: [SIMD3<Double>]) {
    self.energy = energy
    self.forces = forces
    self.strainDerivative = strainDerivative
  }

  /// No energy on `count` atoms.
  public static func zero(_ count: Int) -> Evaluation {
    Evaluation(
      energy: 0, forces: [SIMD3](repeating: .zero, count: count),
      strainDerivative: [SIMD3](repeating: .zero, count: 3))
  }
}
