/// Every distinct arrangement of a problem once, in the order of a walk over its partial arrangements.
///
/// The walk may be cut into segments at any place: a segment visits at most so many arrangements and
/// returns the beginnings of those that it left out, so that segments can be handed to threads, written
/// down, and gone on with later. Segments in the order of their beginnings give the arrangements in the
/// same order however they are cut.
public struct Enumeration: Sendable {
  /// The problem.
  public let problem: ArrangementProblem

  /// The group and the order in which sites are filled.
  public let group: OrderedGroup

  private let counts: FillingCounts

  /// Species at the first positions of the arrangements of a segment; empty for all.
  public typealias Beginning = [UInt8]

  /// Prepares an enumeration.
  ///
  /// - Parameters:
  ///   - problem: What is arranged.
  ///   - group: The group of ``ProblemSymmetry/permutations``.
  public init(_ problem: ArrangementProblem, _ group: OrderedGroup) {
    self.problem = problem
    self.group = group
    counts = FillingCounts(problem, group)
  }

  /// A walk, to be reused for many segments by one thread.
  public func makeWalk() -> CanonicalWalk { CanonicalWalk(group) }

  /// Visits the distinct arrangements that begin in a given way.
  ///
  /// - Parameters:
  ///   - beginning: Species at the first positions.
  ///   - limit: Arrangements at most; at least one is visited if there is any.
  ///   - walk: From ``makeWalk()``; left at its root.
  ///   - visit: Called with the walk at each arrangement.
  /// - Returns: Beginnings of the arrangements that were left out, in their order.
  public func segment(
    _ beginning: Beginning, limit: Int = .max, walk: CanonicalWalk,
    visit: (CanonicalWalk) -> Void
  ) -> [Beginning] {
    var counts = counts
    walk.reset()
    defer { walk.reset() }
    for (position, species) in beginning.enumerated() {
      guard counts.canPlace(Int(species), at: position), walk.push(species) else { return [] }
      counts.take(Int(species), at: position)
    }
    var left = limit
    var rest: [Beginning] = []
    descend(walk, &counts, &left, &rest, visit)
    return rest
  }

  private func descend(
    _ walk: CanonicalWalk, _ counts: inout FillingCounts, _ left: inout Int,
    _ rest: inout [Beginning], _ visit: (CanonicalWalk) -> Void
  ) {
    let position = walk.depth
    if position == group.siteCount {
      visit(walk)
      left &-= 1
      return
    }
    for species in 0..<counts.speciesCount where counts.canPlace(species, at: position) {
      if left <= 0 {
        rest.append((0..<position).map { walk[$0] } + [UInt8(species)])
        continue
      }
      guard walk.push(UInt8(species)) else { continue }
      counts.take(species, at: position)
      descend(walk, &counts, &left, &rest, visit)
      counts.giveBack(species, at: position)
      walk.pop()
    }
  }
}
