import Crystal
import Foundation
import StructureIO
import Testing

/// One law for all commands that change a structure: every atom keeps every column, through every
/// format that can hold it, and what a format cannot hold is named.
@Suite struct ColumnLawTests {
  /// A command with its options, and the column that it adds.
  struct Edit: CustomTestStringConvertible, Sendable {
    let verb: String
    let options: [String]
    var adds: [String] = []
    /// Whether atoms change their species.
    var changesSpecies = false
    /// Whether vectors of velocity and force are turned with the crystal.
    var turns = false

    var testDescription: String { ([verb] + options).joined(separator: " ") }

    /// The words of a call that reads `start.extxyz`.
    var arguments: [String] {
      [verb, "start.extxyz"] + (verb == "interface" ? ["start.extxyz"] : []) + options
    }
  }

  static let edits = [
    Edit(verb: "supercell", options: ["1 1 0 -1 1 0 0 0 2"]),
    Edit(verb: "supercell", options: ["--primitive"]),
    Edit(verb: "supercell", options: ["--conventional"]),
    Edit(verb: "supercell", options: ["--niggli"]),
    Edit(
      verb: "exchange", options: ["--from", "Mg", "--to", "Al", "--round", "--seed", "3"],
      changesSpecies: true),
    Edit(
      verb: "exchange",
      options: ["--from", "Mg", "--to", "Ca", "--onto", "4a", "--method", "rank", "--seed", "3"],
      changesSpecies: true),
    Edit(
      verb: "substitute",
      options: ["--from", "Mn", "--to", "Al3+", "--label", "4a", "--count", "3", "--seed", "3"],
      changesSpecies: true),
    Edit(
      verb: "vacancies", options: ["--of", "O", "--fraction", "0.25", "--seed", "3"],
      changesSpecies: true),
    Edit(verb: "strain", options: ["--components", "0.01,-0.02,0.03,0.004,-0.005,0.006"]),
    Edit(verb: "rattle", options: ["--deviation", "0.02", "--seed", "3"]),
    Edit(verb: "insert", options: ["--min-distance", "1.5"]),
    Edit(
      verb: "insert",
      options: [
        "--ion", "Li+", "--count", "1", "--min-distance", "1.5", "--cation-distance", "1.5",
        "--mismatch", "5",
      ]),
    Edit(verb: "slab", options: ["--plane", "1,0,1"], adds: ["layer"], turns: true),
    Edit(
      verb: "particles", options: ["--edge", "12", "--rotation", "random", "--seed", "3"],
      adds: ["particle"], turns: true),
    Edit(verb: "interface", options: ["--area", "150"], adds: ["side"], turns: true),
  ]

  /// The columns that each format brings back; what else there is, it loses.
  ///
  /// Extended XYZ, CIF and JSON hold all columns. The others have comments with the words of cellgen
  /// beside the atoms, and places of their own for a few quantities.
  static func held(by format: StructureFormat) -> Set<String>? {
    let noted: Set = [
      "label", "parent_site", "cell_index", "initial_charges", "initial_magmoms", "occupancy",
    ]
    return switch format {
    case .extxyz, .cif, .json: nil
    case .poscar: noted.union(["velocities", "selective_dynamics"])
    case .lammps, .cp2k: noted.union(["velocities"])
    case .espresso: noted.union(["selective_dynamics"])
    case .xsf: noted.union(["forces"])
    case .res: noted
    }
  }

  /// Columns of vectors that turn with the crystal.
  static let vectors: Set = ["velocities", "forces"]

