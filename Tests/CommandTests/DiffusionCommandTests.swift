import CellgenTestSupport
import Foundation
import Testing

@Suite struct DiffusionCommandTests {
  /// Two magnesium ions and two oxygens; the ions walk along x by a step per frame, in turns.
  private func trajectory(frames: Int, changes: (Int) -> String = { _ in "" }) -> String {
    (0..<frames).map { frame in
      """
      4
      Lattice="8 0 0 0 8 0 0 0 8" step=\(10 * frame) time_fs=\(20 * frame).0 \(changes(frame))
      Mg \(Double((frame * frame) % 7) * 0.1) 0 0
      Mg 4 \(Double((frame * 3) % 5) * 0.1) 0
      O 2 2 \(Double(frame % 2) * 0.05)
      O 6 6 6

      """
    }.joined()
  }

  @Test("published coefficients give the published activation energy, in text, JSON and files")
  func table() throws {
    try Program.inFolder { program in
      try program.write(
        "T_K,D_cm2_s\n300,1.81e-6\n600,3.41e-6\n900,4.75e-6\n1000,5.63e-6\n1200,8.71e-6\n",
        to: "D.csv")
      let text = try program("diffusion", "--table", "D.csv")
      #expect(text.status == 0, "\(text.errors)")
      #expect(text.output.contains("46.6"))
      #expect(
        program.files == [
          "D.csv", "diffusion/arrhenius.csv", "diffusion/figures/arrhenius.svg",
          "diffusion/manifest.json", "diffusion/summary.json",
        ])
      let result = try program("diffusion", "--table", "D.csv", "--json").json
      let fit = try #require((result["arrhenius"] as? [[String: Any]])?.first)
      let energy = try #require(fit["E_a_eV"] as? Double)
      #expect((energy - 0.046568931197765305).magnitude < 1e-6)
      #expect(program.files.count == 5)
    }
  }

  @Test("a trajectory gives all tables and figures; the same bytes twice")
  func folder() throws {
    try Program.inFolder { program in
      try program.write(trajectory(frames: 60), to: "t.xyz")
      let arguments = ["diffusion", "t.xyz", "--temperature", "600", "--charges", "Mg=2,O=-2"]
      let first = try program.run(arguments + ["--out", "a"])
      #expect(first.status == 0, "\(first.errors)")
      #expect(try program.run(arguments + ["--out", "b"]).output == first.output)
      for name in [
        "diffusion.csv", "conductivity.csv", "msd.csv", "van_hove_self.csv", "non_gaussian.csv",
        "van_hove_distinct.csv", "charge_displacement.csv", "summary.json", "figures/msd.svg",
        "figures/van_hove_self.svg", "figures/van_hove_distinct.svg", "figures/non_gaussian.svg",
        "figures/charge_displacement.svg",
      ] {
        #expect(try program.read("a/\(name)") == program.read("b/\(name)"), "\(name)")
      }
      let header = try program.read("a/msd.csv").prefix { !$0.isNewline }
      #expect(header.hasPrefix("lag_ps,msd_O_A2,msd_O_x_A2"))
      #expect(first.errors.contains("no more than by vibration"))
    }
  }

  /// Eight magnesium ions that walk at random, and one that stays in an octahedron of oxygen.
  private func walk(frames: Int) -> String {
    var random: UInt64 = 9
    var walkers = (0..<8).map { SIMD3(Double($0), 6, 6) }
    return (0..<frames).map { frame in
      for walker in walkers.indices {
        for axis in 0..<3 {
          random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          walkers[walker][axis] += random >> 63 == 0 ? 0.5 : -0.5
        }
      }
      let atoms =
        ["Mg 0 0 0"] + walkers.map { "Mg \($0.x) \($0.y) \($0.z)" }
        + ["O 2 0 0", "O -2 0 0", "O 0 2 0", "O 0 -2 0", "O 0 0 2", "O 0 0 -2"]
      return "15\nLattice=\"30 0 0 0 30 0 0 0 30\" time_fs=\(100 * frame).0\n"
        + atoms.joined(separator: "\n") + "\n"
    }.joined()
  }

  @Test("the slowest ions are told from the fastest, with their neighbours")
  func fastAndSlow() throws {
    try Program.inFolder { program in
      try program.write(walk(frames: 400), to: "t.xyz")
      let result = try program(
        "diffusion", "t.xyz", "--species", "Mg", "--drift", "O", "--fit-to", "4", "--out", "a")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("Mg that end above 90 % and below 10 %"))
      let rows = try program.read("a/fast_slow.csv").split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
      #expect(rows.map { $0[1] } == ["group", "fast", "slow", "all"])
      #expect(rows[0][5...] == ["cutoff_O_A", "neighbours_O", "distance_O_A"])
      let numbers = try rows.dropFirst().map { row in
        try [2, 3, 6].map { try #require(Double(row[$0])) }
      }
      let (fast, slow, all) = (numbers[0], numbers[1], numbers[2])
      #expect(fast[0] >= 1 && slow[0] >= 1 && all[0] == 9)
      #expect(fast[1] > 9 * slow[1] && all[1] < fast[1])
      // The one that stays has six neighbours in every frame.
      #expect(slow[2] * slow[0] >= 6 && slow[2] > 2 * fast[2])
    }
  }

  @Test("wrong settings and files are refused with what is wrong")
  func refusals() throws {
    try Program.inFolder { program in
      try program.write(trajectory(frames: 40), to: "t.xyz")
      try program.write(trajectory(frames: 1), to: "one.xyz")
      try program.write(
        trajectory(frames: 40).replacing("time_fs", with: "note"), to: "untimed.xyz")
      try program.write("T_K,D_cm2_s\n300,1e-6\n600,fast\n", to: "bad.csv")
      try program.write("T,D\n300,1e-6\n", to: "columns.csv")
      for (arguments, status, message) in [
        (["t.xyz", "--fit-to", "5"], 1, "--fit-to: 5.0000 ps is outside the data"),
        (["t.xyz", "--fit-from", "0.7"], 1, "--fit-from: 0.7000 ps is not below"),
        (["t.xyz", "--species", "Zn"], 1, "--species: Zn is not in t.xyz"),
        (["t.xyz", "--drift", "Zn"], 1, "--drift: Zn is not in t.xyz"),
        (
          ["t.xyz", "--temperature", "300", "--charges", "Mg=2"], 1,
          "nothing tells the charge of O\nhint: for the conductivity, give it such as --charges O=-2"
        ),
        (["t.xyz", "--charges", "Mg=2,O=-2"], 1, "a conductivity needs the temperature"),
        (["one.xyz"], 1, "one.xyz: has 1 frame, expected several"),
        (["untimed.xyz"], 1, "give the time step, such as --timestep 1 [fs]"),
        (["missing.xyz"], 1, "missing.xyz: no such file"),
        (["--table", "bad.csv"], 1, "bad.csv:3: D_cm2_s is \"fast\""),
        (["--table", "columns.csv"], 1, "columns.csv:1: found the columns T, D"),
        ([], 64, "a trajectory is missing"),
        (["t.xyz", "--temperature", "-5"], 64, "expected more than 0 K"),
        (["t.xyz", "--temperature", "300,600"], 64, "2 temperatures for 1 trajectories"),
        (["t.xyz", "--every", "0"], 64, "--every: 0, expected 1 or more"),
        (["t.xyz", "--timestep", "0"], 64, "--timestep: 0.0, expected more than 0 fs"),
      ] as [([String], Int32, String)] {
        let result = try program.run(["diffusion"] + arguments)
        #expect(result.status == status, "\(arguments) \(result.errors)")
        #expect(result.errors.contains(message), "\(arguments) \(result.errors)")
        #expect(!program.files.contains { $0.hasPrefix("diffusion/") }, "\(arguments)")
      }
      let other = try program("diffusion", "untimed.xyz", "--timestep", "2", "--json")
      #expect(other.status == 0, "\(other.errors)")
    }
  }

  @Test("a density map is written for other programs, and sites without density are not joined")
  func density() throws {
    try Program.inFolder { program in
      #expect(try program("prototype", "rocksalt", "--out", "parent").status == 0)
      #expect(
        try program("prototype", "rocksalt", "--supercell", "2x1x1", "--out", "large").status == 0)
      let result = try program(
        "density", "large/host.extxyz", "--parent", "parent/host.extxyz", "--species", "Mg",
        "--reach", "3", "--slices", "c=0,a=0.5")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("Mg: 4.000 ions per cell (mean of 2 cells)"))
      #expect(result.output.contains("a network in 0 dimensions"))
      #expect(
        program.files.filter { $0.hasPrefix("density/") } == [
          "density/Mg.cube", "density/Mg.xsf", "density/figures/Mg-a=0.5.svg",
          "density/figures/Mg-c=0.svg", "density/links.csv", "density/manifest.json",
          "density/summary.json",
        ])
      for (arguments, status, message) in [
        (["--species", "Zn"], 1, "--species: Zn is not in large/host.extxyz"),
        (["--species", "Mg", "--spacing", "0.001"], 1, "GB, more than 2.0 GB"),
        (["--species", "Mg", "--slices", "d=1"], 64, "expected a plane such as c=0.125"),
        (["--species", "Mg", "--levels", "0"], 64, "expected more than 0 per Å³"),
        (["--species", "Xx"], 64, "\"Xx\" is no element"),
      ] as [([String], Int32, String)] {
        let refused = try program.run(
          ["density", "large/host.extxyz", "--parent", "parent/host.extxyz", "--out", "x"]
            + arguments)
        #expect(refused.status == status, "\(arguments) \(refused.errors)")
        #expect(refused.errors.contains(message), "\(arguments) \(refused.errors)")
      }
      #expect(!program.files.contains { $0.hasPrefix("x/") })
    }
  }

  @Test("the help texts are the stored ones", arguments: ["diffusion", "density"])
  func help(verb: String) throws {
    try Program.inFolder { program in
      let result = try program(verb, "--help")
      #expect(result.status == 0)
      try expectGolden(result.output, "\(verb)-help.txt", in: dataFolder())
    }
  }

  @Test("the examples of the help texts work as pasted", arguments: ["diffusion", "density"])
  func examples(verb: String) throws {
    try Program.inFolder { program in
      let result = try program.paste(program.examples(of: verb))
      #expect(result.status == 0, "\(result.errors)")
      #expect(program.exists("\(verb == "diffusion" ? "vibrations" : verb)/summary.json"))
    }
  }
}
