internal import Crystal

/// The species of a spinel, read from its specification.
struct SpinelChemistry: Sendable {
  /// A and B as given; nil for the host.
  var pair: (a: Species, b: Species)?

  /// The anion X.
  var anion: Species

  /// The cations that the host admits; A and B if they are given.
  var cations: [Species]

  /// Overall composition, if it was given.
  var composition: Composition?

  /// What sits on 8a in the normal spinel.
  var normalA: Species

  /// What sits on 16d in the normal spinel.
  var normalB: Species

  /// What may sit on 8a, on 16d, and on the sites that are empty in a spinel.
  var allowed: (tetrahedral: [Species], octahedral: [Species], empty: [Species])

  init(_ specification: SpinelSpecification) throws(InputError) {
    anion = try SpinelChemistry.species(specification.anion, "X")
    composition =
      if let formula = specification.composition {
        try SpinelChemistry.composition(formula)
      } else {
        nil
      }
    let inversion = specification.inversion
    guard inversion >= 0, inversion <= 1 else {
      throw InputError("degree of inversion \(inversion), expected 0 to 1", at: "inversion")
    }
    switch (specification.speciesA, specification.speciesB) {
    case (let nameA?, let nameB?):
      let a = try SpinelChemistry.species(nameA, "A")
      let b = try SpinelChemistry.species(nameB, "B")
      pair = (a, b)
      cations = a == b ? [a] : [a, b]
      (normalA, normalB) = (a, b)
      let mixed = inversion > 0 && a != b
      let deficit: [Species] = composition == nil ? [] : [.vacancy]
      allowed = (
        (mixed ? [a, b] : [a]) + deficit, (mixed ? [a, b] : [b]) + deficit, [.vacancy]
      )
    case (nil, nil):
      guard inversion == 0 else {
        throw InputError(
          "a degree of inversion needs the species A and B", at: "inversion",
          hint: "give A and B, such as A = Mg and B = Mn")
      }
      cations = []
      for name in specification.hostSpecies {
        let species = try SpinelChemistry.species(name, "host_species")
        if !cations.contains(species) { cations.append(species) }
      }
      guard let first = cations.first, let last = cations.last else {
        throw InputError("the host admits no cation", at: "host_species")
      }
      pair = nil
      let named = (symbol("Zn", cations) ?? first, symbol("Mn", cations) ?? last)
      (normalA, normalB) = named
      allowed = (cations + [.vacancy], cations + [.vacancy], cations + [.vacancy])
    default:
      let missing = specification.speciesA == nil ? "A" : "B"
      throw InputError(
        "species \(missing) is missing", at: missing,
        hint: "give both A and B, or neither for the host")
    }
    guard !cations.contains(where: { $0.element == anion.element }) else {
      throw InputError("\(anion.element) is given both as cation and as anion", at: "X")
    }
  }

  private static func species(_ name: String, _ key: String) throws(InputError) -> Species {
    guard let species = Species(name), !species.isVacancy else {
      let near = nearestMatch(to: name, among: Element.all.map(\.symbol))
      throw InputError(
        "there is no species \"\(name)\"", at: key,
        hint: near.map { "did you mean \($0)?" } ?? "write an element such as Mg or Mn4+")
    }
    return species
  }

  private static func composition(_ formula: String) throws(InputError) -> Composition {
    do {
      return try Composition(parsing: formula)
    } catch {
      throw error.inside("composition")
    }
  }
}

/// The species with an element symbol, whatever its oxidation state.
private func symbol(_ symbol: String, _ species: [Species]) -> Species? {
  species.first { $0.element.symbol == symbol }
}
