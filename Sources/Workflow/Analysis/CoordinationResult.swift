internal import Analysis
internal import Crystal
internal import Report

/// Coordination, as it is reported.
public struct CoordinationResult {
  let run: CoordinationRun
  let averages: CoordinationAverages
  let means: CoordinationAverages.Layout

  /// Distances up to which atoms were neighbours; empty for Voronoi cells.
  let cutoffs: [NeighbourShells.Cutoff]

  let started: String

  /// What is doubtful, one sentence each.
  public let warnings: [String]

  init(
    run: CoordinationRun, averages: CoordinationAverages, cutoffs: [NeighbourShells.Cutoff],
    started: String, warnings: [String]
  ) {
    self.run = run
    self.averages = averages
    self.cutoffs = cutoffs
    self.started = started
    means = averages.means(blocks: run.specification.frames.blocks)
    var warnings = warnings
    for (index, shell) in averages.shells.enumerated() where means.number(index).value > 14 {
      warnings.append(
        "\(shell.centre) has \(fixed(means.number(index).value, 1)) \(shell.name) "
          + "around it: is the cutoff too long?")
    }
    self.warnings = warnings
  }

  /// Number of frames.
  public var frameCount: Int { averages.frameCount }

  /// The cutoff of a pair, Å; nil for Voronoi cells and neighbours of several elements.
  func cutoff(_ shell: CoordinationAverages.Shell) -> Double? {
    guard shell.neighbours.count == 1, let neighbour = shell.neighbours.first else { return nil }
    return cutoffs.first {
      [$0.first, $0.second].sorted() == [shell.centre.symbol, neighbour.symbol].sorted()
    }?.distance
  }

  /// Number of atoms of an element in a frame.
  func count(_ element: Element) -> Int {
    Int(run.frames.composition[element].doubleValue.rounded())
  }

  /// The results as they are printed on a terminal.
  public var text: String {
    ([numberTable, angleTable] + [linkTable].compactMap { $0 } + ringTables)
      .map(\.text).joined(separator: "\n")
  }

  /// Numbers of neighbours.
  var numberTable: Table {
    let method =
      cutoffs.isEmpty
      ? "faces of at least \(fixed(run.specification.leastShare, 2)) of the largest solid angle"
      : run.specification.cutoffs.isEmpty ? "up to the first minimum of g(r)" : "given cutoffs"
    var table = Table(
      title: "\(run.frames.composition), \(run.frames.atomCount) atoms, \(frameCount) "
        + (frameCount == 1 ? "frame" : "frames") + "; neighbours: \(method)",
      columns: ["centre", "neighbour", "cutoff (Å)", "mean number", "mean r (Å)", "numbers (%)"])
    for (index, shell) in averages.shells.enumerated() {
      let shares = means.shares(index).enumerated().filter { $0.element.value >= 0.001 }
        .map { "\($0.offset): \(fixed(100 * $0.element.value, 1))" }
      let number = means.number(index)
      let distance = means.distance(index)
      table.append([
        shell.centre.symbol, shell.name,
        cutoff(shell).map { fixed($0, 3) } ?? "-", withError(number.value, number.error, 3),
        number.value > 0 ? withError(distance.value, distance.error, 3) : "-",
        shares.joined(separator: ", "),
      ])
    }
    return table
  }

  /// Angles that occur.
  var angleTable: Table {
    var table = Table(title: "Angles", columns: ["angle", "mean (°)", "deviation (°)"])
    for (index, angle) in averages.angles.enumerated() where hasAngles(index) {
      let (mean, deviation) = (means.angle(index), means.deviation(index))
      table.append([
        "\(angle.first)-\(angle.centre)-\(angle.second)", withError(mean.value, mean.error, 2),
        withError(deviation.value, deviation.error, 2),
      ])
    }
    return table
  }

  func hasAngles(_ index: Int) -> Bool { means.density(index).contains { $0.value > 0 } }

  /// Common corners, edges and faces of polyhedra; nil without polyhedra.
  var linkTable: Table? {
    guard !averages.links.isEmpty else { return nil }
    var table = Table(
      title: "Polyhedra with common corners, edges and faces, per cell",
      columns: ["centres", "corner", "edge", "face"])
    for (index, link) in averages.links.enumerated() {
      table.append(
        ["\(link.first)-\(link.second)"]
          + means.links(index).map { withError($0.value, $0.error, 1) })
    }
    return table
  }

  /// Rings of each network.
  var ringTables: [Table] {
    averages.networks.indices.map { index in
      let network = averages.networks[index]
      var table = Table(
        title: "Shortest-path rings (King) of \(network.centre)-\(network.ligand), up to "
          + "\(averages.largestRing) \(network.centre)",
        columns: ["size", "rings per \(network.centre)", "share of angles (%)"])
      let (rings, angles) = (means.rings(index), means.ringAngles(index))
      for size in 1...averages.largestRing
      where rings[size].value > 0 || angles[size].value > 0 {
        table.append([
          "\(size)", withError(rings[size].value, rings[size].error, 3),
          withError(
            100 * angles[size].value, angles[size].error.map { 100 * $0 }, 2),
        ])
      }
      table.append([
        "none", "", withError(100 * angles[0].value, angles[0].error.map { 100 * $0 }, 2),
      ])
      return table
    }
  }
}
