internal import Analysis
internal import Crystal
public import StructureIO

/// Coordination, from trajectories to a folder of results.
public struct CoordinationRun {
  /// Settings.
  public let specification: CoordinationSpecification

  let frames: AveragedFrames

  /// Centres and ligands of the networks whose rings are counted.
  let networks: [(centre: Element, ligand: Element)]

  private let started = timestamp()

  /// Checks the settings against the files.
  ///
  /// - Parameters:
  ///   - specification: Settings.
  ///   - trajectories: The files, opened.
  /// - Throws: ``InputError`` or ``InputErrors`` with what is wrong.
  public init(_ specification: CoordinationSpecification, _ trajectories: [Trajectory]) throws {
    try specification.validate()
    self.specification = specification
    let frames = try AveragedFrames(trajectories, specification.frames)
    self.frames = frames
    for cutoff in specification.cutoffs {
      _ = try frames.element(cutoff.first, at: "--cutoff")
      _ = try frames.element(cutoff.second, at: "--cutoff")
    }
    networks = try specification.rings.map { network in
      let names = network.split(separator: "-").map(String.init)
      return (
        try frames.element(names[0], at: "--rings"), try frames.element(names[1], at: "--rings")
      )
    }
  }

  /// Reads all frames: twice where cutoffs come from radial distribution functions.
  ///
  /// - Parameters:
  ///   - threads: How many count pairs at once; the result does not depend on it.
  ///   - progress: Called after every frame with the number so far.
  /// - Returns: The averages.
  /// - Throws: ``InputError`` with the place of the first mistake, or if a pair has no first shell.
  public func callAsFunction(
    threads: Int, progress: (Int) -> Void = { _ in }
  ) throws -> CoordinationResult {
    var warnings: [String] = []
    var cutoffs: [NeighbourShells.Cutoff] = specification.cutoffs
    if specification.method == .distance, cutoffs.isEmpty {
      cutoffs = try minima(threads: threads, &warnings)
    }
    let pairs: [(Element, Element)] =
      specification.method == .voronoi
      ? CoordinationRun.bondedPairs(frames.elements)
      : try cutoffs.map {
        (
          try frames.element($0.first, at: "--cutoff"),
          try frames.element($0.second, at: "--cutoff")
        )
      }
    for network in networks
    where !pairs.contains(where: {
      [$0.0, $0.1].sorted() == [network.centre, network.ligand].sorted()
    }) {
      throw InputError(
        "\(network.centre) and \(network.ligand) are no neighbours", at: "--rings",
        hint: "give --cutoff \(network.centre)-\(network.ligand)=DISTANCE")
    }
    var order = CoordinationAverages(
      pairs: pairs, networks: networks, largestRing: specification.largestRing)
    let reading = try frames.forEach { frame in
      let shells =
        specification.method == .voronoi
        ? try NeighbourShells(
          frame.lattice, positions: frame.positions, atoms: frame.atoms,
          leastShare: specification.leastShare)
        : NeighbourShells(
          frame.lattice, positions: frame.positions, atoms: frame.atoms, cutoffs: cutoffs)
      order.add(shells)
      progress(order.frameCount)
    }
    return CoordinationResult(
      run: self, averages: order, cutoffs: specification.method == .voronoi ? [] : cutoffs,
      started: started, warnings: warnings + reading)
  }

  /// The pairs that are looked at unless others are given: an anion with another element, or all pairs where
  /// there is no anion, or nothing else.
  static func bondedPairs(_ elements: [Element]) -> [(Element, Element)] {
    let cations = elements.filter { !$0.isUsualAnion }
    let anions = elements.filter(\.isUsualAnion)
    if cations.isEmpty || anions.isEmpty {
      return elements.indices.flatMap { a in elements[a...].map { (elements[a], $0) } }
    }
    return cations.flatMap { cation in anions.map { (cation, $0) } }
  }

  /// First minima of the mean radial distribution functions.
  private func minima(
    threads: Int, _ warnings: inout [String]
  ) throws -> [NeighbourShells.Cutoff] {
    var radius = CoordinationSpecification.radius
    while PairDistribution.pairs(atoms: frames.atomCount, volume: frames.volume, radius: radius)
      > 0.5 * PairDistribution.mostPairs
    {
      radius *= 0.8
    }
    var distribution = PairDistribution(
      elements: frames.elements, radius: radius, binWidth: 0.02)
    _ = try frames.forEach {
      distribution.add($0.lattice, positions: $0.positions, atoms: $0.atoms, threads: threads)
    }
    var cutoffs: [NeighbourShells.Cutoff] = []
    for (a, b) in CoordinationRun.bondedPairs(frames.elements) {
      if let shell = distribution.firstShell(a, b) {
        cutoffs.append(NeighbourShells.Cutoff(a.symbol, b.symbol, shell.end))
      } else {
        warnings.append(
          "g(r) of \(a)-\(b) has no first shell; give --cutoff \(a)-\(b)=DISTANCE to count it")
      }
    }
    guard !cutoffs.isEmpty else {
      throw InputError(
        "no pair of elements has a first shell", hint: "give --cutoff, such as Mg-O=2.6")
    }
    return cutoffs
  }
}
