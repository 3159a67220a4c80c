import Foundation

@testable import Workflow

/// Runs `work` with the path of a folder that is empty before and gone after it.
func withTemporaryFolder(_ work: (String) async throws -> Void) async throws {
  let path = FileManager.default.temporaryDirectory.appending(path: "cellgen-\(UUID())").path()
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  try await work(path)
}

/// Every file of a folder but the manifest, which holds times, by relative name.
func filesWithoutManifest(_ folder: String) throws -> [String: Data] {
  var files: [String: Data] = [:]
  for name in try FileManager.default.subpathsOfDirectory(atPath: folder)
  where name != OutputFolder.manifestName {
    if let data = FileManager.default.contents(atPath: "\(folder)/\(name)") { files[name] = data }
  }
  return files
}

/// A spinel with a = 8.5 Å and u = 0.2625 whose 8a sites are arranged, as a problem file.
///
/// - Parameters:
///   - counts: What stands after `counts:`.
///   - allowed: On 8a.
func tetrahedra(_ counts: String, allowed: String = "Mg, Va", supercell: String = "1x1x1") -> String
{
  """
  lattice: 8.5
  spacegroup: Fd-3m
  origin: 2
  sites:
    - {label: 8a,  frac: [0.125, 0.125, 0.125], allowed: [\(allowed)]}
    - {label: 16d, frac: [0.5, 0.5, 0.5], allowed: [Mn]}
    - {label: 32e, frac: [0.2625, 0.2625, 0.2625], allowed: [O]}
  supercell: \(supercell)
  counts: \(counts)
  oxidation: {Mg: 2, O: -2, Mn: auto}
  energy: ewald

  """
}
