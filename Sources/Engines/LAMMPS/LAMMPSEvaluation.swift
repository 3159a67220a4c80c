internal import Crystal
internal import Energetics
internal import Foundation

/// One evaluation with LAMMPS: a data file and an input in, energy, virial and forces out.
struct LAMMPSEvaluation: EvaluationProgram {
  private let model: LAMMPSModel
  private let pairs: LAMMPSPairs
  private let program: LAMMPSProgram

  /// Names of the files.
  private enum Name {
    static let input = "in.lammps"
    static let data = "start.data"
    static let tables = "pairs.table"
    static let energy = "energy.txt"
    static let forces = "forces.txt"
  }

  init(_ model: LAMMPSModel, program: LAMMPSProgram) {
    self.model = model
    self.program = program
    pairs = LAMMPSPairs(model)
  }

  func prepare(_ configuration: Configuration, in folder: String, client: Int) throws -> String {
    for name in [Name.energy, Name.forces] {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
    try Data(model.data(configuration).utf8).write(to: URL(filePath: "\(folder)/\(Name.data)"))
    // The same for every configuration.
    if !FileManager.default.fileExists(atPath: "\(folder)/\(Name.input)") {
      if let tables = pairs.tables {
        try Data(tables.utf8).write(to: URL(filePath: "\(folder)/\(Name.tables)"))
      }
      try Data(input.utf8).write(to: URL(filePath: "\(folder)/\(Name.input)"))
    }
    return program.command(Name.input, in: folder)
  }

  private var input: String {
    let lines =
      model.lines(start: ["read_data \(Name.data)"], tables: Name.tables, pairs: pairs)
      + [
        "compute virial all pressure NULL virial",
        "thermo_style custom step pe vol c_virial[1] c_virial[2] c_virial[3] c_virial[4] &",
        "  c_virial[5] c_virial[6]",
        "run 0 post no",
        "write_dump all custom \(Name.forces) id fx fy fz modify sort id format float %.17g",
        "print \"$(pe:%.17g) $(vol:%.17g) $(c_virial[1]:%.17g) $(c_virial[2]:%.17g) &",
        "  $(c_virial[3]:%.17g) $(c_virial[4]:%.17g) $(c_virial[5]:%.17g) &",
        "  $(c_virial[6]:%.17g)\" file \(Name.energy) screen no",
      ]
    return lines.joined(separator: "\n") + "\n"
  }

  func result(in folder: String, for configuration: Configuration) throws -> CommandResult {
    let numbers = try numbers(folder, Name.energy)
    let rows = try LAMMPSDump.rows(text(folder, Name.forces), width: 4)
    guard numbers.count == 8 else {
      throw InputError("LAMMPS wrote \(numbers.count) numbers, expected 8", at: Name.energy)
    }
    guard rows.count == configuration.positions.count else {
      throw InputError(
        "LAMMPS wrote \(rows.count) forces for \(configuration.positions.count) atoms",
        at: Name.forces)
    }
    let frame = LowerTriangularFrame(configuration.lattice)
    // The virial pressure of LAMMPS, xx, yy, zz, xy, xz, yz, is minus the stress.
    let s = numbers[2...].map { -$0 * numbers[1] / LAMMPSDynamics.bars }
    let strain = [SIMD3(s[0], s[3], s[4]), SIMD3(s[3], s[1], s[5]), SIMD3(s[4], s[5], s[2])]
    return CommandResult(
      evaluation: Evaluation(
        energy: numbers[0], forces: rows.map { frame.back(SIMD3($0[1], $0[2], $0[3])) },
        strainDerivative: frame.back(tensor: strain)), hasStress: true)
  }

  func complaint(in log: String) -> String? { program.complaint(in: log) }

  private func text(_ folder: String, _ name: String) throws(InputError) -> String {
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else {
      throw InputError("LAMMPS wrote no \(name)")
    }
    return String(decoding: data, as: UTF8.self)
  }

  private func numbers(_ folder: String, _ name: String) throws -> [Double] {
    try text(folder, name).split(whereSeparator: \.isWhitespace).map { word in
      guard let value = NumberReader.real(word) else {
        throw InputError("LAMMPS wrote \"\(word)\", expected a number", at: name)
      }
      return value
    }
  }
}

/// Dumps of LAMMPS with one frame.
enum LAMMPSDump {
  /// The numbers of every atom.
  ///
  /// - Parameters:
  ///   - text: The dump.
  ///   - width: Numbers per atom.
  /// - Returns: One row for each atom.
  /// - Throws: ``InputError`` for other lines.
  static func rows(_ text: String, width: Int) throws(InputError) -> [[Double]] {
    let lines = text.split(whereSeparator: \.isNewline)
    guard let head = lines.firstIndex(where: { $0.hasPrefix("ITEM: ATOMS") }) else {
      throw InputError("the dump of LAMMPS has no atoms")
    }
    var rows: [[Double]] = []
    for line in lines[(head + 1)...] {
      let row = line.split(separator: " ").compactMap { NumberReader.real($0) }
      guard row.count == width else {
        throw InputError("the dump of LAMMPS has \"\(line)\", expected \(width) numbers")
      }
      rows.append(row)
    }
    return rows
  }
}
