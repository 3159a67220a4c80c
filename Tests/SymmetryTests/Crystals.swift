import CellgenTestSupport
import Crystal
import Symmetry

/// Crystals whose symmetry is known, built from their space groups.
enum Crystals {
  static func build(
    _ group: String, _ lattice: Lattice, _ sites: [(String, Fractional)]
  ) throws -> Structure {
    let group = try SpaceGroup(group)
    var (species, positions): ([Species], [Fractional]) = ([], [])
    for (name, point) in sites {
      let orbit = group.orbit(of: point)
      species += Array(repeating: Species(name) ?? .vacancy, count: orbit.count)
      positions += orbit
    }
    return Structure(lattice: lattice, species: species, positions: positions)
  }

  /// Spinel with the octahedra 16c kept as vacancies: Zn on 8a, Mn on 16d, O on 32e.
  static func spinel() throws -> Structure {
    try build(
      "Fd-3m:2", .cubic(8.5),
      [
        ("Zn", Fractional(0.125, 0.125, 0.125)), ("Va", Fractional(0, 0, 0)),
        ("Mn", Fractional(0.5, 0.5, 0.5)), ("O", Fractional(0.2625, 0.2625, 0.2625)),
      ])
  }

  /// Rutile, P4_2/mnm: Ti on 2a, O on 4f.
  static func rutile() throws -> Structure {
    try build(
      "P4_2/mnm", Lattice(a: SIMD3(4.6, 0, 0), b: SIMD3(0, 4.6, 0), c: SIMD3(0, 0, 2.95)),
      [("Ti", Fractional(0, 0, 0)), ("O", Fractional(0.305, 0.305, 0))])
  }

  /// A layered oxide, R-3m in hexagonal axes: Li on 3a, Co on 3b, O on 6c.
  static func layered() throws -> Structure {
    try build(
      "R-3m:H",
      Lattice(lengths: SIMD3(2.82, 2.82, 14.05), anglesDegrees: SIMD3(90, 90, 120)),
      [
        ("Li", Fractional(0, 0, 0)), ("Co", Fractional(0, 0, 0.5)), ("O", Fractional(0, 0, 0.2605)),
      ])
  }

  /// A triclinic cell with an inversion centre; one position lies outside [0, 1).
  static func triclinic() throws -> Structure {
    Structure(
      lattice: skewedLattice,
      species: ["Mg", "Mg", "O", "O"].compactMap { Species($0) },
      positions: [
        Fractional(0.21, 0.13, 0.37), Fractional(-0.21, 0.87, -0.37),
        Fractional(0.6, 0.3, 0.1), Fractional(0.4, 0.7, 1.9),
      ])
  }

  /// The spinel in another cell: axes mixed and the origin moved, so that nothing is orthogonal.
  static func obliqueSpinel() throws -> Structure {
    let mixed = try SupercellMatrix(
      IntegerMatrix(rows: [SIMD3(1, 1, 0), SIMD3(0, 1, 2), SIMD3(0, 0, 1)]))
    let cell = try spinel().repeated(mixed)
    return Structure(
      lattice: cell.lattice, species: cell.species,
      positions: cell.positions.map { Fractional($0.components + SIMD3(0.11, -0.27, 1.4)) })
  }

  static let names = ["spinel", "rutile", "layered", "triclinic", "obliqueSpinel"]

  static func named(_ name: String) throws -> Structure {
    switch name {
    case "spinel": try spinel()
    case "rutile": try rutile()
    case "layered": try layered()
    case "triclinic": try triclinic()
    default: try obliqueSpinel()
    }
  }
}
