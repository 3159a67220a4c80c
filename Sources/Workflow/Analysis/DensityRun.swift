internal import Crystal
internal import Analysis
internal import StructureIO

/// Where ions are on average, from trajectories.
public struct DensityRun: Sendable {
  /// What is to be done.
  public let specification: DensitySpecification

  /// A run that has been checked.
  ///
  /// - Throws: ``InputErrors`` with all problems of the specification.
  public init(_ specification: DensitySpecification) throws {
    try specification.validate()
    self.specification = specification
  }

  /// Reads and analyses.
  ///
  /// - Parameter progress: Called with a sentence before each trajectory.
  /// - Returns: All results, of which nothing is written yet.
  /// - Throws: ``InputError`` with the place of a mistake in a file, or the option that is wrong.
  public func callAsFunction(progress: (String) -> Void = { _ in }) throws -> DensityResult {
    let parent = try StructureFile.read(specification.parent).structure
    let counts = try VolumetricGrid.counts(parent.lattice, spacing: specification.spacing)
    let elements = specification.species.compactMap { Element(symbol: $0) }
    var densities = elements.map { _ in PopulationDensity(counts: counts) }
    var warnings: [String] = []
    var cells: Set<Int> = []
    var lattices: [SiteLattice] = []
    for path in specification.trajectories {
      progress("Reading \(path)")
      let trajectory = try Trajectory(
        path, types: specification.types.compactMap { Species($0) })
      let first = trajectory.first.structure
      let present = Set(first.species.map(\.element))
      for element in elements where !present.contains(element) {
        throw InputError(
          "\(element) is not in \(path)", at: "--species",
          hint: "its elements are \(present.sorted().map(\.symbol).joined(separator: ", "))")
      }
      let sites = try elements.map { try SiteLattice(parent, start: first, mobile: $0) }
      let ions = elements.map { element in
        first.species.indices.filter { first.species[$0].element == element }
      }
      if lattices.isEmpty { lattices = sites }
      cells.insert(sites[0].supercell.cellCount)
      for site in sites.prefix(1) {
        if let deviation = site.frameworkDeviation, deviation > 0.5 {
          warnings.append(
            "\(path): the framework is \(fixed(deviation, 2)) Å (root mean square) from its sites in the "
              + "parent; the density may lie between the wrong sites")
        }
      }
      let pass = try trajectory.forEachFrame(
        every: specification.every, skip: specification.skip
      ) { frame in
        for index in elements.indices {
          densities[index].append(
            ions[index].map { sites[index].parentFractions(frame.structure.positions[$0]) })
        }
      }
      warnings += pass.warnings
    }
    guard cells.count == 1, let cell = cells.first, let lattice = lattices.first?.lattice else {
      throw InputError(
        "the trajectories hold different numbers of cells of the parent", at: "--parent",
        hint: "run the command once for each size")
    }
    var folded = parent
    folded.lattice = lattice
    return DensityResult(
      specification: specification, parent: folded, cells: cell,
      species: elements.indices.map { index in
        SpeciesDensity(
          elements[index],
          VolumetricGrid(
            counts: counts,
            values: densities[index].values(
              lattice, cells: cell, width: specification.width)),
          lattices[index], specification)
      }, warnings: warnings)
  }
}
