import Building
import Crystal

/// Crystals whose surfaces are known, in their conventional cells.
enum SurfaceCrystals {
  static func prototype(
    _ name: String, _ group: String, origin: Int? = nil, _ lattice: Lattice,
    _ sites: [(label: String, Fractional, Int, String, Species)]
  ) throws -> Structure {
    let list = sites.map { site in
      PrototypeSite(
        label: site.label, representative: site.1, multiplicity: site.2, siteSymmetry: site.3,
        occupant: site.4, allowed: [site.4],
        role: site.4.element.isUsualAnion ? .anion : .cation)
    }
    return try PrototypeCrystal(
      Prototype(
        name: name, spaceGroup: group, originChoice: origin, lattice: lattice, sites: list,
        source: "test")
    ).unitCell
  }

  static func species(_ text: String) throws -> Species {
    guard let species = Species(text) else { throw InputError("no species \(text)") }
    return species
  }

  /// Atoms at fractional positions.
  static func crystal(
    _ lattice: Lattice, _ atoms: [(String, Fractional)]
  ) throws -> Structure {
    var structure = Structure(
      lattice: lattice, species: try atoms.map { try species($0.0) }, positions: atoms.map(\.1))
    structure.labels = atoms.map { "\($0.0)" }
    return structure
  }

  /// MgO, a = 4.2112 Å (COD 9008671), eight atoms.
  static func magnesia() throws -> Structure {
    let face = [
      Fractional(0, 0, 0), Fractional(0, 0.5, 0.5), Fractional(0.5, 0, 0.5),
      Fractional(0.5, 0.5, 0),
    ]
    return try crystal(
      .cubic(4.2112),
      face.map { ("Mg", $0) }
        + face.map { ("O", Fractional($0.components + SIMD3(0.5, 0.5, 0.5)).wrapped) })
  }

  /// Rutile, TiO2, a = 4.59373, c = 2.95812 Å, u = 0.3053 (COD 9009083).
  static func rutile() throws -> Structure {
    let u = 0.3053
    let lattice = try Lattice(
      lengths: SIMD3(4.59373, 4.59373, 2.95812), anglesDegrees: SIMD3(90, 90, 90))
    return try crystal(
      lattice,
      [
        ("Ti", Fractional(0, 0, 0)), ("Ti", Fractional(0.5, 0.5, 0.5)),
        ("O", Fractional(u, u, 0)), ("O", Fractional(1 - u, 1 - u, 0)),
        ("O", Fractional(0.5 + u, 0.5 - u, 0.5)), ("O", Fractional(0.5 - u, 0.5 + u, 0.5)),
      ])
  }

  /// MgAl2O4, a = 8.0836 Å, u = 0.26171 with the origin at −3m (COD 9002044), normal.
  static func spinel() throws -> Structure {
    var specification = SpinelSpecification()
    specification.speciesA = "Mg"
    specification.speciesB = "Al"
    specification.a = 8.0836
    specification.u = 0.26171
    return try Spinel(specification).crystal.unitCell.withoutVacancies()
  }

  /// MgCl2, R-3m, hexagonal axes a = 3.6363, c = 17.6663 Å, z = 0.2578.
  static func magnesiumChloride() throws -> Structure {
    let lattice = try Lattice(
      lengths: SIMD3(3.6363, 3.6363, 17.6663), anglesDegrees: SIMD3(90, 90, 120))
    let (third, two) = (1.0 / 3, 2.0 / 3)
    let centring: [SIMD3<Double>] = [.zero, SIMD3(two, third, third), SIMD3(third, two, two)]
    var atoms: [(String, Fractional)] = []
    for shift in centring {
      atoms.append(("Mg", Fractional(shift).wrapped))
      for z in [0.2578, -0.2578] {
        atoms.append(("Cl", Fractional(shift + SIMD3(0, 0, z)).wrapped))
      }
    }
    return try crystal(lattice, atoms)
  }

  /// GaF3, R-3c, hexagonal axes a = 5.0, c = 12.97 Å, F at (x, 0, 1/4) with x = 0.6.
  static func galliumFluoride() throws -> Structure {
    let lattice = try Lattice(
      lengths: SIMD3(5.0, 5.0, 12.97), anglesDegrees: SIMD3(90, 90, 120))
    return try prototype(
      "GaF3", "R-3c", lattice,
      [
        ("6b", Fractional(0, 0, 0), 6, "-3", try species("Ga")),
        ("18e", Fractional(0.6, 0, 0.25), 18, "2", try species("F")),
      ])
  }

  /// Wurtzite ZnO, P6_3mc, a = 3.2495, c = 5.2069 Å, u = 0.382.
  static func wurtzite() throws -> Structure {
    let lattice = try Lattice(
      lengths: SIMD3(3.2495, 3.2495, 5.2069), anglesDegrees: SIMD3(90, 90, 120))
    let (third, two) = (1.0 / 3, 2.0 / 3)
    return try crystal(
      lattice,
      [
        ("Zn", Fractional(third, two, 0)), ("Zn", Fractional(two, third, 0.5)),
        ("O", Fractional(third, two, 0.382)), ("O", Fractional(two, third, 0.882)),
      ])
  }
}
