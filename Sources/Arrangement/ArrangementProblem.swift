public import Crystal

/// Species to be arranged on the active sites of a supercell, with counts that are whole numbers and
/// charges that are known.
///
/// An arrangement is an array of indices into ``species``, one per active site: `arrangement[i]` sits
/// on site `activeSites[i]` of ``structure``. For Mg on half of two 8a sites: `[0, 1]`, where species
/// 0 is Mg2+ and 1 is Va.
public struct ArrangementProblem: Sendable {
  /// The unit cell with every site, labelled.
  public let parent: Structure

  /// The supercell.
  public let supercell: SupercellMatrix

  /// The supercell with every site; active sites are shown as vacant.
  public let structure: Structure

  /// What sits on each site of ``structure``; nil for an active site.
  public let fixedSpecies: [Species?]

  /// Indices into ``structure`` of the sites on which species are arranged.
  public let activeSites: [Int]

  /// The species that are arranged, by atomic number and oxidation state, vacancy last.
  public let species: [Species]

  /// For each active site a bit mask of the species that may sit on it.
  public let allowed: [UInt32]

  /// Active sites that share given numbers of species, and so exchange them.
  public let pools: [Pool]

  /// Where the charges come from and what they add up to.
  public let ledger: ChargeLedger

  /// Formula units in the supercell, where a composition was given.
  public let formulaUnits: Int?

  /// A set of active sites with given numbers of species.
  public struct Pool: Hashable, Sendable {
    /// Indices of active sites.
    public var sites: [Int]
    /// How many of each species sit on them, m entries.
    public var counts: [Int]
  }

  /// Turns a specification into a problem.
  ///
  /// - Throws: ``InputErrors`` with everything that does not fit.
  public init(_ specification: ProblemSpecification) throws {
    let resolved = try CountResolution(specification)
    let charges = try ChargeResolution(specification, resolved)
    self.parent = specification.parent
    self.supercell = specification.supercell
    self.formulaUnits = resolved.formulaUnits
    self.ledger = charges.ledger

    // An element with several states is several species.
    let cells = specification.supercell.cellCount
    var active: [Int] = []
    var fixed: [Species?] = []
    for (i, elements) in specification.allowed.enumerated() {
      let only = elements.count == 1 ? charges.states[elements[0]] ?? [] : []
      for cell in 0..<cells {
        if only.count == 1 {
          fixed.append(only[0].species)
        } else {
          fixed.append(nil)
          active.append(i * cells + cell)
        }
      }
    }
    var activeIndex: [Int: Int] = [:]
    for (i, site) in active.enumerated() { activeIndex[site] = i }
    let parentOfActive = active.map { $0 / cells }
    let elements = Set(parentOfActive.flatMap { specification.allowed[$0] })
    let species = elements.flatMap { charges.states[$0] ?? [] }.map(\.species).sorted()
    guard species.count <= 32 else {
      throw InputError("\(species.count) species to arrange, expected at most 32")
    }
    self.species = species
    self.fixedSpecies = fixed
    self.activeSites = active
    self.allowed = parentOfActive.map { site in
      var mask: UInt32 = 0
      for (s, candidate) in species.enumerated()
      where specification.allowed[site].contains(candidate.element) { mask |= 1 << UInt32(s) }
      return mask
    }

    // Pools of elements become pools of species; states of one element are shared out over its pools
    // in proportion, which is exact when all its sites form one pool.
    var pools: [Pool] = []
    var leftOfState = charges.states
    let elementPools = resolved.pools + charges.splitFixedPools(specification, cells: cells)
    for (number, pool) in elementPools.enumerated() {
      var counts = [Int](repeating: 0, count: species.count)
      for (element, count) in pool.counts where count > 0 {
        let isLast = !elementPools[(number + 1)...].contains { ($0.counts[element] ?? 0) > 0 }
        let shares = ArrangementProblem.share(
          count, over: &leftOfState[element, default: []], all: isLast)
        for (state, share) in shares {
          if let s = species.firstIndex(of: state) { counts[s] += share }
        }
      }
      let sites = pool.parentSites.flatMap { site in (0..<cells).map { site * cells + $0 } }
        .compactMap { activeIndex[$0] }.sorted()
      if !sites.isEmpty { pools.append(Pool(sites: sites, counts: counts)) }
    }
    self.pools = pools

    var structure = try specification.parent.repeated(specification.supercell)
    for site in structure.species.indices {
      structure.setSpecies(fixed[site] ?? .vacancy, at: site)
    }
    self.structure = structure
    try checkFeasible()
  }

  /// Takes `count` atoms from the states of an element, in proportion to what is left of each.
  private static func share(
    _ count: Int, over states: inout [ChargeResolution.State], all: Bool
  ) -> [(Species, Int)] {
    if states.count == 1 { return [(states[0].species, count)] }
    var rest = count
    let total = states.reduce(0) { $0 + $1.count }
    var shares: [(Species, Int)] = []
    for i in states.indices {
      let isLast = i == states.count - 1
      let share =
        all
        ? states[i].count
        : isLast
          ? rest
          : min(rest, (count * states[i].count + total / 2) / max(1, total))
      states[i].count -= share
      rest -= share
      shares.append((states[i].species, share))
    }
    return shares
  }

