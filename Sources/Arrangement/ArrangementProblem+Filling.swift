public import Crystal

extension ArrangementProblem {
  /// A random arrangement with the numbers of every pool.
  ///
  /// If all sites of a pool take the same species, every arrangement is equally likely.
  public func randomArrangement(using stream: inout RandomStream) -> [UInt8] {
    var arrangement = [UInt8](repeating: 0, count: activeSites.count)
    for pool in pools {
      var sites = pool.sites
      stream.shuffle(&sites)
      if let filled = fill(sites, counts: pool.counts) {
        for (site, species) in zip(sites, filled) { arrangement[site] = species }
      }
    }
    return arrangement
  }

  /// Whether an arrangement has the right numbers of species, on sites that allow them.
  public func isValid(_ arrangement: [UInt8]) -> Bool {
    guard arrangement.count == activeSites.count,
      arrangement.indices.allSatisfy({
        arrangement[$0] < species.count && allowed[$0] >> arrangement[$0] & 1 == 1
      })
    else { return false }
    return pools.allSatisfy { pool in
      var counts = [Int](repeating: 0, count: species.count)
      for site in pool.sites { counts[Int(arrangement[site])] += 1 }
      return counts == pool.counts
    }
  }

  /// Puts the species on sites in the given order, moving earlier ones out of the way where a later
  /// site cannot take what is left; nil if that is impossible.
  private func fill(_ sites: [Int], counts: [Int]) -> [UInt8]? {
    var left = counts
    var filled = [UInt8](repeating: 0, count: sites.count)
    for position in sites.indices {
      let mask = allowed[sites[position]]
      if let s = left.indices.filter({ left[$0] > 0 && mask >> UInt32($0) & 1 == 1 })
        .max(by: { left[$0] < left[$1] })
      {
        filled[position] = UInt8(s)
        left[s] -= 1
        continue
      }
      // Breadth-first search for a chain of replacements that ends with a species that is left.
      guard let chain = replacementChain(to: position, sites: sites, filled: filled, left: left)
      else { return nil }
      var target = position
      for (from, species) in chain.moves {
        filled[target] = species
        target = from
      }
      filled[target] = chain.last
      left[Int(chain.last)] -= 1
    }
    return filled
  }

  /// A chain of sites, each giving its species to the one before, so that the last can take `last`.
  private func replacementChain(
    to position: Int, sites: [Int], filled: [UInt8], left: [Int]
  ) -> (moves: [(from: Int, species: UInt8)], last: UInt8)? {
    var cameFrom: [Int: Int] = [:]
    // Sites that allow the same species are alike: one of them is enough.
    var seen: Set = [allowed[sites[position]]]
    var queue = [position]
    var head = 0
    while head < queue.count {
      let current = queue[head]
      head += 1
      let mask = allowed[sites[current]]
      if let s = left.indices.first(where: { left[$0] > 0 && mask >> UInt32($0) & 1 == 1 }) {
        var path = [current]
        while let previous = cameFrom[path[path.count - 1]] { path.append(previous) }
        let donors = path.reversed().dropFirst()
        return (donors.map { (from: $0, species: filled[$0]) }, UInt8(s))
      }
      for donor in 0..<position
      where mask >> filled[donor] & 1 == 1 && seen.insert(allowed[sites[donor]]).inserted {
        cameFrom[donor] = current
        queue.append(donor)
      }
    }
    return nil
  }

  /// Whether the species of every pool find a place.
  ///
  /// - Throws: ``InputError`` that names those that do not.
  func checkFeasible() throws {
    let labels = activeLabels
    for pool in pools {
      let place = distinct(pool.sites.map { labels[$0] }).joined(separator: ", ")
      let total = pool.counts.reduce(0, +)
      guard total == pool.sites.count else {
        throw InputError("\(total) species for the \(pool.sites.count) sites of \(place)")
      }
      for (s, count) in pool.counts.enumerated() {
        let open = pool.sites.filter { allowed[$0] >> UInt32(s) & 1 == 1 }
        guard count <= open.count else {
          let names = distinct(open.map { labels[$0] }).joined(separator: ", ")
          throw InputError(
            "\(count) \(species[s]), but only the \(open.count) sites of \(names) allow it",
            hint: "allow \(species[s].element) on more sites, or change the numbers")
        }
      }
      guard fill(pool.sites, counts: pool.counts) != nil else {
        let numbers = zip(species, pool.counts).filter { $0.1 > 0 }
          .map { "\($0.1) \($0.0)" }.joined(separator: ", ")
        throw InputError(
          "\(numbers) cannot be placed on the sites of \(place) that allow them",
          hint: "allow more species on some label, or change the numbers")
      }
    }
  }
}
