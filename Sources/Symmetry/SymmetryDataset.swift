public import Crystal

/// The symmetry that is found in a structure: space group, operations and Wyckoff positions.
///
/// Every site takes part, also an empty one (species `Va`): drop them first with
/// `withoutVacancies()` to ask for the symmetry of the atoms alone.
public struct SymmetryDataset: Sendable {
  /// Number of the space group, from 1 to 230.
  public let number: Int

  /// Short international symbol, `Fd-3m`.
  public let symbol: String

  /// Number of the setting in Hall's list, from 1 to 530.
  public let hallNumber: Int

  /// The choice of origin, axes or cell of that setting: `2`, `H`, `b1`; empty where there is none.
  public let choice: String

  /// International symbol of the point group, `m-3m`.
  public let pointGroup: String

  /// The matrix P (rows) that takes the coordinates of the structure to the standard cell:
  /// x_standard = P x + p.
  public let transformation: [SIMD3<Double>]

  /// The shift p that goes with ``transformation``, multiples of the standard a, b, c.
  public let originShift: SIMD3<Double>

  /// The operations in the cell of the structure, centring translations included.
  ///
  /// Operations that do not map the lattice of the cell onto itself are left out, so a cell that is
  /// a supercell of lower shape may have fewer of them than its space group.
  public let operations: [SymmetryOperation]

  /// Wyckoff letter of each site, in the standard setting of the space group.
  public let wyckoffLetters: [String]

  /// Site-symmetry symbol of each site, with dots: `-43m`, `.-3m`.
  public let siteSymmetries: [String]

  /// The first site that ``operations`` map each site onto, n entries.
  ///
  /// For sites a, b, b', c with b and b' equivalent: [0, 1, 1, 3].
  public let equivalentSites: [Int]

  /// The distance within which positions count as equal, Å.
  public let symprec: Double

  /// Å; looser than rounding in files with five digits, tighter than any real distortion.
  public static let defaultSymprec = 1e-3

  /// Finds the symmetry of a structure in which sites of the same species are alike.
  ///
  /// - Parameters:
  ///   - structure: At least one site; no two sites within `symprec`.
  ///   - symprec: The distance within which positions count as equal, Å.
  /// - Throws: ``InputError`` if sites are too close or no symmetry fits within `symprec`.
  public init(
    _ structure: Structure, symprec: Double = SymmetryDataset.defaultSymprec
  ) throws(InputError) {
    var numbers: [Species: Int] = [:]
    let types = structure.species.map { species in
      let number = numbers[species] ?? numbers.count
      numbers[species] = number
      return number
    }
    try self.init(structure, types: types, symprec: symprec)
  }

  /// Finds the symmetry of a structure in which sites with the same number are alike.
  ///
  /// - Parameters:
  ///   - structure: At least one site; no two sites within `symprec`.
  ///   - types: One number per site; the species are not looked at.
  ///   - symprec: The distance within which positions count as equal, Å.
  /// - Throws: ``InputError`` if sites are too close or no symmetry fits within `symprec`.
  public init(
    _ structure: Structure, types: [Int], symprec: Double = SymmetryDataset.defaultSymprec
  ) throws(InputError) {
    precondition(types.count == structure.count, "one type per site")
    guard structure.count > 0 else { throw InputError("a structure without sites has no symmetry") }
    guard symprec.isFinite, symprec > 0, symprec <= 1 else {
      throw InputError("symprec \(symprec) Å, expected more than 0 and at most 1 Å")
    }
    for (site, position) in structure.positions.enumerated() {
      let isUsable = (0..<3).allSatisfy { position.components[$0].magnitude < 1e6 }
      guard isUsable else {
        throw InputError("site \(site + 1) has a fractional coordinate that is not a usable number")
      }
    }
    var numbers: [Int: Int32] = [:]
    let compact = types.map { type in
      let number = numbers[type] ?? Int32(numbers.count)
      numbers[type] = number
      return number
    }
    let found: Spglib.Dataset
    do {
      found = try Spglib.dataset(
        lattice: structure.lattice, positions: structure.positions.map(\.wrapped), types: compact,
        symprec: symprec)
    } catch .atomsTooClose {
      throw SymmetryDataset.tooClose(structure, symprec)
    } catch {
      throw InputError(
        "no space group fits the structure within symprec \(symprec) Å",
        hint: "try a symprec ten times smaller or larger")
    }
    self.number = found.number
    self.symbol = found.symbol
    self.hallNumber = found.hallNumber
    self.choice = found.choice
    self.pointGroup = found.pointGroup
    self.transformation = found.transformation
    self.originShift = found.originShift
    self.operations = found.operations
    self.wyckoffLetters = found.wyckoffLetters
    self.siteSymmetries = found.siteSymmetries
    self.equivalentSites = found.equivalentSites
    self.symprec = symprec
  }

  /// The sites grouped into orbits of ``operations``, each in the order of the sites.
  public var orbits: [[Int]] {
    var orbitOfSite: [Int: Int] = [:]
    var orbits: [[Int]] = []
    for (site, first) in equivalentSites.enumerated() {
      if let orbit = orbitOfSite[first] {
        orbits[orbit].append(site)
      } else {
        orbitOfSite[first] = orbits.count
        orbits.append([site])
      }
    }
    return orbits
  }

  /// Names the two sites that lie nearest to each other.
  private static func tooClose(_ structure: Structure, _ symprec: Double) -> InputError {
    let hint = "remove one of the two sites, or reduce symprec"
    let index = SiteIndex(lattice: structure.lattice, positions: structure.positions)
    for (site, position) in structure.positions.enumerated() {
      let near = index.sites(near: position, within: 2 * symprec).filter { $0.site != site }
      if let other = near.min(by: { $0.distance < $1.distance }) {
        return InputError(
          "sites \(site + 1) (\(structure.species[site])) and \(other.site + 1) "
            + "(\(structure.species[other.site])) are \(fixed(other.distance, 6)) Å apart, expected "
            + "more than symprec \(symprec) Å",
          hint: hint)
      }
    }
    return InputError("two sites are closer than symprec \(symprec) Å", hint: hint)
  }
}
