public import ArgumentParser
import Crystal
import Foundation
public import Workflow

/// `cellgen exchange`.
struct ExchangeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exchange",
    abstract: "Exchange ions for others of equal total charge: 2 Li+ for Mg2+ and an empty site.",
    discussion: """
      The sites keep their labels. Which of them the new ions take is chosen at random, by the lowest \
      energy (--method rank), or left open as a problem file for rank, anneal and ga (--method problem).

      Examples:

        cellgen rocksalt --composition Li2Ti1/3Mo2/3O3 --supercell 3x3x3
        cellgen exchange rocksalt/host.extxyz --from Li --to Mg --seed 1
        cellgen exchange rocksalt/host.extxyz --from Li --to Mg --fraction 0.5 \\
          --method rank --out ranked.cif
        cellgen exchange rocksalt/host.extxyz --from Li --to Mg:0.75,Zn:0.25 \\
          --method problem --out problem.yaml
        cellgen exchange rocksalt/host.extxyz --from Li --to Mg \\
          --composition Mg0.27Li0.09Ti0.11Mo0.22O --round --seed 1 --out mg.extxyz
      """)

  @OptionGroup var files: TransformOptions

  @Option(help: ArgumentHelp("Elements that leave.", valueName: "list"))
  var from: String

  @Option(
    help: ArgumentHelp(
      "Elements that come; shares of the charge after a colon, Mg:0.75,Zn:0.25.", valueName: "list")
  )
  var to: String

  @Option(help: "Fraction of the leaving ions that are exchanged.")
  var fraction: Double?

  @Option(help: ArgumentHelp("Composition afterwards instead of a fraction.", valueName: "formula"))
  var composition: String?

  @Option(
    help: ArgumentHelp("Labels of the sites that take part (default: all).", valueName: "list"))
  var label: String?

  @Option(help: ArgumentHelp("Labels of empty sites that may be filled, too.", valueName: "list"))
  var onto: String?

  @Option(
    help: ArgumentHelp("Oxidation states instead of the usual ones, Mn=auto.", valueName: "list"))
  var oxidation: [String] = []

  @Flag(help: "Accept the nearest numbers that keep the charge.")
  var round = false

  @Option(help: "How the ions find their places: random, rank or problem.")
  var method = ExchangeSpecification.Method.random

  @Option(help: "Energies for --method rank: ewald or lattice.")
  var model = EnergyModelChoice.ewald

  @Option(help: "Seed of the choice (default: a new one, which is printed).")
  var seed: UInt64?

  @Option(help: "Threads for --method rank (default: all cores); no effect on the result.")
  var threads: Int?

  func validate() throws {
    if fraction != nil && composition != nil {
      throw ValidationError("--fraction and --composition exclude each other")
    }
    if let fraction, !(fraction > 0 && fraction <= 1) {
      throw ValidationError("--fraction is \(fraction), expected above 0, up to 1")
    }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads is \(threads), expected 1 to 1024")
    }
  }

  func run() async throws {
    let console = Console(quiet: files.quiet)
    if method != .problem { try files.check(named: "exchange") }
    var specification = ExchangeSpecification(
      structure: files.structure, from: commaSeparated(from), to: commaSeparated(to))
    specification.fraction = fraction ?? 1
    specification.composition = composition
    specification.labels = label.map(commaSeparated) ?? []
    specification.onto = onto.map(commaSeparated) ?? []
    specification.oxidation = oxidation
    specification.round = round
    specification.method = method
    specification.model = model
    specification.seed = seed ?? UInt64.random(in: 0..<1_000_000_000)
    let exchange = try IonExchange(specification, files.read())
    let counts = exchange.counts.map { "\($0.count) \($0.element)" }.joined(separator: ", ")
    if method == .problem {
      let path = files.out ?? "exchange.yaml"
      for note in exchange.notes { console.note("note: \(note)") }
      try exchange.writeProblem(to: path, replaces: files.force)
      let summary = "\(exchange.sites.count) sites: \(counts)"
      if files.json {
        print(
          try jsonText(
            JSONValue.object([
              "cellgen": .text(cellgenVersion), "problem": .text(path),
              "sites": .integer(exchange.sites.count), "counts": .text(counts),
            ])), terminator: "")
      } else {
        print("\(summary)\nwritten to \(path); next: cellgen rank \(path)")
      }
      return
    }
    let result = try await exchange(
      threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
    var notes = exchange.notes + ["\(exchange.sites.count) sites now hold \(counts)"]
    if let verdict = result.verdict, let energy = result.energy {
      notes.append("\(fixed(energy, 6)) eV by \(model.rawValue): \(verdict)")
    }
    try files.write(
      result.structure, named: "exchange", seed: specification.seed, notes: notes,
      [
        "counts": .object(
          Dictionary(
            uniqueKeysWithValues: exchange.counts.map { ($0.element.symbol, .integer($0.count)) })),
        "energy_eV": result.energy.map(JSONValue.real) ?? .null,
      ])
  }
}

extension ExchangeSpecification.Method: ExpressibleByArgument {}
