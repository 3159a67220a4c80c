import CellgenTestSupport
import Foundation
import Testing

/// A cell of 2×2×2 cubes of MgO without the Mg at the origin.
let defectiveMagnesia: String = {
  var lines: [String] = []
  for i in 0..<4 {
    for j in 0..<4 {
      for k in 0..<4 where i + j + k > 0 {
        let element = (i + j + k).isMultiple(of: 2) ? "Mg" : "O"
        let place = [i, j, k].map { "\(Double($0) * 2.1056)" }.joined(separator: " ")
        lines.append("\(element) \(place)")
      }
    }
  }
  return
    "\(lines.count)\nLattice=\"8.4224 0 0 0 8.4224 0 0 0 8.4224\" Properties=species:S:1:pos:R:3\n"
    + lines.joined(separator: "\n") + "\n"
}()

@Suite struct VolumeCommandTests {
  @Test("a vacancy in MgO is a free volume of one Mg")
  func vacancy() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(defectiveMagnesia, to: "mgo.extxyz")
      let result = try cellgen(
        "volume", "mgo.extxyz", "--probe", "0.6", "--radius", "O=1.4,Mg=0.72")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("free volume f = 1 - sum(n V)/V(cell) = 1.56 %"))
      #expect(result.output.contains("vacancies of Mg: 1.00, 3.2 % of the Mg volume; Mg0.97□0.03O"))
      #expect(
        cellgen.files == [
          "mgo.extxyz", "volume/elements.csv", "volume/figures/voids.svg",
          "volume/figures/volumes.svg", "volume/manifest.json", "volume/summary.json",
          "volume/voids.csv", "volume/volumes.csv",
        ])
      let rows = try cellgen.read("volume/volumes.csv").split(separator: "\n")
      #expect(rows.first == "atom,element,volume_A3,faces" && rows.count == 64)
      let json = try cellgen("volume", "mgo.extxyz", "--json").json
      let free = try #require(json["free_volume"] as? [String: Any])
      let fraction = try #require(free["fraction"] as? Double)
      #expect((fraction - 1.0 / 64).magnitude < 1e-9)
      let excess = try #require(free["fraction_by_excess"] as? Double)
      #expect((fraction - excess).magnitude < 1e-9)
      // The reference decides.
      let other = try cellgen("volume", "mgo.extxyz", "--reference", "O=8,Mg=9", "--json").json
      let changed = try #require((other["free_volume"] as? [String: Any])?["fraction"] as? Double)
      let needed = Double(32 * 8 + 31 * 9) / pow(8.4224, 3)
      #expect((changed - 1 + needed).magnitude < 1e-9)
    }
  }

  @Test("without oxygen a reference is asked for; the same bytes twice")
  func sulfide() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(
        defectiveMagnesia.replacing("\nO ", with: "\nS "), to: "mgs.extxyz")
      let result = try cellgen("volume", "mgs.extxyz", "--weighting", "radical")
      #expect(result.output.contains("no free volume: without O, give --reference"))
      let first = try cellgen.read("volume/volumes.csv")
      #expect(try cellgen("volume", "mgs.extxyz", "--weighting", "radical", "--force").status == 0)
      #expect(try cellgen.read("volume/volumes.csv") == first)
    }
  }

  @Test("the stored help")
  func help() throws {
    try Program.inFolder { cellgen in
      try expectGolden(cellgen("volume", "--help").output, "volume-help.txt", in: dataFolder())
    }
  }

  @Test("what makes no sense is refused and nothing is written")
  func refusals() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(defectiveMagnesia, to: "mgo.extxyz")
      try cellgen.write(
        defectiveMagnesia.replacing("\nO 0.0 0.0 2.1056", with: "\nO 2.1056 2.1056 0.0"),
        to: "same.extxyz")
      let cases: [([String], Int32, String)] = [
        (["absent.extxyz"], 1, "absent.extxyz"),
        (["same.extxyz"], 1, "same.extxyz: atoms"),
        (["mgo.extxyz", "--reference", "S=20"], 1, "--reference: there is no S in mgo.extxyz"),
        (["mgo.extxyz", "--reference", "O"], 64, "expected name=value"),
        (["mgo.extxyz", "--reference", "O=-9"], 1, "-9.0 for O, expected 0.1 to 1000.0 Å³"),
        (["mgo.extxyz", "--ion", "Zn"], 1, "--ion: there is no Zn"),
        (["mgo.extxyz", "--radius", "O=1.4"], 64, "radii are for radical cells or a probe"),
        (["mgo.extxyz", "--probe", "-1"], 64, "--probe: -1.0, expected a radius of 0 to 10 Å"),
        (["mgo.extxyz", "--spacing", "0"], 64, "--spacing: 0.0, expected 0.02 to 2 Å"),
      ]
      for (arguments, status, text) in cases {
        try cellgen.expectRefusal(["volume"] + arguments, status: status, saying: text)
      }
    }
  }
}
