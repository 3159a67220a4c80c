import Analysis
import Crystal
import Foundation
import StructureIO
import Workflow

/// Time of analyses of trajectories, beside plain loops over the same atoms.
enum PairBench {
  static func rows() throws -> [CellgenBench.Row] { [try pairRow(), try fileRow()] }

  private static let threads = ProcessInfo.processInfo.activeProcessorCount

  /// Rocksalt with an edge of 4.2 Å, every atom moved a little.
  private static func crystal(_ supercell: String, seed: UInt64) throws -> Structure {
    guard let magnesium = Element(symbol: "Mg") else { throw InputError("no Mg") }
    let corners: [SIMD3<Double>] = [
      .zero, SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0),
    ]
    let cell = Structure(
      lattice: try .cubic(4.2),
      species: [Species](repeating: Species(magnesium), count: 4)
        + [Species](repeating: Species(.oxygen), count: 4),
      positions: (corners + corners.map { $0 + SIMD3(0.5, 0, 0) }).map { Fractional($0) })
    var structure = try cell.repeated(SupercellMatrix(parsing: supercell))
    var stream = RandomStream(seed: seed, purpose: "bench")
    for site in 0..<structure.count {
      let step = SIMD3(stream.uniform(), stream.uniform(), stream.uniform()) * 0.004
      structure.setPosition(Fractional(structure.positions[site].components + step), at: site)
    }
    return structure
  }

  /// Pairs of one configuration up to 10 Å.
  private static func pairRow() throws -> CellgenBench.Row {
    let structure = try crystal("15x10x10", seed: 1)
    let atoms = structure.species.map(\.element)
    var distribution = PairDistribution(elements: atoms, radius: 10, binWidth: 0.05)
    let fast = CellgenBench.seconds {
      distribution.add(
        structure.lattice, positions: structure.positions, atoms: atoms, threads: threads)
    }
    // The plain loop takes the nearest image of every pair, which cells of more than 20 Å allow.
    let part = 1200
    let lengths = structure.lattice.lengths
    let places = structure.positions.map(\.components)
    var histogram = [Int](repeating: 0, count: 200)
    let slow = CellgenBench.seconds(1) {
      for i in 0..<part {
        for j in places.indices where j != i {
          var step = places[j] - places[i]
          step -= step.rounded(.toNearestOrEven)
          let vector = step * lengths
          let r = (vector * vector).sum().squareRoot()
          if r < 10 { histogram[Int(r / 0.05)] += 1 }
        }
      }
    }
    let all = slow * Double(structure.count) / Double(part) / 2
    return CellgenBench.Row(
      what: "pairs to 10 Å, \(structure.count) atoms", figure: "\(fixed(1000 * fast, 1)) ms",
      twin: "all pairs: \(fixed(1000 * all, 0)) ms" + (histogram[0] < 0 ? "!" : ""), required: "")
  }

  /// A trajectory from a file to the files of the results.
  private static func fileRow() throws -> CellgenBench.Row {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "cellgen-bench-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let frames = 100
    let path = folder.appending(path: "t.extxyz").path()
    try Data().write(to: URL(filePath: path))
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    for frame in 0..<frames {
      let text = try ExtendedXYZ.write(crystal("15x10x10", seed: UInt64(frame)))
      try file.write(contentsOf: Data(text.utf8))
    }
    try file.close()
    let time = try CellgenBench.seconds(1) {
      let result = try RDFRun(RDFSpecification(files: [path]), [Trajectory(path)])(
        threads: threads)
      try result.write(to: OutputFolder(folder.appending(path: "rdf").path()))
    }
    return CellgenBench.Row(
      what: "rdf, 12000 atoms × \(frames) frames", figure: "\(fixed(time, 2)) s",
      twin: "reading, all pairs to 10 Å, S(q), figures", required: "< 5 s")
  }
}
