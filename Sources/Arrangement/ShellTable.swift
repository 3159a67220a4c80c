public import Crystal

/// The pairs of active sites, sorted into shells of equal distance.
///
/// A shell belongs to an ordered pair of groups of sites, A and B. Its pairs are counted from the
/// sites of A: every site of B at the distance counts, periodic images included, so that two sites of
/// a small cell may be several pairs, and a site may be its own neighbour. Where A and B are the same
/// group each pair of atoms is met from both ends and counts twice.
///
/// For the four sites of an fcc cell with edge a: one group, a first shell at a/√2 with 4 × 12 pairs.
public struct ShellTable: Sendable {
  /// Groups of active sites between which shells are told apart.
  public let groups: [Group]

  /// The shells: by pair of groups, then by distance.
  public let shells: [Shell]

  /// For each active site its group.
  public let groupOfSite: [Int]

  /// The neighbours of site i in all shells are `neighbours[offsets[i] ..< offsets[i + 1]]`.
  let offsets: [Int32]
  let neighbours: [Neighbour]

  /// What makes a group of sites.
  public enum Grouping: String, Hashable, Sendable, Codable, CaseIterable {
    /// The sites of one label that exchange their species.
    case labels
    /// All sites that exchange their species.
    case pools
  }

  /// Sites whose pairs are counted together.
  public struct Group: Hashable, Sendable {
    /// Label of the sites; several, joined by `+`, for a pool with several labels.
    public var name: String
    /// Index of the pool of the problem to which they belong.
    public var pool: Int
    /// The active sites.
    public var sites: [Int]
  }

  /// Pairs of sites at one distance.
  public struct Shell: Hashable, Sendable {
    /// Mean distance, Å.
    public var distance: Double
    /// Group A, an index into ``ShellTable/groups``.
    public var first: Int
    /// Group B; not before A.
    public var second: Int
    /// Pairs in the cell, counted from the sites of A.
    public var pairs: Int
  }

  /// A neighbour in a shell; `multiplicity` images of it are there.
  struct Neighbour: Sendable {
    var site: Int32
    var shell: Int32
    var multiplicity: Int32
    var side: Side
  }

  /// To which group of the shell the site belongs whose neighbour it is.
  enum Side: UInt8, Sendable {
    case first
    case second
    /// Both groups are the same.
    case both
    /// The neighbour is an image of the site.
    case itself
  }

  /// Distances of one shell differ by less than this from the next, Å.
  public static let defaultTolerance = 0.01

  /// Shells per pair of groups unless told otherwise.
  public static let defaultShellCount = 3

  /// Pairs that are not taken for a mistake.
  static let pairLimit = 10_000_000

  /// Finds the shells of a problem.
  ///
  /// - Parameters:
  ///   - problem: The sites.
  ///   - shellCount: Shells per pair of groups, at least 1; those within `cutoff` only.
  ///   - cutoff: Largest distance, Å; nil for as far as the shells reach.
  ///   - grouping: Between which sites shells are told apart.
  ///   - tolerance: Distances that differ by less from the next belong to one shell, Å.
  /// - Throws: ``InputError`` if a parameter is out of range or no pair is within the cutoff.
  /// - Complexity: O(n² × images of the cell within the distance).
  public init(
    _ problem: ArrangementProblem, shellCount: Int = ShellTable.defaultShellCount,
    cutoff: Double? = nil, grouping: Grouping = .labels,
    tolerance: Double = ShellTable.defaultTolerance
  ) throws(InputError) {
    guard shellCount >= 1 else {
      throw InputError("\(shellCount) shells, expected at least 1", at: "shells")
    }
    guard tolerance > 0, tolerance.isFinite else {
      throw InputError(
        "tolerance of shells \(tolerance) Å, expected a positive number", at: "tolerance")
    }
    if let cutoff, !(cutoff > 0 && cutoff.isFinite) {
      throw InputError("cutoff \(cutoff) Å, expected a positive number", at: "cutoff")
    }
    groups = ShellTable.groups(of: problem, by: grouping)
    var groupOfSite = [Int](repeating: 0, count: problem.activeSites.count)
    for (g, group) in groups.enumerated() {
      for site in group.sites { groupOfSite[site] = g }
    }
    self.groupOfSite = groupOfSite
    guard !groups.isEmpty else {
      throw InputError("the problem has no site on which species are arranged")
    }

    let lattice = problem.structure.lattice
    // Enlarged until every pair of groups has its shells, each of them whole.
    var radius = cutoff ?? 1.2 * lattice.lengths.min()
    while true {
      let search = try ShellSearch(problem, groups, radius: radius + tolerance)
      let found = search.shells(radius: radius, tolerance: tolerance)
      let isComplete = found.allSatisfy { $0.count >= shellCount }
      if cutoff != nil || isComplete {
        let kept = found.flatMap { $0.prefix(shellCount) }
        guard !kept.isEmpty else {
          throw InputError("no two sites are within \(fixed(radius, 2)) Å", at: "cutoff")
        }
        (shells, offsets, neighbours) = search.table(kept, siteCount: groupOfSite.count)
        return
      }
      radius *= 1.3
    }
  }

  private static func groups(of problem: ArrangementProblem, by grouping: Grouping) -> [Group] {
    let labels = problem.activeLabels
    var groups: [Group] = []
    for (p, pool) in problem.pools.enumerated() {
      let names = distinct(pool.sites.map { labels[$0] })
      switch grouping {
      case .pools:
        groups.append(Group(name: names.joined(separator: "+"), pool: p, sites: pool.sites))
      case .labels:
        for name in names {
          groups.append(
            Group(name: name, pool: p, sites: pool.sites.filter { labels[$0] == name }))
        }
      }
    }
    return groups
  }

  /// The neighbours of an active site in all shells.
  @inline(__always)
  func neighbours(of site: Int) -> ArraySlice<Neighbour> {
    neighbours[Int(offsets[site])..<Int(offsets[site + 1])]
  }
}
