public import Crystal
public import Handoff
internal import Foundation

/// Which inputs are written, for `cellgen input`.
public struct InputSpecification: Codable, Sendable {
  /// The program.
  public var code: SimulationCode
  /// Structure files, or folders of runs whose `structures` are meant.
  public var structures: [String]
  /// Name or file of the preset.
  public var preset = CalculationPreset.usual
  /// Values that come before those of the preset, by key.
  public var changes: [Change] = []
  /// Folder with templates; nil for those of cellgen.
  public var templates: String?
  /// Folder with pseudopotentials, or with POTCAR data sets for VASP.
  public var pseudopotentials: String?
  /// Built-in interactions, for LAMMPS.
  public var model = "lattice"
  /// Images between the ends of a path; nil for single structures.
  public var images: Int?
  /// Whether images begin on the image-dependent pair potential instead of the straight line.
  public var usesPairPotential = false

  /// A value that comes before that of the preset.
  public struct Change: Codable, Hashable, Sendable {
    /// Its key, `hubbard_eV.Mn`.
    public var key: String
    /// Its value in YAML.
    public var value: String

    /// A value.
    public init(_ key: String, _ value: String) {
      self.key = key
      self.value = value
    }
  }

  /// Inputs with the usual settings.
  public init(code: SimulationCode, structures: [String]) {
    self.code = code
    self.structures = structures
  }

  /// What the energies belong to: the interactions for LAMMPS, the preset for all others.
  var settingsName: String { code == .lammps ? "model \(model)" : "preset \(preset)" }

  /// Checks what can be checked without reading a structure.
  ///
  /// - Throws: ``InputErrors``.
  public func validate() throws(InputErrors) {
    var problems: [InputError] = []
    if structures.isEmpty {
      problems.append(InputError("no structures", at: "structures", hint: "give structure files"))
    }
    if let images {
      if !(1...99).contains(images) {
        problems.append(InputError("\(images), expected 1 to 99", at: "--images"))
      }
      if structures.count != 2 {
        problems.append(
          InputError(
            "a path has two ends, \(structures.count) structures are given", at: "--neb"))
      }
      if code != .vasp && code != .qe {
        problems.append(
          InputError("paths are written for vasp and qe", at: "--neb", hint: "found \(code)"))
      }
    }
    if code == .lammps, pseudopotentials != nil {
      problems.append(InputError("LAMMPS has no pseudopotentials", at: "--pseudopotentials"))
    }
    if code == .cp2k, pseudopotentials != nil {
      problems.append(
        InputError(
          "CP2K finds its pseudopotentials itself", at: "--pseudopotentials",
          hint: "name the number of electrons with --pseudopotential Mg=q10"))
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
  }
}
