import CellgenTestSupport
import Foundation
import Testing

/// `amorphous`.
@Suite struct AmorphousCommandTests {
  /// A schedule that is over in a second or two.
  private static let schedule = """
    name: test
    time_step: 1 fs
    segments:
      - {name: melt, temperature: 10000, time: 0.6 ps, damping: 0.02 ps}
      - {name: quench, temperature: [10000, 300], time: 0.2 ps, damping: 0.02 ps}
      - {name: settle, temperature: 300, time: 0.1 ps, thermostat: nose-hoover, pressure: 0}
      - {name: exchange, exchange: {from: Ti, to: Sn, fraction: 0.25}}
      - {name: minimise, relax: isotropic, force: 0.2, steps: 200}
    """

  private static let options = [
    "prototype/host.extxyz", "--schedule", "test.yaml", "--seed", "3", "--cutoff", "6",
    "--accuracy", "1e-4",
  ]

  private func prepare(_ cellgen: Program) throws {
    #expect(try cellgen("prototype", "rutile", "--supercell", "3x3x4").status == 0)
    try cellgen.write(AmorphousCommandTests.schedule, to: "test.yaml")
  }

  @Test("a crystal becomes an amorphous model with labels, tables, figures and a report")
  func model() throws {
    try Program.inFolder { cellgen in
      try prepare(cellgen)
      let result = try cellgen.run(["amorphous"] + AmorphousCommandTests.options + ["--json"])
      #expect([0, 2].contains(result.status), "\(result.errors)")
      let models = try #require(try result.json["models"] as? [[String: Any]])
      let model = try #require(models.first)
      #expect(model["atoms"] as? Int == 216 && model["amorphous"] as? Bool == true)
      #expect((model["strongest_wave"] as? Double ?? 1) < 0.1)
      let density = try #require(model["density_g_cm3"] as? Double)
      #expect(density > 2 && density < 6)
      let final = try cellgen.read("amorphous/final.extxyz")
      #expect(final.hasPrefix("216\n") && final.contains("label:S:1"))
      #expect(final.split(separator: "\n").count { $0.hasPrefix("Sn ") } == 18)
      for file in [
        "report.html", "summary.json", "thermo.csv", "trajectory.extxyz", "rdf.csv",
        "coordination.csv", "figures/radial_distribution.svg", "figures/temperature.svg",
        "5-minimise.extxyz",
      ] { #expect(cellgen.files.contains("amorphous/\(file)"), "\(file)") }
    }
  }

  @Test("a run that was killed goes on to the same bytes")
  func resume() throws {
    try Program.inFolder { cellgen in
      try prepare(cellgen)
      let whole = try cellgen.run(["amorphous"] + AmorphousCommandTests.options + ["--out", "a/x"])
      #expect([0, 2].contains(whole.status), "\(whole.errors)")
      #expect(
        [0, 2].contains(
          try cellgen.run(["amorphous"] + AmorphousCommandTests.options + ["--out", "b/x"]).status))
      // What a run leaves that is killed after its second segment, in the middle of writing.
      let state = try cellgen.read("b/x/state.json")
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(state.utf8)) as? [String: Any])
      #expect(object["segment"] as? Int == 5)
      let log = try cellgen.read("b/x/thermo.csv").split(separator: "\n")
      let kept = log.prefix { !$0.hasPrefix("settle") }.joined(separator: "\n") + "\n"
      let frames = try cellgen.read("b/x/trajectory.extxyz")
      let position = try #require(frames.range(of: "216\nLattice", options: .backwards))
      let trajectory = String(frames[..<position.lowerBound])
      try cellgen.write(
        """
        {"segment": 2, "time": 800, "file": "2-quench.extxyz", "doubts": [], "startVolume": \
        \(try #require(object["startVolume"] as? Double)), "logBytes": \(kept.utf8.count), \
        "trajectoryBytes": \(trajectory.utf8.count)}
        """, to: "b/x/state.json")
      for name in ["3-settle", "4-exchange", "5-minimise", "final"] {
        try FileManager.default.removeItem(
          at: cellgen.folder.appending(path: "b/x/\(name).extxyz"))
      }
      #expect([0, 2].contains(try cellgen("amorphous", "--resume", "b/x").status))
      for name in [
        "final.extxyz", "thermo.csv", "trajectory.extxyz", "rdf.csv", "3-settle.extxyz",
      ] { #expect(try cellgen.read("a/x/\(name)") == cellgen.read("b/x/\(name)"), "\(name)") }
    }
  }

  @Test("a run that was stopped by a full disk goes on to the same bytes")
  func fullDisk() throws {
    try Program.inFolder { cellgen in
      try prepare(cellgen)
      try cellgen.write(
        "segments: [{name: cool, temperature: [900, 600], time: 60 fs}, {name: relax, relax: fixed}]",
        to: "test.yaml")
      let options = AmorphousCommandTests.options + ["--frames-every", "2", "--quiet"]
      let whole = try cellgen.run(["amorphous"] + options + ["--out", "whole"])
      #expect(whole.status == 2, "a crystal: \(whole.errors)")
      // No file of the shell's children grows beyond 256 KiB.
      try cellgen.write(
        """
        trap '' XFSZ
        ulimit -f 256
        "$1" amorphous \(options.joined(separator: " ")) --out part
        """, to: "full.sh")
      let stopped = try cellgen.runScript(cellgen.folder.appending(path: "full.sh"))
      #expect(stopped.status == 1)
      #expect(
        stopped.errors.contains("part/trajectory.extxyz: cannot be written"), "\(stopped.errors)")
      #expect(!cellgen.files.contains("part/1-cool.extxyz"))
      // What was written are whole frames.
      let lines = try cellgen.read("part/trajectory.extxyz").split(separator: "\n").count
      #expect(lines.isMultiple(of: 218) && lines > 0)
      let resumed = try cellgen("amorphous", "--resume", "part", "--quiet")
      #expect(resumed.status == 2, "\(resumed.errors)")
      for name in ["final.extxyz", "thermo.csv", "trajectory.extxyz", "rdf.csv", "state.json"] {
        #expect(try cellgen.read("whole/\(name)") == cellgen.read("part/\(name)"), "\(name)")
      }
    }
  }

  @Test("a time step that is too long for the fastest vibration is told")
  func timeStep() throws {
    try Program.inFolder { cellgen in
      try prepare(cellgen)
      for (step, words) in [(1.0, nil), (6, "is long for the fastest mode"), (18, "is unstable")] {
        try cellgen.write(
          """
          time_step: \(step) fs
          segments: [{name: cool, temperature: [400, 300], time: \(step) fs}]
          """, to: "test.yaml")
        let result = try cellgen.run(
          ["amorphous"] + AmorphousCommandTests.options + ["--quiet", "--force"])
        #expect(
          result.errors.contains("fastest mode") == (words != nil), "\(step): \(result.errors)")
        if let words { #expect(result.errors.contains(words), "\(result.errors)") }
      }
    }
  }

  @Test("guards stop with a diagnosis")
  func guards() throws {
    try Program.inFolder { cellgen in
      try prepare(cellgen)
      try cellgen.write(
        "segments: [{name: melt, temperature: 300, time: 0.2 ps}]", to: "cold.yaml")
      try cellgen.write(
        "time_step: 15 fs\nsegments: [{name: melt, temperature: 5000, time: 3 ps, thermostat: none}]",
        to: "wild.yaml")
      for (name, message) in [
        ("cold", "still crystalline after melt"), ("wild", "in melt"),
      ] {
        let result = try cellgen(
          "amorphous", "prototype/host.extxyz", "--schedule", "\(name).yaml", "--seed", "1",
          "--out",
          name)
        #expect(result.status == 1 && result.output.isEmpty)
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(!cellgen.files.contains("\(name)/final.extxyz"))
      }
    }
  }

  @Test("bad options are refused before anything is written")
  func refusals() throws {
    try Program.inFolder { cellgen in
      try prepare(cellgen)
      let file = "prototype/host.extxyz"
      for (options, message) in [
        ([file, "--schedule", "kawaguchi"], "did you mean kawaguchi2025?"),
        ([file, "--models", "0"], "expected 1 to 1000"),
        ([file, "--quench-rates=-5"], "expected more than 0 K/ps"),
        ([file, "--time-scale", "0"], "--time-scale"), ([file, "--exchange", "Li"], "write Li:Mg"),
        ([file, "--model", "bkss"], "did you mean bks?"), ([file, "--cutoff", "1"], "cutoff"),
        ([], "a structure file is missing"),
      ] {
        try cellgen.expectRefusal(["amorphous"] + options, status: 64, saying: message)
      }
      try cellgen.expectRefusal(
        ["amorphous", file, "--model", "bks"], status: 1, saying: "bks has no charge for Ti")
      #expect(!cellgen.files.contains { $0.hasPrefix("amorphous") })
    }
  }
}
