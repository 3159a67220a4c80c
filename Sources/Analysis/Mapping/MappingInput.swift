internal import Crystal

/// What is mapped onto what, after a check of all that can be checked without the lattices.
struct MappingInput {
  /// The atoms of the relaxed structure, without empty sites, in a right-handed or left-handed cell as
  /// that of the parent.
  let atoms: Structure

  /// Index of each atom in the structure as given.
  let indexOfAtom: [Int]

  /// The parent.
  let parent: Structure

  /// Whether each atom may only take sites of anions.
  let isAnion: [Bool]

  /// Whether the sites with a label are for anions.
  let labelIsAnion: [String: Bool]

  /// The label that each atom had before, if known.
  let origins: [String?]

  /// Where these are from.
  let origin: MappingOrigin

  init(
    _ relaxed: Structure, parent: Structure, reference: Structure?,
    _ specification: MappingSpecification
  ) throws(InputError) {
    guard let labels = parent.labels else {
      throw InputError(
        "the parent has no labels on its sites",
        at: "parent", hint: "use a file with labels, such as host.extxyz of cellgen spinel")
    }
    for (value, name) in [
      (specification.cutoff, "cutoff"), (specification.ambiguityRatio, "ambiguity ratio"),
      (specification.largestStrain, "strain limit"),
    ] where !(value > 0 && value.isFinite) {
      throw InputError("\(name) \(value), expected a positive number")
    }
    guard specification.cutoff <= 5 else {
      throw InputError("cutoff \(specification.cutoff) Å, expected at most 5 Å")
    }
    guard specification.largestStrain <= 0.4 else {
      throw InputError("strain limit \(specification.largestStrain), expected at most 0.4")
    }
    let indices = relaxed.species.indices.filter { !relaxed.species[$0].isVacancy }
    guard !indices.isEmpty else { throw InputError("the relaxed structure has no atoms") }
    var atoms = relaxed.selecting(indices)
    do {
      try checkUsable(atoms.positions)
    } catch {
      throw error.inside("relaxed structure")
    }
    do {
      try checkUsable(parent.positions)
    } catch {
      throw error.inside("parent")
    }
    if RealMatrix(atoms.lattice).determinant * RealMatrix(parent.lattice).determinant < 0 {
      atoms = try MappingInput.otherHanded(atoms)
    }
    var isAnion = [Bool](repeating: false, count: atoms.count)
    var labelIsAnion: [String: Bool] = [:]
    if specification.rule == .anionsApart {
      isAnion = atoms.species.map(\.element.isUsualAnion)
      for (label, species) in zip(labels, parent.species) where species.element.isUsualAnion {
        labelIsAnion[label] = true
      }
    }
    self.atoms = atoms
    self.indexOfAtom = indices
    self.parent = parent
    self.isAnion = isAnion
    self.labelIsAnion = labelIsAnion
    if let reference {
      self.origins = try MappingInput.origins(atoms, reference)
      self.origin = .reference
    } else if let own = atoms.labels, Set(own).isSubset(of: Set(labels)) {
      self.origins = own
      self.origin = .ownLabels
    } else {
      let homes = MappingInput.homes(parent, labels)
      self.origins = atoms.species.map { homes[$0.element] ?? nil }
      self.origin = .parent
    }
  }

  /// Checks that there are enough sites of either kind.
  func check(_ sites: Structure) throws(InputError) {
    let siteIsAnion = (sites.labels ?? []).map { labelIsAnion[$0] ?? false }
    for kind in [true, false] {
      let (needed, available) = (isAnion.count { $0 == kind }, siteIsAnion.count { $0 == kind })
      guard needed > available else { continue }
      let name = kind ? "anions" : labelIsAnion.isEmpty ? "atoms" : "cations"
      throw InputError(
        "the relaxed structure has \(needed) \(name), but the parent has \(available) sites for them",
        hint: kind && available == 0
          ? "the parent holds no anion on any label; --rule any-site lets any atom take any site"
          : "was the relaxed structure made from this parent?")
    }
  }

  /// The same crystal with the first two vectors exchanged.
  private static func otherHanded(_ structure: Structure) throws(InputError) -> Structure {
    let old = structure.lattice
    var copy = structure
    do {
      copy.lattice = try Lattice(a: old.b, b: old.a, c: old.c)
    } catch {
      throw InputError("\(error)")
    }
    for (site, position) in structure.positions.enumerated() {
      let x = position.components
      copy.setPosition(Fractional(x.y, x.x, x.z), at: site)
    }
    return copy
  }

  /// Labels of the atoms in another structure: the n-th atom of an element is the n-th there.
  private static func origins(
    _ atoms: Structure, _ reference: Structure
  ) throws(InputError) -> [String?] {
    guard let labels = reference.labels else {
      throw InputError("the reference has no labels on its atoms", at: "reference")
    }
    var waiting: [Element: [String]] = [:]
    for (species, label) in zip(reference.species, labels) where !species.isVacancy {
      waiting[species.element, default: []].append(label)
    }
    let expected = atoms.elementCounts
    guard expected == reference.elementCounts else {
      throw InputError(
        "the reference is \(reference.composition), the relaxed structure \(atoms.composition)",
        at: "reference", hint: "the reference must hold the same atoms")
    }
    var next: [Element: Int] = [:]
    return atoms.species.map { species in
      let index = next[species.element, default: 0]
      next[species.element] = index + 1
      return waiting[species.element]?[index]
    }
  }

  /// The label of each element that the parent holds on one label only.
  private static func homes(_ parent: Structure, _ labels: [String]) -> [Element: String?] {
    var homes: [Element: Set<String>] = [:]
    for (species, label) in zip(parent.species, labels) where !species.isVacancy {
      homes[species.element, default: []].insert(label)
    }
    return homes.mapValues { $0.count == 1 ? $0.first : nil }
  }
}
