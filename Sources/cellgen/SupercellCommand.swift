import ArgumentParser
import Crystal
import Symmetry
import Workflow

/// `cellgen supercell`.
struct SupercellCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "supercell",
    abstract: "Repeat a structure, or take another of its unit cells.",
    discussion: """
      Labels, parent site and cell index of every atom are kept. Orientation and origin stay as they are. \
      For --primitive and --conventional atoms are alike if species, label, charge, magnetic moment and \
      occupancy agree, so that magnetic order stays.

      Examples:

        cellgen spinel --A Mg --B Al
        cellgen supercell spinel/host.extxyz 2x2x1
        cellgen supercell spinel/host.cif "1 1 0 -1 1 0 0 0 2" --out cell.vasp
        cellgen supercell spinel/host.cif --min-image 10 --out large.extxyz
        cellgen supercell supercell.extxyz --primitive --out primitive.cif
      """)

  @OptionGroup var files: TransformOptions

  @Argument(help: ArgumentHelp("2x2x1, or nine integers row by row.", valueName: "matrix"))
  var matrix: String?

  @Option(help: ArgumentHelp("The most compact supercell of so many cells.", valueName: "cells"))
  var nearCubic: Int?

  @Option(
    help: ArgumentHelp(
      "The supercell of so many cells with images as far apart as possible.", valueName: "cells"))
  var nearSpherical: Int?

  @Option(
    help: ArgumentHelp(
      "The smallest supercell without images nearer than this [Å].", valueName: "Å"))
  var minImage: Double?

  @Flag(help: "The primitive cell instead, reduced.")
  var primitive = false

  @Flag(help: "The conventional cell of the space group instead.")
  var conventional = false

  @Flag(help: "The same cell with reduced vectors (Niggli).")
  var niggli = false

  func validate() throws {
    let chosen =
      [matrix != nil, nearCubic != nil, nearSpherical != nil, minImage != nil].count { $0 }
      + [primitive, conventional, niggli].count { $0 }
    guard chosen == 1 else {
      throw ValidationError(
        "expected one of: a matrix, --near-cubic, --near-spherical, --min-image, --primitive, "
          + "--conventional, --niggli; found \(chosen)")
    }
    for (value, name) in [(nearCubic, "near-cubic"), (nearSpherical, "near-spherical")] {
      if let value, !(1...10_000).contains(value) {
        throw ValidationError("--\(name) is \(value), expected 1 to 10000 cells")
      }
    }
    try validated { if let matrix { _ = try SupercellMatrix(parsing: matrix) } }
  }

  func run() throws {
    try files.check(named: "supercell")
    let structure = try files.read()
    let lattice = structure.lattice
    let result: Structure
    var notes: [String] = []
    var more: [String: JSONValue] = [:]
    if primitive || conventional || niggli {
      let choice: CellChoice = primitive ? .primitive : conventional ? .conventional : .niggli
      result = try choice(structure)
    } else {
      let supercell =
        if let matrix {
          try SupercellMatrix(parsing: matrix)
        } else if let nearCubic {
          SupercellMatrix.compact(index: nearCubic, lattice: lattice, prefersDiagonal: false)
        } else if let nearSpherical {
          SupercellMatrix.round(index: nearSpherical, lattice: lattice)
        } else {
          try SupercellMatrix.minimumImage(minImage ?? 0, lattice: lattice)
        }
      if matrix == nil { notes.append("supercell \(supercell), \(supercell.cellCount) cells") }
      more["supercell"] = .text("\(supercell)")
      do {
        result = try structure.repeated(supercell)
      } catch {
        throw InputError("\(error)", at: "supercell")
      }
    }
    try files.write(result, named: "supercell", notes: notes, more)
  }
}
