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
  /// - Precondition: one list of allowed elements per site of the parent.
  public init(_ specification: ProblemSpecification) throws(InputErrors) {
    precondition(
      specification.allowed.count == specification.parent.count, "one list of elements per site")
    var specification = specification
    specification.allowed = specification.allowed.map { elements in
      var seen: Set<Element> = []
      return elements.filter { seen.insert($0).inserted }
    }
    do {
      try self.init(distinct: specification)
    } catch let errors as InputErrors {
      throw errors
    } catch let error as InputError {
      throw InputErrors([error])
    } catch let error as LatticeError {
      throw InputErrors([InputError("\(error)", at: "supercell")])
    } catch {
      throw InputErrors([InputError("\(error)")])
    }
  }

  /// The same with no element twice in the list of a site.
  private init(distinct specification: ProblemSpecification) throws {
    let stateProblems = ChargeResolution.problems(in: specification)
    let resolved: CountResolution
    do {
      resolved = try CountResolution(specification)
    } catch let errors as InputErrors {
      throw InputErrors(errors.problems + stateProblems)
    }
    if !stateProblems.isEmpty { throw InputErrors(stateProblems) }
    let charges = try ChargeResolution(specification, resolved)
    self.parent = specification.parent
    self.supercell = specification.supercell
    self.formulaUnits = resolved.formulaUnits

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
    for pool in elementPools {
      var counts = [Int](repeating: 0, count: species.count)
      for (element, count) in pool.counts where count > 0 {
        let shares = ArrangementProblem.share(count, over: &leftOfState[element, default: []])
        for (state, share) in shares {
          if let s = species.firstIndex(of: state) { counts[s] += share }
        }
      }
      let sites = pool.parentSites.flatMap { site in (0..<cells).map { site * cells + $0 } }
        .compactMap { activeIndex[$0] }.sorted()
      if !sites.isEmpty { pools.append(Pool(sites: sites, counts: counts)) }
    }
    self.pools = pools
    var ledger = charges.ledger
    for (element, states) in charges.states.sorted(by: { $0.key < $1.key }) where states.count > 1 {
      let holders = elementPools.count { ($0.counts[element] ?? 0) > 0 }
      if holders > 1 {
        let names = states.map { "\($0.species)" }.joined(separator: " and ")
        ledger.notes.append(
          "\(names) are shared out in proportion over \(holders) sets of sites, each with numbers of "
            + "its own, and do not exchange between them")
      }
    }
    self.ledger = ledger

    var structure = try specification.parent.repeated(specification.supercell)
    for site in structure.species.indices {
      structure.setSpecies(fixed[site] ?? .vacancy, at: site)
    }
    self.structure = structure
    try checkFeasible()
  }

  /// Takes `count` atoms from the states of an element, in proportion to what is left of each; the
  /// last pool takes all that is left.
  private static func share(
    _ count: Int, over states: inout [ChargeResolution.State]
  ) -> [(Species, Int)] {
    if states.count == 1 { return [(states[0].species, count)] }
    var rest = count
    let total = states.reduce(0) { $0 + $1.count }
    return states.indices.map { i in
      let isLast = i == states.count - 1
      let share =
        isLast ? rest : min(rest, (count * states[i].count + total / 2) / max(1, total))
      states[i].count -= share
      rest -= share
      return (states[i].species, share)
    }
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
}
