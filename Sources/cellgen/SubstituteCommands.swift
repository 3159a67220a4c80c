import ArgumentParser
import Building
import Crystal
import Workflow

/// How many atoms, and which.
struct SelectionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Labels of the sites, such as 16d; all without it.", valueName: "list"))
  var label: String?

  @Option(help: "Number of atoms.")
  var count: Int?

  @Option(help: "Fraction of the atoms that match.")
  var fraction: Double?

  @Option(help: "Seed of the choice (default: a new one, which is printed).")
  var seed: UInt64?

  var labels: [String] { label.map(commaSeparated) ?? [] }

  func validate() throws {
    guard (count == nil) != (fraction == nil) else {
      throw ValidationError("expected either --count or --fraction")
    }
    if let count, count < 1 { throw ValidationError("--count is \(count), expected at least 1") }
    if let fraction, !(fraction > 0 && fraction <= 1) {
      throw ValidationError("--fraction is \(fraction), expected above 0, up to 1")
    }
  }

  /// Replaces atoms and writes the result.
  func apply(
    _ files: TransformOptions, from element: String, to replacement: Species, named name: String
  ) throws {
    try files.check(named: name)
    let structure = try files.read()
    let seed = seed ?? UInt64.random(in: 0..<1_000_000_000)
    let substitution = Substitution(
      SiteSelection(element: element, labels: labels), by: replacement,
      count.map(Substitution.Amount.count) ?? .fraction(fraction ?? 1))
    let result = try substitution(structure, seed: seed)
    try files.write(
      result.structure, named: name, seed: seed, notes: [result.note].compactMap { $0 },
      ["replaced": .array(result.replaced.map { .integer($0 + 1) })])
  }
}

/// `cellgen substitute`.
struct SubstituteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "substitute",
    abstract: "Replace atoms by another species, at random.",
    discussion: """
      Charges are not balanced: cellgen exchange does that. Labels and all other columns stay; \
      charges become those of the new species.

      Example:

        cellgen spinel --A Zn --B Mn
        cellgen substitute spinel/host.extxyz --from Mn --to Al3+ --label 16d \\
          --fraction 0.25 --seed 1
      """)

  @OptionGroup var files: TransformOptions

  @Option(help: ArgumentHelp("What is replaced, such as Mn or Mn3+.", valueName: "species"))
  var from: String

  @Option(help: ArgumentHelp("Species that replaces it, such as Al or Al3+.", valueName: "species"))
  var to: String

  @OptionGroup var selection: SelectionOptions

  func validate() throws {
    guard Species(to) != nil else { throw ValidationError("--to is \"\(to)\", expected a species") }
  }

  func run() throws {
    try selection.apply(files, from: from, to: Species(to) ?? .vacancy, named: "substitute")
  }
}

/// `cellgen vacancies`.
struct VacanciesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vacancies",
    abstract: "Empty sites of a structure, at random.",
    discussion: """
      Empty sites are kept, as Va, in extended XYZ; other formats leave them out. Charges are not \
      balanced: cellgen exchange does that.

      Example:

        cellgen spinel --A Zn --B Mn
        cellgen vacancies spinel/host.extxyz --of O --count 3 --seed 1
      """)

  @OptionGroup var files: TransformOptions

  @Option(help: ArgumentHelp("Element that is taken out.", valueName: "element"))
  var of: String

  @OptionGroup var selection: SelectionOptions

  func run() throws {
    try selection.apply(files, from: of, to: .vacancy, named: "vacancies")
  }
}
