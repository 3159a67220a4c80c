public import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Short-range order of the species on some sites, shell by shell.
///
///     α_ij = 1 − P(j | i) / c_j                                                        [dimensionless]
///
/// P(j | i) is the probability that a neighbour of a site with i holds j, c_j the fraction of the sites that
/// holds j. Negative where i and j seek each other, positive where they avoid each other; for i = j the other
/// way round. An empty site is a species of its own.
///
/// A random arrangement of the same atoms on the same N sites has, on average,
///
///     α_ij = 1 − [s δ_ij + (1 − s) (N_j − δ_ij) / (N − 1)] / c_j
///
/// not zero, because a site is not its own neighbour; s is the share of neighbours that are images of the site
/// itself. Exact where all sites have equally many neighbours in the shell.
///
/// Reference: J. M. Cowley, Phys. Rev. 77, 669 (1950).
public struct WarrenCowley: Sendable {
  /// Neighbours at one distance.
  public struct Shell: Sendable {
    /// Mean distance, Å.
    public var distance: Double
    /// Mean number of neighbours.
    public var neighbours: Double
    /// The parameters, i in rows and j in columns.
    public var parameters: [[Double]]
    /// The same for a random arrangement.
    public var random: [[Double]]
  }

  /// The species, vacancies last.
  public let species: [Element]

  /// Sites that hold each of them.
  public let numbers: [Int]

  /// The shells, nearest first.
  public let shells: [Shell]

  /// Distances that differ by less belong to one shell, Å.
  public static let tolerance = 0.05

  /// Counts neighbours.
  ///
  /// - Parameters:
  ///   - lattice: The cell.
  ///   - positions: The sites, where they are in the ideal crystal; any images.
  ///   - contents: What is on them.
  ///   - shellCount: Number of shells.
  ///   - tolerance: Distances that differ by less belong to one shell, Å.
  /// - Throws: ``InputError`` if the distances do not fall into shells.
  public init(
    _ lattice: Lattice, positions: [Fractional], contents: [Element], shellCount: Int,
    tolerance: Double = WarrenCowley.tolerance
  ) throws(InputError) {
    let species = Set(contents).sorted { ($0.isVacancy ? 1 : 0, $0) < ($1.isVacancy ? 1 : 0, $1) }
    self.species = species
    let numbers = species.map { kind in contents.count { $0 == kind } }
    self.numbers = numbers
    let pairs = try WarrenCowley.pairs(lattice, positions, shellCount, tolerance)
    let kind = Dictionary(uniqueKeysWithValues: zip(species, species.indices))
    let kinds = contents.map { kind[$0] ?? 0 }
    let total = Double(contents.count)
    let fractions = numbers.map { Double($0) / total }
    shells = pairs.map { shell in
      var counts = [[Double]](
        repeating: [Double](repeating: 0, count: species.count), count: species.count)
      var own = 0.0
      for pair in shell {
        counts[kinds[pair.from]][kinds[pair.to]] += 1
        if pair.from == pair.to { own += 1 }
      }
      let share = own / Double(shell.count)
      func table(_ probability: (Int, Int) -> Double) -> [[Double]] {
        species.indices.map { i in
          species.indices.map { j in 1 - probability(i, j) / fractions[j] }
        }
      }
      return Shell(
        distance: shell.reduce(0) { $0 + $1.distance } / Double(shell.count),
        neighbours: Double(shell.count) / total,
        parameters: table { i, j in
          let all = counts[i].reduce(0, +)
          return all > 0 ? counts[i][j] / all : fractions[j]
        },
        random: table { i, j in
          let same = i == j ? 1.0 : 0
          let others = total > 1 ? (Double(numbers[j]) - same) / (total - 1) : 0
          return share * same + (1 - share) * others
        })
    }
  }

  /// Neighbours of a site that are looked at for complete shells.
  private static let mostNeighbours = 1000

  private typealias Pair = (from: Int, to: Int, distance: Double)

  /// Ordered pairs of sites and images by shell, the nearest shells.
  private static func pairs(
    _ lattice: Lattice, _ positions: [Fractional], _ shellCount: Int, _ tolerance: Double
  ) throws(InputError) -> [[Pair]] {
    guard !positions.isEmpty, shellCount > 0 else { return [] }
    // Enough for about the shells that are asked for; more is looked at until they are complete.
    var radius = 1.5 * cbrt(lattice.volume / Double(positions.count))
    while true {
      let grid = NeighbourGrid(lattice: lattice, positions: positions, radius: radius)
      var pairs: [Pair] = []
      for (i, position) in positions.enumerated() {
        grid.forEach(near: position, within: radius) { other in
          guard other.distance > 1e-6 else { return }
          pairs.append((i, other.index, other.distance))
        }
      }
      pairs.sort { ($0.distance, $0.from, $0.to) < ($1.distance, $1.from, $1.to) }
      var shells: [[Pair]] = []
      for pair in pairs {
        if let last = shells.last?.last, pair.distance - last.distance < tolerance {
          shells[shells.count - 1].append(pair)
        } else {
          shells.append([pair])
        }
      }
      // The last shell may go on behind the radius.
      let complete = Array(shells.prefix(shellCount))
      // Where atoms are off their sites, the nearest pairs are chance meetings of a few of them.
      let isCrystal = complete.allSatisfy {
        4 * Set($0.map(\.from)).count >= positions.count
      }
      if shells.count > shellCount, isCrystal { return complete }
      guard shells.count <= shellCount, pairs.count < mostNeighbours * positions.count else {
        throw InputError(
          "the distances between the sites do not fall into \(shellCount) shells",
          hint:
            "map the structure onto its parent with --parent, which has the sites of the crystal")
      }
      radius *= 1.25
    }
  }
}
