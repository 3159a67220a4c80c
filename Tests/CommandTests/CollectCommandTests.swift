import CellgenTestSupport
import Crystal
import Foundation
import StructureIO
import Testing

@Suite struct CollectCommandTests {
  /// Outputs of real programs, shared with the tests of their readers.
  private let results = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "HandoffTests/Data/results")

  /// Copies the outputs of a calculation into a folder, with changes.
  private func copy(
    _ name: String, to folder: String, in program: Program,
    _ change: (String) -> String = { $0 }
  ) throws {
    let source = results.appending(path: name)
    for file in try FileManager.default.contentsOfDirectory(atPath: source.path()) {
      let text = try String(contentsOf: source.appending(path: file), encoding: .utf8)
      try program.write(change(text), to: "\(folder)/\(file)")
    }
  }

  /// Writes what `cellgen input` leaves beside a deck for the LiMnO2 of the VASP outputs.
  private func describe(
    _ folder: String, in program: Program, id: String, functional: String = "PBEsol",
    order: [Int] = [0, 1, 2, 3]
  ) throws {
    let symbols = ["Li1+", "Mn4+", "O2-", "O2-"]
    let labels = ["3b", "3a", "6c", "6c"]
    let points = [
      SIMD3(0, 0, 0), SIMD3(0.5, 0.5, 0.5), SIMD3(0.251, 0.249, 0.74), SIMD3(0.749, 0.751, 0.26),
    ]
    let lattice = try Lattice(a: SIMD3(2.85, 0, 0), b: SIMD3(0, 2.95, 0), c: SIMD3(0.1, 0, 5.6))
    var structure = Structure(
      lattice: lattice,
      species: try order.map { n in
        let state = Double(symbols[n].filter(\.isNumber)) ?? 0
        let element = try #require(Element(symbol: symbols[n].prefix { $0.isLetter }))
        return Species(element, oxidationState: symbols[n].hasSuffix("-") ? -state : state)
      }, positions: order.map { Fractional(points[$0]) })
    structure.labels = order.map { labels[$0] }
    try program.write(ExtendedXYZ.write(structure), to: "\(folder)/structure.extxyz")
    try program.write(
      """
      {"cellgen": "0", "id": "\(id)", "code": "vasp", "preset": "test", "formula": "LiMnO2",
       "atoms": 4, "charge": 0, "relaxing": "cell", "source": "x.cif", "sourceSHA256": "",
       "command": ["vasp_std"],
       "settings": {"code": "vasp", "functional": "\(functional)", "dispersion": "D3BJ",
         "cutoffEV": 520, "hubbardEV": {"Mn": 3.9}, "isSpinPolarised": true}}
      """, to: "\(folder)/calculation.json")
  }

  private func rows(_ program: Program, _ name: String) throws -> [[String]] {
    try program.read(name).split(separator: "\n").map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test("a finished calculation becomes a row with labels and oxidation states")
  func finished() throws {
    try Program.inFolder { program in
      try copy("vasp", to: "runs/a", in: program)
      try describe("runs/a", in: program, id: "first")
      let result = try program("collect", "runs")
      #expect(result.status == 0, "\(result.errors)")
      let energies = try rows(program, "collect/energies.csv")
      #expect(
        energies == [
          ["id", "formula", "atoms", "energy_eV", "energy_per_atom_eV", "source", "structure"],
          [
            "first", "LiMnO2", "4", "-26.19112387", "-6.5477809675", "VASP PBEsol+U+D3BJ",
            "structures/first.extxyz",
          ],
        ])
      let relaxed = try StructureFile.read(
        program.folder.appending(path: "collect/structures/first.extxyz").path()
      ).structure
      #expect(relaxed.labels == ["3b", "3a", "6c", "6c"])
      #expect(relaxed.species.map { $0.description } == ["Li+", "Mn4+", "O2-", "O2-"])
      #expect(abs(relaxed.lattice.volume - 47.820305) < 1e-5)
      // 3.81 μB are those of Mn3+, the structure says Mn4+.
      let moments = try rows(program, "collect/moments.csv")
      #expect(moments[2] == ["first", "2", "Mn4+", "3a", "3.81", "3", "no"])
      #expect(result.errors.contains("first: moments disagree with the oxidation states of 1 Mn"))
      #expect(result.errors.contains("add up to 0.00") == false)
      let numbers = try rows(program, "collect/results.csv")[1]
      #expect(numbers[1...2] == ["finished", "yes"] && numbers[7] == "3" && numbers[8] == "4")
      let manifest = try program.read("collect/manifest.json")
      #expect(manifest.contains("runs/a/vasprun.xml"))
    }
  }

  @Test("what did not end well is named, and counts only where that is allowed")
  func states() throws {
    try Program.inFolder { program in
      try copy("vasp", to: "runs/done", in: program)
      try copy("vasp", to: "runs/cut", in: program) { text in
        text.replacing("</modeling>", with: "").replacing("General timing", with: "")
      }
      try copy("vasp", to: "runs/steps", in: program) { text in
        text.replacing("name=\"NSW\">    40<", with: "name=\"NSW\">     3<")
          .replacing("reached required accuracy", with: "")
      }
      try copy("vasp", to: "runs/electrons", in: program) { text in
        text.replacing("name=\"NELM\">    60<", with: "name=\"NELM\">     4<")
      }
      try describe("runs/waiting", in: program, id: "waiting")
      let result = try program("collect", "runs")
      #expect(result.status == 2)
      #expect(try rows(program, "collect/energies.csv").map { $0[0] } == ["id", "done"])
      for message in [
        "cut does not count: the output ends in the middle, and was written",
        "hint: collect again when it has ended",
        "steps does not count: the atoms were still moving after 3 steps",
        "from structures/steps.extxyz",
        "electrons does not count: the electrons did not converge in 4 iterations",
        "waiting does not count: no output of VASP", "hint: run in the folder: vasp_std",
      ] {
        #expect(result.errors.contains(message), "\(message)\n\(result.errors)")
      }
      #expect(
        try rows(program, "collect/results.csv").dropFirst().map { $0[1] } == [
          "truncated", "finished", "electrons-not-converged", "ions-not-converged", "not-read",
        ])
      let allowed = try program("collect", "runs", "--allow-unconverged", "--out", "all")
      #expect(allowed.status == 2)
      #expect(
        try rows(program, "all/energies.csv").map { $0[0] } == ["id", "done", "electrons", "steps"])
    }
  }

  @Test("without any energy that counts there is no table, and the status is 1")
  func nothing() throws {
    try Program.inFolder { program in
      try copy("qe-error", to: "runs/crash", in: program)
      try copy("qe-unconverged", to: "runs/scf", in: program)
      let result = try program("collect", "runs")
      #expect(result.status == 1)
      #expect(result.errors.contains("atoms #   1 and #   2 overlap!"))
      #expect(!program.files.contains("collect/energies.csv"))
      #expect(program.files.contains("collect/results.csv"))
    }
  }

  @Test("energies with different settings are refused, unless they may be mixed")
  func mixed() throws {
    try Program.inFolder { program in
      try copy("vasp", to: "runs/a", in: program)
      try copy("vasp", to: "runs/b", in: program) { text in
        text.replacing("name=\"GGA\">PS<", with: "name=\"GGA\">PE<")
          .replacing("4.90000000", with: "4.00000000")
          .replacing("name=\"ENMAX\">    520.", with: "name=\"ENMAX\">    400.")
      }
      for message in [
        "functional: PBE (b); PBEsol (a)", "cutoff: 400.0 eV (b); 520.0 eV (a)",
        "U of Mn: 3.00 eV (b); 3.90 eV (a)", "with --mixed",
      ] {
        try program.expectRefusal(["collect", "runs"], status: 1, saying: message)
      }
      let result = try program("collect", "runs", "--mixed")
      #expect(result.status == 0)
      #expect(result.errors.contains("warning: different settings: functional"))
      #expect(try rows(program, "collect/energies.csv").count == 3)
    }
  }

  @Test("one name in two folders gets a prefix, twice in one folder is refused")
  func names() throws {
    try Program.inFolder { program in
      for folder in ["charged/001", "discharged/001", "discharged/002"] {
        try copy("vasp", to: folder, in: program)
      }
      let result = try program("collect", "charged", "discharged")
      #expect(result.status == 0, "\(result.errors)")
      #expect(
        try rows(program, "collect/energies.csv").dropFirst().map { $0[0] } == [
          "charged/001", "discharged/001", "discharged/002",
        ])
      #expect(program.files.contains("collect/structures/charged/001.extxyz"))
      try describe("charged/002", in: program, id: "001")
      try program.expectRefusal(
        ["collect", "charged", "--out", "x"], status: 1,
        saying: "two results for \"001\": charged/001 and charged/002")
      try program.expectRefusal(
        ["collect", "charged", "./charged/", "--out", "x"], status: 64,
        saying: "the path is given twice")
      try program.expectRefusal(
        ["collect", "discharged", "discharged/001", "--out", "x"], status: 1,
        saying: "this calculation is given twice")
    }
  }

  @Test("an output with other settings or atoms than its folder says is told")
  func departures() throws {
    try Program.inFolder { program in
      try copy("vasp", to: "runs/a", in: program)
      try describe("runs/a", in: program, id: "a", functional: "PBE")
      try copy("vasp", to: "runs/b", in: program)
      try describe("runs/b", in: program, id: "b", order: [1, 0, 2, 3])
      try copy("vasp", to: "runs/c", in: program)
      try describe("runs/c", in: program, id: "c", order: [0, 1, 2])
      let result = try program("collect", "runs")
      #expect(result.status == 2)
      #expect(
        result.errors.contains(
          "a: different settings: functional: PBE (calculation.json); PBEsol (the output)"))
      #expect(result.errors.contains("b: atom 1 is Li in the output and Mn in structure.extxyz"))
      #expect(result.errors.contains("the output is of LiMnO2, structure.extxyz is LiMnO"))
    }
  }

  @Test("labels come from a parent where there is no structure with labels")
  func parent() throws {
    try Program.inFolder { program in
      try copy("vasp", to: "runs/a", in: program)
      try describe("made", in: program, id: "made")
      let result = try program("collect", "runs", "--parent", "made/structure.extxyz", "--json")
      #expect(result.status == 0, "\(result.errors)")
      _ = try program("collect", "runs", "--parent", "made/structure.extxyz")
      let relaxed = try StructureFile.read(
        program.folder.appending(path: "collect/structures/a.extxyz").path()
      ).structure
      #expect(relaxed.labels == ["3b", "3a", "6c", "6c"])
      try program.expectRefusal(
        ["collect", "runs", "--out", "x", "--parent", "runs/a/vasprun.xml"], status: 1,
        saying: "vasprun.xml")
    }
  }

  @Test("databases, computed entries and extended XYZ are read as files, and hull takes the table")
  func files() throws {
    try Program.inFolder { program in
      for (file, name) in [("ase.db", "ase.db"), ("json/ce.json", "entries.json")] {
        try FileManager.default.copyItem(
          at: results.appending(path: file), to: program.folder.appending(path: name))
      }
      let result = try program("collect", "ase.db", "entries.json", "--mixed", "--json")
      #expect(result.status == 0, "\(result.errors)")
      let json = try result.json
      let calculations = try #require(json["calculations"] as? [[String: Any]])
      #expect(calculations.map { $0["id"] as? String } == ["mgo-0", "2", "mp-1", "mp-2"])
      #expect(calculations.map { $0["energy_eV"] as? Double } == [-11.5, -11.6, -40.5, -11.9])
      #expect(calculations[0]["largest_force_eV_A"] as? Double == 0.01)
      #expect(result.errors.contains("mp-1: a correction of -1.2000 eV was left out"))
      let table = try program("collect", "ase.db", "entries.json", "--mixed", "--out", "t")
      #expect(table.status == 0)
      #expect(try program("hull", "t/energies.csv").status == 0)
      try program.write("no database", to: "bad.db")
      let bad = try program("collect", "bad.db", "--out", "y")
      #expect(bad.status == 1 && bad.errors.contains("no database of ASE"))
    }
  }

  @Test(
    "paths without results are refused",
    arguments: [
      ("nowhere", "nowhere: no such folder or file"), ("empty", "empty: no calculation in this"),
      ("POSCAR", "POSCAR: no file of results"),
    ])
  func refusals(path: String, message: String) throws {
    try Program.inFolder { program in
      try program.write("x", to: "POSCAR")
      try program.write("x", to: "empty/other.txt")
      try program.expectRefusal(["collect", path], status: 1, saying: message)
    }
  }

  @Test("a description that cannot be read costs its calculation")
  func badRecord() throws {
    try Program.inFolder { program in
      try copy("vasp", to: "runs/a", in: program)
      try program.write("{", to: "runs/a/calculation.json")
      let result = try program("collect", "runs")
      #expect(result.status == 1)
      #expect(result.errors.contains("calculation.json: this does not describe a calculation"))
    }
  }

  @Test("help of collect is stable")
  func help() throws {
    try Program.inFolder { program in
      try expectGolden(program("collect", "--help").output, "collect-help.txt", in: dataFolder())
    }
  }
}
