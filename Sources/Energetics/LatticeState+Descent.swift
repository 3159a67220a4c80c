extension LatticeState {
  /// Exchanges pairs of sites as long as that lowers the energy.
  ///
  /// Passes over the pairs of every pool take each exchange that lowers the energy by more than
  /// `threshold`, until a whole pass finds none: the result is stable against every single exchange.
  ///
  /// - Parameters:
  ///   - rules: Which sites may exchange.
  ///   - threshold: Smallest gain that counts, eV.
  /// - Returns: The number of exchanges.
  /// - Complexity: O(n²) per pass at worst, with about five passes from an annealed arrangement.
  @discardableResult
  public mutating func descend(_ rules: ExchangeRules, threshold: Double = 1e-7) -> Int {
    var exchanges = 0
    while true {
      let found = chargePass(rules, threshold) ?? generalPass(rules, threshold)
      if found == 0 { return exchanges }
      exchanges += found
    }
  }

  /// One pass over all pairs, for any table.
  private mutating func generalPass(_ rules: ExchangeRules, _ threshold: Double) -> Int {
    var exchanges = 0
    for pool in rules.pools {
      for first in pool.indices {
        for second in pool[..<first] {
          let (i, j) = (Int(pool[first]), Int(second))
          guard rules.allows(i, arrangement[i], j, arrangement[j]) else { continue }
          let difference = exchangeDifference(i, j)
          if difference < -threshold {
            exchange(i, j, difference: difference)
            exchanges += 1
          }
        }
      }
    }
    return exchanges
  }

  /// The same where species meet through their charges alone, without looking at every pair; nil for
  /// any other table.
  ///
  /// With Fᵢ = hᵢ(b) - hᵢ(a) + d φᵢ, the exchange of a on i with b on j changes the energy by
  /// Fᵢ - Fⱼ - d² Φᵢⱼ. Near pairs are tried one by one. Of the others, sorted by F, only those are
  /// tried for which the largest Φ of a pair that is not near would leave a gain. Exchanges within
  /// the pass make F out of date, which is why a pass without any exchange is the last.
  private mutating func chargePass(_ rules: ExchangeRules, _ threshold: Double) -> Int? {
    let speciesCount = table.species.count
    return unsafe withChargeKernel { kernel in
      var (change, exchanges) = (0.0, 0)
      func attempt(_ i: Int, _ j: Int) {
        let difference = unsafe kernel.difference(i, j)
        guard difference < -threshold else { return }
        unsafe kernel.exchange(i, j)
        change += difference
        exchanges += 1
      }
      for pair in rules.nearPairs {
        let (i, j) = (Int(pair.first), Int(pair.second))
        if unsafe rules.allows(i, kernel.arrangement[i], j, kernel.arrangement[j]) { attempt(i, j) }
      }
      for pool in rules.pools {
        for b in 1..<max(1, speciesCount) {
          for a in 0..<b {
            let d = unsafe kernel.charges[b] - kernel.charges[a]
            let both: UInt32 = 1 << UInt32(a) | 1 << UInt32(b)
            // Gains of changing a to b and b to a, best first.
            var lose: [(gain: Double, site: Int)] = []
            var take: [(gain: Double, site: Int)] = []
            for site in pool where rules.allowed[Int(site)] & both == both {
              let i = Int(site)
              let species = unsafe Int(kernel.arrangement[i])
              if species != a && species != b { continue }
              let f = unsafe kernel.change(i, from: a, to: b)
              if species == a { lose.append((-f, i)) } else { take.append((f, i)) }
            }
            lose.sort { ($0.gain, $0.site) > ($1.gain, $1.site) }
            take.sort { ($0.gain, $0.site) > ($1.gain, $1.site) }
            if d == 0 {
              // Nothing else changes: the best of one list with the best of the other is exact.
              for (x, y) in zip(lose, take) where x.gain + y.gain > threshold {
                attempt(x.site, y.site)
              }
              continue
            }
            let reach = threshold - d * d * rules.farInteraction
            for x in lose {
              for y in take {
                if x.gain + y.gain <= reach { break }
                let isCurrent =
                  unsafe Int(kernel.arrangement[x.site]) == a
                  && Int(kernel.arrangement[y.site]) == b
                if isCurrent { attempt(x.site, y.site) }
              }
            }
          }
        }
      }
      return (change, exchanges)
    }
  }
}
