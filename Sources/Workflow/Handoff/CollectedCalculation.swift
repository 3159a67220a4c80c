internal import Crystal
internal import Handoff

/// A result with what `calculation.json` and the structure beside it add.
struct CollectedCalculation: Sendable {
  /// Name, unique among all that are collected.
  var id: String

  /// Where it was read, for messages.
  var path: String

  /// The folder that a prefix of the name comes from.
  var group: String

  /// What the program gave; nil if nothing could be read.
  var result: CalculationResult?

  /// What was to be calculated, if that is known.
  var record: CalculationRecord?

  /// The relaxed structure, with labels if they could be restored.
  var structure: Structure?

  /// How far the atom moved that moved farthest, Å.
  var largestDisplacement: Double?

  /// Moments beside oxidation states.
  var oxidation: OxidationCheck?

  /// SHA-256 of the files that were read, by path.
  var inputs: [String: String] = [:]

  /// What is doubtful, one sentence each.
  var warnings: [String] = []

  /// Why it does not count, and what to do.
  var exclusion: Exclusion?

  /// Why a result does not count.
  struct Exclusion: Hashable, Sendable {
    /// What is the matter.
    var reason: String
    /// What to do; nil where nothing can be advised.
    var hint: String?
  }

  /// Composition of the energy.
  var composition: Composition? {
    result?.composition ?? structure?.composition
  }

  /// Elements of the cell.
  var elements: Set<Element> { Set(composition?.elements ?? []) }

  /// Atoms that the energy belongs to.
  var atomCount: Double? { composition?.atomCount }

  /// Energy per atom, eV.
  var energyPerAtom: Double? {
    guard let energy = result?.energy, let atoms = atomCount, atoms > 0 else { return nil }
    return energy / atoms
  }

  /// Where the energy comes from, such as `VASP PBE+U+D3`.
  var source: String {
    guard let result else { return "" }
    var settings = result.settings
    if settings.functional == nil || settings.code == .lammps, let record {
      settings.functional = record.settings.functional ?? settings.functional
    }
    let hasU = elements.contains { settings.hubbardEV?[$0.symbol] != nil }
    let dispersion = settings.dispersion.map { $0 == "none" ? "" : "+\($0)" } ?? ""
    let theory = settings.functional.map { $0 + (hasU ? "+U" : "") + dispersion }
    let parts = [settings.code?.title, theory].compactMap { $0 }
    return parts.isEmpty ? CollectSource.name(of: result.file) : parts.joined(separator: " ")
  }
}
