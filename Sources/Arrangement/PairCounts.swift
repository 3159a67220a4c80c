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
    precondition(arrangement.allSatisfy { $0 < speciesCount }, "species indices below their number")
    self.table = table
    self.speciesCount = speciesCount
    self.arrangement = arrangement
    counts = [Int](repeating: 0, count: table.shells.count * speciesCount * speciesCount)
    for i in arrangement.indices {
      for neighbour in table.neighbours(of: i) where neighbour.side != .second {
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
    let (a, b, m) = (Int(arrangement[site]), Int(species), speciesCount)
    precondition(b < m, "a species index below their number")
    if a == b { return }
    let range = Int(table.offsets[site])..<Int(table.offsets[site + 1])
    // Pointers that are taken once: twice as fast. Species are below m, shells and sites are the table's.
    unsafe table.neighbours.withUnsafeBufferPointer { neighbours in
      unsafe arrangement.withUnsafeBufferPointer { arrangement in
        unsafe counts.withUnsafeMutableBufferPointer { counts in
          for k in range {
            let neighbour = unsafe neighbours[k]
            let number = Int(neighbour.multiplicity)
            let row = Int(neighbour.shell) &* m &* m
            let t = unsafe Int(arrangement[Int(neighbour.site)])
            if neighbour.side == .itself {
              // Images of the site itself change with it.
              unsafe counts[row &+ a &* m &+ a] -= number
              unsafe counts[row &+ b &* m &+ b] += number
              continue
            }
            if neighbour.side != .second {
              unsafe counts[row &+ a &* m &+ t] -= number
              unsafe counts[row &+ b &* m &+ t] += number
            }
            if neighbour.side != .first {
              unsafe counts[row &+ t &* m &+ a] -= number
              unsafe counts[row &+ t &* m &+ b] += number
            }
          }
        }
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

  /// The numbers, for ``undoExchange(_:_:numbers:)``.
  package func saveNumbers(in numbers: inout [Int]) {
    if numbers.count == counts.count {
      for k in counts.indices { numbers[k] = counts[k] }
    } else {
      numbers = Array(counts)
    }
  }

  /// Takes an exchange back, with the numbers that were saved before it.
  package mutating func undoExchange(_ i: Int, _ j: Int, numbers: [Int]) {
    for k in counts.indices { counts[k] = numbers[k] }
    arrangement.swapAt(i, j)
  }

  @inline(__always)
  private func index(_ shell: Int, _ s: Int, _ t: Int) -> Int {
    (shell * speciesCount + s) * speciesCount + t
  }
}
