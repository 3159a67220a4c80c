import CellgenTestSupport
import Foundation
import Testing

@Suite struct EnergyCommandTests {
  /// Rocksalt MgO, an edge of 4.212 Å.
  private func magnesia(columns: String = "", charges: [String] = ["", ""]) -> String {
    let corners = [(0.0, 0.0, 0.0), (0.0, 2.106, 2.106), (2.106, 0.0, 2.106), (2.106, 2.106, 0.0)]
    let cations = corners.map { "Mg \($0.0) \($0.1) \($0.2)\(charges[0])\n" }
    let anions = corners.map { "O \($0.0 + 2.106) \($0.1) \($0.2)\(charges[1])\n" }
    return """
      8
      Lattice="4.212 0 0 0 4.212 0 0 0 4.212" Properties=species:S:1:pos:R:3\(columns)

      """ + (cations + anions).joined()
  }

  /// -M k q² / r with the Madelung constant of rocksalt (Y. Sakamoto, J. Chem. Phys. 28, 164, 1958).
  private let perFormula = -1.747_564_594_633 * 14.399_645_478_425 * 4 / 2.106

  @Test("charges from the command line, the column, and oxidation states agree")
  func charges() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(magnesia(), to: "bare.extxyz")
      try cellgen.write(
        magnesia(columns: ":initial_charges:R:1", charges: [" 2", " -2"]), to: "column.extxyz")
      try cellgen.write(
        magnesia(columns: ":species_state:S:1", charges: [" Mg2+", " O2-"]), to: "states.extxyz")
      let runs = [
        ["bare.extxyz", "--charges", "Mg=2,O=-2"], ["bare.extxyz", "--charges", "O=-2, Mg=+2"],
        ["column.extxyz"], ["states.extxyz"],
      ]
      for arguments in runs {
        let result = try cellgen.run(["energy"] + arguments + ["--json"])
        #expect(result.status == 0 && result.errors.isEmpty, "\(arguments)")
        let json = try result.json
        let energy = try #require(json["energy_eV"] as? Double)
        #expect(abs(energy / (4 * perFormula) - 1) < 1e-11, "\(arguments)")
        #expect(json["energy_eV_per_atom"] as? Double == energy / 8)
        let parts = try #require(json["components_eV"] as? [String: Double])
        #expect(Set(parts.keys) == ["real", "reciprocal", "self", "background", "short_range"])
        #expect(abs(parts.values.reduce(0, +) - energy) < 1e-10)
        let potentials = try #require(json["site_potentials_V"] as? [Double])
        #expect(potentials.count == 8)
        #expect(json["forces_eV_A"] == nil)
      }
      #expect(cellgen.files == ["bare.extxyz", "column.extxyz", "states.extxyz"])
    }
  }

  @Test func chargedCellsHaveABackgroundAndAWarning() throws {
    try Program.inFolder { cellgen in
      // Point charges on a simple cubic lattice (reference: 28-digit Ewald sum).
      try cellgen.write(
        "1\nLattice=\"1 0 0 0 1 0 0 0 1\" Properties=species:S:1:pos:R:3\nX 0 0 0\n", to: "w.extxyz"
      )
      let result = try cellgen("energy", "w.extxyz", "--charges", "X=1", "--json")
      #expect(result.errors.contains("net charge of 1.0000 e"))
      let energy = try #require(try result.json["energy_eV"] as? Double)
      #expect(abs(energy / (-1.418_648_739_740_309_7 * 14.399_645_478_425) - 1) < 1e-11)
    }
  }

  @Test func forcesAndStressHaveTheirShape() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(magnesia(), to: "m.extxyz")
      for model in ["ewald", "lattice"] {
        let json = try cellgen(
          "energy", "m.extxyz", "--charges", "Mg=2,O=-2", "--model", model, "--forces", "--json"
        ).json
        let forces = try #require(json["forces_eV_A"] as? [[Double]])
        #expect(forces.count == 8 && forces.allSatisfy { $0.count == 3 })
        #expect(forces.joined().allSatisfy { abs($0) < 1e-9 })
        let stress = try #require(json["stress_eV_A3"] as? [[Double]])
        #expect(stress.count == 3 && stress.allSatisfy { $0.count == 3 })
        #expect(abs(stress[0][0] - stress[2][2]) < 1e-10)
      }
    }
  }

  @Test func theTableIsOnStandardOutput() throws {
    try Program.inFolder { cellgen in
      #expect(try cellgen("spinel", "--out", "spinel").status == 0)
      let result = try cellgen(
        "energy", "spinel/host.extxyz", "--model", "lattice", "--charges", "Zn=2,Mn=3,O=-2",
        "--forces")
      #expect(result.status == 0)
      #expect(result.errors == "warning: parameters of Mn3+-O2- come from a single source\n")
      #expect(result.output.contains("short range"))
      #expect(result.output.contains("Va 16c"))
      let help = try cellgen("energy", "--help")
      try expectGolden(help.output, "energy-help.txt", in: dataFolder())
    }
  }

  @Test(
    "wrong options exit with 64",
    arguments: [
      (["--model", "ewalt"], "did you mean ewald"),
      (["--charges", "Mg"], "no charge of an element"),
      (["--charges", "Mg=two,O=-2"], "is no charge of Mg"), (["--charges", "Mg=nan"], "no charge"),
      (["--charges", "Mgg=2"], "there is no element"), (["--charges", "Mg=2,Mg=2"], "given twice"),
      (["--charges", "Mg=2000"], "at most 100"), (["--charges", ""], "no charge of an element"),
      (["--force"], "--force"), (["--engine", "emt"], "is no engine"),
      (["--engine", "ipi:lmp -in in"], "no {socket}"),
      (["--engine", "ase:emt", "--model", "ewald"], "either --model or --engine"),
      (["--engine", "ase:emt", "--charges", "Mg=2,O=-2"], "this engine takes none"),
      (["--clients", "2"], "--clients, --engine-time-limit, --engine-start-limit"),
      (["--engine", "ase:emt", "--clients", "0"], "0 clients"),
    ])
  func usage(options: [String], message: String) throws {
    try Program.inFolder { cellgen in
      try cellgen.write(magnesia(), to: "m.extxyz")
      try cellgen.expectRefusal(["energy", "m.extxyz"] + options, status: 64, saying: message)
    }
  }

  @Test(
    "charges and atoms have to match",
    arguments: [
      ([], "no charges for O, Mg"), (["--charges", "Mg=2"], "no charges for O"),
      (["--charges", "Mg=2,O=-2,Zn=2"], "Zn has a charge but does not occur"),
      (["--charges", "Mg=3,O=-3", "--model", "lattice"], "lewis-catlow has no parameters for"),
    ])
  func unmatched(options: [String], message: String) throws {
    try Program.inFolder { cellgen in
      try cellgen.write(magnesia(), to: "m.extxyz")
      try cellgen.expectRefusal(["energy", "m.extxyz"] + options, status: 1, saying: message)
    }
  }

  @Test(
    "bad structures are refused",
    arguments: [
      (
        "m.extxyz",
        "2\nLattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:pos:R:3\nMg 0 0 0\nO 4 0 0\n",
        "apart"
      ),
      (
        "m.extxyz",
        "1\nLattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:pos:R:3:initial_charges:R:1\nMg 0 0 0 0\n",
        "are zero"
      ),
      ("m.extxyz", "", "m.extxyz"), ("m.dat", "1\n", "no structure format"),
    ])
  func badStructure(name: String, text: String, message: String) throws {
    try Program.inFolder { cellgen in
      try cellgen.write(text, to: name)
      try cellgen.expectRefusal(["energy", name], status: 1, saying: message)
      try cellgen.expectRefusal(["energy", "none.cif"], status: 1, saying: "no such file")
    }
  }

  @Test("an engine takes the place of the model; an event leaves a trace")
  func engine() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(magnesia(), to: "m.extxyz")
      // Fails the first time; the forces are the numbers of the atoms.
      try cellgen.write(
        """
        [ -e seen ] || { touch seen; echo not yet >&2; exit 1; }
        printf '{"energy_eV": -8, "forces_eV_A": [[1, 0, 0]' > $2
        for n in 2 3 4 5 6 7 8; do printf ', [%s, 0, 0]' $n >> $2; done
        echo '], "stress_eV_A3": [[1, 0, 0], [0, 1, 0], [0, 0, 1]]}' >> $2
        """, to: "engine.sh")
      let arguments = [
        "energy", "m.extxyz", "--engine", "command:sh engine.sh {in} {out}", "--forces",
      ]
      let result = try cellgen.run(arguments + ["--json"])
      #expect(result.status == 0)
      #expect(result.errors.contains("it ended with exit code 1\n    not yet"))
      let json = try result.json
      #expect(json["energy_eV"] as? Double == -8 && json["energy_eV_per_atom"] as? Double == -1)
      #expect((json["forces_eV_A"] as? [[Double]])?.last == [8, 0, 0])
      let stress = try #require(json["stress_eV_A3"] as? [[Double]])
      #expect(abs(stress[1][1] - 1) < 1e-14)
      #expect((json["events"] as? [String])?.count == 1)
      let table = try cellgen.run(arguments)
      #expect(table.output.contains("160.2177") && table.errors.isEmpty)
      #expect(table.output.contains("engine: command:sh engine.sh {in} {out}"))
    }
  }

  @Test("an engine that fails is an error with what it printed")
  func failingEngine() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(magnesia(), to: "m.extxyz")
      try cellgen.expectRefusal(
        ["energy", "m.extxyz", "--engine", "command:echo no licence; exit 4 # {in} {out}"],
        status: 1,
        saying: "no licence")
      try cellgen.expectRefusal(
        ["energy", "m.extxyz", "--engine", "ase:emt", "--python", "./none"], status: 1,
        saying: "./none cannot serve ase:emt")
    }
  }
}
