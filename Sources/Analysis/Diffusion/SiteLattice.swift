public import Crystal

/// The sites of a parent cell that ions can sit on, and where they are in the cell of a trajectory.
public struct SiteLattice: Sendable {
  /// One site of the parent cell.
  public struct Site: Hashable, Sendable {
    /// Its label, such as 8a.
    public let label: String
    /// Where it is, fractions of the parent cell.
    public let position: Fractional
  }

  /// The parent cell, strained as the cell of the trajectory is.
  public let lattice: Lattice

  /// The sites.
  public let sites: [Site]

  /// The cell of the trajectory as a supercell of the parent.
  public let supercell: SupercellMatrix

  /// Shift of the trajectory against the parent, fractions of the parent cell.
  public let shift: SIMD3<Double>

  /// Root mean square distance of the atoms of the framework from their sites in the first frame, Å.
  public let frameworkDeviation: Double?

  /// Strain of the cell that still counts as a supercell of the parent.
  private static let largestStrain = 0.1

  /// The sites of a parent in the cell of a trajectory.
  ///
  /// The shift is the mean distance of the atoms of the framework from the nearest sites of their
  /// element; it can be found up to about half the distance of two such sites.
  ///
  /// - Parameters:
  ///   - parent: A cell with every site and its label.
  ///   - start: The first frame of the trajectory.
  ///   - mobile: The element that moves; all others are framework.
  /// - Throws: ``InputError`` if the cells do not fit, or the parent has no labels.
  public init(_ parent: Structure, start: Structure, mobile: Element) throws(InputError) {
    guard let labels = parent.labels else {
      throw InputError(
        "the sites have no labels", at: "--parent",
        hint: "use a file with labels, such as host.extxyz of cellgen spinel")
    }
    let rows = start.lattice.vectors.map { parent.lattice.fractional(Cartesian($0)).components }
    let whole = rows.map { $0.rounded(.toNearestOrEven) }
    let deviation = zip(rows, whole).map { row, whole in
      length(parent.lattice.cartesian(Fractional(row - whole)).components)
        / length(parent.lattice.cartesian(Fractional(row)).components)
    }
    let matrix = IntegerMatrix(rows: whole.map { SIMD3(Int($0.x), Int($0.y), Int($0.z)) })
    guard deviation.allSatisfy({ $0 < SiteLattice.largestStrain }), matrix.determinant > 0,
      let supercell = try? SupercellMatrix(matrix)
    else {
      throw InputError(
        "the cell of the trajectory is no supercell of the parent in the same orientation",
        at: "--parent",
        hint: "a, b and c of the trajectory have to be whole multiples of those of the parent")
    }
    self.supercell = supercell
    lattice = try SiteLattice.divided(start.lattice, by: supercell)
    // Anions have their own sites.
    sites = parent.species.indices
      .filter { parent.species[$0].element.isUsualAnion == mobile.isUsualAnion }
      .map { Site(label: labels[$0], position: parent.positions[$0]) }
    guard !sites.isEmpty else {
      throw InputError("the parent has no sites for \(mobile)", at: "--parent")
    }
    (shift, frameworkDeviation) = SiteLattice.shift(
      parent, start, mobile: mobile, supercell, lattice)
  }

  /// The fractions of the parent cell of a point of the trajectory's cell; any image, the shift taken
  /// off.
  public func parentFractions(_ position: Fractional) -> SIMD3<Double> {
    supercell.multiples(position.components) - shift
  }

  /// The cell whose supercell a lattice is.
  private static func divided(
    _ lattice: Lattice, by supercell: SupercellMatrix
  ) throws(InputError) -> Lattice {
    let inverse = RealMatrix(
      rows: (0..<3).map { row in
        SIMD3(
          Double(supercell.matrix[row, 0]), Double(supercell.matrix[row, 1]),
          Double(supercell.matrix[row, 2]))
      }
    ).inverse
    let rows = (0..<3).map { row in
      inverse.rows[row].x * lattice.a + inverse.rows[row].y * lattice.b
        + inverse.rows[row].z * lattice.c
    }
    do {
      return try Lattice(a: rows[0], b: rows[1], c: rows[2])
    } catch {
      throw InputError(error.description, at: "--parent")
    }
  }

  private static func shift(
    _ parent: Structure, _ start: Structure, mobile: Element, _ supercell: SupercellMatrix,
    _ lattice: Lattice
  ) -> (shift: SIMD3<Double>, deviation: Double?) {
    var homes: [Element: [SIMD3<Double>]] = [:]
    for (species, position) in zip(parent.species, parent.positions) {
      homes[species.element, default: []].append(position.components)
    }
    let framework = start.species.indices.filter {
      start.species[$0].element != mobile && homes[start.species[$0].element] != nil
    }
    guard !framework.isEmpty else { return (.zero, nil) }
    var shift = SIMD3<Double>()
    var square = 0.0
    // Nearest sites may change as the shift improves.
    for _ in 0..<4 {
      var sum = SIMD3<Double>()
      square = 0
      for atom in framework {
        let f = supercell.multiples(start.positions[atom].components) - shift
        var nearest = SIMD3<Double>()
        var best = Double.infinity
        for home in homes[start.species[atom].element] ?? [] {
          let difference = f - home
          let d = difference - difference.rounded(.toNearestOrEven)
          let r = lattice.cartesian(Fractional(d)).components
          if dot(r, r) < best { (best, nearest) = (dot(r, r), d) }
        }
        sum += nearest
        square += best
      }
      shift += sum / Double(framework.count)
    }
    return (shift, (square / Double(framework.count)).squareRoot())
  }
}

extension SupercellMatrix {
  /// Fractions of the supercell as multiples of the vectors of the cell: x S.
  func multiples(_ x: SIMD3<Double>) -> SIMD3<Double> {
    func column(_ j: Int) -> Double {
      x.x * Double(matrix[0, j]) + x.y * Double(matrix[1, j]) + x.z * Double(matrix[2, j])
    }
    return SIMD3(column(0), column(1), column(2))
  }
}
