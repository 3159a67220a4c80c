internal import Building
internal import Crystal

extension DelmasStacking {
  /// The labels of the prototype: sites of the ions, the filled ones first, of the metal, and of the
  /// anions.
  var labels: (ions: [String], metal: String, anions: [String]) {
    switch self {
    case .o3: (["3a"], "3b", ["6c"])
    case .o2: (["2b_A"], "2b_M", ["2a_X1", "2b_X2"])
    case .p2: (["2d", "2b"], "2a", ["4f"])
    case .p3: (["3a_A1", "3a_A2"], "3a_M", ["3a_X1", "3a_X2"])
    case .o1: (["1b"], "1a", ["2d"])
    case .t1: (["2d_A"], "1a", ["2d_X"])
    }
  }

  /// Slabs per unit cell.
  var slabs: Int {
    switch self {
    case .o3, .p3: 3
    case .o2, .p2: 2
    case .o1, .t1: 1
    }
  }

  /// The free coordinates, from the height h of the anions above the metal and the edges, Å.
  ///
  /// The tetrahedral ion has the same distance t to its four anions: with the gap G = c − 2h,
  /// t² = (G − t)² + a²/3.
  func coordinates(height h: Double, a: Double, c: Double) -> [String: Double] {
    let z = h / c
    switch self {
    case .o3: return ["z": 1.0 / 6 + z]
    case .o2: return ["z_X1": z, "z_X2": 1 - z, "z_A": 0.25]
    case .p2, .o1: return ["z": z]
    case .p3: return ["z_X1": 1.0 / 3 + z, "z_X2": 2.0 / 3 - z]
    case .t1:
      let gap = c - 2 * h
      return ["z": z, "z_A": z + (gap * gap + a * a / 3) / (2 * gap * c)]
    }
  }

  /// The height of the anions above the metal in a prototype, Å.
  func height(_ definition: PrototypeDefinition) -> Double {
    let c = definition.lattice["c"] ?? 0
    func value(_ name: String) -> Double {
      definition.parameters.first { $0.name == name }?.value ?? 0
    }
    return switch self {
    case .o3: (value("z") - 1.0 / 6) * c
    case .o2: value("z_X1") * c
    case .p2, .o1, .t1: value("z") * c
    case .p3: (value("z_X1") - 1.0 / 3) * c
    }
  }
}

/// A layered crystal before its sites are filled: the labels of its ions, those that are filled first,
/// of its metals and of its anions.
struct LayeredCrystal {
  var definition: PrototypeDefinition
  var ions: [String]
  /// How many of the labels of ions are filled.
  var filled: Int
  var metals: [String]
  var anions: [String]
  var notes: [String] = []
}

extension LayeredBuildSpecification {
  /// The crystal of the stacking with the edges and heights that were asked for.
  ///
  /// - Parameter isOxide: Whether all anions are oxygen.
  /// - Returns: The crystal with empty sites of ions, and the labels.
  /// - Throws: ``InputError`` for lengths that do not fit.
  func layers(isOxide: Bool) throws -> LayeredCrystal {
    switch stacking {
    case .named(let stacking):
      var definition = try Self.definition(stacking, isOxide: isOxide)
      try setGeometry(&definition, stacking)
      let labels = stacking.labels
      return LayeredCrystal(
        definition: definition, ions: labels.ions, filled: 1, metals: [labels.metal],
        anions: labels.anions)
    case .sequence(let sequence): return try layers(sequence, isOxide: isOxide)
    }
  }

  /// The structure type of a stacking; an oxide with the stacking O1 has the slabs of LiCoO2, because
  /// the structure type is a sulphide.
  private static func definition(
    _ stacking: DelmasStacking, isOxide: Bool
  ) throws -> PrototypeDefinition {
    let library = try PrototypeLibrary()
    var definition = try library.file(named: "layered-\(stacking.rawValue.lowercased())").definition
    guard stacking == .o1, isOxide else { return definition }
    let oxide = try library.file(named: "layered-o3").definition
    let (a, c) = (oxide.lattice["a"] ?? 0, (oxide.lattice["c"] ?? 0) / 3)
    let height = DelmasStacking.o3.height(oxide)
    definition.lattice = ["a": a, "c": c]
    for (name, value) in DelmasStacking.o1.coordinates(height: height, a: a, c: c) {
      guard let index = definition.parameters.firstIndex(where: { $0.name == name }) else {
        continue
      }
      definition.parameters[index].value = value
    }
    definition.title = oxide.title
    definition.source = "stacking of \(definition.name), slabs and spacing of " + oxide.source
    return definition
  }