  /// LiMnO2 with cations in layers and a column of every kind; `origin` numbers the atoms.
  static func host() throws -> Structure {
    let sites: [(String, SIMD3<Double>)] = [
      ("Li+", SIMD3(0, 0, 0)), ("Li+", SIMD3(0.5, 0.5, 0)), ("Mn3+", SIMD3(0.5, 0, 0.5)),
      ("Mn3+", SIMD3(0, 0.5, 0.5)), ("O2-", SIMD3(0.5, 0, 0)), ("O2-", SIMD3(0, 0.5, 0)),
      ("O2-", SIMD3(0, 0, 0.5)), ("O2-", SIMD3(0.5, 0.5, 0.5)),
    ]
    let cell = Structure(
      lattice: try .cubic(4.15), species: try sites.map { try #require(Species($0.0)) },
      positions: sites.map { Fractional($0.1) })
    var host = try cell.repeated(SupercellMatrix(parsing: "2x1x1"))
    let count = host.count
    host.labels = host.species.map { $0.element.symbol == "O" ? "4b" : "4a" }
    host.charges = host.species.map { $0.oxidationState ?? 0 }
    host.set(
      Column(
        Column.Name.magneticMoment,
        .real(
          host.species.indices.map { index in
            host.species[index].element.symbol == "Mn" ? (index.isMultiple(of: 2) ? 3.9 : -3.9) : 0
          })))
    func real(_ name: String, _ width: Int, _ scale: Double) -> Column {
      Column(name, width: width, .real((0..<(count * width)).map { Double($0 - 7) * scale / 3 }))
    }
    host.set(Column(Column.Name.occupancy, .real(Array(repeating: 1, count: count))))
    host.set(real(Column.Name.velocity, 3, 1e-3))
    host.set(real(Column.Name.force, 3, 0.1))
    host.set(
      Column(
        Column.Name.free, width: 3, .logical((0..<(3 * count)).map { $0.isMultiple(of: 5) })))
    host.set(Column("origin", .integer(Array(0..<count))))
    host.set(Column("word", .text((0..<count).map { "w\($0)#" })))
    host.set(real("arrow", 2, 1))
    host.set(Column("flag", .logical((0..<count).map { $0 > 3 })))
    host.title = "host"
    return host
  }

  /// Writes `start.extxyz`: the host, built, exchanged and repeated.
  private static func prepare(_ cellgen: Program, _ host: Structure) throws -> Structure {
    try StructureFile.write(host, to: cellgen.path("host.extxyz"))
    for arguments in [
      ["exchange", "host.extxyz", "--from", "Li", "--to", "Mg", "--seed", "1"],
      ["supercell", "exchange.extxyz", "2x1x1", "--out", "start.extxyz"],
    ] {
      let result = try cellgen.run(arguments)
      #expect(result.status == 0, "\(arguments): \(result.errors)")
    }
    return try cellgen.structure("start.extxyz")
  }

  @Test("build, exchange, supercell, edit, write, read: every column stays", arguments: edits)
  func columnsStay(edit: Edit) throws {
    try Program.inFolder { cellgen in
      let host = try ColumnLawTests.host()
      let start = try ColumnLawTests.prepare(cellgen, host)
      try expectColumns(of: start, from: host, changesSpecies: true, turns: false, adds: [])

      let run = try cellgen.run(edit.arguments + ["--out", "result.extxyz"])
      #expect(run.status == 0, "\(run.errors)")
      #expect(!run.errors.contains("left out"))
      #expect(run.errors.contains("forces: still those of the structure before"))
      let result = try cellgen.structure("result.extxyz")
      try expectColumns(
        of: result, from: start, changesSpecies: edit.changesSpecies, turns: edit.turns,
        adds: edit.adds)
      for format in StructureFormat.allCases where format != .extxyz {
        try expectLosses(edit, format, result, cellgen)
      }
    }
  }

  /// The atoms of `result` have the columns of the atoms of `source` with the same `origin`.
  private func expectColumns(
    of result: Structure, from source: Structure, changesSpecies: Bool, turns: Bool, adds: [String]
  ) throws {
    #expect(
      Set(result.columns.map(\.name)) == Set(source.columns.map(\.name)).union(adds))
    let origins = try #require(result.integers("origin"))
    let sources = try #require(source.integers("origin"))
    let known = origins.indices.filter { origins[$0] >= 0 }
    let first = try known.map { index in
      try #require(sources.firstIndex(of: origins[index]), "origin \(origins[index])")
    }
    for column in source.columns where column.name != Column.Name.charge {
      let kept = try #require(result[column: column.name]).selecting(known)
      let expected = column.selecting(first)
      if turns, ColumnLawTests.vectors.contains(column.name) {
        #expect(squares(kept).elementsEqual(squares(expected)) { abs($0 - $1) < 1e-12 })
      } else {
        #expect(kept == expected, "\(column.name)")
      }
    }
    let changed = zip(known, first).filter { result.species[$0] != source.species[$1] }
    #expect(changed.isEmpty == !changesSpecies)
    #expect(result.charges == result.species.map { $0.oxidationState ?? 0 })
    // Sites that are new have labels of their own, and are whole.
    for index in origins.indices where origins[index] < 0 {
      #expect(result.labels?[index].hasPrefix("i") ?? false)
      #expect(result[column: Column.Name.occupancy]?.selecting([index]).values == .real([1]))
    }
  }

  /// The same command, written in another format, loses what the format is known to lose, and says so.
  private func expectLosses(
    _ edit: Edit, _ format: StructureFormat, _ result: Structure, _ cellgen: Program
  ) throws {
    let name = "result.\(format.fileExtensions[0])"
    let run = try cellgen.run(edit.arguments + ["--out", name])
    #expect(run.status == 0, "\(run.errors)")
    let back = try cellgen.structure(name)
    let expected = result.withoutVacancies().groupedBySpecies()
    #expect(back.species == expected.species, "\(format)")
    let names = Set(result.columns.map(\.name))
    var kept = ColumnLawTests.held(by: format)?.intersection(names) ?? names
    // Where the format itself has occupancies, full ones go without saying.
    if format == .json || format == .res { kept.remove(Column.Name.occupancy) }
    #expect(Set(back.columns.map(\.name)).intersection(names) == kept, "\(format)")
    for column in expected.columns where kept.contains(column.name) {
      let own = try #require(back[column: column.name])
      if ColumnLawTests.vectors.contains(column.name) {
        // These formats turn the crystal.
        #expect(squares(own).elementsEqual(squares(column)) { abs($0 - $1) < 1e-9 }, "\(format)")
      } else {
        #expect(own == column, "\(format): \(column.name)")
      }
    }
    let vacancies = result.species.count(where: \.isVacancy)
    #expect(run.errors.contains("\(vacancies) vacancies are left out") == (vacancies > 0))
    let held = ColumnLawTests.held(by: format) ?? names
    let lost = result.columns.map(\.name).filter { !held.contains($0) }
    #expect(
      lost.isEmpty
        ? !run.errors.contains("columns left out")
        : run.errors.contains("\(name): columns left out: \(lost.joined(separator: ", "))\n"),
      "\(format): \(run.errors)")
  }

  /// The squared lengths of the vectors of a column.
  private func squares(_ column: Column) -> [Double] {
    guard case .real(let values) = column.values else { return [] }
    return stride(from: 0, to: values.count, by: column.width).map { start in
      values[start..<(start + column.width)].reduce(0) { $0 + $1 * $1 }
    }
  }
}

extension Program {
  /// The path of a file in the folder.
  func path(_ name: String) -> String { folder.appending(path: name).path() }

  /// The structure in a file in the folder.
  func structure(_ name: String) throws -> Structure {
    try StructureFile.read(path(name)).structure
  }
}

extension Structure {
  /// The values of a column of single integers.
  fileprivate func integers(_ name: String) -> [Int]? {
    guard case .integer(let values) = self[column: name]?.values else { return nil }
    return values
  }
}
