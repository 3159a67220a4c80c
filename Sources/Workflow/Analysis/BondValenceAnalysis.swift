internal import Analysis
internal import Crystal
internal import StructureIO

/// Bond-valence sums of a structure, and the map of an ion.
public struct BondValenceAnalysis {
  /// Settings.
  public let specification: BondValenceSpecification

  /// What is doubtful, one sentence each.
  public let warnings: [String]

  let input: AnalysedStructure
  let started = timestamp()

  /// Oxidation state of every atom.
  let charges: [Double]

  /// The sums.
  let sums: BondValenceSums

  /// The map; nil without one.
  let map: BondValenceMapResult?

  /// Reads and analyses a structure.
  ///
  /// - Throws: ``InputError`` or ``InputErrors`` with what is wrong.
  public init(_ specification: BondValenceSpecification) throws {
    try specification.validate()
    let input = try AnalysedStructure(specification.structure)
    var charged = EnergySpecification(structure: specification.structure)
    charged.charges = specification.charges
    let assignment = try ChargeAssignment(
      input.structure, given: charged.chargesByElement(), file: input.path)
    let table = try specification.table()
    self.specification = specification
    self.input = input
    let charges = assignment.charges
    self.charges = charges
    do {
      sums = try BondValenceSums(
        input.structure, charges: charges, table: table, cutoff: specification.cutoff)
      map = try specification.map.map { map in
        try BondValenceMapResult(
          input.structure, charges: charges, table: table, cutoff: specification.cutoff, map)
      }
    } catch let error as InputError {
      throw error.location == nil ? error.inside(input.path) : error
    }
    // A background that compensates a charge is of no concern here; the charge itself is.
    let total = charges.reduce(0, +)
    let isCharged = total.magnitude > 1e-6 * Double(charges.count)
    self.warnings =
      input.warnings
      + (isCharged
        ? ["the oxidation states add up to \(fixed(total, 3)), expected a neutral cell"] : [])
  }

  /// The largest instability that is common in stable crystals, valence units.
  static let commonInstability = 0.2
}
