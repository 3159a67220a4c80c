public import ArgumentParser
import Crystal
public import Handoff
import Workflow

/// `cellgen input`.
struct InputCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "input",
    abstract: "Writes inputs of VASP, Quantum ESPRESSO, CP2K, ABINIT or LAMMPS for structures.",
    discussion: """
      One folder for each structure, from one description of the calculation: a preset, and what is \
      given beside it. The folder also keeps the structure with its labels and oxidation states, so that \
      cellgen collect finds back to them.

      Moments and U go by element, oxidation state and Wyckoff label, the most specific one first: Mn, \
      Mn4+, Mn@16d, Mn4+@16d. Everything in a preset can be set, and every tag of a code: \
      --set cutoff_eV=600 --set tags.vasp.NCORE=4 --set tags.qe.system.nbnd=200.

      --neb writes the images of a path between two arrangements: an ion that hops into a vacancy, such as \
      a and b below. --show-preset prints a preset to begin your own with.

      VASP gets the list of its POTCAR labels; POTCAR itself only from your own data sets, in \
      FOLDER/LABEL/POTCAR. Quantum ESPRESSO and ABINIT take the file of each element from the folder of \
      --pseudopotentials.

      Examples:

        cellgen spinel --out spinel
        cellgen input vasp spinel/host.extxyz --preset nakahara2025
        cellgen input cp2k spinel/host.extxyz --u Mn@16d=3.9 --kpoints gamma \\
          --out cp2k
        cellgen prototype rocksalt --supercell 2x1x1 --out host
        cellgen vacancies host/host.extxyz --of Mg --count 1 --seed 1 --out a.extxyz
        cellgen vacancies host/host.extxyz --of Mg --count 1 --seed 2 --out b.extxyz
        cellgen input vasp a.extxyz b.extxyz --neb 5 --idpp --out path
        cellgen input vasp --show-preset choyal2025
      """)

  @Argument(help: "The program.")
  var code: SimulationCode

  @Argument(
    help: ArgumentHelp(
      "Structure files, or folders of runs with structures.", valueName: "structures"))
  var structures: [String] = []

  @Option(
    help: ArgumentHelp(
      "Preset: \(CalculationPreset.names.joined(separator: ", ")), or a file.", valueName: "name"))
  var preset = CalculationPreset.usual

  @Option(help: ArgumentHelp("Exchange-correlation functional.", valueName: "name"))
  var functional: Calculation.Functional?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Cutoff of the plane waves [eV].", valueName: "energy"))
  var cutoff: Double?

  @Option(
    help: ArgumentHelp(
      "K-points: gamma, 4x4x4, \"density 32\" per 1/Å or \"spacing 0.25\" 1/Å with 2π.",
      valueName: "choice"))
  var kpoints: String?

  @Option(help: "What relaxes: none, ions or cell.")
  var relax: Calculation.Relaxing?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Hubbard U, such as Mn=3.9,V@16d=1 [eV].", valueName: "rules"))
  var u: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Initial moments, such as Mn4+=3,Fe=-5 [Bohr magnetons].", valueName: "rules"))
  var moments: [String] = []

  @Option(
    help: ArgumentHelp(
      "POTCAR labels, files, or electrons for CP2K, such as Mg=Mg_pv.", valueName: "names"))
  var pseudopotential: [String] = []

  @Option(
    help: ArgumentHelp(
      "Folder with pseudopotentials, or with POTCAR data sets.", valueName: "folder"))
  var pseudopotentials: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Any other value of the preset, or a tag of a code.", valueName: "key=value")
  )
  var set: [String] = []

  @Option(
    help: ArgumentHelp("Built-in model of the interactions, for lammps.", valueName: "model"))
  var model = "lattice"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Images of a path between two arrangements, for vasp and qe.", valueName: "number"))
  var neb: Int?

  @Flag(help: "Begin the path on the image-dependent pair potential, not on the straight line.")
  var idpp = false

  @Option(help: ArgumentHelp("Folder with templates of your own.", valueName: "folder"))
  var templates: String?

  @Option(
    help: ArgumentHelp(
      "Write cellgen's templates of the code into a folder, to be changed, and end.",
      valueName: "folder"))
  var writeTemplates: String?

  @Option(help: ArgumentHelp("Print a preset, to be changed, and end.", valueName: "name"))
  var showPreset: String?

  @OptionGroup var output: OutputOptions

  private func specification() throws -> InputSpecification {
    var specification = InputSpecification(code: code, structures: structures)
    specification.preset = preset
    specification.templates = templates
    specification.pseudopotentials = pseudopotentials
    specification.model = model
    specification.images = neb
    specification.usesPairPotential = idpp
    var changes: [InputSpecification.Change] = []
    if let functional { changes.append(.init("functional", functional.rawValue)) }
    if let cutoff { changes.append(.init("cutoff_eV", "\(cutoff)")) }
    if let kpoints { changes.append(.init("kpoints", "\"\(kpoints)\"")) }
    if let relax { changes.append(.init("relax", relax.rawValue)) }
    for (rule, value) in try numberAssignments(u, option: "--u").sorted(by: { $0.key < $1.key }) {
      changes.append(.init("hubbard_eV.\(rule)", "\(value)"))
    }
    for (rule, value) in try numberAssignments(moments, option: "--moments")
      .sorted(by: { $0.key < $1.key })
    {
      changes.append(.init("moments.\(rule)", "\(value)"))
    }
    for (symbol, name) in try assignments(pseudopotential, option: "--pseudopotential")
      .sorted(by: { $0.key < $1.key })
    {
      changes.append(.init("pseudopotentials.\(code.rawValue).\(symbol)", "\"\(name)\""))
    }
    for word in set {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw ValidationError("--set \(word): expected key=value, such as cutoff_eV=600")
      }
      changes.append(.init(String(parts[0]), String(parts[1])))
    }
    specification.changes = changes
    return specification
  }

  func validate() throws {
    if idpp, neb == nil { throw ValidationError("--idpp needs --neb") }
    guard writeTemplates == nil, showPreset == nil else { return }
    try validated { try specification().validate() }
  }

  func run() throws {
    if let showPreset {
      print(try CalculationPreset.text(ofPreset: showPreset), terminator: "")
      return
    }
    if let writeTemplates {
      let folder = try OutputFolder(writeTemplates, existing: output.force ? .use : .refuse)
      for (name, text) in TemplateFolder.shipped(code) {
        try folder.write(text, to: "\(code.rawValue)/\(name)")
      }
      print("Templates in \(folder.path)/\(code.rawValue)/")
      return
    }
    let started = startTime()
    let console = Console(quiet: output.quiet)
    let run = try InputRun(try specification())
    let folder = try output.folder(named: "input")
    try folder.map { try run.write(to: $0, started: started) }
    for warning in run.warnings { console.warn(warning) }
    if output.json {
      print(try jsonText(run.json(folder: folder?.path)), terminator: "")
      return
    }
    print(run.text, terminator: "")
    // Notes of a preset are about electrons.
    for note in run.calculation.notes where code != .lammps { console.note("note: \(note)") }
    if let folder {
      console.note(
        "written to \(folder.path); next: cellgen lint \(folder.path), cellgen submit \(folder.path)"
      )
    }
  }
}

extension SimulationCode: ExpressibleByArgument {}
extension Calculation.Functional: ExpressibleByArgument {}
extension Calculation.Relaxing: ExpressibleByArgument {}
