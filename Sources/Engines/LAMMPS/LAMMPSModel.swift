public import Crystal
public import Energetics
internal import StructureIO

/// Ions with charges and pair potentials, which LAMMPS evaluates.
///
/// The same model as ``ForceField``: the Coulomb constant of LAMMPS is corrected to that of cellgen.
public struct LAMMPSModel: Hashable, Sendable {
  /// The atoms as the potentials name them; configurations must have the same number.
  public var species: [Species]

  /// Charge of each atom, e; they add up to zero.
  public var charges: [Double]

  /// The short-range interactions; nil for electrostatics alone.
  public var potentials: PotentialSet?

  /// Cutoff of all pair terms, Å.
  public var cutoff: Double

  /// Root mean square error of a force in units of 14.4 eV/Å.
  public var accuracy: Double

  /// Width of the shell beyond the cutoff that is in neighbour lists, Å.
  public var skin = 1.0

  /// A model.
  ///
  /// - Throws: ``InputError`` for charges that do not add up to zero, and for atoms that do not interact
  ///   at all.
  public init(
    species: [Species], charges: [Double], potentials: PotentialSet?, cutoff: Double,
    accuracy: Double
  ) throws(InputError) {
    precondition(species.count == charges.count, "one charge per atom")
    let total = charges.reduce(0, +)
    guard total.magnitude < 1e-6 * Double(max(1, charges.count)) else {
      throw InputError(
        "the charges add up to \(fixed(total, 4)) e, and LAMMPS has no stress of a charged cell",
        at: "engine", hint: "a built-in model compensates the charge; leave --engine out")
    }
    guard potentials != nil || charges.contains(where: { $0 != 0 }) else {
      throw InputError("the atoms have neither charges nor potentials", at: "model")
    }
    self.species = species
    self.charges = charges
    self.potentials = potentials
    self.cutoff = cutoff
    self.accuracy = accuracy
  }

  /// Whether there is a long-range part.
  var isCharged: Bool { charges.contains { $0 != 0 } }

  /// The species of each atom type in the order of ``LAMMPSData``.
  var types: [Species] { Set(species).sorted() }

  /// Below this, tables of erfc in LAMMPS and its mesh are not good enough.
  private static let tightAccuracy = 1e-6

  private var isTight: Bool { accuracy < LAMMPSModel.tightAccuracy }

  /// 14.399645 eV·Å, the Coulomb constant of LAMMPS in units metal.
  private static let coulomb = 14.399645

  /// The lines of an input that make the atoms and their interactions.
  ///
  /// - Parameters:
  ///   - start: The command that makes the atoms.
  ///   - tables: The file with tables.
  ///   - pairs: The short-range interactions.
  /// - Returns: Commands, one a line.
  func lines(start: [String], tables: String, pairs: LAMMPSPairs) -> [String] {
    var lines = ["units metal", "atom_style charge", "boundary p p p", "box tilt large"] + start
    lines += pairs.lines(isCharged: isCharged, tables: tables)
    if isCharged {
      lines.append("kspace_style \(isTight ? "ewald" : "pppm") \(accuracy)")
      lines.append("dielectric \(LAMMPSModel.coulomb / Constants.coulomb)")
      // Without tables LAMMPS takes an erfc that is wrong by 1e-7.
      if isTight { lines.append("pair_modify table 18 tabinner 0.5") }
    }
    return lines + ["neighbor \(skin) bin", "neigh_modify every 1 delay 0 check yes"]
  }

  /// The data file of a configuration.
  ///
  /// - Parameters:
  ///   - configuration: As many atoms as the model has.
  ///   - velocities: Å/fs; nil for none.
  /// - Returns: The text of the file.
  /// - Throws: ``InputError`` for another number of atoms, and for flat cells.
  func data(
    _ configuration: Configuration, velocities: [SIMD3<Double>]? = nil
  ) throws(InputError) -> String {
    guard configuration.positions.count == species.count else {
      throw InputError(
        "\(configuration.positions.count) atoms, the model is for \(species.count)", at: "engine")
    }
    let lattice = configuration.lattice
    var columns = [Column(Column.Name.charge, .real(charges))]
    if let velocities {
      columns.append(
        Column(
          Column.Name.velocity, width: 3, .real(velocities.flatMap { [$0.x, $0.y, $0.z] })))
    }
    return try LAMMPSData.write(
      Structure(
        lattice: lattice, species: species,
        positions: configuration.positions.map { lattice.fractional(Cartesian($0)) },
        columns: columns))
  }
}

extension LAMMPSModel {
  /// The commands that make the atoms and their interactions, and the file with tables if there are any.
  ///
  /// - Parameters:
  ///   - data: Name of the data file.
  ///   - tables: Name of the file with tables.
  /// - Returns: Commands, one a line; the text of the tables.
  package func input(data: String, tables: String) -> (lines: [String], tables: String?) {
    let pairs = LAMMPSPairs(self)
    return (lines(start: ["read_data \(data)"], tables: tables, pairs: pairs), pairs.tables)
  }
}
