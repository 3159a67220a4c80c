public import Analysis
public import ArgumentParser
import Crystal
import StructureIO
import Workflow

/// `cellgen map`.
struct MapCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "map",
    abstract: "Assign the atoms of a relaxed structure to the sites of its parent.",
    discussion: """
      Strain, rotation and a rigid shift are taken off; the sum of the squared displacements is the \
      least possible one. Shows which ions left their sites (8a -> 16c), how the sites are filled, and \
      which atoms are in doubt. The result has every atom on its site, with labels, and Va on the others.

      The parent has every site with its label, such as host.extxyz of cellgen spinel; it may be a unit \
      cell. Where an ion came from is read from --reference, the labels of the relaxed structure, or the \
      parent, in this order.

      Examples:

        cellgen spinel --A Zn --B Mn
        cellgen rattle spinel/host.cif --deviation 0.05 --seed 1 --out CONTCAR
        cellgen map CONTCAR --parent spinel/host.extxyz
        cellgen map CONTCAR --parent spinel/host.extxyz \\
          --reference spinel/host.cif --out sites.extxyz
        cellgen map CONTCAR --parent spinel/host.extxyz --max-strain 0.2 \\
          --out mapped.cif --json
      """)

  @OptionGroup var files: TransformOptions

  @Option(help: ArgumentHelp("Structure with every site and its label.", valueName: "file"))
  var parent: String

  @Option(
    help: ArgumentHelp("The same atoms with labels before they moved.", valueName: "file"))
  var reference: String?

  @Option(help: "Largest distance of an atom from its site [Å].")
  var cutoff = MappingSpecification().cutoff

  @Option(help: "Largest principal strain of the cell, as a fraction.")
  var maxStrain = MappingSpecification().largestStrain

  @Option(
    help: "An atom is ambiguous above this ratio of the distances of its site and the next one.")
  var ambiguity = MappingSpecification().ambiguityRatio

  @Option(help: "Sites that atoms may take: anions-apart or any-site.")
  var rule = MappingSpecification.Rule.anionsApart

  @Flag(help: "Take the positions as they are, without looking for a rigid shift.")
  var noShift = false

  func run() throws {
    try files.check(named: "map")
    let relaxed = try files.read()
    let console = Console(quiet: files.quiet)
    func labelled(_ path: String) throws -> Structure {
      let reading = try StructureFile.read(path)
      for warning in reading.warnings { console.warn(warning) }
      return reading.structure
    }
    let mapping = try SiteMapping(
      relaxed, parent: labelled(parent), reference: reference.map(labelled),
      MappingSpecification(
        cutoff: cutoff, ambiguityRatio: ambiguity, largestStrain: maxStrain, rule: rule,
        shift: noShift ? .none : .find))
    let report = MapReport(mapping, relaxed)
    if !files.json { print(report.text) }
    try files.write(mapping.structure, named: "map", report.json)
  }
}

extension MappingSpecification.Rule: ExpressibleByArgument {}
