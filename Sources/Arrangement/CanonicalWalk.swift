/// Walks over partial arrangements that may still become canonical: orderly generation.
///
/// Sites are filled position by position in the order of an ``OrderedGroup``. An arrangement σ is
/// canonical if no permutation g of the group gives a smaller sequence σ(g(0)), σ(g(1)), …; each class
/// of symmetry copies has exactly one. A partial arrangement is given up as soon as some g makes it
/// smaller whatever follows, so that the cost follows the number of distinct arrangements.
///
/// Every permutation waits at the first position where it is undecided, in the queue of the site that
/// it needs to know: filling a site touches only the permutations that wait for it. Those that wait
/// for nothing any more when all sites are filled leave the arrangement unchanged.
///
/// Method: R. C. Read, Ann. Discrete Math. 2, 107 (1978); I. A. Faradžev, Colloq. Int. CNRS 260, 131
/// (1978). Not thread-safe: one walk for each thread.
@safe public final class CanonicalWalk {
  /// The group and the order of the sites.
  public let group: OrderedGroup

  /// Number of positions that are filled.
  public private(set) var depth = 0

  private let n: Int
  private let images: UnsafePointer<UInt16>
  /// Species at each filled position.
  private let species: UnsafeMutablePointer<UInt8>
  /// Permutations that wait for each position, and those that never will at position n: the
  /// permutation in the upper 20 bits, its undecided position in the lower 12.
  private let waiting: UnsafeMutablePointer<UInt32>
  private let waitingCount: UnsafeMutablePointer<Int>
  /// The queues to which entries were added, so that they can be taken back.
  private let trail: UnsafeMutablePointer<UInt16>
  private var trailCount = 0
  private let trailStart: UnsafeMutablePointer<Int>

  /// A walk at its root.
  public init(_ group: OrderedGroup) {
    precondition(
      group.siteCount < OrderedGroup.siteLimit && group.order < 1 << 20, "group too large")
    self.group = group
    n = group.siteCount
    let order = group.order
    unsafe images = group.images
    unsafe species = .allocate(capacity: n + 1)
    unsafe species.initialize(repeating: 0, count: n + 1)
    unsafe waiting = .allocate(capacity: (n + 1) * order)
    unsafe waitingCount = .allocate(capacity: n + 1)
    unsafe waitingCount.initialize(repeating: 0, count: n + 1)
    unsafe trail = .allocate(capacity: (n + 1) * order)
    unsafe trailStart = .allocate(capacity: n + 1)
    unsafe trailStart.initialize(repeating: 0, count: n + 1)
    for g in 0..<order {
      let p = group.firstMoved[g]
      let place = unsafe p == n ? n : max(p, Int(images[g * n + p]))
      unsafe waiting[place * order + waitingCount[place]] = UInt32(g) << 12 | UInt32(p)
      unsafe waitingCount[place] += 1
    }
  }

  deinit {
    unsafe species.deallocate()
    unsafe waiting.deallocate()
    unsafe waitingCount.deallocate()
    unsafe trail.deallocate()
    unsafe trailStart.deallocate()
  }

  /// Fills the next position.
  ///
  /// - Returns: False, with nothing changed, if no completion is canonical.
  @inline(__always)
  public func push(_ value: UInt8) -> Bool {
    let (d, order) = (depth, group.order)
    unsafe species[d] = value
    unsafe trailStart[d] = trailCount
    let queue = unsafe waiting + d &* order
    let count = unsafe waitingCount[d]
    var k = 0
    while k < count {
      let entry = unsafe queue[k]
      k &+= 1
      let image = unsafe images + Int(entry >> 12) &* n
      var p = Int(entry & 0xFFF)
      while true {
        let other = unsafe species[Int(image[p])]
        let own = unsafe species[p]
        if other > own { break }
        if other < own {
          takeBack(to: unsafe trailStart[d])
          return false
        }
        repeat { p &+= 1 } while unsafe p < n && Int(image[p]) == p
        let needed = unsafe p == n ? n : max(p, Int(image[p]))
        if needed > d {
          unsafe waiting[needed &* order &+ waitingCount[needed]] =
            entry & ~0xFFF | UInt32(truncatingIfNeeded: p)
          unsafe waitingCount[needed] &+= 1
          unsafe trail[trailCount] = UInt16(truncatingIfNeeded: needed)
          trailCount &+= 1
          break
        }
      }
    }
    depth = d &+ 1
    return true
  }

  /// Empties the last position that was filled.
  @inline(__always)
  public func pop() {
    depth &-= 1
    takeBack(to: unsafe trailStart[depth])
  }

  /// Empties all positions.
  public func reset() {
    while depth > 0 { pop() }
  }

  /// Number of permutations that leave the arrangement unchanged.
  ///
  /// - Precondition: every position is filled.
  @inline(__always)
  public var stabilizerOrder: Int { unsafe waitingCount[n] }

  /// The permutations that leave the arrangement unchanged, ascending.
  ///
  /// - Precondition: every position is filled.
  public var stabilizer: [Int] {
    (0..<stabilizerOrder).map { unsafe Int(waiting[n * group.order + $0] >> 12) }.sorted()
  }

  /// The species at a filled position.
  @inline(__always)
  public subscript(position: Int) -> UInt8 { unsafe species[position] }

  /// The arrangement, site by site.
  ///
  /// - Precondition: every position is filled.
  public var arrangement: [UInt8] {
    var result = [UInt8](repeating: 0, count: n)
    for p in 0..<n { result[group.siteAtPosition[p]] = unsafe species[p] }
    return result
  }

  @inline(__always)
  private func takeBack(to mark: Int) {
    while trailCount > mark {
      trailCount &-= 1
      unsafe waitingCount[Int(trail[trailCount])] &-= 1
    }
  }
}
