import CellgenTestSupport
import Foundation
import Testing

@Suite struct BondValenceCommandTests {
  private let charged = ["bvs", "mgo.extxyz", "--charges", "Mg=2,O=-2"]

  @Test("the map of MgO with a vacancy finds the vacancy")
  func map() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(defectiveMagnesia, to: "mgo.extxyz")
      let result = try cellgen.run(
        charged + [
          "--map", "Mg", "--grid", "40x40x40", "--slice", "c=0", "--volume-file", "cube",
          "--volume-file", "xsf",
        ])
      #expect(result.status == 0, "\(result.errors)")
      // Numbers of the reference program: 559 points far enough from all atoms, of which 27 suit Mg.
      #expect(result.output.contains("27 points"))
      #expect(result.output.contains("sums 2.0149 to 3.0439"))
      #expect(result.output.contains("no region goes through the crystal"))
      #expect(
        cellgen.files == [
          "bvs/clusters.csv", "bvs/figures/fractions.svg", "bvs/figures/slice.svg",
          "bvs/figures/sums.svg", "bvs/fractions.csv", "bvs/manifest.json", "bvs/mismatch.cube",
          "bvs/mismatch.xsf", "bvs/summary.json", "bvs/sums.csv", "mgo.extxyz",
        ])
      let lines = try cellgen.read("bvs/mismatch.cube").split(separator: "\n")
      #expect(lines[2].split(separator: " ").first == "63")
      #expect(lines[3].split(separator: " ").first == "40")
      let first = try #require(lines.dropFirst(6 + 63).first?.split(separator: " ").first)
      // The vacancy itself: |2.0149 − 2|.
      #expect((try #require(Double(first)) - 0.014855).magnitude < 1e-5)
    }
  }

  @Test("sums and instability are printed, and JSON has every atom")
  func sums() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(defectiveMagnesia, to: "mgo.extxyz")
      let result = try cellgen.run(charged + ["--json"])
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.contains("the oxidation states add up to -2.000"))
      let atoms = try #require(try result.json["sums"] as? [[String: Any]])
      #expect(atoms.count == 63)
      #expect(cellgen.files == ["mgo.extxyz"])
      // Other parameters, other sums.
      let other = try cellgen.run(charged + ["--parameters", "Mg-O=1.793", "--json"])
      let changed = try #require(try other.json["sums"] as? [[String: Any]])
      let ratio =
        try #require(changed[0]["sum"] as? Double) / (try #require(atoms[0]["sum"] as? Double))
      #expect((ratio - exp(0.1 / 0.37)).magnitude < 1e-9)
    }
  }

  @Test("the stored help")
  func help() throws {
    try Program.inFolder { cellgen in
      try expectGolden(cellgen("bvs", "--help").output, "bvs-help.txt", in: dataFolder())
    }
  }

  @Test("what makes no sense is refused and nothing is written")
  func refusals() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(defectiveMagnesia, to: "mgo.extxyz")
      let map = charged + ["--map"]
      let cases: [([String], Int32, String)] = [
        (["bvs", "mgo.extxyz"], 1, "no charges for O, Mg"),
        (["bvs", "mgo.extxyz", "--charges", "Mg=2,S=-2"], 1, "S has a charge but does not occur"),
        (
          ["bvs", "mgo.extxyz", "--charges", "Mg=3,O=-2"], 1,
          "there are no bond-valence parameters for Mg3+ and O"
        ),
        (["bvs", "mgo.extxyz", "--charges", "Mg=3,O=-2"], 1, "with O the table has Mg2+"),
        (
          ["bvs", "mgo.extxyz", "--charges", "Mg=2,O=2"] + ["--map", "Mg"], 1, "there are no anions"
        ),
        (map + ["Xx"], 64, "\"Xx\" is no cation"),
        (map + ["O"], 64, "\"O\" is no cation"),
        (map + ["Ba"], 1, "the table has no Ba"),
        (map + ["Mg", "--grid", "40x40"], 64, "expected three numbers"),
        (map + ["Mg", "--grid", "4000x4000x4000"], 1, "needs about"),
        (map + ["Mg", "--spacing", "0.005"], 1, "or more fits"),
        (map + ["Mg", "--slice", "d=1"], 64, "expected an axis and a place"),
        (map + ["Mg", "--tolerance", "-1"], 64, "--tolerance: -1.0"),
        (charged + ["--tolerance", "0.2"], 64, "add --map ION"),
        (charged + ["--parameters", "Mg-O=x"], 64, "is no R0 or R0:b"),
        (charged + ["--parameters", "MgO=1.7"], 64, "is no cation and anion"),
        (charged + ["--cutoff", "0"], 64, "--cutoff: 0.0"),
      ]
      for (arguments, status, text) in cases {
        try cellgen.expectRefusal(arguments, status: status, saying: text)
      }
    }
  }
}
