internal import Analysis
internal import Crystal
internal import Handoff

/// The structure of a result with the labels and other columns of the one that it was made from.
struct RestoredStructure {
  /// The structure; nil if the result has none.
  private(set) var structure: Structure?

  /// How far the atom moved that moved farthest, when a rigid shift and the strain of the cell are taken
  /// off, Å; nil without a structure before.
  private(set) var largestDisplacement: Double?

  /// What is doubtful, one sentence each.
  private(set) var warnings: [String] = []

  /// What makes the result useless.
  private(set) var problem: CollectedCalculation.Exclusion?

  /// The displacement above which an atom is not where it began, Å.
  private static let doubtful = 2.0

  /// Restores what can be restored.
  ///
  /// - Parameters:
  ///   - result: What the program gave.
  ///   - reference: The structure of the calculation folder, in the order of the input.
  ///   - parent: Sites with labels, for results that `reference` does not fit.
  init(_ result: CalculationResult, reference: Structure?, parent: Structure?) {
    guard let found = result.structure else { return }
    structure = found
    if let reference {
      guard found.elementCounts == reference.elementCounts else {
        problem = .init(
          reason: "the output is of \(found.composition), structure.extxyz is "
            + "\(reference.composition)",
          hint: "results and inputs of different calculations are in one folder")
        return
      }
      let pairs = zip(found.species, reference.species)
      if let n = pairs.enumerated().first(where: { $1.0.element != $1.1.element })?.offset {
        warnings.append(
          "atom \(n + 1) is \(found.species[n].element) in the output and "
            + "\(reference.species[n].element) in structure.extxyz: labels are not copied"
            + (parent == nil ? ", --parent restores them" : ""))
      } else {
        take(reference, positions: found)
      }
    }
    if structure?.labels == nil, let parent { map(onto: parent) }
    add(result)
  }

  /// Takes everything but cell and positions from a structure with the same atoms.
  private mutating func take(_ reference: Structure, positions found: Structure) {
    let own = [Column.Name.velocity, Column.Name.force, RestoredStructure.momentColumn]
    structure = Structure(
      lattice: found.lattice, species: reference.species, positions: found.positions,
      columns: reference.columns.filter { !own.contains($0.name) }, title: reference.title)
    var steps: [SIMD3<Double>] = []
    for (new, old) in zip(found.positions, reference.positions) {
      var step = new.components - old.components
      step -= step.rounded(.toNearestOrEven)
      steps.append(step)
    }
    // Codes may shift all atoms together; the first one keeps images apart.
    let first = steps.first ?? .zero
    let apart = steps.map { step in
      let relative = step - first
      return relative - relative.rounded(.toNearestOrEven)
    }
    let mean = apart.reduce(.zero, +) / Double(max(1, apart.count))
    let distances = apart.map { length(found.lattice.cartesian(Fractional($0 - mean)).components) }
    guard let largest = distances.max() else { return }
    largestDisplacement = largest
    if largest > RestoredStructure.doubtful, let n = distances.firstIndex(of: largest) {
      warnings.append(
        "atom \(n + 1), \(reference.species[n].element), moved by \(fixed(largest, 2)) Å: its label "
          + "may no longer be right, see cellgen map")
    }
  }

  /// Takes labels from the sites of a parent.
  private mutating func map(onto parent: Structure) {
    guard var structure else { return }
    do {
      let mapping = try SiteMapping(structure, parent: parent)
      var labels = [String](repeating: "?", count: structure.count)
      for atom in mapping.atoms {
        if let site = atom.site {
          labels[atom.atom] = site.label
          largestDisplacement = max(largestDisplacement ?? 0, site.distance)
        }
      }
      if !mapping.unassigned.isEmpty {
        warnings.append("\(mapping.unassigned.count) atoms are on no site of the parent")
      }
      structure.labels = labels
      self.structure = structure
    } catch {
      warnings.append("labels cannot be restored from the parent: \(error.message)")
    }
  }

  /// Adds forces, moments and the energy.
  private mutating func add(_ result: CalculationResult) {
    if let forces = result.forces, forces.count == structure?.count {
      structure?.set(
        Column(Column.Name.force, width: 3, .real(forces.flatMap { [$0.x, $0.y, $0.z] })))
    }
    if let moments = result.moments, moments.count == structure?.count {
      structure?.set(Column(RestoredStructure.momentColumn, .real(moments)))
    }
    let keys = ["energy", "stress", "state"]
    structure?.info.removeAll { keys.contains($0.key) }
    if let energy = result.energy { structure?.info.append(.init("energy", "\(energy)")) }
    if let stress = result.stress {
      let numbers = stress.flatMap { [$0.x, $0.y, $0.z] }.map { "\($0)" }
      structure?.info.append(.init("stress", numbers.joined(separator: " ")))
    }
    structure?.info.append(.init("state", result.state.name))
  }

  /// Name of the column of calculated moments, as ASE has it.
  static let momentColumn = "magmoms"
}
