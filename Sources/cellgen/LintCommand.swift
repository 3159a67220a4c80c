import ArgumentParser
import Foundation
import Handoff
import Workflow

/// `cellgen lint`.
struct LintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: "Mistakes in inputs of VASP, Quantum ESPRESSO, CP2K, ABINIT and LAMMPS.",
    discussion: """
      Checks inputs before they cost time of a computer: order of species against POTCAR, lengths of \
      MAGMOM and of tables of U, k-points against the cell, charges, atoms too close, pseudopotentials \
      that are missing or for another element, sections and namelists, boxes and pair coefficients of \
      LAMMPS. Inputs of cellgen are also compared with the structure that they were made from.

      Takes folders with an input and folders of such folders, whoever wrote them, and tells the program \
      by the files. Nothing is changed. A finding is printed like that of a compiler:

        calculations/a/INCAR:12: error: MAGMOM has 10 values for 56 atoms [magmom-length]

      The status is 2 if there are errors, or warnings with --strict, and 1 if a folder holds no input.

      Examples:

        cellgen spinel --out spinel
        cellgen input vasp spinel/host.extxyz
        cellgen lint input --ignore kpoints-coarse,encut-missing
        cellgen lint --rules
      """)

  @Argument(
    help: ArgumentHelp("Folders with inputs, or with folders of inputs.", valueName: "folders"))
  var folders: [String] = []

  @Flag(help: "Let warnings fail like errors.")
  var strict = false

  @Option(
    help: ArgumentHelp("Rules to leave out, separated by commas.", valueName: "rules"))
  var ignore: String?

  @Option(
    help: ArgumentHelp(
      "Folder of the basis sets and potentials of CP2K (default: $CP2K_DATA_DIR, then "
        + "/usr/share/cp2k).", valueName: "folder"))
  var cp2kData: String?

  @Flag(help: "List all rules with their severities, and check nothing.")
  var rules = false

  @Flag(help: "Print one JSON object on standard output and nothing else.")
  var json = false

  @Flag(help: "Print findings only, without the numbers below.")
  var quiet = false

  private var specification: LintSpecification {
    var specification = LintSpecification(folders: folders)
    specification.ignored = ignore.map(commaSeparated) ?? []
    specification.isStrict = strict
    let environment = ProcessInfo.processInfo.environment
    specification.cp2kData =
      cp2kData.map { [$0] } ?? [environment["CP2K_DATA_DIR"], "/usr/share/cp2k"].compactMap { $0 }
    return specification
  }

  func validate() throws {
    if rules {
      guard folders.isEmpty else { throw ValidationError("--rules takes no folders") }
      return
    }
    try validated { try specification.validate() }
  }

  func run() throws {
    if rules {
      print(LintRun.rules, terminator: "")
      return
    }
    let lint = try LintRun(specification)
    if json {
      print(try jsonText(lint.json), terminator: "")
    } else {
      print(lint.text, terminator: "")
      Console(quiet: quiet).note(lint.summary)
    }
    if lint.isRefused { throw ExitCode(2) }
  }
}
