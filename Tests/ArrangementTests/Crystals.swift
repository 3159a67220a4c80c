import Arrangement
import Building
import Crystal
import Symmetry
import Testing

/// One Wyckoff position: a label, a point, and what may sit there.
struct Position {
  var label: String
  var point: Fractional
  var allowed: String

  init(_ label: String, _ x: Double, _ y: Double, _ z: Double, _ allowed: String) {
    self.label = label
    point = Fractional(x, y, z)
    self.allowed = allowed
  }
}

/// A parent crystal with what may sit on its sites.
struct Parent {
  var cell: Structure
  var allowed: [[Element]]

  init(
    _ group: String, _ lengths: SIMD3<Double>, gamma: Double = 90, _ positions: [Position]
  ) throws {
    let group = try SpaceGroup(group)
    var points: [Fractional] = []
    var labels: [String] = []
    allowed = []
    for position in positions {
      let orbit = group.orbit(of: position.point)
      points += orbit
      labels += Array(repeating: position.label, count: orbit.count)
      allowed += Array(repeating: elements(position.allowed), count: orbit.count)
    }
    cell = Structure(
      lattice: try Lattice(lengths: lengths, anglesDegrees: SIMD3(90, 90, gamma)),
      species: allowed.map { Species($0[0]) }, positions: points)
    cell.labels = labels
  }

  init(cell: Structure, allowed: [[Element]]) {
    self.cell = cell
    self.allowed = allowed
  }

  /// The same crystal in another cell.
  ///
  /// - Parameter rows: Its lattice vectors in units of those of this cell; the volume may be smaller.
  func inCell(_ rows: [SIMD3<Double>]) throws -> Parent {
    func vector(_ row: SIMD3<Double>) -> SIMD3<Double> {
      cell.lattice.cartesian(Fractional(row)).components
    }
    let lattice = try Lattice(a: vector(rows[0]), b: vector(rows[1]), c: vector(rows[2]))
    var kept: [Int] = []
    var positions: [Fractional] = []
    for site in 0..<cell.count {
      let point = lattice.fractional(cell.lattice.cartesian(cell.positions[site])).wrapped
      if positions.allSatisfy({ lattice.distance($0, point) > 0.1 }) {
        kept.append(site)
        positions.append(point)
      }
    }
    var copy = Structure(
      lattice: lattice, species: kept.map { cell.species[$0] }, positions: positions)
    copy.labels = cell.labels.map { labels in kept.map { labels[$0] } }
    return Parent(cell: copy, allowed: kept.map { allowed[$0] })
  }

  /// The primitive cell of a face-centred crystal.
  func facePrimitive() throws -> Parent {
    try inCell([SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0)])
  }

  /// The sites with a label, of which all others are fixed by their first species.
  func arranging(_ label: String, _ species: String) -> Parent {
    var copy = self
    for (site, name) in (cell.labels ?? []).enumerated() {
      copy.allowed[site] = name == label ? elements(species) : [allowed[site][0]]
    }
    return copy
  }

  func specification(_ supercell: SupercellMatrix = .identity) -> ProblemSpecification {
    ProblemSpecification(
      parent: cell, allowed: allowed, supercell: supercell, chargePolicy: .ignored)
  }
}

