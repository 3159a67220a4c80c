import CellgenTestSupport
import Foundation
import Testing

@Suite struct RDFCommandTests {
  /// Rocksalt with an edge, as a frame of extended XYZ.
  static func magnesia(_ edge: Double, scale: Double = 1) -> String {
    let corners = [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]
    let h = edge / 2 * scale
    let lines =
      corners.map { "Mg \(Double($0[0]) * h) \(Double($0[1]) * h) \(Double($0[2]) * h)" }
      + corners.map { "O \(Double($0[0] + 1) * h) \(Double($0[1]) * h) \(Double($0[2]) * h)" }
    let e = edge * scale
    return "8\nLattice=\"\(e) 0 0 0 \(e) 0 0 0 \(e)\" Properties=species:S:1:pos:R:3\n"
      + lines.joined(separator: "\n") + "\n"
  }

  private static let files = [
    "figures/partial_structure_factors.svg", "figures/radial_distribution.svg",
    "figures/running_numbers.svg", "figures/structure_factor.svg", "manifest.json", "rdf.csv",
    "running_numbers.csv", "structure_factor.csv", "summary.json",
  ]

  private func column(_ name: String, _ json: [String: Any]) throws -> [Double] {
    try #require(json[name] as? [Double], "\(name)")
  }

  @Test("rocksalt: neighbours, files, and no error bars for one frame")
  func crystal() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(RDFCommandTests.magnesia(4.2), to: "m.extxyz")
      let result = try cellgen("rdf", "m.extxyz")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("Mg-O") && result.output.contains("2.125"))
      #expect(cellgen.files == ["m.extxyz"] + RDFCommandTests.files.map { "rdf/\($0)" })
      let header = try cellgen.read("rdf/rdf.csv").split(separator: "\n")[0]
      #expect(header == "r_A,g_total,g_Mg_Mg,g_Mg_O,g_O_O")
      let json = try cellgen("rdf", "m.extxyz", "--json", "--radius", "15", "--quiet").json
      let ends = try column("r_upper_A", json)
      for (name, shells) in [
        ("n_Mg_O", [(2.5, 6.0), (3.8, 14), (4.9, 38)]), ("n_Mg_Mg", [(3.2, 12), (4.3, 18)]),
      ] {
        let numbers = try column(name, json)
        for (r, number) in shells {
          let bin = try #require(ends.firstIndex { $0 > r })
          #expect(abs(numbers[bin] - number) < 1e-9, "\(name) at \(r)")
        }
      }
      #expect(json["g_total_error"] == nil && json["folder"] == nil)
      let q = try column("q_per_A", json)
      #expect(try column("S_neutron", json).count == q.count && abs((q.last ?? 0) - 20) < 1e-9)
    }
  }

  @Test("a trajectory: means of the frames, errors, the same bytes for any number of threads")
  func trajectory() throws {
    try Program.inFolder { cellgen in
      let frames = [1, 1.01, 1.02, 1.01].map { RDFCommandTests.magnesia(4.2, scale: $0) }
      try cellgen.write(frames.joined(), to: "t.extxyz")
      for (index, frame) in frames.enumerated() { try cellgen.write(frame, to: "f\(index).extxyz") }
      let options = ["--json", "--quiet", "--radius", "7", "--bin", "0.02"]
      let one = try cellgen.run(["rdf", "t.extxyz", "--threads", "1"] + options)
      let four = try cellgen.run(["rdf", "t.extxyz", "--threads", "4"] + options)
      let apart = try cellgen.run(["rdf"] + (0..<4).map { "f\($0).extxyz" } + options)
      #expect(one.status == 0 && one.output == four.output && one.output == apart.output)
      let json = try one.json
      #expect(json["frames"] as? Int == 4)
      let first = try column("g_Mg_O", try cellgen.run(["rdf", "f0.extxyz"] + options).json)
      let mean = try column("g_Mg_O", json)
      // The first frame alone has its peak in the bin from 2.1 Å, one of four.
      #expect(first[105] > 1 && abs(mean[105] / first[105] - 0.25) < 1e-6)
      #expect(try column("g_Mg_O_error", json).contains { $0 > 0 })
      let skipped = try cellgen.run(["rdf", "t.extxyz", "--skip", "1", "--every", "2"] + options)
      #expect(try skipped.json["frames"] as? Int == 2)
    }
  }

  @Test("pairs and elements without scattering data")
  func choices() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(
        RDFCommandTests.magnesia(4.2).replacingOccurrences(of: "Mg ", with: "Po "), to: "p.extxyz")
      let result = try cellgen("rdf", "p.extxyz", "--pairs", "Po-O", "--json")
      #expect(result.status == 0)
      #expect(result.errors.contains("no neutron scattering length is tabulated for Po"))
      let json = try result.json
      #expect(json["S_neutron"] == nil && json["S_xray"] != nil && json["g_Po_O"] != nil)
      #expect(json["g_O_O"] == nil)
    }
  }

  @Test("what cannot be meant is refused before anything is written")
  func refusals() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(RDFCommandTests.magnesia(4.2), to: "m.extxyz")
      try cellgen.write(
        "1\nLattice=\"3 0 0 0 3 0 0 0 3\" Properties=species:S:1:pos:R:3\nFe 0 0 0\n",
        to: "one.extxyz")
      let frames = [
        RDFCommandTests.magnesia(4.2),
        RDFCommandTests.magnesia(4.2).replacingOccurrences(
          of: "Mg 0.0 0.0 0.0", with: "O 0.0 0.0 0.0"),
      ]
      try cellgen.write(frames.joined(), to: "changing.extxyz")
      for (arguments, status, text) in [
        (["m.extxyz", "--pairs", "Mg-S"], 1, "there is no S among the atoms"),
        (["m.extxyz", "--pairs", "Mg-S"], 1, "there are Mg, O"),
        (["m.extxyz", "--pairs", "MgO"], 64, "\"MgO\" is no pair"),
        (["m.extxyz", "--radius", "0"], 64, "--radius: 0.0, expected more than 0"),
        (["m.extxyz", "--radius", "-3"], 64, "--radius"),
        (["m.extxyz", "--radius", "900"], 1, "more than a thousand million pairs"),
        (["m.extxyz", "--bin", "0"], 64, "--bin"),
        (["m.extxyz", "--bin", "0.0001"], 64, "more than 20000 bins"),
        (["m.extxyz", "--q-max", "40"], 64, "where the form factors end"),
        (["m.extxyz", "--blocks", "1"], 64, "--blocks"),
        (["m.extxyz", "--threads", "0"], 64, "--threads"),
        (["m.extxyz", "one.extxyz"], 1, "the atoms are Fe, in m.extxyz they are Mg4O4"),
        (["changing.extxyz"], 1, "atom 1 of frame 2 is O, in the first frame it is Mg"),
        (["none.extxyz"], 1, "none.extxyz"), ([], 64, "a trajectory is missing"),
      ] {
        try cellgen.expectRefusal(["rdf"] + arguments, status: Int32(status), saying: text)
      }
      // One atom has its own images around it.
      let one = try cellgen("rdf", "one.extxyz", "--json", "--radius", "4")
      let numbers = try column("n_Fe_Fe", try one.json)
      #expect(numbers.contains { abs($0 - 6) < 1e-9 })
    }
  }

  @Test func helpIsTheStoredOne() throws {
    try Program.inFolder { cellgen in
      for verb in ["rdf", "coordination", "sites", "report"] {
        try expectGolden(
          cellgen(verb, "--help").output, "\(verb)-help.txt", in: dataFolder())
      }
    }
  }
}
