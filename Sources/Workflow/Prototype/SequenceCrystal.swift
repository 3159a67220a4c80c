internal import Building
internal import Crystal
internal import Symmetry

/// The crystal of a stacking sequence in the standard cell of its space group.
///
/// All sites of the ions are there, filled or not. Their kinds, which are parts of their labels: `oct`
/// octahedra; `edge`, `face`, `low`, `up` prisms that share edges with both slabs, faces with both, a
/// face with the lower slab, and a face with the upper slab.
struct SequenceCrystal {
  /// The crystal; its sites are empty.
  private(set) var crystal: LayeredCrystal

  /// A point of the sequence, in the cell of all its slabs.
  private struct Point {
    let kind: String
    let letter: Int
    /// Å above the first metal.
    let height: Double
  }

  /// The kinds in the order of the sites.
  private static let kinds = ["oct", "edge", "low", "face", "up", "M", "X"]

  /// Kinds of prisms that stay empty, because their twin in the same gap is filled.
  private static let open: Set = ["face", "up"]

  /// Places the slabs and finds the space group.
  ///
  /// - Parameters:
  ///   - sequence: The letters.
  ///   - a: Edge in the plane, Å.
  ///   - height: Of the anions above the metals, Å.
  ///   - spacings: Distance from each slab to the one above, Å.
  /// - Throws: ``InputError`` if no space group fits.
  init(
    _ sequence: StackingSequence, a: Double, height: Double, spacings: [Double]
  ) throws(InputError) {
    let points = SequenceCrystal.points(sequence, height: height, spacings: spacings)
    let c = spacings.reduce(0, +)
    let cell = Structure(
      lattice: try LatticeShape.hexagonal.lattice(["a": a, "c": c]),
      species: Array(repeating: .vacancy, count: points.count),
      positions: points.map { point in
        let x = Double(point.letter) / 3
        return Fractional(SIMD3(x, point.letter == 0 ? 0 : 1 - x, point.height / c))
      })
    let types = points.map { SequenceCrystal.kinds.firstIndex(of: $0.kind) ?? 0 }
    let found = try SymmetryDataset(cell, types: types)
    let p = found.transformation
    let cells = dot(p[0], cross(p[1], p[2])).magnitude.rounded()
    crystal = LayeredCrystal(
      definition: PrototypeDefinition(
        name: "layered-sequence", title: "\(sequence)", spaceGroup: found.symbol,
        lattice: ["a": a, "c": c / cells]),
      ions: [], filled: 0, metals: [], anions: [])

    // Where the origin is free along c, the first metal gets it.
    let isPolar = ["3", "3m", "6", "6mm"].contains(found.pointGroup)
    func standard(_ site: Int) -> SIMD3<Double> {
      let x = cell.positions[site].components
      return SIMD3(dot(p[0], x), dot(p[1], x), dot(p[2], x)) + found.originShift
    }
    let origin = isPolar ? standard(points.firstIndex { $0.kind == "M" } ?? 0).z : 0
    let orbits = found.orbits.sorted { types[$0[0]] < types[$1[0]] }
    for (index, orbit) in orbits.enumerated() {
      let kind = points[orbit[0]].kind
      let sameKind = orbits.indices.filter { points[orbits[$0][0]].kind == kind }
      let number = sameKind.count > 1 ? "\((sameKind.firstIndex(of: index) ?? 0) + 1)" : ""
      let multiplicity = orbit.count / Int(cells)
      let label = "\(multiplicity)\(found.wyckoffLetters[orbit[0]])_\(kind)\(number)"
      var x = standard(orbit[0])
      x.z -= origin
      try add(label, multiplicity, x, parameter: "z_\(kind)\(number)")
      switch kind {
      case "M": crystal.metals.append(label)
      case "X": crystal.anions.append(label)
      default:
        crystal.ions.append(label)
        // The order of the kinds brings those that stay empty last.
        if !SequenceCrystal.open.contains(kind) { crystal.filled += 1 }
      }
    }
  }

  /// Adds a site; a height that is no simple fraction becomes a free coordinate.
  private mutating func add(
    _ label: String, _ multiplicity: Int, _ point: SIMD3<Double>, parameter: String
  ) throws(InputError) {
    let x = point - point.rounded(.down)
    var texts: [String] = []
    for axis in 0..<3 {
      let fraction = Rational.nearest(to: x[axis], maximumDenominator: axis == 2 ? 12 : 3)
      if axis < 2 || (fraction.doubleValue - x[axis]).magnitude < 1e-9 {
        texts.append("\(fraction == .one ? .zero : fraction)")
      } else {
        crystal.definition.parameters.append(PrototypeDefinition.Parameter(parameter, x[axis]))
        texts.append(parameter)
      }
    }
    crystal.definition.sites.append(
      PrototypeDefinition.Site(
        label: label, multiplicity: multiplicity,
        position: try texts.map { (text) throws(InputError) in
          try CoordinateExpression(parsing: text)
        }, shares: [SiteShare(.vacancy, .one)]))
  }

  /// All sites of one period from the bottom up.
  private static func points(
    _ sequence: StackingSequence, height: Double, spacings: [Double]
  ) -> [Point] {
    var points: [Point] = []
    var level = 0.0
    for (index, slab) in sequence.slabs.enumerated() {
      points += [
        Point(kind: "M", letter: slab.metal, height: level),
        Point(kind: "X", letter: slab.lower, height: level - height),
        Point(kind: "X", letter: slab.upper, height: level + height),
      ]
      let next = sequence.slabs[(index + 1) % sequence.slabs.count]
      let middle = level + spacings[index] / 2
      if slab.upper == next.lower {
        for letter in 0..<3 where letter != slab.upper {
          let kind =
            switch (slab.metal == letter, next.metal == letter) {
            case (true, true): "face"
            case (true, false): "low"
            case (false, true): "up"
            case (false, false): "edge"
            }
          points.append(Point(kind: kind, letter: letter, height: middle))
        }
      } else {
        points.append(Point(kind: "oct", letter: 3 - slab.upper - next.lower, height: middle))
      }
      level += spacings[index]
    }
    return points
  }
}
