internal import Building
internal import Crystal

extension LayeredBuildSpecification.Stacking {
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

extension LayeredBuildSpecification {
  /// Gives an oxide with the stacking O1 the slabs of LiCoO2; the structure type is a sulphide.
  func takeOxideGeometry(_ definition: inout PrototypeDefinition) throws {
    let oxide = try PrototypeLibrary().file(named: "layered-o3").definition
    let (a, c) = (oxide.lattice["a"] ?? 0, (oxide.lattice["c"] ?? 0) / 3)
    let height = Stacking.o3.height(oxide)
    definition.lattice = ["a": a, "c": c]
    for (name, value) in Stacking.o1.coordinates(height: height, a: a, c: c) {
      guard let index = definition.parameters.firstIndex(where: { $0.name == name }) else {
        continue
      }
      definition.parameters[index].value = value
    }
    definition.title = oxide.title
    definition.source = "stacking of \(definition.name), slabs and spacing of " + oxide.source
  }

  /// Puts edges and heights into a prototype; without any of them it keeps its own coordinates.
  func setGeometry(_ definition: inout PrototypeDefinition) throws(InputError) {
    guard a != nil || spacing != nil || bond != nil else { return }
    let slabs = Double(stacking.slabs)
    let edge = a ?? definition.lattice["a"] ?? 0
    guard (1.5...10).contains(edge) else {
      throw InputError("a = \(edge) Å, expected 1.5 to 10 Å", at: "a")
    }
    var height = stacking.height(definition)
    if let bond {
      let square = bond * bond - edge * edge / 3
      guard bond.isFinite, square > 0.01 else {
        throw InputError(
          "a bond of \(bond) Å is shorter than a/√3 = \(fixed(edge / 3.0.squareRoot(), 3)) Å, so the "
            + "slab would be flat", at: "bond")
      }
      height = square.squareRoot()
    }
    let distance = spacing ?? (definition.lattice["c"] ?? 0) / slabs
    guard distance.isFinite, distance > 2 * height + 0.5, distance <= 50 else {
      throw InputError(
        "slabs \(distance) Å apart, expected more than their thickness \(fixed(2 * height, 3)) Å and at "
          + "most 50 Å", at: "spacing")
    }
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
