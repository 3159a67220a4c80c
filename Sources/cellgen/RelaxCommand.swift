public import ArgumentParser
import Crystal
public import Dynamics
import Workflow

/// `cellgen relax`.
struct RelaxCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "relax",
    abstract: "Relaxes the atoms of a structure, and its cell, with a built-in model.",
    discussion: """
      Moves the atoms to where the forces vanish, and with --cell the cell to where the stress is that of \
      --pressure. The cell is strained without being turned. Sites that are fixed keep their fractional \
      coordinates.

      Charges come from --charges, else from the column initial_charges, else from the oxidation states \
      in the file; published sets of potentials may have their own. The model ewald, point charges \
      alone, has no minimum of the volume.

      Example:

        cellgen prototype rocksalt --supercell 2x2x2
        cellgen relax prototype/host.extxyz --cell isotropic

      Results: relaxed.extxyz with every label and column of the file, relaxed.cif, relaxed.vasp, \
      energies.csv, trajectory.extxyz, steps.csv, figures/ and summary.json. The exit status is 2 if the relaxation \
      did not converge.
      """)

  @Argument(help: ArgumentHelp("Structure file.", valueName: "file"))
  var structure: String

  @OptionGroup var modelOptions: ModelOptions

  @Option(help: "How the steps are chosen.")
  var method = Relaxation.Method.lbfgs

  @Option(help: "How the cell may change: not, its volume, its shape at constant volume, or both.")
  var cell = CellFreedom.fixed

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Pressure outside [GPa].", valueName: "pressure"))
  var pressure = 0.0

  @Option(help: FixedSiteWords.help)
  var fix: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Largest force at the end [eV/Å].", valueName: "force"))
  var forceTolerance = 0.01

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Largest stress at the end, less the pressure [GPa].", valueName: "stress"))
  var stressTolerance = 0.02

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Largest change of the energy in the last step (default: any) [eV/atom].",
      valueName: "energy"))
  var energyTolerance: Double?

  @Option(parsing: .unconditional, help: ArgumentHelp("Steps at most.", valueName: "number"))
  var steps = 500

  @OptionGroup var output: OutputOptions

  private var specification: RelaxSpecification {
    var specification = RelaxSpecification(energy: modelOptions.energy(of: structure))
    specification.method = method
    specification.cell = cell
    specification.pressureGPa = pressure
    specification.fixed = FixedSiteWords.words(fix)
    specification.force = forceTolerance
    specification.stressGPa = stressTolerance
    specification.energyChange = energyTolerance
    specification.steps = steps
    return specification
  }

  func validate() throws {
    try modelOptions.engine.checkModel(modelOptions.model)
    try validated { try specification.validate() }
  }

  func run() throws {
    let console = Console(quiet: output.quiet)
    let interruption = Interruption()
    let run = try RelaxRun(specification, isInterrupted: { interruption.isRequested })
    for warning in run.warnings { console.warn(warning) }
    let folder = try OutputFolder(
      output.out ?? "relax", existing: output.force ? .replace : .refuse)
    let clock = ContinuousClock()
    var last: ContinuousClock.Instant?
    let result: RelaxResult
    do {
      result = try run(
        in: folder,
        progress: { step in
          let now = clock.now
          if let last, (now - last) / .seconds(1) < console.progressInterval { return }
          last = now
          console.progress(
            "step \(step.number)  \(fixed(step.enthalpy, 5)) eV  largest force "
              + "\(fixed(step.largestForce, 4)) eV/Å")
        }, shouldStop: { interruption.isRequested })
    } catch is RelaxRun.Interrupted {
      console.warn("interrupted before the first energy")
      throw ExitCode(130)
    }
    console.endProgress()
    for remark in run.remarks { console.warn(remark) }
    if output.json {
      print(try jsonText(result.json(folder: folder.path)), terminator: "")
    } else {
      print(result.text, terminator: "")
      print("Results in \(folder.path)/")
    }
    switch result.ending {
    case .converged: return
    case .stopped: throw ExitCode(130)
    case .stepLimit, .stalled:
      console.warn(result.verdict)
      throw ExitCode(2)
    }
  }
}

extension Relaxation.Method: ExpressibleByArgument {}
extension CellFreedom: ExpressibleByArgument {}
