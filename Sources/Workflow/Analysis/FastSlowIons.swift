internal import Analysis
internal import Crystal

/// The fastest and the slowest ions of an element in a trajectory, and what surrounds them.
///
/// Fast ions end more than 90 % of the longest displacement from their start, slow ones less than 10 %.
/// Neighbours are anions up to the first minimum of g(r), as a mean over frames.
///
/// Reference: Yang et al. (2024), on MgCl2-GaF3.
struct FastSlowIons: Sendable {
  let element: Element
  /// The longest displacement, Å.
  let longest: Double
  /// Fast, slow and all ions.
  let groups: [Group]

  /// Some of the ions.
  struct Group: Sendable {
    let name: String
    let ions: Int
    /// Mean distance between start and end, Å.
    let displacement: Double
    /// Mean of its square, Å².
    let meanSquare: Double
    let neighbours: [Neighbours]
  }

  /// The anions of one element around ions.
  struct Neighbours: Sendable {
    let anion: Element
    /// Å.
    let cutoff: Double
    let number: Double
    /// Mean distance, Å; nil without neighbours.
    let distance: Double?
  }

  /// Shares of the longest displacement at which fast ions begin and slow ones end.
  private static let limits = (fast: 0.9, slow: 0.1)

  /// Frames that neighbours are looked for in, at most.
  private static let samples = 20

  /// Sorts the ions of an element.
  ///
  /// - Precondition: a cell that does not change.
  init(_ element: Element, ions: [Int], _ read: TrajectoryDisplacements) {
    self.element = element
    let history = read.history
    let distances = history.displacements(of: ions, at: history.frames - 1).map { length($0) }
    let longest = distances.max() ?? 0
    self.longest = longest
    let members: [(name: String, ions: [Int])] = [
      ("fast", ions.indices.filter { distances[$0] > FastSlowIons.limits.fast * longest }),
      ("slow", ions.indices.filter { distances[$0] < FastSlowIons.limits.slow * longest }),
      ("all", Array(ions.indices)),
    ]
    let surroundings = FastSlowIons.surroundings(element, ions, read)
    groups = members.map { name, members in
      let count = Double(max(1, members.count))
      return Group(
        name: name, ions: members.count,
        displacement: members.reduce(0) { $0 + distances[$1] } / count,
        meanSquare: members.reduce(0) { $0 + distances[$1] * distances[$1] } / count,
        neighbours: members.isEmpty
          ? []
          : surroundings.map { around in
            let bonds = members.reduce(0) { $0 + around.counts[$1] }
            let sum = members.reduce(0) { $0 + around.lengths[$1] }
            return Neighbours(
              anion: around.anion, cutoff: around.cutoff,
              number: Double(bonds) / (count * Double(around.frames)),
              distance: bonds > 0 ? sum / Double(bonds) : nil)
          })
    }
  }

  /// Numbers of neighbours of each ion, and the sums of their distances, over some frames.
  private struct Surroundings {
    var anion: Element
    var cutoff: Double
    var frames: Int
    var counts: [Int]
    var lengths: [Double]
  }

  private static func surroundings(
    _ element: Element, _ ions: [Int], _ read: TrajectoryDisplacements
  ) -> [Surroundings] {
    let atoms = read.start.species.map(\.element)
    let anions = Set(atoms.filter { $0.isUsualAnion && $0 != element }).sorted()
    let lattice = read.start.lattice
    let all = Array(atoms.indices)
    let step = max(1, read.history.frames / samples)
    let start = read.start.cartesianPositions.map(\.components)
    let configurations = stride(from: 0, to: read.history.frames, by: step).map { frame in
      zip(start, read.history.displacements(of: all, at: frame)).map {
        lattice.fractional(Cartesian($0 + $1))
      }
    }
    var distribution = PairDistribution(elements: [element] + anions)
    for positions in configurations {
      distribution.add(lattice, positions: positions, atoms: atoms)
    }
    var found = anions.compactMap { anion in
      distribution.firstShell(element, anion).map {
        Surroundings(
          anion: anion, cutoff: $0.end, frames: configurations.count,
          counts: Array(repeating: 0, count: ions.count),
          lengths: Array(repeating: 0, count: ions.count))
      }
    }
    for positions in configurations {
      let shells = NeighbourShells(
        lattice, positions: positions, atoms: atoms,
        cutoffs: found.map { .init(element.symbol, $0.anion.symbol, $0.cutoff) })
      for (index, ion) in ions.enumerated() {
        for neighbour in shells.neighbours[ion] {
          guard let around = found.firstIndex(where: { $0.anion == atoms[neighbour.atom] })
          else { continue }
          found[around].counts[index] += 1
          found[around].lengths[index] += neighbour.distance
        }
      }
    }
    return found
  }
}

extension DiffusionOfTrajectory {
  /// Fast and slow ions, one row per element and group.
  var mobilityTable: ResultTable {
    let anions = Set(mobility.flatMap(\.groups).flatMap(\.neighbours).map(\.anion)).sorted()
    var table = ResultTable(
      ["species", "group", "ions", "displacement_A", "displacement_squared_A2"]
        + anions.flatMap { ["cutoff_\($0)_A", "neighbours_\($0)", "distance_\($0)_A"] })
    for ions in mobility {
      for group in ions.groups {
        table.rows.append(
          [
            .text(ions.element.symbol), .text(group.name), .integer(group.ions),
            .real(group.displacement), .real(group.meanSquare),
          ]
            + anions.flatMap { anion -> [JSONValue] in
              let around = group.neighbours.first { $0.anion == anion }
              return [
                .optional(around?.cutoff), .optional(around?.number), .optional(around?.distance),
              ]
            })
      }
    }
    return table
  }
}
