internal import Building
internal import Crystal

/// Which prototype to build, with what in it, in which supercell.
public struct PrototypeBuildSpecification: Hashable, Codable, Sendable {
  /// Name or alias of the prototype.
  public var prototype: String

  /// A folder with prototypes of the user.
  public var library: String?

  /// Lattice parameters by name that replace the defaults, Å and degrees.
  public var lattice: [String: Double] = [:]

  /// Free coordinates, and ratios of edges, by name.
  public var parameters: [String: Double] = [:]

  /// What sits on labels instead of the default, such as `16d: Mn` or `3b: Ni0.5Mn0.5`.
  public var occupancy: [String: String] = [:]

  /// Oxidation states by element symbol, e.
  public var oxidation: [String: Double] = [:]

  /// The supercell and how it is filled.
  public var filling = SupercellFilling()

  /// A prototype with its default numbers in one unit cell.
  public init(prototype: String) {
    self.prototype = prototype
  }

  /// Builds the crystal.
  ///
  /// - Throws: ``InputError`` or ``InputErrors`` for an unknown name, a faulty file, or numbers that
  ///   do not fit.
  public func build() throws -> HostBuild {
    let file = try PrototypeLibrary(folder: library).file(named: prototype)
    try file.verifiedCrystal()
    var definition = file.definition
    try definition.replace(lattice: lattice, parameters: parameters)
    for (label, text) in occupancy.sorted(by: { $0.key < $1.key }) {
      try definition.occupy(label, with: text)
    }
    return try HostBuild(
      command: "prototype", definition, oxidation: oxidation, filling: filling,
      notes: lattice.isEmpty && parameters.isEmpty ? [] : try coordinationNotes(definition))
  }

  /// SHA-256 of the prototype file of the user, by name, for the manifest; empty for a shipped one.
  public func inputs() throws -> [String: String] {
    guard let library else { return [:] }
    let path = try PrototypeLibrary(folder: library).file(named: prototype).file
    return path.hasPrefix(library) ? [path: sha256(try readText(path))] : [:]
  }

  /// Labels whose coordination differs from that with the default numbers.
  private func coordinationNotes(_ definition: PrototypeDefinition) throws -> [String] {
    let crystal = try PrototypeCrystal(definition.prototype())
    return zip(definition.sites, crystal.siteTable).compactMap { site, row in
      guard let expected = site.coordinationNumber, expected != row.coordinationNumber else {
        return nil
      }
      return "\(site.label) has \(row.coordinationNumber) neighbours with these numbers, "
        + "\(expected) with the defaults"
    }
  }
}

extension PrototypeDefinition {
  /// Replaces lattice parameters, free coordinates and ratios.
  mutating func replace(
    lattice new: [String: Double], parameters values: [String: Double]
  ) throws(InputError) {
    let free = try shape().freeParameters
    for (name, value) in new.sorted(by: { $0.key < $1.key }) {
      guard free.contains(name) else {
        throw InputError(
          "\(name) is fixed in the \(try shape().rawValue) lattice of \(self.name)", at: name,
          hint: "its free lattice parameters are \(free.joined(separator: ", "))")
      }
      lattice[name] = value
    }
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      if let ratio = ratios.first(where: { $0.name == name }) {
        guard value.isFinite, value > 0, value < 100 else {
          throw InputError("\(name) = \(value), expected a positive ratio", at: name)
        }
        lattice[ratio.numerator] = value * ratio.factor * (lattice[ratio.denominator] ?? 0)
      } else if let index = parameters.firstIndex(where: { $0.name == name }) {
        guard value.isFinite, value.magnitude <= 10 else {
          throw InputError("\(name) = \(value), expected a fraction of the cell", at: name)
        }
        parameters[index].value = value
      } else {
        let names = parameters.map(\.name) + ratios.map(\.name)
        throw InputError(
          "\(self.name) has no free coordinate \(name)", at: name,
          hint: names.isEmpty
            ? "all its coordinates are fixed by symmetry"
            : nearestMatch(to: name, among: names).map { "did you mean \($0)?" }
              ?? "its free coordinates are \(names.joined(separator: ", "))")
      }
    }
  }

  /// Puts other species on a label.
  ///
  /// - Parameters:
  ///   - label: The label.
  ///   - text: A species such as `Mn`, `Mn4+` or `Va`, or a mixture such as `Ni0.5Mn0.5`; what the
  ///     amounts leave is empty.
  /// - Throws: ``InputError`` for a label or species that does not exist, or amounts above 1.
  mutating func occupy(_ label: String, with text: String) throws(InputError) {
    guard let index = sites.firstIndex(where: { $0.label == label }) else {
      let labels = sites.map(\.label)
      throw InputError(
        "\(name) has no site \(label)", at: "occupy",
        hint: nearestMatch(to: label, among: labels).map { "did you mean \($0)?" }
          ?? "its sites are \(labels.joined(separator: ", "))")
    }
    do {
      let shares = try [SiteShare](parsing: text)
      let species = shares.map(\.species) + sites[index].shares.map(\.species)
      // An anion site stays one when it is emptied.
      let isAnion = species.contains { $0.element.isUsualAnion || ($0.oxidationState ?? 0) < 0 }
      if sites[index].role == nil { sites[index].role = isAnion ? .anion : .cation }
      sites[index].shares = shares
    } catch {
      throw error.inside("occupy: \(label)")
    }
  }
}

extension [SiteShare] {
  /// Reads `Mn`, `Mn4+`, `Va`, or a mixture such as `Ni0.5Mn0.5`, filled up with vacancies.
  init(parsing text: String) throws(InputError) {
    if let species = Species(text) {
      self = [SiteShare(species, .one)]
      return
    }
    let composition: Composition
    do {
      composition = try Composition(parsing: text)
    } catch {
      throw InputError(
        error.message, hint: error.hint ?? "write a species such as Mn or Va, or Ni0.5Mn0.5")
    }
    self = try composition.amounts.map { SiteShare(Species($0.element), $0.amount) }
      .filledWithVacancies()
  }
}