  /// The structure of an arrangement: every site, empty ones as vacancies, species with their
  /// oxidation states, charges in the column `initial_charges`.
  public func structure(of arrangement: [UInt8]) -> Structure {
    var copy = structure
    for (i, site) in activeSites.enumerated() {
      copy.setSpecies(species[Int(arrangement[i])], at: site)
    }
    copy.charges = copy.species.map { $0.oxidationState ?? 0 }
    return copy
  }

  /// Label of each active site.
  public var activeLabels: [String] {
    let labels = structure.labels ?? []
    return activeSites.map { labels.isEmpty ? "site" : labels[$0] }
  }

  /// How the active sites of each label are occupied.
  ///
  /// - Returns: For each label in the order of the sites, the number of sites and the number of each
  ///   element on them, by atomic number with the vacancy last; states of one element are added up.
  public func occupancy(of arrangement: [UInt8]) -> [LabelOccupancy] {
    let labels = activeLabels
    var order: [String] = []
    var numbers: [String: [Element: Int]] = [:]
    for (i, label) in labels.enumerated() {
      if numbers[label] == nil { order.append(label) }
      numbers[label, default: [:]][species[Int(arrangement[i])].element, default: 0] += 1
    }
    let elements = elementsToArrange
    return order.map { label in
      LabelOccupancy(
        label: label, siteCount: numbers[label]?.values.reduce(0, +) ?? 0,
        elements: elements.map { ($0, numbers[label]?[$0] ?? 0) })
    }
  }

  /// The elements that are arranged, by atomic number, vacancy last.
  public var elementsToArrange: [Element] {
    var elements: [Element] = []
    for species in species where !elements.contains(species.element) {
      elements.append(species.element)
    }
    return elements
  }

  /// Atoms in the cell, vacancies not counted.
  public var atomCount: Int {
    let fixed = fixedSpecies.reduce(0) { $0 + (($1?.isVacancy ?? true) ? 0 : 1) }
    return pools.reduce(fixed) { sum, pool in
      zip(pool.counts, species).reduce(sum) { $0 + ($1.1.isVacancy ? 0 : $1.0) }
    }
  }

  /// The composition of the cell.
  public var composition: Composition {
    var counts: [Element: Int] = [:]
    for species in fixedSpecies.compactMap({ $0 }) { counts[species.element, default: 0] += 1 }
    for pool in pools {
      for (count, species) in zip(pool.counts, species) {
        counts[species.element, default: 0] += count
      }
    }
    return Composition(counts: counts)
  }

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
    var queue = [position]
    var head = 0
    while head < queue.count {
      let current = queue[head]
      head += 1
      let mask = allowed[sites[current]]
      if current != position,
        let s = left.indices.first(where: { left[$0] > 0 && mask >> UInt32($0) & 1 == 1 })
      {
        var path = [current]
        while let previous = cameFrom[path[path.count - 1]] { path.append(previous) }
        let forward = Array(path.reversed())
        let moves = (1..<forward.count).map { (from: forward[$0], species: filled[forward[$0]]) }
        return (moves, UInt8(s))
      }
      // One site per species is enough: sites are alike but for what they allow.
      for donor in 0..<position
      where mask >> filled[donor] & 1 == 1 && cameFrom[donor] == nil && donor != position {
        cameFrom[donor] = current
        queue.append(donor)
      }
    }
    return nil
  }

  private func checkFeasible() throws {
    let labels = activeLabels
    for pool in pools {
      let label = Set(pool.sites.map { labels[$0] }).sorted().joined(separator: ", ")
      let total = pool.counts.reduce(0, +)
      guard total == pool.sites.count else {
        throw InputError("\(total) species for the \(pool.sites.count) sites of \(label)")
      }
      guard fill(pool.sites, counts: pool.counts) != nil else {
        let numbers = zip(species, pool.counts).filter { $0.1 > 0 }
          .map { "\($0.1) \($0.0)" }.joined(separator: ", ")
        throw InputError(
          "\(numbers) cannot be placed on the sites of \(label) that allow them",
          hint: "allow more species on some label, or change the numbers")
      }
    }
  }
}

/// How the active sites of one label are occupied.
public struct LabelOccupancy: Sendable {
  /// The label, such as `16d`.
  public let label: String

  /// Number of active sites with it.
  public let siteCount: Int

  /// Number of sites with each element.
  public let elements: [(element: Element, count: Int)]

  /// The fraction of the sites that an element occupies.
  public func fraction(of element: Element) -> Double {
    let count = elements.first { $0.element == element }?.count ?? 0
    return siteCount == 0 ? 0 : Double(count) / Double(siteCount)
  }
}
