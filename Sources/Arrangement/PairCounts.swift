/// Numbers of pairs of species in every shell, which follow changes of the arrangement.
///
/// `count(shell, s, t)` is the number of pairs of the shell with species s on the site of group A and
/// t on that of B; counted as ``ShellTable`` says, so symmetric in s and t where A and B are the same.
public struct PairCounts: Sendable {
  /// The pairs.
  public let table: ShellTable

  /// Number of species, m.
  public let speciesCount: Int

  /// Species index of each active site, n entries.
  public private(set) var arrangement: [UInt8]

  /// m × m numbers per shell.
  private var counts: [Int]

  /// Counts the pairs of an arrangement.
  ///
  /// - Parameters:
  ///   - table: The pairs.
  ///   - speciesCount: m; entries of the arrangement are below.
  ///   - arrangement: Species index of each active site, n entries.
  /// - Complexity: O(number of pairs).
  public init(table: ShellTable, speciesCount: Int, arrangement: [UInt8]) {
    precondition(arrangement.count == table.groupOfSite.count, "one species per active site")
    self.table = table
    self.speciesCount = speciesCount
    self.arrangement = arrangement
    counts = [Int](repeating: 0, count: table.shells.count * speciesCount * speciesCount)
    for i in arrangement.indices {
      for neighbour in table.neighbours(of: i)
      where table.shells[Int(neighbour.shell)].first == table.groupOfSite[i] {
        let t = Int(arrangement[Int(neighbour.site)])
        counts[index(Int(neighbour.shell), Int(arrangement[i]), t)] += Int(neighbour.multiplicity)
      }
    }
  }

  /// Pairs of a shell with species s on the site of group A and t on that of group B.
  public func count(_ shell: Int, _ s: Int, _ t: Int) -> Int { counts[index(shell, s, t)] }

  /// The same as a fraction of all pairs of the shell, P(s, t).
  public func fraction(_ shell: Int, _ s: Int, _ t: Int) -> Double {
    Double(count(shell, s, t)) / Double(table.shells[shell].pairs)
  }

  /// Puts another species on a site.
  ///
  /// - Complexity: O(neighbours of the site).
  public mutating func change(_ site: Int, to species: UInt8) {
    let (a, b) = (Int(arrangement[site]), Int(species))
    if a == b { return }
    for neighbour in table.neighbours(of: site) {
      let k = Int(neighbour.shell)
      let number = Int(neighbour.multiplicity)
      let shell = table.shells[k]
      if Int(neighbour.site) == site {
        // Images of the site itself change with it.
        counts[index(k, a, a)] -= number
        counts[index(k, b, b)] += number
        continue
      }
      let t = Int(arrangement[Int(neighbour.site)])
      if shell.first == table.groupOfSite[site] {
        counts[index(k, a, t)] -= number
        counts[index(k, b, t)] += number
      }
      if shell.second == table.groupOfSite[site] {
        counts[index(k, t, a)] -= number
        counts[index(k, t, b)] += number
      }
    }
    arrangement[site] = species
  }

  /// Exchanges the species of two sites.
  ///
  /// - Complexity: O(neighbours of the sites).
  public mutating func exchange(_ i: Int, _ j: Int) {
    let (a, b) = (arrangement[i], arrangement[j])
    change(i, to: b)
    change(j, to: a)
  }

  @inline(__always)
  private func index(_ shell: Int, _ s: Int, _ t: Int) -> Int {
    (shell * speciesCount + s) * speciesCount + t
  }
}
