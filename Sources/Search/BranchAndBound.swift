internal import Arrangement
internal import Crystal
internal import Energetics

/// Finds the lowest distinct arrangements of a problem, with a proof or a gap.
///
/// The tree of partial arrangements is walked in canonical form, so that of symmetry copies only one is
/// looked at, and a branch ends where the ``ConvexBound`` of its completions is above the arrangements that
/// are wanted. Branches are explored in waves: the most promising ones, each for a given number of nodes,
/// in parallel; what they leave is put back. A branch sees only what was known when its wave began, so
/// the result is the same for any number of threads and after any interruption.
public struct BranchAndBound: Sendable {
  /// The arrangements and their energies.
  public let space: SearchSpace

  private let group: OrderedGroup
  private let bound: ConvexBound

  /// What is known between two waves.
  public struct State: Sendable, Codable {
    /// The lowest arrangements so far.
    public var list: RankedList
    /// Branches that are left, lowest bound first.
    public var open: [Branch]
    /// Nodes that were looked at.
    public var nodes: Int
    /// Number of waves so far.
    public var waves: Int

    /// Whether nothing is left to look at.
    public var isProved: Bool { open.isEmpty }

    /// No arrangement outside the list is lower than this, eV; infinite when all were looked at.
    public var lowerBound: Double { open.first?.bound ?? .infinity }
  }

  /// Arrangements that begin alike.
  public struct Branch: Sendable, Codable {
    /// Species at the first positions.
    public var beginning: [UInt8]
    /// A lower bound on their energies, eV.
    public var bound: Double
  }

  /// Active sites at most; beyond, bounds cost too much to be of use.
  public static let siteLimit = 512

  /// Branches of one wave.
  static let waveSize = 32

  /// Prepares a search.
  ///
  /// - Complexity: O(n³) for each of up to 64 depths.
  public init(_ space: SearchSpace) {
    self.space = space
    group = OrderedGroup(space.symmetry.permutations)
    bound = ConvexBound(space.table, space.problem, group)
  }

  /// The beginning of a search.
  ///
  /// - Parameters:
  ///   - extent: How many arrangements are wanted.
  ///   - known: Arrangements that are known to be low; any, also none.
  /// - Returns: The state before the first wave, with everything open.
  public func start(_ extent: RankedList.Extent, known: [[UInt8]] = []) -> State {
    var list = RankedList(extent)
    for arrangement in known { list.insert(space.entry(arrangement)) }
    if !known.isEmpty { addNeighbours(to: &list) }
    let walk = BoundedWalk(bound, space.problem, group)
    return State(
      list: list,
      open: [Branch(beginning: [], bound: walk.lowerBound(limit: .infinity))], nodes: 0, waves: 0)
  }

  /// Tries every exchange of two sites in the arrangements of a list until none of its arrangements has
  /// a neighbour that belongs into it: the sooner the list is good, the more branches it cuts.
  private func addNeighbours(to list: inout RankedList) {
    var isDone: Set<[UInt8]> = []
    while isDone.count < BranchAndBound.neighbourhoods,
      let entry = list.wanted.first(where: { !isDone.contains($0.arrangement) })
    {
      isDone.insert(entry.arrangement)
      let state = LatticeState(table: space.table, arrangement: entry.arrangement)
      for pool in space.problem.pools {
        for (index, i) in pool.sites.enumerated() {
          for j in pool.sites[..<index] {
            let (a, b) = (entry.arrangement[i], entry.arrangement[j])
            guard a != b, space.problem.allowed[i] >> b & space.problem.allowed[j] >> a & 1 == 1
            else { continue }
            guard entry.energy + state.exchangeDifference(i, j) <= list.threshold else { continue }
            var neighbour = entry.arrangement
            neighbour.swapAt(i, j)
            list.insert(space.entry(neighbour))
          }
        }
      }
    }
  }

  /// Arrangements whose neighbours are tried.
  private static let neighbourhoods = 200

  /// One more wave.
  ///
  /// - Parameters:
  ///   - state: What is known.
  ///   - nodes: Nodes in all, about: the wave is kept short enough.
  ///   - threads: Branches explored at the same time; no effect on the result.
  /// - Returns: The state after the wave.
  public func next(after state: State, nodes: Int = .max, threads: Int) async -> State {
    var state = state
    let wave = Array(state.open.prefix(BranchAndBound.waveSize))
    // Short at first, so that there are soon enough branches for all threads.
    let share = max(0, nodes - state.nodes) / max(1, wave.count)
    let limit = max(50, min(20_000, 250 << min(state.waves, 10), share))
    let list = state.list
    let outcomes = await parallelMap(wave, width: threads) { branch in
      explore(branch, list, limit: limit)
    }
    state.open.removeFirst(wave.count)
    for outcome in outcomes {
      for entry in outcome.found { state.list.insert(entry) }
      state.open += outcome.rest
      state.nodes += outcome.nodes
    }
    let threshold = state.list.threshold
    state.open.removeAll { $0.bound > threshold }
    state.open.sort {
      $0.bound == $1.bound
        ? $0.beginning.lexicographicallyPrecedes($1.beginning) : $0.bound < $1.bound
    }
    state.waves += 1
    return state
  }

  private struct Outcome: Sendable {
    var found: [RankedList.Entry] = []
    var rest: [Branch] = []
    var nodes = 0
  }

  /// Explores a branch until it is done or the limit of nodes is reached.
  private func explore(_ branch: Branch, _ list: RankedList, limit: Int) -> Outcome {
    let walk = BoundedWalk(bound, space.problem, group)
    var list = list
    var outcome = Outcome()
    for species in branch.beginning {
      guard walk.push(Int(species)) else { return outcome }
    }
    descend(walk, &list, &outcome, limit)
    return outcome
  }

  private func descend(
    _ walk: BoundedWalk, _ list: inout RankedList, _ outcome: inout Outcome, _ limit: Int
  ) {
    outcome.nodes += 1
    if walk.isComplete {
      // Differences have piled up a rounding error: decide by the energy from scratch.
      if walk.energy <= list.threshold + RankedList.tolerance {
        let entry = space.entry(walk.arrangement)
        list.insert(entry)
        outcome.found.append(entry)
      }
      return
    }
    let bound = walk.lowerBound(limit: list.threshold)
    if bound == .infinity || bound > list.threshold { return }
    for species in 0..<walk.speciesCount {
      guard walk.push(species) else { continue }
      if outcome.nodes >= limit {
        outcome.rest.append(Branch(beginning: walk.beginning, bound: bound))
      } else {
        descend(walk, &list, &outcome, limit)
      }
      walk.pop()
    }
  }
}

extension SearchSpace {
  /// An arrangement with what a ranking needs to know of it.
  public func entry(_ arrangement: [UInt8]) -> RankedList.Entry {
    let form = symmetry.canonicalForm(arrangement)
    return RankedList.Entry(
      energy: energy(form.arrangement), arrangement: form.arrangement, degeneracy: form.degeneracy)
  }
}
