public import Crystal

extension InsertionSites {
  /// The structure with ions on the best sites that are far enough apart.
  ///
  /// Sites are filled in the order of ``kinds``. It is one possible arrangement, not the best one:
  /// search commands rank the others.
  ///
  /// - Parameters:
  ///   - ion: What is put in.
  ///   - count: How many.
  ///   - separation: The least distance of two ions put in, Å.
  /// - Returns: The structure with the other sites as `Va`.
  /// - Throws: ``InputError`` if there are not enough sites.
  public func filled(
    with ion: Species, count: Int, separation: Double = 2.4
  ) throws(InputError) -> Structure {
    guard count > 0 else { throw InputError("\(count) ions to insert, expected at least 1") }
    var copy = structure
    let filled = try sites(apart: separation).prefix(count)
    for site in filled { copy.setSpecies(ion, at: site) }
    guard filled.count == count else {
      throw InputError(
        "\(count) ions to insert, but only \(filled.count) of \(structure.count - hostCount) sites "
          + "are \(separation) Å apart",
        hint: "allow a smaller separation, or leave the sites empty and search for an arrangement")
    }
    if var charges = copy.charges {
      for site in filled { charges[site] = ion.oxidationState ?? 0 }
      copy.charges = charges
    }
    return copy
  }

  /// The best sites that are far enough apart to be filled together, indices into ``structure``.
  ///
  /// - Parameter separation: Their least distance, Å.
  /// - Returns: The sites, best first.
  /// - Throws: ``InputError`` if it is not between 0 and 10 Å.
  public func sites(apart separation: Double) throws(InputError) -> [Int] {
    guard separation >= 0, separation <= 10 else {
      throw InputError("a separation of \(separation) Å, expected 0 to 10 Å")
    }
    var chosen: [Int] = []
    for site in hostCount..<structure.count {
      let isFree = chosen.allSatisfy {
        structure.lattice.distance(structure.positions[$0], structure.positions[site])
          >= separation
      }
      if isFree { chosen.append(site) }
    }
    return chosen
  }

  /// How many ions a composition needs on top of the atoms of the structure.
  ///
  /// For V16O40 and `Mg0.5V2O5` with Mg: 4.
  ///
  /// - Throws: ``InputError`` if the other elements are not those of the structure in the same
  ///   proportion, or the number is not whole and positive.
  public func count(
    of element: Element, for composition: Composition
  ) throws(InputError) -> Int {
    var held = structure.elementCounts
    let present = held.removeValue(forKey: element) ?? 0
    let others = composition.removing(element)
    guard Set(others.elements) == Set(held.keys), let first = others.elements.first,
      let firstCount = held[first]
    else {
      throw InputError(
        "composition \(composition) does not have the elements of the structure, "
          + "\(structure.composition)", at: "composition")
    }
    let units = Double(firstCount) / others[first].doubleValue
    for other in others.elements {
      let expected = units * others[other].doubleValue
      guard (expected - Double(held[other] ?? 0)).magnitude < 1e-6 else {
        throw InputError(
          "composition \(composition) has \(other) in another proportion than the structure, "
            + "\(structure.composition)", at: "composition")
      }
    }
    let exact = units * composition[element].doubleValue - Double(present)
    let whole = exact.rounded(.toNearestOrEven)
    guard (exact - whole).magnitude < 1e-6, whole >= 1 else {
      throw InputError(
        "composition \(composition) needs \(fixed(exact, 3)) more \(element), expected a whole number "
          + "of at least 1", at: "composition")
    }
    return Int(whole)
  }
}
