internal import Symmetry

/// How a permutation moves the active sites: its cycles, sorted by what may sit on them.
///
/// An arrangement is left unchanged exactly if every cycle carries one species.
struct CycleType: Hashable, Sendable {
  /// Cycles that are alike, in a fixed order.
  var cycles: [Cycles]

  /// Cycles of one length on sites of one kind.
  struct Cycles: Hashable, Comparable, Sendable {
    /// The pool of the sites.
    var pool: Int
    /// Bit mask of the species that all sites of the cycle allow.
    var allowed: UInt32
    /// Sites of one cycle.
    var length: Int
    /// Number of cycles.
    var count: Int

    static func < (left: Cycles, right: Cycles) -> Bool {
      (left.pool, left.allowed, left.length) < (right.pool, right.allowed, right.length)
    }
  }

  /// The type of a permutation, or of the orbits of several that act together.
  init(orbits: [[Int]], poolOfSite: [Int], allowed: [UInt32]) {
    var numbers: [Cycles: Int] = [:]
    for orbit in orbits {
      let mask = orbit.reduce(UInt32.max) { $0 & allowed[$1] }
      let kind = Cycles(
        pool: poolOfSite[orbit[0]], allowed: mask, length: orbit.count, count: 0)
      numbers[kind, default: 0] += 1
    }
    cycles = numbers.map { kind, number in
      var kind = kind
      kind.count = number
      return kind
    }.sorted()
  }

  /// The cycles of a permutation, each as the list of its sites.
  static func cycles(of permutation: ArraySlice<UInt16>) -> [[Int]] {
    let base = permutation.startIndex
    var isSeen = [Bool](repeating: false, count: permutation.count)
    var cycles: [[Int]] = []
    for start in 0..<permutation.count where !isSeen[start] {
      var cycle: [Int] = []
      var site = start
      while !isSeen[site] {
        isSeen[site] = true
        cycle.append(site)
        site = Int(permutation[base + site])
      }
      cycles.append(cycle)
    }
    return cycles
  }
}
