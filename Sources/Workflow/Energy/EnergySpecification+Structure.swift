internal import Analysis
internal import Crystal
internal import Engines
internal import StructureIO

extension EnergySpecification {
  /// The structure, checked for what no model can evaluate.
  ///
  /// - Parameter path: The file; nil for that of the specification.
  /// - Returns: What was read.
  /// - Throws: ``InputError`` for a file that cannot be read or has no atoms, partial occupancies, and
  ///   atoms on one place.
  func readStructure(_ path: String? = nil) throws -> StructureReading {
    let structure = path ?? self.structure
    let reading = try StructureFile.read(structure)
    guard reading.structure.species.contains(where: { !$0.isVacancy }) else {
      throw InputError("there are no atoms", at: structure)
    }
    if let column = reading.structure[column: Column.Name.occupancy],
      case .real(let values) = column.values,
      values.contains(where: { $0 != 1 })
    {
      throw InputError(
        "some sites are partially occupied", at: structure,
        hint: "choose an arrangement first: one species on each site")
    }
    try EnergySpecification.checkDistances(reading.structure, structure)
    return reading
  }

  /// SHA-256 of the file of potentials by its path, if there is one.
  ///
  /// - Throws: ``InputError`` if it cannot be read.
  func modelFiles() throws(InputError) -> [String: String] {
    guard PotentialLibrary.isFile(model), engine?.usesModel ?? true else { return [:] }
    return [model: sha256(try readText(model))]
  }

  /// Refuses atoms on the same place.
  private static func checkDistances(_ structure: Structure, _ file: String) throws(InputError) {
    guard
      let pair = LocalOrder.nearestPair(
        structure.lattice, positions: structure.positions, within: shortestDistance)
    else { return }
    let (first, second) = (min(pair.first, pair.second) + 1, max(pair.first, pair.second) + 1)
    throw InputError(
      "atoms \(first) and \(second) are \(fixed(pair.distance, 4)) Å apart", at: file,
      hint: "one of them may be listed twice")
  }

  /// Atoms nearer than this are one atom, Å.
  private static let shortestDistance = 0.1
}
