import CellgenTestSupport
import Foundation
import Testing

@Suite struct LintCommandTests {
  /// An input of VASP for magnesia in a folder; MAGMOM stands in the last line of INCAR.
  private func write(_ cellgen: Program, _ folder: String, magmom: String = "2*0") throws {
    try cellgen.write(
      "ENCUT = 520\nISMEAR = 0\nISPIN = 2\nKSPACING = 0.25\nMAGMOM = \(magmom)\n",
      to: "\(folder)/INCAR")
    try cellgen.write(
      """
      MgO
      1.0
      0.0 2.1 2.1
      2.1 0.0 2.1
      2.1 2.1 0.0
      Mg O
      1 1
      Direct
      0.0 0.0 0.0
      0.5 0.5 0.5

      """, to: "\(folder)/POSCAR")
    try cellgen.write("Mg_pv\nO\n", to: "\(folder)/POTCAR.labels")
  }

  @Test("findings are printed like those of a compiler, by folder, file and line")
  func findings() throws {
    try Program.inFolder { cellgen in
      try write(cellgen, "all/b", magmom: "3*0.6")
      try write(cellgen, "all/a/deep")
      let bad = try cellgen("lint", "all/")
      #expect(bad.status == 2)
      #expect(
        bad.output == """
          all/b/INCAR:5: error: MAGMOM has 3 values for 2 atoms [magmom-length]
            hint: values follow the order of the atoms in POSCAR; 4*0.6 stands for four

          """)
      #expect(bad.errors == "2 inputs (2 of VASP): 1 error, 0 warnings, 0 notes\n")
      #expect(try cellgen("lint", "all", "--quiet").errors == "")
      let good = try cellgen("lint", "all/a/deep", "all/a", ".", "--ignore", "magmom-length")
      #expect(good.status == 0 && good.output == "")
      #expect(good.errors == "2 inputs (2 of VASP): 0 errors, 0 warnings, 0 notes\n")
    }
  }

  @Test("warnings fail with --strict only")
  func strict() throws {
    try Program.inFolder { cellgen in
      try write(cellgen, "a")
      try cellgen.write("ENCUT = 520\nISMEAR = 0\nKSPACING = 0.9\n", to: "a/INCAR")
      let usual = try cellgen("lint", "a")
      #expect(usual.status == 0 && usual.output.contains("a/INCAR:3: warning: KSPACING"))
      #expect(try cellgen("lint", "a", "--strict").status == 2)
      #expect(try cellgen("lint", "a", "--strict", "--ignore", "kpoints-coarse").status == 0)
    }
  }

  @Test("JSON tells folder, file, line and rule")
  func json() throws {
    try Program.inFolder { cellgen in
      try write(cellgen, "a", magmom: "0")
      let result = try cellgen("lint", "a", "--json")
      #expect(result.status == 2 && result.errors == "")
      let json = try result.json
      #expect(json["errors"] as? Int == 1 && json["warnings"] as? Int == 0)
      let finding = try #require((json["findings"] as? [[String: Any]])?.first)
      #expect(finding["folder"] as? String == "a" && finding["file"] as? String == "INCAR")
      #expect(finding["line"] as? Int == 5 && finding["rule"] as? String == "magmom-length")
      let input = try #require((json["inputs"] as? [[String: Any]])?.first)
      #expect(input["code"] as? String == "vasp")
    }
  }

  @Test("folders without an input and unknown rules are refused")
  func refusals() throws {
    try Program.inFolder { cellgen in
      try cellgen.write("x\n", to: "empty/readme.txt")
      try cellgen.expectRefusal(["lint", "empty"], status: 1, saying: "there is no input of VASP")
      try cellgen.expectRefusal(["lint", "none"], status: 1, saying: "none: no such folder")
      try cellgen.expectRefusal(["lint", "empty/readme.txt"], status: 1, saying: "is a file")
      try cellgen.expectRefusal(["lint"], status: 64, saying: "no folder")
      try cellgen.expectRefusal(
        ["lint", "empty", "--ignore", "magmon-length"], status: 64,
        saying: "did you mean magmom-length?")
      try cellgen.expectRefusal(["lint", "a", "--rules"], status: 64, saying: "takes no folders")
    }
  }

  @Test("the basis sets of CP2K are looked for in the folder that is given")
  func data() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(
        """
        &FORCE_EVAL
          &DFT
            BASIS_SET_FILE_NAME SETS
            POTENTIAL_FILE_NAME SETS
          &END DFT
          &SUBSYS
            &CELL
              ABC 10 10 10
            &END CELL
            &COORD
              Ne 0 0 0
            &END COORD
            &KIND Ne
              BASIS_SET SZV
              POTENTIAL GTH-q8
            &END KIND
          &END SUBSYS
        &END FORCE_EVAL

        """, to: "a/neon.inp")
      try cellgen.write("Ne SZV-q8 SZV\nNe GTH-q8\n", to: "data/SETS")
      #expect(try cellgen("lint", "a", "--cp2k-data", "data").output == "")
      try cellgen.write("Ne SZV-q8 SZV\n", to: "data/SETS")
      let missing = try cellgen("lint", "a", "--cp2k-data", "data")
      #expect(
        missing.output == "a/neon.inp:15: error: GTH-q8 for Ne is not in SETS [potential-unknown]\n"
      )
    }
  }

  @Test("every rule is listed, and the help is the stored one")
  func help() throws {
    try Program.inFolder { cellgen in
      let rules = try cellgen("lint", "--rules")
      #expect(rules.status == 0)
      #expect(rules.output.split(separator: "\n").count > 70)
      #expect(rules.output.contains("magmom-length"))
      try expectGolden(cellgen("lint", "--help").output, "lint-help.txt", in: dataFolder())
    }
  }
}
