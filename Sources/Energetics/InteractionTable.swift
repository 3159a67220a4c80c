public import Crystal

/// The energies of all arrangements of some species on the active sites of a cell, reduced once.
///
/// For a pairwise model the energy of an arrangement σ, which puts species σᵢ on active site i, is
///
///     E(σ) = E₀ + Σᵢ hᵢ(σᵢ) + ½ Σᵢⱼ q(σᵢ) q(σⱼ) Φᵢⱼ + ½ Σᵢⱼ vᵢⱼ(σᵢ, σⱼ)                [eV]
///
/// E₀ holds the fixed sites among themselves, hᵢ an active site with all fixed ones and with its own
/// images, Φ the Ewald interaction of active sites, v their short-range interaction (sparse, and empty
/// for models in which cations meet only through their charges).
///
/// Only the rows of one site per class of translations are summed; the translations of the supercell
/// give all others.
public struct InteractionTable: Sendable {
  /// Number of active sites, n.
  public let siteCount: Int

  /// The species that may sit on an active site, m; entries of an arrangement are indices into it.
  public let species: [Species]

  /// Charge of each species, e, m entries.
  public let charges: [Double]

  /// E₀, eV.
  public let constant: Double

  /// hᵢ(s), eV, n × m, site by site.
  public let siteEnergies: [Double]

  /// Φᵢⱼ, eV/e², n × n, symmetric, zero diagonal.
  public let coulomb: [Double]

  /// vᵢⱼ between active sites.
  public let shortRange: ShortRange

  /// Sparse species-resolved pair energies.
  public struct ShortRange: Sendable {
    /// Neighbours of site i are `neighbours[offsets[i] ..< offsets[i + 1]]`; empty if there are none.
    public var offsets: [Int32] = []
    /// Neighbour and class of the pair.
    public var neighbours: [Neighbour] = []
    /// v(s, t) of each class, eV, m × m per class, first index the site that owns the list.
    public var energies: [Double] = []

    /// One entry of a neighbour list.
    public struct Neighbour: Sendable {
      /// The other active site.
      public var site: Int32
      /// Index of the pair's class.
      public var kind: Int32
    }

    /// Whether active sites interact through their charges alone.
    public var isEmpty: Bool { neighbours.isEmpty }
  }

  /// Reduces a model.
  ///
  /// - Parameters:
  ///   - lattice: The supercell, Å.
  ///   - positions: All N sites, active or not.
  ///   - fixedSpecies: What sits on each fixed site; nil for an active site. Species carry their
  ///     charges as oxidation states; one without is neutral.
  ///   - species: What may sit on an active site.
  ///   - translations: Permutations of all sites by the translations that leave the set of sites and
  ///     the fixed species unchanged: `translations[t][i]` is the image of site i. The identity alone
  ///     is always valid.
  ///   - potentials: Short-range terms; nil for electrostatics only.
  ///   - accuracy: Of the Ewald sums, relative to the interaction of unit charges at 1 Å.
  /// - Complexity: O(N²/t) pairs for t translations, plus O(n²) memory.
  public init(
    lattice: Lattice, positions: [Fractional], fixedSpecies: [Species?], species: [Species],
    translations: [[Int]], potentials: PotentialSet?, accuracy: Double = 1e-14
  ) {
    precondition(positions.count == fixedSpecies.count, "one entry per site")
    precondition(!translations.isEmpty, "the identity is a translation")
    let active = positions.indices.filter { fixedSpecies[$0] == nil }
    var activeIndex = [Int](repeating: -1, count: positions.count)
    for (i, site) in active.enumerated() { activeIndex[site] = i }
    let (n, m) = (active.count, species.count)
    let charges = species.map { $0.isVacancy ? 0 : $0.oxidationState ?? 0 }
    let fixedCharges = fixedSpecies.map { $0?.oxidationState ?? 0 }
    let pair = EwaldPair(lattice: lattice, accuracy: accuracy)
    let selfTerm = Constants.coulomb * pair.selfPotential
    let near = ShortRangeSum(
      lattice: lattice, positions: positions, fixedSpecies: fixedSpecies, species: species,
      potentials: potentials)

    var constant = 0.0
    var siteEnergies = [Double](repeating: 0, count: n * m)
    var coulomb = [Double](repeating: 0, count: n * n)
    var lists = [[ShortRange.Neighbour]](repeating: [], count: n)
    var classEnergies: [Double] = []
    var row = [Double](repeating: 0, count: positions.count)
    var done = [Bool](repeating: false, count: positions.count)

    for site in positions.indices where !done[site] {
      var orbit: [(site: Int, translation: Int)] = []
      for (t, permutation) in translations.enumerated() where !done[permutation[site]] {
        done[permutation[site]] = true
        orbit.append((permutation[site], t))
      }
      for other in positions.indices {
        row[other] =
          other == site
          ? selfTerm
          : Constants.coulomb
            * pair.potential(positions[other].components - positions[site].components)
      }
      // The potential of the fixed charges at this site.
      var field = 0.0
      for other in positions.indices where fixedSpecies[other] != nil {
        field += fixedCharges[other] * row[other]
      }
      let shortRange = near.row(of: site)

      if fixedSpecies[site] != nil {
        let own = 0.5 * fixedCharges[site] * field + 0.5 * shortRange.withFixed[0]
        constant += own * Double(orbit.count)
        continue
      }
      for s in 0..<m {
        let energy =
          charges[s] * field + 0.5 * charges[s] * charges[s] * selfTerm + shortRange.withFixed[s]
        for member in orbit { siteEnergies[activeIndex[member.site] * m + s] = energy }
      }
      for other in active where other != site {
        for member in orbit {
          let image = translations[member.translation][other]
          coulomb[activeIndex[member.site] * n + activeIndex[image]] = row[other]
        }
      }
      for (other, energies) in shortRange.withActive {
        let kind = Int32(classEnergies.count / (m * m))
        classEnergies += energies
        for member in orbit {
          let image = translations[member.translation][other]
          lists[activeIndex[member.site]].append(
            ShortRange.Neighbour(site: Int32(activeIndex[image]), kind: kind))
        }
      }
    }

    // Rows of different classes are summed from different ends: make Φ symmetric to the last bit.
    for i in 0..<n {
      for j in 0..<i {
        let mean = 0.5 * (coulomb[i * n + j] + coulomb[j * n + i])
        coulomb[i * n + j] = mean
        coulomb[j * n + i] = mean
      }
    }
    self.siteCount = n
    self.species = species
    self.charges = charges
    self.constant = constant
    self.siteEnergies = siteEnergies
    self.coulomb = coulomb
    self.shortRange = ShortRange(lists: lists, energies: classEnergies)
  }

