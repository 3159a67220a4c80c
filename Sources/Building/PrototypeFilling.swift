public import Crystal

/// How many sites of a label a species takes in a supercell.
public struct SiteCount: Hashable, Sendable {
  /// The label.
  public var label: String

  /// The species; the vacancy for empty sites.
  public var species: Species

  /// What the fraction demands.
  public var exact: Rational

  /// What it became.
  public var count: Int

  /// Whether the number had to be rounded.
  public var isRounded: Bool { exact != Rational(count) }
}

extension PrototypeCrystal {
  /// What to do with fractions that give no whole numbers of atoms.
  public enum Rounding: Hashable, Sendable {
    /// An error that names the supercells in which they do.
    case refuse
    /// The nearest whole numbers that fill the sites: those with the largest remainders go up.
    case nearest
  }

  /// The numbers of atoms on each label in so many unit cells.
  ///
  /// - Throws: ``InputError`` for numbers that are not whole, unless they may be rounded.
  public func counts(
    cells: Int, rounding: Rounding = .refuse
  ) throws(InputError) -> [SiteCount] {
    var all: [SiteCount] = []
    for site in prototype.sites {
      let sites = cells * site.multiplicity
      var counts: [SiteCount] = []
      for share in site.shares {
        let exact: Rational
        do {
          exact = try share.fraction.multiplied(by: Rational(sites))
        } catch {
          throw InputError(
            "the fraction \(share.fraction) has too many digits", at: "sites: \(site.label)")
        }
        counts.append(
          SiteCount(
            label: site.label, species: share.species, exact: exact,
            count: Int(exact.doubleValue.rounded(.down))))
      }
      if counts.contains(where: \.isRounded) {
        guard rounding == .nearest else { throw notWhole(site, counts, cells: cells) }
        let order = counts.indices.sorted {
          let (a, b) = (remainder(counts[$0]), remainder(counts[$1]))
          return (-a, $0) < (-b, $1)
        }
        let missing = sites - counts.reduce(0) { $0 + $1.count }
        for index in order.prefix(missing) { counts[index].count += 1 }
      }
      all += counts
    }
    return all
  }

  private func remainder(_ count: SiteCount) -> Double {
    count.exact.doubleValue - Double(count.count)
  }

  private func notWhole(
    _ site: PrototypeSite, _ counts: [SiteCount], cells: Int
  ) -> InputError {
    let wanted = counts.map { "\(fixed($0.exact.doubleValue, 4)) \($0.species)" }
    let multiple = smallestMultiple
    return InputError(
      "\(cells * site.multiplicity) sites \(site.label) would hold "
        + wanted.joined(separator: ", ") + ", which are no whole numbers",
      at: "sites: \(site.label)",
      hint: multiple.map {
        "they are whole in supercells of a multiple of \($0) cells; or allow rounding"
      }
    )
  }

  /// The smallest number of unit cells in which all fractions come out whole; nil if it is absurd.
  public var smallestMultiple: Int? {
    var multiple = 1
    for site in prototype.sites {
      for share in site.shares {
        let needed =
          share.fraction.denominator
          / greatestCommonDivisor(share.fraction.denominator, site.multiplicity)
        multiple = multiple / greatestCommonDivisor(multiple, needed) * needed
        guard multiple < 1_000_000 else { return nil }
      }
    }
    return multiple
  }

  /// The crystal in a supercell, filled with exact numbers of each species, mixed ones at random.
  ///
  /// - Parameters:
  ///   - supercell: How the unit cell is repeated.
  ///   - counts: Numbers from ``counts(cells:rounding:)`` for as many cells.
  ///   - seed: Seed of the placement; it does not matter where nothing is mixed.
  /// - Returns: All sites, empty ones as `Va`, with the columns `label`, `parent_site`, `cell_index`.
  /// - Throws: ``InputError`` if the supercell is too large.
  public func structure(
    supercell: SupercellMatrix, counts: [SiteCount], seed: UInt64
  ) throws(InputError) -> Structure {
    var structure: Structure
    do {
      structure = try unitCell.repeated(supercell)
    } catch {
      throw InputError("\(error)", at: "supercell")
    }
    let labels = structure.labels ?? []
    for (index, site) in prototype.sites.enumerated() {
      let sites = labels.indices.filter { labels[$0] == site.label }
      var occupants = counts.filter { $0.label == site.label }
        .flatMap { Array(repeating: $0.species, count: $0.count) }
      precondition(occupants.count == sites.count, "the counts belong to this supercell")
      if Set(occupants).count > 1 {
        var stream = RandomStream(seed: seed, purpose: "prototype filling", index: index)
        stream.shuffle(&occupants)
      }
      for (place, occupant) in zip(sites, occupants) { structure.setSpecies(occupant, at: place) }
    }
    return structure
  }
}