/// Crystals of the reference counts, with the sublattice that is coloured under the label `M` (spinel:
/// `8a` and `16d`).
///
/// Only the symmetry matters; coordinates are rounded ones of the minerals.
func parent(named name: String) throws -> Parent {
  switch name {
  case "rutile":
    try Parent(
      "P4_2/mnm", SIMD3(4.59, 4.59, 2.96),
      [.init("M", 0, 0, 0, "Ti"), .init("O", 0.305, 0.305, 0, "O")])
  case "spinel":
    try Parent(
      "Fd-3m:2", SIMD3(repeating: 8.5),
      [
        .init("8a", 0.125, 0.125, 0.125, "Mg"), .init("16d", 0.5, 0.5, 0.5, "Mn"),
        .init("32e", 0.2625, 0.2625, 0.2625, "O"),
      ])
  case "primitive spinel": try parent(named: "spinel").facePrimitive()
  case "rocksalt":
    try Parent(
      "Fm-3m", SIMD3(repeating: 4.2), [.init("M", 0, 0, 0, "Mg"), .init("O", 0.5, 0.5, 0.5, "O")])
  case "O3":
    try Parent(
      "R-3m", SIMD3(2.82, 2.82, 14.05), gamma: 120,
      [.init("M", 0, 0, 0.5, "Li"), .init("Co", 0, 0, 0, "Co"), .init("O", 0, 0, 0.24, "O")])
  case "V2O5":
    try Parent(
      "Pmmn:2", SIMD3(11.5, 3.56, 4.37),
      [
        .init("M", 0.25, 0.75, 0.5, "Mg"), .init("V", 0.101, 0.25, 0.892, "V"),
        .init("O1", 0.104, 0.25, 0.531, "O"), .init("O2", 0.931, 0.25, 0.003, "O"),
        .init("O3", 0.25, 0.25, 0.001, "O"),
      ])
  case "perovskite":
    try Parent(
      "Pm-3m", SIMD3(repeating: 4),
      [
        .init("A", 0, 0, 0, "Ba"), .init("M", 0.5, 0.5, 0.5, "Ti"), .init("O", 0.5, 0.5, 0, "O"),
      ])
  case "tetragonal perovskite":
    try Parent(
      "P4mm", SIMD3(3.9, 3.9, 4.15),
      [
        .init("A", 0, 0, 0, "Pb"), .init("M", 0.5, 0.5, 0.54, "Ti"),
        .init("O1", 0.5, 0.5, 0.11, "O"), .init("O2", 0.5, 0, 0.62, "O"),
      ])
  case "quartz":
    try Parent(
      "P3_221", SIMD3(4.91, 4.91, 5.4), gamma: 120,
      [.init("M", 0.47, 0, 2.0 / 3, "Si"), .init("O", 0.414, 0.267, 0.786, "O")])
  case "maghemite":
    try Parent(
      "P4_332", SIMD3(repeating: 8.35),
      [
        .init("M", 0.625, 0.625, 0.625, "Fe"), .init("Fe1", 0.992, 0.992, 0.992, "Fe"),
        .init("Fe2", 0.125, 0.865, 0.115, "Fe"), .init("O1", 0.864, 0.864, 0.864, "O"),
        .init("O2", 0.375, 0.377, 0.868, "O"),
      ])
  case "gehlenite":
    try Parent(
      "P-42_1m", SIMD3(7.69, 7.69, 5.07),
      [
        .init("Ca", 0.338, 0.838, 0.511, "Ca"), .init("T1", 0, 0, 0, "Al"),
        .init("M", 0.143, 0.643, 0.954, "Si"), .init("O1", 0, 0.5, 0.177, "O"),
        .init("O2", 0.143, 0.643, 0.284, "O"), .init("O3", 0.088, 0.168, 0.808, "O"),
      ])
  case "calcite":
    try Parent(
      "R-3c", SIMD3(4.99, 4.99, 17.06), gamma: 120,
      [.init("M", 0, 0, 0, "Ca"), .init("C", 0, 0, 0.25, "C"), .init("O", 0.257, 0, 0.25, "O")])
  case "fcc":
    try Parent("Fm-3m", SIMD3(repeating: 4), [.init("M", 0, 0, 0, "Cu")]).facePrimitive()
  case "bcc":
    try Parent("Im-3m", SIMD3(repeating: 3), [.init("M", 0, 0, 0, "Fe")])
      .inCell([SIMD3(-0.5, 0.5, 0.5), SIMD3(0.5, -0.5, 0.5), SIMD3(0.5, 0.5, -0.5)])
  case "simple_tetragonal_c1.5":
    try Parent("P4/mmm", SIMD3(3, 3, 4.5), [.init("M", 0, 0, 0, "Sn")])
  default: throw InputError("no crystal \(name)")
  }
}
