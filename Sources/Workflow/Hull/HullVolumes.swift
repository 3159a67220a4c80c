internal import Crystal
internal import Foundation
internal import StructureIO
internal import Thermodynamics

/// Volumes from the structure files that a table names.
struct HullVolumes {
  /// The files that were read.
  var files: [(path: String, text: String)] = []

  /// Files that do not fit their row.
  var warnings: [String] = []

  /// The entries, with volumes where the named rows lack one and their structure file exists.
  mutating func completed(_ entries: [EnergyEntry], for ids: [String]) -> [EnergyEntry] {
    entries.map { entry in
      guard ids.contains(entry.id), entry.volume == nil, !entry.structure.isEmpty,
        let structure = structure(entry)
      else { return entry }
      var copy = entry
      let atoms = structure.composition.atomCount
      copy.volume = structure.lattice.volume / atoms * entry.atoms
      return copy
    }
  }

  private mutating func structure(_ entry: EnergyEntry) -> Structure? {
    let path = entry.structure
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    do {
      let structure = try StructureFile.read(path).structure
      guard isSame(structure.composition, entry.formula) else {
        warnings.append(
          "\(path) has the composition \(structure.composition), but the row \(entry.id) says "
            + "\(entry.formula); its volume is not used")
        return nil
      }
      files.append((path, try readText(path)))
      return structure
    } catch {
      warnings.append("\(error)")
      return nil
    }
  }

  private func isSame(_ a: Composition, _ b: Composition) -> Bool {
    guard let a = try? a.reduced().formula, let b = try? b.reduced().formula else { return false }
    return Set(a.amounts) == Set(b.amounts)
  }
}
