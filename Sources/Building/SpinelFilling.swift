public import Crystal

extension Spinel {
  /// The spinel in a supercell, filled with the species and composition that were specified.
  ///
  /// Every label receives an exact number of atoms of each species, spread over its sites at random:
  ///
  /// - A and B: `i n` atoms B on the n sites 8a and as many A on 16d, with i the degree of inversion;
  ///   what a composition lacks in A or B is left empty. 16c stays empty.
  /// - Host with a composition: the cations fill 8a and 16d at random; only what has no room there
  ///   goes to 16c.
  /// - Host without a composition: Zn on 8a and Mn on 16d.
  ///
  /// - Parameters:
  ///   - supercell: How the unit cell is repeated.
  ///   - seed: Seed of the random placement; it does not matter where nothing is mixed.
  /// - Returns: All sites, empty ones as `Va`, with the columns `label`, `parent_site`, `cell_index`.
  /// - Throws: ``InputError`` if a number of atoms does not come out whole or has no room; it names
  ///   the nearest possible values.
  public func structure(
    supercell: SupercellMatrix = .identity, seed: UInt64 = 0
  ) throws(InputError) -> Structure {
    var structure: Structure
    do {
      structure = try unitCell.repeated(supercell)
    } catch {
      throw InputError("\(error)", at: "supercell")
    }
    let labels = structure.labels ?? []
    func sites(_ label: String) -> [Int] { labels.indices.filter { labels[$0] == label } }
    var stream = RandomStream(seed: seed, purpose: "spinel filling")
    func fill(_ sites: [Int], _ counts: [(species: Species, count: Int)]) {
      var occupants = counts.flatMap { Array(repeating: $0.species, count: $0.count) }
      occupants += Array(repeating: .vacancy, count: sites.count - occupants.count)
      if Set(occupants).count > 1 { stream.shuffle(&occupants) }
      for (site, occupant) in zip(sites, occupants) { structure.setSpecies(occupant, at: site) }
    }

    let (tetrahedra, octahedra) = (sites("8a"), sites("16d"))
    let counts = try cationCounts(anions: sites("32e").count, tetrahedra: tetrahedra.count)
    if let (a, b) = chemistry.pair {
      guard a != b else { return structure }
      let inverted = try invertedCount(tetrahedra: tetrahedra.count)
      let (countA, countB) = (counts[0].count, counts[1].count)
      try checkRoom(
        [
          ("8a", countA - inverted, inverted, tetrahedra.count),
          ("16d", countB - inverted, inverted, octahedra.count),
        ])
      fill(tetrahedra, [(a, countA - inverted), (b, inverted)])
      fill(octahedra, [(b, countB - inverted), (a, inverted)])
    } else if chemistry.composition != nil {
      var cations = counts.flatMap { Array(repeating: $0.species, count: $0.count) }
      let room = tetrahedra + octahedra
      let reserve = sites("16c")
      guard cations.count <= room.count + reserve.count else {
        throw InputError(
          "\(cations.count) cations on \(room.count + reserve.count) sites 8a, 16d and 16c",
          at: "composition")
      }
      stream.shuffle(&cations)
      func tally(_ species: ArraySlice<Species>) -> [(species: Species, count: Int)] {
        counts.map { entry in (entry.species, species.count { $0 == entry.species }) }
      }
      fill(room, tally(cations.prefix(room.count)))
      fill(reserve, tally(cations.dropFirst(room.count)))
    }
    return structure
  }

  /// How many atoms of each cation the composition puts into a cell with so many anions.
  private func cationCounts(
    anions: Int, tetrahedra: Int
  ) throws(InputError) -> [(species: Species, count: Int)] {
    let cations = chemistry.cations
    guard let composition = chemistry.composition else {
      guard cations.count == 2, chemistry.pair != nil else { return [] }
      return [(cations[0], tetrahedra), (cations[1], 2 * tetrahedra)]
    }
    let anion = chemistry.anion.element
    guard composition[anion] > .zero else {
      throw InputError("\(composition) contains no \(anion)", at: "composition")
    }
    for element in composition.elements
    where element != anion && !cations.contains(where: { $0.element == element }) {
      throw InputError(
        "\(element) of \(composition) has no site, expected "
          + cations.map(\.element.symbol).joined(separator: ", "),
        at: "composition")
    }
    var counts: [(species: Species, count: Int)] = []
    for species in cations where !counts.contains(where: { $0.species.element == species.element })
    {
      let exact: Rational
      do {
        exact = try composition[species.element].multiplied(by: Rational(anions))
          .divided(by: composition[anion])
      } catch {
        throw InputError("the amounts of \(composition) have too many digits", at: "composition")
      }
      guard let count = exact.integerValue else {
        let below = Int(exact.doubleValue.rounded(.down))
        throw InputError(
          "\(composition) needs \(fixed(exact.doubleValue, 4)) \(species.element) for \(anions) "
            + "\(anion); the nearest possible numbers are \(below) and \(below + 1)",
          at: "composition", hint: fittingSupercell(composition))
      }
      guard count <= 5 * anions else {
        throw InputError(
          "\(composition) needs \(count) \(species.element) for \(anions) \(anion), more than there "
            + "are sites",
          at: "composition")
      }
      counts.append((species, count))
    }
    return counts
  }

  /// A hint that names the numbers of unit cells in which a composition comes out whole.
  private func fittingSupercell(_ composition: Composition) -> String? {
    guard let formula = try? composition.reduced().formula,
      let anions = formula[chemistry.anion.element].integerValue
    else { return nil }
    let cells = anions / greatestCommonDivisor(anions, 32)
    return "\(composition) fits into supercells of a multiple of \(cells) cells, such as "
      + "\(cells)x1x1"
  }

  /// The number of atoms B on 8a.
  private func invertedCount(tetrahedra: Int) throws(InputError) -> Int {
    let exact = specification.inversion * Double(tetrahedra)
    let count = exact.rounded(.toNearestOrEven)
    // A fraction may be given with six or more digits.
    guard (exact - count).magnitude < 1e-6 * Double(tetrahedra) else {
      let (below, above) = (exact.rounded(.down), exact.rounded(.up))
      func degree(_ count: Double) -> String {
        "\(fixed(count / Double(tetrahedra), 6)) (\(Int(count)) of \(tetrahedra))"
      }
      throw InputError(
        "degree of inversion \(specification.inversion) needs \(fixed(exact, 4)) atoms on "
          + "\(tetrahedra) sites 8a; the nearest possible are \(degree(below)) and "
          + degree(above),
        at: "inversion")
    }
    return Int(count)
  }

  private func checkRoom(
    _ labels: [(label: String, own: Int, foreign: Int, sites: Int)]
  ) throws(InputError) {
    for (label, own, foreign, sites) in labels {
      guard own >= 0, own + foreign <= sites else {
        throw InputError(
          "inversion and composition put \(own) + \(foreign) atoms on \(sites) sites \(label)",
          at: "composition")
      }
    }
  }
}