  /// A sequence of slabs.
  ///
  /// Each gap is as wide as in the simple stacking that it makes alone; edge and
  /// slabs are the mean of those.
  private func layers(_ sequence: StackingSequence, isOxide: Bool) throws -> LayeredCrystal {
    let types = sequence.gaps.map(\.stacking)
    let used = DelmasStacking.allCases.filter { types.contains($0) }
    var typical: [DelmasStacking: PrototypeDefinition] = [:]
    for type in used { typical[type] = try Self.definition(type, isOxide: isOxide) }
    func mean(_ value: (DelmasStacking, PrototypeDefinition) -> Double) -> Double {
      types.reduce(0) { sum, type in sum + (typical[type].map { value(type, $0) } ?? 0) }
        / Double(types.count)
    }
    let edge = try checkedEdge(mean { $1.lattice["a"] ?? 0 })
    let height = try checkedHeight(mean { $0.height($1) }, edge: edge)
    let spacings = try types.map { type in
      try checkedSpacing((typical[type]?.lattice["c"] ?? 0) / Double(type.slabs), height: height)
    }
    var crystal = try SequenceCrystal(sequence, a: edge, height: height, spacings: spacings)
      .crystal
    let names = used.compactMap { typical[$0]?.name }.joined(separator: ", ")
    crystal.definition.title = names
    crystal.definition.source =
      "sequence \(sequence); lengths as given, others the means of \(names)"
    crystal.notes = [
      "the sequence is \(sequence), with gaps as in "
        + "\(types.map(\.rawValue).joined(separator: ", ")) from the bottom up"
    ]
    return crystal
  }

  /// Puts edges and heights into a prototype; without any of them it keeps its own coordinates.
  private func setGeometry(
    _ definition: inout PrototypeDefinition, _ stacking: DelmasStacking
  ) throws(InputError) {
    guard a != nil || spacing != nil || bond != nil else { return }
    let slabs = Double(stacking.slabs)
    let edge = try checkedEdge(definition.lattice["a"] ?? 0)
    let height = try checkedHeight(stacking.height(definition), edge: edge)
    let distance = try checkedSpacing((definition.lattice["c"] ?? 0) / slabs, height: height)
    definition.lattice = ["a": edge, "c": slabs * distance]
    let values = stacking.coordinates(height: height, a: edge, c: slabs * distance)
    for index in definition.parameters.indices {
      guard let value = values[definition.parameters[index].name] else { continue }
      definition.parameters[index].value = value
    }
    definition.source =
      "stacking of \(definition.name); lengths as given, others from: " + definition.source
    definition.status = .default
  }

  /// The edge that was asked for, or the typical one, Å.
  private func checkedEdge(_ typical: Double) throws(InputError) -> Double {
    let edge = a ?? typical
    guard (1.5...10).contains(edge) else {
      throw InputError("a = \(edge) Å, expected 1.5 to 10 Å", at: "a")
    }
    return edge
  }

  /// The height of the anions above the metals that the bond leads to, or the typical one, Å.
  private func checkedHeight(_ typical: Double, edge: Double) throws(InputError) -> Double {
    guard let bond else { return typical }
    let square = bond * bond - edge * edge / 3
    guard bond.isFinite, square > 0.01 else {
      throw InputError(
        "a bond of \(bond) Å is shorter than a/√3 = \(fixed(edge / 3.0.squareRoot(), 3)) Å, so the "
          + "slab would be flat", at: "bond")
    }
    return square.squareRoot()
  }

  /// The distance of slabs that was asked for, or the typical one, Å.
  private func checkedSpacing(_ typical: Double, height: Double) throws(InputError) -> Double {
    let distance = spacing ?? typical
    guard distance.isFinite, distance > 2 * height + 0.5, distance <= 50 else {
      throw InputError(
        "slabs \(distance) Å apart, expected more than their thickness \(fixed(2 * height, 3)) Å and at "
          + "most 50 Å", at: "spacing")
    }
    return distance
  }
}

extension [PrototypeDefinition.Site] {
  /// Puts species on a label.
  mutating func update(_ label: String, _ shares: [SiteShare], role: PrototypeSite.Role) {
    guard let index = firstIndex(where: { $0.label == label }) else { return }
    self[index].shares = shares
    self[index].role = role
    self[index].allowed = []
  }
}
