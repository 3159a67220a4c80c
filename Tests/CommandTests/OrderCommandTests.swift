import CellgenTestSupport
import Foundation
import Testing

@Suite struct OrderCommandTests {
  @Test("a crystal is ordered, a rattled one less so, and its sublattices stay what they are")
  func rattled() throws {
    try Program.inFolder { cellgen in
      #expect(try cellgen("spinel", "--supercell", "2x2x2", "--out", "host").status == 0)
      let rattle = try cellgen(
        "rattle", "host/host.cif", "--deviation", "0.1", "--seed", "1", "--out", "warm.cif")
      #expect(rattle.status == 0, "\(rattle.errors)")
      let result = try cellgen(
        "order", "host/host.cif", "warm.cif", "--element", "Zn", "--divisions", "2x2x2", "--parent",
        "host/host.extxyz", "--directions", "300")
      #expect(result.status == 0, "\(result.errors)")
      let json = try #require(
        try JSONSerialization.jsonObject(with: Data(cellgen.read("order/summary.json").utf8))
          as? [String: Any])
      let entries = try #require(json["entries"] as? [[String: Any]])
      let most = entries.compactMap { $0["max"] as? Double }
      #expect(most.count == 4 && most[0] < 1e-4 && most[1] < 1e-4)
      // ⟨|d|⟩ = √(2/π) 0.1 Å/√3 per axis or 0.1 Å, over 8.5 Å.
      #expect((0.004...0.02).contains(most[2]))
      #expect(entries[0]["atoms_per_cell"] as? Int == 8)
      let sublattices = try #require(json["sublattices"] as? [[String: Any]])
      let tetrahedral = try #require(
        sublattices.first {
          $0["label"] as? String == "8a" && $0["structure"] as? String == "warm.cif"
        })
      #expect(tetrahedral["order_parameter"] as? Double == 1)
      #expect(
        cellgen.files.filter { $0.hasPrefix("order/") } == [
          "order/figures/sphere-1.svg", "order/figures/sphere-2.svg", "order/manifest.json",
          "order/order.csv", "order/sphere-1.csv", "order/sphere-2.csv", "order/sublattices.csv",
          "order/summary.json",
        ])
    }
  }

  @Test("the stored help")
  func help() throws {
    try Program.inFolder { cellgen in
      try expectGolden(cellgen("order", "--help").output, "order-help.txt", in: dataFolder())
    }
  }

  @Test("what makes no sense is refused and nothing is written")
  func refusals() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(defectiveMagnesia, to: "mgo.extxyz")
      let cases: [([String], Int32, String)] = [
        (["mgo.extxyz", "--element", "Zn"], 1, "--element: there is no Zn in mgo.extxyz"),
        (["mgo.extxyz", "--divisions", "5x5x5"], 1, "31 atoms do not fill 125 cells evenly"),
        (["mgo.extxyz", "--divisions", "2x2"], 64, "expected three whole numbers"),
        (["mgo.extxyz", "--directions", "0"], 64, "--directions: 0, expected 1 to 1000000"),
        (["mgo.extxyz", "--parent", "mgo.extxyz"], 1, "label"),
      ]
      for (arguments, status, text) in cases {
        try cellgen.expectRefusal(["order"] + arguments, status: status, saying: text)
      }
    }
  }
}
