/// What `cellgen lint` checks, one case per rule.
public enum LintRule: String, Codable, Hashable, Sendable, CaseIterable {
  // Every code.
  case unreadable
  case missingFile = "missing-file"
  case recordMismatch = "record-mismatch"
  case settingsMismatch = "settings-mismatch"
  case atomCount = "atom-count"
  case typeCount = "type-count"
  case atomsTooClose = "atoms-too-close"
  case atomsClose = "atoms-close"
  case notNeutral = "not-neutral"
  case kpointsCoarse = "kpoints-coarse"
  case kpointsMissing = "kpoints-missing"
  case cutoffMissing = "cutoff-missing"
  case speciesUndefined = "species-undefined"
  case speciesUnused = "species-unused"
  case pseudoMissing = "pseudo-missing"
  case pseudoFolder = "pseudo-folder"
  case pseudoElement = "pseudo-element"
  case pseudoFunctional = "pseudo-functional"
  case magmomLength = "magmom-length"
  case magmomUnused = "magmom-unused"
  case hubbardLength = "hubbard-length"
  case hubbardUnused = "hubbard-unused"
  case hubbardElement = "hubbard-element"
  case leavesFolder = "leaves-folder"

  // VASP.
  case incarSyntax = "incar-syntax"
  case incarDuplicate = "incar-duplicate"
  case incarUnknown = "incar-unknown"
  case incarValue = "incar-value"
  case poscarPotcar = "poscar-potcar"
  case potcarMissing = "potcar-missing"
  case leftHanded = "left-handed"
  case selectiveDynamics = "selective-dynamics"
  case encutMissing = "encut-missing"
  case encutLow = "encut-low"
  case encutPulay = "encut-pulay"
  case lmaxmix
  case nelect
  case kpointsUnused = "kpoints-unused"
  case kpointsHexagonal = "kpoints-hexagonal"
  case kpointsLines = "kpoints-lines"
  case tetrahedron
  case ismearMetal = "ismear-metal"
  case ismearInsulator = "ismear-insulator"
  case ediffg
  case noRelaxation = "no-relaxation"
  case potim
  case hybridAlgorithm = "hybrid-algo"
  case lasph
  case images
  case restartFile = "restart-file"

  // Quantum ESPRESSO.
  case namelist
  case unknownVariable = "unknown-variable"
  case speciesIndex = "species-index"
  case spinStart = "spin-start"
  case hubbardStyles = "hubbard-styles"
  case densityCutoff = "density-cutoff"
  case smearing
  case smearingUnused = "smearing-unused"
  case oddElectrons = "odd-electrons"

  // CP2K.
  case sections
  case kindIncomplete = "kind-incomplete"
  case basisElectrons = "basis-electrons"
  case basisUnknown = "basis-unknown"
  case potentialUnknown = "potential-unknown"
  case multiplicity

  // ABINIT.
  case listLength = "list-length"
  case tolerance

  // LAMMPS.
  case tiltLarge = "tilt-large"
  case outsideBox = "outside-box"
  case pairCoefficients = "pair-coeff"
  case kspace
  case units
  case atomStyle = "atom-style"

  /// How bad it is to break the rule.
  public var severity: LintSeverity { about.severity }

  /// What the rule asks for, in one line.
  public var summary: String { about.summary }
}
