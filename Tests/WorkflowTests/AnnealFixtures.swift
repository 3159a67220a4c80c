import Arrangement
import Crystal
import Foundation
import Search
import Testing

@testable import Workflow

/// Problems that are small enough to count all arrangements, and folders to work in.
enum AnnealFixtures {
  /// Eight cation sites of two kinds in a distorted rocksalt cell: Mg, Li and vacancies share them,
  /// 560 arrangements.
  static let twoKinds = """
    lattice: [[4.3, 0, 0], [0.1, 4.2, 0], [0, 0.2, 8.7]]
    sites:
      - {label: A, frac: [0, 0, 0], allowed: [Mg, Li, Va]}
      - {label: A, frac: [0.5, 0.5, 0], allowed: [Mg, Li, Va]}
      - {label: A, frac: [0.5, 0, 0.25], allowed: [Mg, Li, Va]}
      - {label: A, frac: [0, 0.5, 0.25], allowed: [Mg, Li, Va]}
      - {label: B, frac: [0, 0, 0.52], allowed: [Mg, Li, Va]}
      - {label: B, frac: [0.5, 0.52, 0.5], allowed: [Mg, Li, Va]}
      - {label: B, frac: [0.5, 0, 0.77], allowed: [Mg, Li, Va]}
      - {label: B, frac: [0.03, 0.5, 0.75], allowed: [Mg, Li, Va]}
      - {label: O, frac: [0.5, 0, 0], allowed: [O]}
      - {label: O, frac: [0, 0.5, 0], allowed: [O]}
      - {label: O, frac: [0, 0, 0.25], allowed: [O]}
      - {label: O, frac: [0.5, 0.5, 0.25], allowed: [O]}
      - {label: O, frac: [0.5, 0.05, 0.42], allowed: [O]}
      - {label: O, frac: [0, 0.5, 0.43], allowed: [O]}
      - {label: O, frac: [0, 0, 0.75], allowed: [O]}
      - {label: O, frac: [0.5, 0.5, 0.75], allowed: [O]}
    composition: Mg3Li3O8
    oxidation: {Mg: 2, Li: 1, O: -2}
    allow_charge: true
    energy: ewald

    """

  /// Mg on half of the 8a sites of a spinel cell.
  static let spinel = """
    lattice: 8.5
    spacegroup: Fd-3m
    origin: 2
    sites:
      - {label: 8a,  frac: [0.125, 0.125, 0.125], allowed: [Mg, Va]}
      - {label: 16d, frac: [0.5, 0.5, 0.5], allowed: [Mn]}
      - {label: 32e, frac: [0.2625, 0.2625, 0.2625], allowed: [O]}
    counts: {8a: {Mg: 4}}
    oxidation: {Mg: 2, O: -2, Mn: auto}
    energy: ewald

    """

  /// Runs `work` in a folder that is gone afterwards.
  static func inFolder(_ work: (String) async throws -> Void) async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "cellgen-\(UUID())")
    try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: path) }
    try await work(path.path())
  }

  /// Settings of a short run of a problem that is written into a folder.
  static func specification(
    _ problem: String, in folder: String, _ objective: AnnealSpecification.Objective = .energy
  ) throws -> AnnealSpecification {
    let file = "\(folder)/problem.yaml"
    try problem.write(toFile: file, atomically: true, encoding: .utf8)
    var specification = AnnealSpecification(seed: 3)
    specification.problem.problem = file
    specification.objective = objective
    specification.sweeps = 5
    specification.equilibration = 10
    specification.rounds = 30
    specification.shells = 2
    specification.top = 4
    return specification
  }

  /// Every file of a folder but the manifest, which holds times, by relative name.
  static func contents(_ folder: OutputFolder) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    where name != OutputFolder.manifestName {
      if let data = FileManager.default.contents(atPath: folder.file(name)) { files[name] = data }
    }
    return files
  }

  /// Every arrangement with the numbers of a problem.
  static func arrangements(_ problem: ArrangementProblem) -> [[UInt8]] {
    var found: [[UInt8]] = []
    var arrangement = [UInt8](repeating: 0, count: problem.activeSites.count)
    func place(_ site: Int) {
      if site == arrangement.count {
        if problem.isValid(arrangement) { found.append(arrangement) }
        return
      }
      for s in problem.species.indices where problem.allowed[site] >> UInt32(s) & 1 == 1 {
        arrangement[site] = UInt8(s)
        place(site + 1)
      }
    }
    place(0)
    return found
  }
}
