internal import Crystal
internal import StructureIO

/// Reads results from extended XYZ, every frame as one.
///
/// Energies and stresses are `energy` and `stress` of the comment line, forces and moments the columns
/// `forces` and `magmoms`, as ASE writes them.
enum ExtendedXYZResults {
  /// Reads all results of a file.
  ///
  /// - Throws: ``InputError`` with the place of the first mistake.
  static func read(_ path: String) throws(InputError) -> [CalculationResult] {
    let frames = try StructureFile.readFrames(path, format: .extxyz)
    let stem = path.split(separator: "/").last.map(String.init) ?? path
    let name = stem.split(separator: ".").first.map(String.init) ?? stem
    var results: [CalculationResult] = []
    for (n, frame) in frames.enumerated() {
      var structure = frame.structure
      func entry(_ keys: String...) -> String? {
        keys.lazy.compactMap { key in structure.info.first { $0.key == key }?.value }.first
      }
      let energy = entry("energy").flatMap { NumberReader.real($0) }
      var result = CalculationResult(
        file: path, state: energy == nil ? .failed("the frame has no energy") : .finished)
      result.id = entry("id", "name") ?? (frames.count == 1 ? name : "\(name)-\(n + 1)")
      result.energy = energy
      result.forces = vectors(structure, Column.Name.force)
      let stress = (entry("stress") ?? "").split(separator: " ").compactMap {
        NumberReader.real($0)
      }
      if stress.count == 9 {
        result.stress = (0..<3).map {
          SIMD3(stress[3 * $0], stress[3 * $0 + 1], stress[3 * $0 + 2])
        }
      }
      if let column = structure[column: "magmoms"], case .real(let moments) = column.values,
        column.width == 1
      {
        result.moments = moments
      }
      result.notes = frame.warnings
      for name in [Column.Name.force, "magmoms"] { structure.removeColumn(name) }
      result.structure = structure
      results.append(result)
    }
    return results
  }

  private static func vectors(_ structure: Structure, _ name: String) -> [SIMD3<Double>]? {
    guard let column = structure[column: name], column.width == 3, case .real(let v) = column.values
    else { return nil }
    return (0..<structure.count).map { SIMD3(v[3 * $0], v[3 * $0 + 1], v[3 * $0 + 2]) }
  }
}
