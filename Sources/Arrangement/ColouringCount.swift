internal import BigInt

/// Counts the ways to give a pool's species to cycles of sites, every cycle one species, so that the
/// numbers come out; exact for any size.
///
/// With k cycles of a kind, distributed as kₛ cycles for species s, there are k!/Πₛ kₛ! ways; a kind
/// takes length × kₛ of the sites of species s. Kinds are combined one after the other, and the ways to
/// complete what is left are remembered.
struct ColouringCount {
  /// The kinds of cycles of one pool, the most numerous last: its distribution is what is left over.
  let kinds: [CycleType.Cycles]
  private var known: [[Int]: BigUInt] = [:]
  private var factorials = Factorials()

  init(_ kinds: [CycleType.Cycles]) {
    self.kinds = kinds.sorted { ($0.count, $0) < ($1.count, $1) }
  }

  /// The number of ways.
  ///
  /// - Parameter counts: Sites of each species.
  /// - Returns: Zero if the species do not fit the cycles.
  mutating func callAsFunction(_ counts: [Int]) -> BigUInt { ways(from: 0, left: counts) }

  /// Ways to fill the kinds from `index` on.
  private mutating func ways(from index: Int, left: [Int]) -> BigUInt {
    guard index < kinds.count else { return left.allSatisfy { $0 == 0 } ? 1 : 0 }
    let kind = kinds[index]
    if index == kinds.count - 1 {
      guard let shares = forced(kind, left) else { return 0 }
      return factorials.multinomial(kind.count, shares)
    }
    let key = [index] + left
    if let known = known[key] { return known }
    var sum: BigUInt = 0
    ColouringCount.forEachShare(of: kind, left) { shares in
      let rest = zip(left, shares).map { $0 - kind.length * $1 }
      let later = ways(from: index + 1, left: rest)
      if !later.isZero { sum += factorials.multinomial(kind.count, shares) * later }
    }
    known[key] = sum
    return sum
  }

  /// One of all colourings, every one equally likely: for each kind the species of each of its cycles.
  ///
  /// - Precondition: there is at least one.
  mutating func random(
    _ counts: [Int], using stream: inout some RandomNumberGenerator
  ) -> [[UInt8]] {
    var left = counts
    var result: [[UInt8]] = []
    for (index, kind) in kinds.enumerated() {
      var chosen: [Int]?
      if index == kinds.count - 1 {
        chosen = forced(kind, left)
      } else {
        var draw = BigUInt.randomInteger(
          lessThan: max(1, ways(from: index, left: left)), using: &stream)
        ColouringCount.forEachShare(of: kind, left) { shares in
          guard chosen == nil else { return }
          let rest = zip(left, shares).map { $0 - kind.length * $1 }
          let weight =
            factorials.multinomial(kind.count, shares) * ways(from: index + 1, left: rest)
          if draw < weight { chosen = shares } else { draw -= weight }
        }
      }
      let shares = chosen ?? []
      left = zip(left, shares).map { $0 - kind.length * $1 }
      var colours = shares.enumerated().flatMap {
        [UInt8](repeating: UInt8($0.offset), count: $0.element)
      }
      colours.shuffle(using: &stream)
      result.append(colours)
    }
    return result
  }

  /// The only distribution over the last kind, if there is one.
  private func forced(_ kind: CycleType.Cycles, _ left: [Int]) -> [Int]? {
    var shares: [Int] = []
    for (s, count) in left.enumerated() {
      guard count % kind.length == 0, count == 0 || kind.allowed >> UInt32(s) & 1 == 1 else {
        return nil
      }
      shares.append(count / kind.length)
    }
    return shares.reduce(0, +) == kind.count ? shares : nil
  }

  /// Calls `body` with every distribution of the cycles of a kind over the species.
  private static func forEachShare(
    of kind: CycleType.Cycles, _ left: [Int], _ body: ([Int]) -> Void
  ) {
    let species = left.count
    var shares = [Int](repeating: 0, count: species)
    func choose(_ s: Int, _ cycles: Int) {
      let most = kind.allowed >> UInt32(s) & 1 == 1 ? min(cycles, left[s] / kind.length) : 0
      if s == species - 1 {
        guard cycles <= most else { return }
        shares[s] = cycles
        body(shares)
        return
      }
      for share in 0...most {
        shares[s] = share
        choose(s + 1, cycles - share)
      }
    }
    choose(0, kind.count)
  }
}

/// Factorials and the multinomial coefficients that they give.
struct Factorials {
  private var values: [BigUInt] = [1]

  subscript(_ n: Int) -> BigUInt {
    mutating get {
      while values.count <= n { values.append(values[values.count - 1] * BigUInt(values.count)) }
      return values[n]
    }
  }

  /// n! / Π kᵢ!.
  mutating func multinomial(_ n: Int, _ parts: [Int]) -> BigUInt {
    var denominator: BigUInt = 1
    for part in parts where part > 1 { denominator *= self[part] }
    return self[n] / denominator
  }
}
