internal import Analysis
internal import Crystal
internal import StructureIO

/// A trajectory that was read for its displacements.
struct TrajectoryDisplacements {
  /// The first frame used.
  let start: Structure

  /// The displacements.
  let history: DisplacementHistory

  /// Time between frames, fs.
  let interval: Double

  /// Mean volume of the cell, Å³.
  let volume: Double

  /// Whether the cell is the same in all frames.
  let cellIsConstant: Bool

  /// What was doubtful.
  let warnings: [String]

  /// Duration, fs.
  var duration: Double { Double(history.frames - 1) * interval }

  /// Reads a trajectory.
  ///
  /// - Throws: ``InputError`` with the place of a mistake in the file.
  init(_ path: String, _ specification: DiffusionSpecification) throws {
    let trajectory = try Trajectory(path, types: specification.types.compactMap { Species($0) })
    let species = trajectory.first.structure.species
    let atoms = species.indices.filter { !species[$0].isVacancy }
    let chosen = trajectory.first.structure.selecting(atoms)
    var history = DisplacementHistory(
      atoms: atoms.count, driftWeights: try Self.weights(chosen, specification, path),
      isUnwrapped: trajectory.isUnwrapped)
    var times = TrajectoryTimes(timeStep: specification.timeStep)
    var start: Structure?
    var volume = 0.0
    var isConstant = true
    let pass = try trajectory.forEachFrame(
      every: specification.every, skip: specification.skip
    ) { frame in
      guard try times.accept(frame) else { return }
      let structure =
        atoms.count == species.count ? frame.structure : frame.structure.selecting(atoms)
      if start == nil { start = structure }
      if structure.lattice != start?.lattice { isConstant = false }
      volume += structure.lattice.volume
      history.append(structure.positions, structure.lattice)
    }
    interval = try times.finish(path)
    guard history.frames >= 4, let start else {
      throw InputError("has \(history.frames) frames, expected at least 4", at: path)
    }
    self.start = start
    self.history = history
    self.volume = volume / Double(history.frames)
    cellIsConstant = isConstant
    var warnings = pass.warnings + times.warnings
    if history.doubtfulSteps > 0 {
      warnings.append(
        "\(path): \(history.doubtfulSteps) steps of atoms from frame to frame are about half the cell, "
          + "so that their images may be confused; write frames more often, or unwrapped positions")
    }
    self.warnings = warnings
  }

  /// Masses of the atoms whose centre of mass is held.
  private static func weights(
    _ structure: Structure, _ specification: DiffusionSpecification, _ path: String
  ) throws(InputError) -> [Double] {
    let held = Set(specification.driftElements)
    let present = Set(structure.species.map(\.element.symbol))
    for name in specification.driftElements where !present.contains(name) {
      throw InputError(
        "\(name) is not in \(path)", at: "--drift",
        hint: "its elements are \(present.sorted().joined(separator: ", "))")
    }
    return structure.species.map { species in
      switch specification.drift {
      case .none: 0
      case .cell: species.element.mass
      case .elements: held.contains(species.element.symbol) ? species.element.mass : 0
      }
    }
  }
}
