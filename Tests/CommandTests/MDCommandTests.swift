import CellgenTestSupport
import Foundation
import Testing

@Suite struct MDCommandTests {
  private static let short = ["--time", "20fs", "--seed", "7", "--log-every", "2", "--quiet"]

  @Test("the example of the help works as it stands")
  func example() throws {
    try Program.inFolder { cellgen in
      #expect(try cellgen("prototype", "rocksalt", "--supercell", "1x1x1").status == 0)
      let result = try cellgen(
        "md", "prototype/host.extxyz", "--temperature", "300", "--time", "50fs", "--json")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.contains("Seed"))
      let json = try result.json
      #expect(json["steps"] as? Int == 50)
      for name in [
        "final.extxyz", "trajectory.extxyz", "thermo.csv", "start.extxyz", "state.json",
        "summary.json", "manifest.json", "figures/temperature.svg", "figures/energy.svg",
      ] {
        #expect(cellgen.exists("md/\(name)"), "\(name)")
      }
      let heat = try cellgen(
        "md", "prototype/host.extxyz", "--time", "20fs,20fs", "--temperature", "300..900,900",
        "--cell", "full", "--out", "heat", "--quiet")
      #expect(heat.status == 0 && heat.output.contains("drift of the conserved energy"))
      let help = try cellgen("md", "--help")
      try expectGolden(help.output, "md-help.txt", in: dataFolder())
    }
  }

  @Test("a frame has velocities and labels, and positions in the cell or where atoms have gone")
  func frames() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(RelaxCommandTests.magnesia, to: "m.extxyz")
      for positions in ["wrapped", "unwrapped"] {
        let result = try cellgen.run(
          ["md", "m.extxyz", "--positions", positions, "--out", positions, "--frames-every", "5"]
            + MDCommandTests.short)
        #expect(result.status == 0, "\(result.errors)")
      }
      let wrapped = try cellgen.read("wrapped/trajectory.extxyz")
      let unwrapped = try cellgen.read("unwrapped/trajectory.extxyz")
      for text in [wrapped, unwrapped] {
        #expect(text.contains("velocities:R:3") && text.contains("label:S:1"))
        #expect(text.split(separator: "\n").count == 5 * 10)
      }
      func lowest(_ text: String) -> Double {
        text.split(separator: "\n").filter { $0.hasPrefix("Mg ") || $0.hasPrefix("O ") }
          .flatMap { $0.split(separator: " ")[1...3].compactMap { Double($0) } }.min() ?? .nan
      }
      #expect(lowest(wrapped) >= 0)
      #expect(lowest(unwrapped) < 0)
      // Velocities of the last frame are those of the file that a next run begins with.
      let next = try cellgen.run(
        ["md", "wrapped/final.extxyz", "--velocities", "file", "--out", "next"]
          + MDCommandTests.short)
      #expect(next.status == 0, "\(next.errors)")
      let last = try cellgen.read("wrapped/thermo.csv").split(separator: "\n").last
      let first = try cellgen.read("next/thermo.csv").split(separator: "\n").dropFirst().first
      let temperatures = [last, first].map { $0?.split(separator: ",")[2] ?? "" }
      #expect(temperatures[0] == temperatures[1])
    }
  }

  private static let results = [
    "trajectory.extxyz", "thermo.csv", "final.extxyz", "summary.json", "state.json",
    "figures/energy.svg",
  ]

  @Test("a run that was stopped by a full disk goes on to the same bytes")
  func fullDisk() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(RelaxCommandTests.magnesia, to: "m.extxyz")
      let options = [
        "--frames-every", "1", "--cell", "full", "--pressure", "0..1", "--time", "60fs", "--seed",
        "7", "--quiet",
      ]
      #expect(try cellgen.run(["md", "m.extxyz", "--out", "whole"] + options).status == 0)
      // No file of the shell's children grows beyond 32 KiB.
      try cellgen.write(
        """
        trap '' XFSZ
        ulimit -f 32
        "$1" md m.extxyz --out part \(options.joined(separator: " "))
        """, to: "full.sh")
      let stopped = try cellgen.runScript(cellgen.folder.appending(path: "full.sh"))
      #expect(stopped.status == 1)
      #expect(stopped.errors.contains("part/trajectory.extxyz: cannot be written"))
      // What was written are whole frames.
      let lines = try cellgen.read("part/trajectory.extxyz").split(separator: "\n").count
      #expect(lines.isMultiple(of: 10) && lines > 0)
      let resumed = try cellgen("md", "--resume", "part", "--quiet")
      #expect(resumed.status == 0, "\(resumed.errors)")
      for name in MDCommandTests.results {
        let (a, b) = (try cellgen.read("whole/\(name)"), try cellgen.read("part/\(name)"))
        #expect(a == b.replacing("part/", with: "whole/"), "\(name)")
      }
      // A complete run that is resumed stays as it is.
      let before = try cellgen.read("part/trajectory.extxyz")
      #expect(try cellgen("md", "--resume", "part", "--quiet").status == 0)
      #expect(try cellgen.read("part/trajectory.extxyz") == before)
    }
  }

  @Test func whatCannotBeResumedIsRefused() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(RelaxCommandTests.magnesia, to: "m.extxyz")
      #expect(try cellgen.run(["md", "m.extxyz"] + MDCommandTests.short).status == 0)
      try cellgen.expectRefusal(
        ["md", "--resume", "md", "--time", "1ps"], status: 64, saying: "takes all settings")
      try cellgen.expectRefusal(["md", "--resume", "none"], status: 1, saying: "no such folder")
      let state = try cellgen.read("md/state.json")
      try cellgen.write("{", to: "md/state.json")
      try cellgen.expectRefusal(["md", "--resume", "md"], status: 1, saying: "is damaged")
      try cellgen.write(state, to: "md/state.json")
      try cellgen.write("8\n", to: "md/trajectory.extxyz")
      let short = try cellgen("md", "--resume", "md")
      #expect(short.status == 1 && short.errors.contains("expected at least"))
    }
  }

  @Test("a time step that is too long for the fastest vibration is told")
  func timeStep() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(RelaxCommandTests.magnesia, to: "m.extxyz")
      let long = try cellgen.run(
        ["md", "m.extxyz", "--time-step", "8", "--time", "8fs", "--quiet"])
      #expect(long.errors.contains("is long for the fastest mode"), "\(long.errors)")
      let unstable = try cellgen.run(
        ["md", "m.extxyz", "--time-step", "60", "--time", "60fs", "--out", "b", "--quiet"])
      #expect(unstable.errors.contains("is unstable"), "\(unstable.errors)")
      let good = try cellgen.run(["md", "m.extxyz", "--out", "c"] + MDCommandTests.short)
      #expect(good.errors.isEmpty, "\(good.errors)")
    }
  }

  @Test("sites that are fixed stay, by number, label or element")
  func fixed() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(RelaxCommandTests.magnesia, to: "m.extxyz")
      func lines(_ name: String) throws -> [[Substring]] {
        try cellgen.read(name).split(separator: "\n").dropFirst(2).map { line in
          line.split(separator: " ").prefix(4).map { $0 }
        }
      }
      let result = try cellgen.run(["md", "m.extxyz", "--fix", "1-2,4b"] + MDCommandTests.short)
      #expect(result.status == 0, "\(result.errors)")
      let (before, after) = (try lines("md/start.extxyz"), try lines("md/final.extxyz"))
      for i in 0..<8 { #expect((before[i] == after[i]) == ![2, 3].contains(i), "\(i)") }
      for (words, message) in [
        ("9", "expected numbers of sites from 1 to 8"), ("4c", "did you mean 4a?"),
        ("Mg,O", "every atom is fixed"), ("", "no site with the label"),
      ] {
        try cellgen.expectRefusal(
          ["md", "m.extxyz", "--out", "x", "--fix", words], status: 1, saying: message)
      }
      try cellgen.expectRefusal(
        ["md", "m.extxyz", "--fix", "1", "--cell", "full"], status: 64,
        saying: "fixed sites need a fixed cell")
    }
  }

  @Test("what is wrong is told once")
  func toldOnce() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(RelaxCommandTests.magnesia, to: "m.extxyz")
      let result = try cellgen(
        "md", "m.extxyz", "--temperature", "-5", "--pressure", "2e4", "--cell", "full")
      #expect(result.status == 64)
      for words in ["-5.0 K, expected", "20000.0, expected"] {
        #expect(result.errors.ranges(of: words).count == 1, "\(result.errors)")
      }
      let ramp = try cellgen("md", "m.extxyz", "--temperature", "-5..-6")
      #expect(ramp.errors.contains("-5.0 K") && ramp.errors.contains("-6.0 K"))
    }
  }

  @Test(
    "wrong options exit with 64",
    arguments: [
      (["--temperature", "-5"], "expected a temperature"),
      (["--temperature", "0"], "expected a temperature"),
      (["--temperature", "300..-1"], "expected a temperature"),
      (["--temperature", "warm"], "neither a number nor a ramp"),
      (["--temperature", "300,400"], "2 values for 1 times"),
      (["--temperature", "300..400", "--thermostat", "none"], "needs a thermostat"),
      (["--time", "-1ps"], "expected a positive time"), (["--time", "0"], "positive time"),
      (["--time", "0.1fs"], "are no step"), (["--time", "soon"], "is no time"),
      (["--time", "nan"], "is no time"), (["--time", "1ns", "--time-step", "0"], "--time-step"),
      (["--time", "1e9ns"], "more than 4e9 steps"),
      (["--pressure", "1"], "add --cell isotropic"),
      (["--shear-stress", "1", "--cell", "isotropic"], "add --cell full"),
      (["--shear-stress", "x"], "--shear-stress"), (["--frames-every", "0"], "--frames-every"),
      (["--log-every", "0"], "--log-every"), (["--chain", "0"], "--chain"),
      (["--thermostat-time", "0"], "--thermostat-time"),
      (["--barostat-time", "-1"], "--barostat-time"), (["--thermostat", "ice"], "ice"),
      (["--remove-drift", "-1"], "--remove-drift"), (["--charges", "Mg"], "no charge"),
    ])
  func usage(options: [String], message: String) throws {
    try Program.inFolder { cellgen in
      try cellgen.write(RelaxCommandTests.magnesia, to: "m.extxyz")
      try cellgen.expectRefusal(["md", "m.extxyz"] + options, status: 64, saying: message)
      try cellgen.expectRefusal(["md"], status: 64, saying: "a structure file is missing")
    }
  }

  @Test func badStructuresAreRefused() throws {
    try Program.inFolder { cellgen in
      let head = "2\nLattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:pos:R:3"
      try cellgen.write("\(head):occupancy:R:1\nMg 0 0 0 0.5\nO 2 0 0 1\n", to: "half.extxyz")
      try cellgen.expectRefusal(["md", "half.extxyz"], status: 1, saying: "partially occupied")
      try cellgen.write("\(head)\nMg 0 0 0\nO 2 0 0\n", to: "bare.extxyz")
      try cellgen.expectRefusal(["md", "bare.extxyz"], status: 1, saying: "no charges for O, Mg")
      try cellgen.expectRefusal(
        ["md", "bare.extxyz", "--charges", "Mg=2,O=-2", "--velocities", "file"], status: 1,
        saying: "no column velocities")
      try cellgen.write("\(head)\nX 0 0 0\nO 2 0 0\n", to: "dummy.extxyz")
      try cellgen.expectRefusal(
        ["md", "dummy.extxyz", "--model", "ewald", "--charges", "X=2,O=-2"], status: 1,
        saying: "has no mass")
    }
  }
}
