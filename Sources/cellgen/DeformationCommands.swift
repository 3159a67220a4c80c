import ArgumentParser
import Building
import Crystal
import Workflow

/// `cellgen strain`.
struct StrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "strain",
    abstract: "Strain the lattice of a structure.",
    discussion: """
      Fractional coordinates stay as they are. Components are those of the symmetric strain tensor.

      Examples:

        cellgen rocksalt --composition MgO
        cellgen strain rocksalt/host.extxyz --isotropic 0.01
        cellgen strain rocksalt/host.extxyz --components 0.01,0.01,-0.005,0,0,0 \\
          --out strained.vasp
      """)

  @OptionGroup var files: TransformOptions

  @Option(parsing: .unconditional, help: "The same strain along all directions, 0.01 for 1 %.")
  var isotropic: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Strains xx, yy, zz, yz, xz, xy.", valueName: "list"))
  var components: String?

  private var strain: Strain {
    get throws {
      if let isotropic { return try .isotropic(isotropic) }
      let words = commaSeparated(components ?? "")
      let numbers = words.compactMap { NumberReader.real($0) }
      guard numbers.count == words.count else {
        throw InputError("\"\(components ?? "")\" is not six numbers", at: "--components")
      }
      return try Strain(numbers)
    }
  }

  func validate() throws {
    guard (isotropic == nil) != (components == nil) else {
      throw ValidationError("expected either --isotropic or --components")
    }
    try validated { _ = try strain }
  }

  func run() throws {
    try files.check(named: "strain")
    let structure = try files.read()
    do {
      try files.write(try structure.strained(try strain), named: "strain")
    } catch let error as LatticeError {
      throw InputError("\(error)", at: "strain")
    }
  }
}

/// `cellgen rattle`.
struct RattleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rattle",
    abstract: "Displace every atom at random.",
    discussion: """
      Displacements are normally distributed along x, y and z.

      Example:

        cellgen rocksalt --composition MgO --supercell 2x2x2
        cellgen rattle rocksalt/host.extxyz --deviation 0.05 --seed 1
      """)

  @OptionGroup var files: TransformOptions

  @Option(help: ArgumentHelp("Standard deviation along each axis [Å].", valueName: "Å"))
  var deviation: Double

  @Option(help: "Seed of the random numbers (default: a new one, which is printed).")
  var seed: UInt64?

  func validate() throws {
    guard deviation > 0, deviation < 5 else {
      throw ValidationError("--deviation is \(deviation), expected above 0 and below 5 Å")
    }
  }

  func run() throws {
    try files.check(named: "rattle")
    let structure = try files.read()
    let seed = seed ?? UInt64.random(in: 0..<1_000_000_000)
    try files.write(structure.rattled(deviation, seed: seed), named: "rattle", seed: seed)
  }
}
