public import Crystal

/// A spinel: the checked unit cell with labels 8a, 16c, 16d, 32e, and its fillings in supercells.
public struct Spinel: Sendable {
  /// What was asked for.
  public let specification: SpinelSpecification

  /// The unit cell, its prototype and the table of its sites.
  public let crystal: PrototypeCrystal

  /// The species A, B, X and those of the host, as read.
  let chemistry: SpinelChemistry

  /// The conventional cell with all sites: A on 8a, B on 16d, X on 32e, the others empty; the host
  /// has Zn on 8a and Mn on 16d.
  public var unitCell: Structure { crystal.unitCell }

  /// One row per label.
  public var siteTable: [SiteTableRow] { crystal.siteTable }

  /// Builds and checks the unit cell.
  ///
  /// - Throws: ``InputError`` for parameters that no spinel has, unknown species or labels.
  public init(_ specification: SpinelSpecification) throws(InputError) {
    let geometry = try Spinel.geometry(specification)
    let chemistry = try SpinelChemistry(specification)
    let sites = try Spinel.sites(specification, chemistry, u: geometry.u)
    let lattice: Lattice
    do {
      lattice = try .cubic(geometry.a)
    } catch {
      throw InputError("\(error)", at: "a")
    }
    let prototype = Prototype(
      name: "spinel", spaceGroup: "Fd-3m", originChoice: specification.originChoice,
      lattice: lattice, sites: sites,
      source: "International Tables for Crystallography A, space group 227; edge and oxygen "
        + "parameter as specified")
    let crystal = try PrototypeCrystal(prototype)
    let deviations = geometry.deviations(of: crystal.siteTable)
    guard deviations.isEmpty else {
      throw InputError(
        "the cell is not a spinel: \(deviations.joined(separator: "; "))",
        hint: "check the oxygen parameter u and the origin choice")
    }
    self.specification = specification
    self.chemistry = chemistry
    self.crystal = crystal
  }

  /// The geometry in choice 2, from parameters in the chosen origin.
  private static func geometry(
    _ specification: SpinelSpecification
  ) throws(InputError) -> SpinelGeometry {
    let origin = specification.originChoice
    guard origin == 1 || origin == 2 else {
      throw InputError("origin choice \(origin), expected 1 or 2", at: "origin")
    }
    let a = specification.a
    let edges = SpinelGeometry.edgeRange
    guard edges.contains(a) else {
      let hint: String? =
        if edges.contains(10 * a) {
          "lengths are in Å; \(a) nm is \(fixed(10 * a, 3)) Å"
        } else if edges.contains(a / 100) {
          "lengths are in Å; \(a) pm is \(fixed(a / 100, 3)) Å"
        } else {
          nil
        }
      throw InputError("edge a = \(a) Å, expected 5 to 20 Å", at: "a", hint: hint)
    }
    let shift = origin == 1 ? 0.125 : 0
    guard let given = specification.u else { return SpinelGeometry(a: a, u: 0.2625) }
    let range = SpinelGeometry.parameterRange
    guard range.contains(given - shift) else {
      // The same oxygen has u + 1/8 in choice 1.
      let other = origin == 1 ? given : given - 0.125
      let hint: String? =
        range.contains(other)
        ? "\(given) is a value for origin choice \(3 - origin); with origin choice \(origin) the "
          + "same oxygen has u = \(fixed(other + shift, 6))"
        : nil
      throw InputError(
        "oxygen parameter u = \(given), expected \(fixed(range.lowerBound + shift, 3)) to "
          + "\(fixed(range.upperBound + shift, 3)) in origin choice \(origin)",
        at: "u", hint: hint)
    }
    return SpinelGeometry(a: a, u: given - shift)
  }

  /// The Wyckoff positions; coordinates are tabulated for choice 2, and choice 1 adds 1/8 to each.
  private static func sites(
    _ specification: SpinelSpecification, _ chemistry: SpinelChemistry, u: Double
  ) throws(InputError) -> [PrototypeSite] {
    let shift = specification.originChoice == 1 ? 0.125 : 0
    func site(
      _ label: String, _ multiplicity: Int, _ point: SIMD3<Double>, _ symmetry: String,
      _ occupant: Species, _ allowed: [Species], _ role: PrototypeSite.Role = .cation
    ) -> PrototypeSite {
      PrototypeSite(
        label: label, representative: Fractional(point + SIMD3(repeating: shift)),
        multiplicity: multiplicity, siteSymmetry: symmetry, occupant: occupant, allowed: allowed,
        role: role)
    }
    let allowed = chemistry.allowed
    var sites = [
      site("8a", 8, SIMD3(repeating: 0.125), "-43m", chemistry.normalA, allowed.tetrahedral),
      site("16c", 16, .zero, "-3m", .vacancy, allowed.empty),
      site("16d", 16, SIMD3(repeating: 0.5), "-3m", chemistry.normalB, allowed.octahedral),
      site("32e", 32, SIMD3(repeating: u), "3m", chemistry.anion, [chemistry.anion], .anion),
    ]
    for label in specification.extraSites {
      guard !sites.contains(where: { $0.label == label }) else {
        throw InputError("site \(label) is there already", at: "extra_sites")
      }
      switch label {
      case "8b":
        sites.append(site("8b", 8, SIMD3(repeating: 0.375), "-43m", .vacancy, allowed.empty))
      case "48f":
        sites.append(site("48f", 48, SIMD3(0.375, 0.125, 0.125), "2mm", .vacancy, allowed.empty))
      default:
        throw InputError(
          "there is no extra site \"\(label)\", expected 8b or 48f", at: "extra_sites")
      }
    }
    return sites
  }
}
