import CellgenTestSupport
import Foundation
import Testing

@Suite struct RelaxCommandTests {
  /// Rocksalt MgO of edge 4.25 Å with labels; the first Mg is shifted.
  static let magnesia: String = {
    let a = 4.25
    let corners = [(0.0, 0.0, 0.0), (0.0, a / 2, a / 2), (a / 2, 0.0, a / 2), (a / 2, a / 2, 0.0)]
    let cations = corners.enumerated().map {
      "Mg \($1.0 + ($0 == 0 ? 0.1 : 0)) \($1.1) \($1.2) 2 4a\n"
    }
    let anions = corners.map { "O \($0.0 + a / 2) \($0.1) \($0.2) -2 4b\n" }
    return """
      8
      Lattice="4.25 0 0 0 4.25 0 0 0 4.25" \
      Properties=species:S:1:pos:R:3:initial_charges:R:1:label:S:1

      """ + (cations + anions).joined()
  }()

  @Test("the example of the help works as it stands")
  func example() throws {
    try Program.inFolder { cellgen in
      #expect(try cellgen("prototype", "rocksalt", "--supercell", "1x1x1").status == 0)
      let result = try cellgen(
        "relax", "prototype/host.extxyz", "--cell", "isotropic", "--quiet")
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
      #expect(result.output.contains("converged after"))
      for name in [
        "relaxed.extxyz", "relaxed.cif", "relaxed.vasp", "trajectory.extxyz", "steps.csv",
        "summary.json", "manifest.json", "figures/energy.svg", "figures/force.svg",
      ] {
        #expect(cellgen.exists("relax/\(name)"), "\(name)")
      }
      let help = try cellgen("relax", "--help")
      try expectGolden(help.output, "relax-help.txt", in: dataFolder())
    }
  }

  @Test("labels, charges and fixed sites are kept")
  func columns() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(RelaxCommandTests.magnesia, to: "m.extxyz")
      let result = try cellgen(
        "relax", "m.extxyz", "--cell", "full", "--fix", "1,4b", "--json", "--quiet")
      #expect(result.status == 0, "\(result.errors)")
      let json = try result.json
      #expect(json["converged"] as? Bool == true)
      let text = try cellgen.read("relax/relaxed.extxyz")
      #expect(text.contains("label:S:1") && text.contains("initial_charges:R:1"))
      #expect(text.contains("forces:R:3"))
      let energy = try cellgen("energy", "relax/relaxed.extxyz", "--model", "lattice", "--json")
      let again = try #require(try energy.json["energy_eV"] as? Double)
      let told = try #require(json["energy_eV"] as? Double)
      // The mesh is accurate to 1e-7 of forces.
      #expect(abs(again - told) < 1e-5)
      // The same frames, whatever the number of the run.
      #expect(
        try cellgen("relax", "m.extxyz", "--cell", "full", "--fix", "1,4b", "--out", "b", "--quiet")
          .status == 0)
      for name in ["relaxed.extxyz", "trajectory.extxyz", "steps.csv"] {
        #expect(try cellgen.read("relax/\(name)") == cellgen.read("b/\(name)"), "\(name)")
      }
    }
  }

  @Test func aRelaxationThatDoesNotConvergeSaysSo() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(RelaxCommandTests.magnesia, to: "m.extxyz")
      let result = try cellgen("relax", "m.extxyz", "--steps", "1", "--quiet")
      #expect(result.status == 2)
      #expect(result.errors.contains("NOT converged after 1 steps"))
      #expect(result.output.contains("NOT converged after 1 steps"))
    }
  }

  @Test func anEnergyWithoutMinimumIsAnError() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(RelaxCommandTests.magnesia, to: "m.extxyz")
      let result = try cellgen("relax", "m.extxyz", "--model", "ewald", "--cell", "full")
      #expect(result.status == 1 && result.output.isEmpty)
      #expect(result.errors.contains("use --model lattice"), "\(result.errors)")
      #expect(!cellgen.exists("relax/trajectory.extxyz"))
    }
  }

  @Test(
    "wrong options exit with 64",
    arguments: [
      (["--steps", "0"], "--steps"), (["--force-tolerance", "0"], "--force-tolerance"),
      (["--force-tolerance", "nan"], "--force-tolerance"),
      (["--stress-tolerance", "-1"], "--stress-tolerance"),
      (["--energy-tolerance", "0"], "--energy-tolerance"),
      (["--pressure", "1"], "add --cell isotropic"),
      (["--pressure", "inf", "--cell", "full"], "--pressure"),
      (["--cell", "round"], "round"), (["--method", "cg"], "cg"),
      (["--model", "latice"], "did you mean lattice"), (["--charges", "Mg"], "no charge"),
    ])
  func usage(options: [String], message: String) throws {
    try Program.inFolder { cellgen in
      try cellgen.write(RelaxCommandTests.magnesia, to: "m.extxyz")
      try cellgen.expectRefusal(["relax", "m.extxyz"] + options, status: 64, saying: message)
    }
  }

  @Test(
    "what does not fit the structure exits with 1",
    arguments: [
      (["--fix", "16d"], "no site with the label or element \"16d\""),
      (["--fix", "4A"], "did you mean 4a"), (["--fix", "0"], "from 1 to 8"),
      (["--fix", "7-9"], "from 1 to 8"), (["--fix", "3-2"], "from 1 to 8"),
      (["--fix", "Mg,O"], "nothing can move"), (["--fix", ""], "no site"),
      (["--charges", "Mg=3,O=-3"], "lewis-catlow has no parameters for"),
      (["--charges", "Mg=2"], "no charges for O"),
    ])
  func misfit(options: [String], message: String) throws {
    try Program.inFolder { cellgen in
      try cellgen.write(RelaxCommandTests.magnesia, to: "m.extxyz")
      try cellgen.expectRefusal(["relax", "m.extxyz"] + options, status: 1, saying: message)
    }
  }

  @Test func badStructuresAndFoldersAreRefused() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(
        "2\nLattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:pos:R:3:occupancy:R:1\n"
          + "Mg 0 0 0 0.5\nO 2 0 0 1\n", to: "half.extxyz")
      try cellgen.expectRefusal(
        ["relax", "half.extxyz"], status: 1, saying: "partially occupied")
      try cellgen.expectRefusal(["relax", "none.cif"], status: 1, saying: "no such file")
      try cellgen.write(RelaxCommandTests.magnesia, to: "m.extxyz")
      try cellgen.write("mine", to: "relax/notes.txt")
      try cellgen.expectRefusal(["relax", "m.extxyz"], status: 1, saying: "not empty")
      try cellgen.expectRefusal(
        ["relax", "m.extxyz", "--force"], status: 1, saying: "was not made by cellgen")
    }
  }
}
