import Crystal
import Foundation
import StructureIO

/// Speed of reading large structure files.
enum ReadingBench {
  static let formats: [StructureFormat] = [.extxyz, .poscar, .cif]

  /// Rocksalt, 23 × 23 × 23 cells, every atom moved, so that all coordinates have all their digits.
  static func structure() throws -> Structure {
    guard let magnesium = Element(symbol: "Mg") else { throw InputError("no Mg") }
    let points: [(Double, Double, Double)] = [
      (0, 0, 0), (0, 0.5, 0.5), (0.5, 0, 0.5), (0.5, 0.5, 0), (0.5, 0.5, 0.5), (0.5, 0, 0),
      (0, 0.5, 0), (0, 0, 0.5),
    ]
    let cell = Structure(
      lattice: try Lattice(
        a: SIMD3(4.2112, 0, 0), b: SIMD3(0, 4.2112, 0), c: SIMD3(0, 0, 4.2112)),
      species: points.indices.map { Species($0 < 4 ? magnesium : .oxygen) },
      positions: points.map { Fractional(SIMD3($0.0, $0.1, $0.2)) })
    let large = try cell.repeated(SupercellMatrix(parsing: "23x23x23"))
    var stream = RandomStream(seed: 6, purpose: "bench")
    return Structure(
      lattice: large.lattice, species: large.species,
      positions: large.positions.map { position in
        let step = SIMD3(stream.uniform(), stream.uniform(), stream.uniform())
        return Fractional(position.components + 0.001 * step)
      })
  }

  /// Writes the files and reads them.
  ///
  /// - Returns: Number of atoms, then path and time in s of each format.
  static func run(
    in folder: URL
  ) throws -> (atoms: Int, files: [(format: String, path: String, time: Double)]) {
    let structure = try structure()
    let files = try formats.map { format in
      let path = folder.appending(path: "reading.\(format)").path
      try Data(StructureFile.text(of: structure, format: format).utf8).write(
        to: URL(filePath: path))
      var atoms = 0
      let time = try CellgenBench.seconds(5) {
        atoms = try StructureFile.read(path, format: format).structure.count
      }
      guard atoms == structure.count else { throw InputError("\(path) lost atoms") }
      return ("\(format)", path, time)
    }
    return (structure.count, files)
  }

  static func rows() throws -> [CellgenBench.Row] {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "cellgen-reading-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let result = try run(in: folder)
    return result.files.map {
      CellgenBench.Row(
        what: "read \($0.format), \(result.atoms) atoms", figure: "\(fixed($0.time, 3)) s",
        twin: "ASE and pymatgen: make bench-peers", required: "")
    }
  }

  /// Leaves the files in a folder and prints one line each, for Scripts/bench-peers.py.
  static func printFiles(in folder: String) throws {
    let result = try run(in: URL(filePath: folder))
    for file in result.files { print(file.format, result.atoms, file.time, file.path) }
  }
}
