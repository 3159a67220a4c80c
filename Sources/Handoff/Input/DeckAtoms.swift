internal import Crystal

/// The atoms of a calculation in the order of its input, with what the calculation says about each.
struct DeckAtoms {
  /// Atoms that a code treats alike: one species of its input.
  struct Kind: Hashable {
    var element: Element
    /// `Mn`, or `Mn1`, `Mn2` where an element has several kinds.
    var name: String
    /// Initial moment, Bohr magnetons.
    var moment: Double
    /// Effective U, eV.
    var hubbard: Double
  }

  /// The atoms without vacancies: cations before anions, by element, U and oxidation state.
  let structure: Structure
  /// The index of each atom in the structure that was given, without its vacancies.
  let order: [Int]
  /// Initial moment of each atom, Bohr magnetons; all 0 if spin is not polarised.
  let moments: [Double]
  /// Effective U of each atom, eV.
  let hubbard: [Double]
  /// Whether spin is polarised.
  let isSpinPolarised: Bool

  /// Orders the atoms of a structure and finds their moments and U.
  ///
  /// - Throws: ``InputErrors`` for cells without atoms, with dummies or partial occupancies, and elements for
  ///   which the calculation has no U although it has some for others.
  init(_ structure: Structure, _ calculation: Calculation) throws(InputErrors) {
    let atoms = structure.withoutVacancies()
    try DeckAtoms.check(atoms, calculation)
    let labels = atoms.labels
    let usesHubbard =
      calculation.hubbardAnions.isEmpty
      || atoms.species.contains { calculation.hubbardAnions.contains($0.element.symbol) }
    let hubbard = atoms.species.indices.map { n in
      usesHubbard ? calculation.hubbard.value(atoms.species[n], label: labels?[n]) ?? 0 : 0
    }
    let given: [Double]? =
      switch atoms[column: Column.Name.magneticMoment] {
      case .some(let column) where column.width == 1:
        switch column.values {
        case .real(let values): values
        case .integer(let values): values.map(Double.init)
        default: nil
        }
      default: nil
      }
    let told = atoms.species.indices.map { n in
      given?[n] ?? calculation.moments.value(atoms.species[n], label: labels?[n])
    }
    let moments = told.map { $0 ?? calculation.otherMoment }
    let order = atoms.species.indices.sorted { i, j in
      let (a, b) = (atoms.species[i], atoms.species[j])
      if a.element.isUsualAnion != b.element.isUsualAnion { return b.element.isUsualAnion }
      if a.element != b.element { return a.element < b.element }
      if hubbard[i] != hubbard[j] { return hubbard[i] > hubbard[j] }
      return a != b ? a < b : i < j
    }
    let isPolarised = calculation.hasSpin && told.contains { $0 ?? 0 != 0 }
    let sortedMoments = order.map { isPolarised ? moments[$0] : 0 }
    var sorted = atoms.selecting(order)
    if isPolarised { sorted.set(Column(Column.Name.magneticMoment, .real(sortedMoments))) }
    isSpinPolarised = isPolarised
    self.order = order
    self.moments = sortedMoments
    self.hubbard = order.map { hubbard[$0] }
    self.structure = sorted
  }

  /// Whether any atom has a U.
  var hasHubbard: Bool { hubbard.contains { $0 != 0 } }

  /// The elements in the order of the input.
  var elements: [Element] {
    var elements: [Element] = []
    for species in structure.species where !elements.contains(species.element) {
      elements.append(species.element)
    }
    return elements
  }

  /// The kinds of atoms and that of each, told apart by U and, if wanted, by the moment.
  func kinds(byMoment: Bool) -> (kinds: [Kind], kindOfAtom: [Int]) {
    var kinds: [Kind] = []
    var kindOfAtom: [Int] = []
    for n in 0..<structure.count {
      let kind = Kind(
        element: structure.species[n].element, name: "", moment: byMoment ? moments[n] : 0,
        hubbard: hubbard[n])
      if let index = kinds.firstIndex(of: kind) {
        kindOfAtom.append(index)
      } else {
        kindOfAtom.append(kinds.count)
        kinds.append(kind)
      }
    }
    let counts = kinds.reduce(into: [Element: Int]()) { $0[$1.element, default: 0] += 1 }
    var numbers: [Element: Int] = [:]
    for index in kinds.indices {
      let element = kinds[index].element
      numbers[element, default: 0] += 1
      kinds[index].name =
        (counts[element] ?? 1) > 1 ? "\(element.symbol)\(numbers[element] ?? 1)" : element.symbol
    }
    return (kinds, kindOfAtom)
  }

  /// Sum of the oxidation states, e; nil if an atom has none.
  var charge: Double? {
    var sum = 0.0
    for species in structure.species {
      guard let state = species.oxidationState else { return nil }
      sum += state
    }
    return sum
  }

  private static func check(
    _ atoms: Structure, _ calculation: Calculation
  ) throws(InputErrors) {
    var problems: [InputError] = []
    if atoms.count == 0 { problems.append(InputError("there are no atoms")) }
    if atoms.species.contains(where: { $0.element == .dummy }) {
      problems.append(InputError("there are dummy atoms X, which no code calculates"))
    }
    if case .real(let values)? = atoms[column: Column.Name.occupancy]?.values,
      values.contains(where: { $0 != 1 })
    {
      problems.append(
        InputError(
          "some sites are partially occupied",
          hint: "choose an arrangement first: one species on each site"))
    }
    if calculation.hubbard.numbers.values.contains(where: { $0 != 0 }) {
      for element in Set(atoms.species.map(\.element)).sorted()
      where Calculation.hasOpenShell(element) && !calculation.hubbard.mention(element) {
        problems.append(
          InputError(
            "\(element) has no U in the preset \(calculation.preset)",
            hint: "give --u \(element)=… in eV, or --u \(element)=0"))
      }
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
  }
}
