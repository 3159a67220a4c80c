public import Crystal

/// What is calculated, apart from the structure: one description from which the inputs of every code are
/// written.
public struct Calculation: Codable, Hashable, Sendable {
  /// Exchange–correlation functionals.
  public enum Functional: String, Codable, Sendable, CaseIterable {
    /// Local density, Perdew and Zunger or Perdew and Wang.
    case lda = "LDA"
    /// Perdew, Burke and Ernzerhof, Phys. Rev. Lett. 77, 3865 (1996).
    case pbe = "PBE"
    /// Perdew et al., Phys. Rev. Lett. 100, 136406 (2008).
    case pbesol = "PBEsol"
    /// Sun, Ruzsinszky and Perdew, Phys. Rev. Lett. 115, 036402 (2015).
    case scan = "SCAN"
    /// Furness et al., J. Phys. Chem. Lett. 11, 8208 (2020).
    case r2scan = "r2SCAN"

    /// Whether it needs the kinetic energy density.
    var isMetaGGA: Bool { self == .scan || self == .r2scan }
  }

  /// Corrections of dispersion by Grimme.
  public enum Dispersion: String, Codable, Sendable, CaseIterable {
    /// None.
    case none
    /// J. Comput. Chem. 27, 1787 (2006).
    case d2 = "D2"
    /// J. Chem. Phys. 132, 154104 (2010), zero damping.
    case d3 = "D3"
    /// The same with damping by Becke and Johnson, J. Comput. Chem. 32, 1456 (2011).
    case d3bj = "D3BJ"
  }

  /// How levels are occupied.
  public enum Smearing: String, Codable, Sendable, CaseIterable {
    /// Fixed occupations, for cells with a gap.
    case none
    /// Gaussian.
    case gaussian
    /// Fermi and Dirac.
    case fermi
    /// Methfessel and Paxton, first order.
    case methfesselPaxton = "methfessel-paxton"
  }

  /// What moves.
  public enum Relaxing: String, Codable, Sendable, CaseIterable {
    /// Nothing.
    case none
    /// The atoms.
    case ions
    /// The atoms and the cell, shape and volume.
    case cell
  }

  /// Where it comes from: name of the preset.
  public var preset = "custom"
  /// Reference of the preset.
  public var source = ""
  /// What the source leaves open or what deserves attention, one sentence each.
  public var notes: [String] = []

  /// The functional.
  public var functional = Functional.pbe
  /// The correction of dispersion.
  public var dispersion = Dispersion.none
  /// Cutoff of the plane waves, eV.
  public var cutoff = 520.0
  /// Sampling of the Brillouin zone.
  public var kPoints = KPointChoice.spacing(0.25)
  /// Occupation of levels.
  public var smearing = Smearing.gaussian
  /// Width of the smearing, eV.
  public var smearingWidth = 0.05
  /// Whether spin is polarised in cells in which an atom has a moment of its own; false never.
  public var hasSpin = true
  /// Initial magnetic moments, Bohr magnetons.
  ///
  /// A column `initial_magmoms` of the structure goes before them.
  public var moments = SpeciesRules()
  /// The initial moment of all other atoms of such cells, Bohr magnetons.
  public var otherMoment = 0.0
  /// Effective Hubbard U, eV.
  ///
  /// Reference: S. L. Dudarev et al., Phys. Rev. B 57, 1505 (1998).
  public var hubbard = SpeciesRules()
  /// U is used only in cells with one of these elements; empty for any cell.
  public var hubbardAnions: [String] = []
  /// Largest change of the energy at the end of the electronic steps, eV.
  public var energyTolerance = 1e-5
  /// Electronic steps at most.
  public var electronicSteps = 100
  /// What moves.
  public var relaxing = Relaxing.cell
  /// Largest force at the end, eV/Å.
  public var forceTolerance = 0.02
  /// Ionic steps at most.
  public var steps = 200
  /// Pressure outside, GPa.
  public var pressureGPa = 0.0

  /// Names of pseudopotentials (POTCAR labels, files) by code and element.
  public var pseudopotentials: [SimulationCode: [String: String]] = [:]
  /// Tags for one code as written in its input, in order; they replace cellgen's own.
  public var tags: [SimulationCode: [Tag]] = [:]

  /// A line of one code's input.
  public struct Tag: Codable, Hashable, Sendable {
    /// Its name: `NCORE`, `system.nbnd`, `FORCE_EVAL/DFT/SCF/MAX_SCF`.
    public var name: String
    /// Its value as written.
    public var value: String

    /// A tag.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The defaults.
  public init() {}

  /// Elements whose d or f shell is open, for which a calculation with U must say what U they have.
  ///
  /// Groups 3 to 11 and the lanthanides and actinides; zinc and its group have a full shell.
  static func hasOpenShell(_ element: Element) -> Bool {
    let z = element.atomicNumber
    return (21...29).contains(z) || (39...47).contains(z) || (57...79).contains(z)
      || (89...111).contains(z)
  }

  /// Checks all numbers.
  ///
  /// - Throws: ``InputErrors`` with everything that is out of range.
  public func validate() throws(InputErrors) {
    var problems: [InputError] = []
    func check(_ value: Double, _ range: ClosedRange<Double>, _ key: String, _ unit: String) {
      if !range.contains(value) {
        problems.append(
          InputError(
            "\(value), expected \(range.lowerBound) to \(range.upperBound) \(unit)", at: key))
      }
    }
    check(cutoff, 50...20_000, "cutoff_eV", "eV")
    check(smearingWidth, 1e-4...5, "smearing_width_eV", "eV")
    check(otherMoment, -10...10, "other_moment", "Bohr magnetons")
    check(energyTolerance, 1e-12...0.1, "energy_tolerance_eV", "eV")
    check(forceTolerance, 1e-6...10, "force_tolerance_eV_A", "eV/Å")
    check(pressureGPa, -1000...1000, "pressure_GPa", "GPa")
    check(Double(electronicSteps), 1...100_000, "electronic_steps", "")
    check(Double(steps), 1...100_000, "steps", "")
    for (rule, value) in moments.numbers.sorted(by: { $0.key < $1.key }) {
      check(value, -10...10, "moments.\(rule)", "Bohr magnetons")
    }
    for (rule, value) in hubbard.numbers.sorted(by: { $0.key < $1.key }) {
      check(value, -5...20, "hubbard_eV.\(rule)", "eV")
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
  }
}
