extension LatticeState {
  /// Exchanges pairs of sites as long as that lowers the energy.
  ///
  /// Goes through all pairs of every pool in a fixed order, takes each exchange that lowers the energy
  /// by more than `threshold`, and repeats until a whole pass finds none: the result is stable against
  /// every single exchange.
  ///
  /// - Parameters:
  ///   - rules: Which sites may exchange.
  ///   - threshold: Smallest gain that counts, eV.
  /// - Returns: The number of exchanges.
  /// - Complexity: O(n²) per pass, with about five passes from an annealed arrangement.
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
          let (a, b) = (arrangement[i], arrangement[j])
          if a == b || rules.allowed[i] >> b & 1 == 0 || rules.allowed[j] >> a & 1 == 0 {
            continue
          }
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

  /// The same on pointers, where species meet through their charges alone; nil for any other table.
  private mutating func chargePass(_ rules: ExchangeRules, _ threshold: Double) -> Int? {
    unsafe withChargeKernel { kernel in
      var (change, exchanges) = (0.0, 0)
      for pool in rules.pools {
        for first in pool.indices {
          let i = Int(pool[first])
          for second in pool[..<first] {
            let j = Int(second)
            let (a, b) = unsafe (kernel.arrangement[i], kernel.arrangement[j])
            if a == b || rules.allowed[i] >> b & 1 == 0 || rules.allowed[j] >> a & 1 == 0 {
              continue
            }
            let difference = unsafe kernel.difference(i, j)
            if difference < -threshold {
              unsafe kernel.exchange(i, j)
              change += difference
              exchanges += 1
            }
          }
        }
      }
      return (change, exchanges)
    }
  }
}