  /// The energy of an arrangement from nothing but the table, eV.
  ///
  /// - Parameter arrangement: Species index of each active site, n entries.
  /// - Returns: E, eV.
  /// - Complexity: O(n²).
  public func energy(_ arrangement: [UInt8]) -> Double {
    LatticeState(table: self, arrangement: arrangement).energy
  }

  /// The same cell with the symmetric pair table folded onto one site per orbit of a subgroup of the
  /// translations: the energies of arrangements that repeat under the subgroup, per repeat unit.
  ///
  /// An arrangement τ of the orbits unfolds to σᵢ = τ(orbit of i), and E(σ) = g E_folded(τ) for a
  /// subgroup of order g.
  ///
  /// - Parameters:
  ///   - orbitOfSite: Index of the orbit of each active site, 0 ..< n/g.
  ///   - order: g.
  /// - Returns: The table of n/g sites.
  /// - Precondition: every orbit has g sites and the table is invariant under the subgroup.
  public func folded(orbitOfSite: [Int], order: Int) -> InteractionTable {
    let n = siteCount
    let m = species.count
    let count = n / order
    var representatives = [Int](repeating: -1, count: count)
    for i in (0..<n).reversed() { representatives[orbitOfSite[i]] = i }
    var siteEnergies = [Double](repeating: 0, count: count * m)
    var coulomb = [Double](repeating: 0, count: count * count)
    var lists = [[ShortRange.Neighbour]](repeating: [], count: count)
    for (a, i) in representatives.enumerated() {
      for j in 0..<n { coulomb[a * count + orbitOfSite[j]] += self.coulomb[i * n + j] }
      // The interaction of an orbit with itself is an energy of the site.
      let own = coulomb[a * count + a]
      coulomb[a * count + a] = 0
      for s in 0..<m {
        siteEnergies[a * m + s] =
          self.siteEnergies[i * m + s] + 0.5 * charges[s] * charges[s] * own
      }
      for neighbour in shortRange.neighbours(of: i) {
        let b = orbitOfSite[Int(neighbour.site)]
        if b == a {
          for s in 0..<m {
            siteEnergies[a * m + s] +=
              0.5 * shortRange.energies[(Int(neighbour.kind) * m + s) * m + s]
          }
        } else {
          lists[a].append(ShortRange.Neighbour(site: Int32(b), kind: neighbour.kind))
        }
      }
    }
    return InteractionTable(
      siteCount: count, species: species, charges: charges, constant: constant / Double(order),
      siteEnergies: siteEnergies, coulomb: coulomb,
      shortRange: ShortRange(lists: lists, energies: shortRange.energies))
  }

  init(
    siteCount: Int, species: [Species], charges: [Double], constant: Double,
    siteEnergies: [Double], coulomb: [Double], shortRange: ShortRange
  ) {
    self.siteCount = siteCount
    self.species = species
    self.charges = charges
    self.constant = constant
    self.siteEnergies = siteEnergies
    self.coulomb = coulomb
    self.shortRange = shortRange
  }
}

extension InteractionTable.ShortRange {
  /// Packs neighbour lists; nothing is kept if all are empty.
  init(lists: [[Neighbour]], energies: [Double]) {
    guard lists.contains(where: { !$0.isEmpty }) else { return }
    self.energies = energies
    offsets = [0]
    for list in lists {
      neighbours += list
      offsets.append(Int32(neighbours.count))
    }
  }

  /// The neighbours of an active site.
  func neighbours(of site: Int) -> ArraySlice<Neighbour> {
    isEmpty ? [] : neighbours[Int(offsets[site])..<Int(offsets[site + 1])]
  }
}
