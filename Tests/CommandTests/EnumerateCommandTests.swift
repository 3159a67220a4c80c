import Foundation
import Testing

@Suite struct EnumerateCommandTests {
  /// The rows of a list without its head.
  private func rows(_ text: String) -> [[String]] {
    text.split(separator: "\n").filter { !$0.hasPrefix("#") }.dropFirst()
      .map { $0.split(separator: ",").map(String.init) }
  }

  // Degeneracies 2, 12, 24 and 32 (explicit orbits); the ordered half of the diamond sublattice is
  // zinc blende.
  @Test("the JSON contract and the list")
  func json() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(tetrahedra(), to: "p.yaml")
      let result = try cellgen("enumerate", "p.yaml", "--out", "all.csv", "--json")
      #expect(result.status == 0)
      let json = try result.json
      #expect(json["distinct"] as? String == "4" && json["degeneracy_sum"] as? String == "70")
      #expect(json["archive"] as? String == "all.csv" && json["complete"] as? Bool == true)
      #expect(json["total"] as? String == "70" && json["written"] as? Int == 4)
      #expect(json["seed"] is NSNull)
      let rows = rows(try cellgen.read("all.csv"))
      #expect(rows.map { $0[2] }.sorted() == ["12", "2", "24", "32"])
      #expect(rows.first { $0[2] == "2" }?[3] == "F-43m")
      #expect(rows.allSatisfy { row in row[4].count == 8 && row[4].count { $0 == "0" } == 4 })
      #expect(cellgen.files == ["all.csv", "p.yaml"])
      // The same bytes for any number of threads.
      _ = try cellgen("enumerate", "p.yaml", "--out", "one.csv", "--threads", "1", "--quiet")
      #expect(try cellgen.read("one.csv") == cellgen.read("all.csv"))
    }
  }

  @Test func samplesAreReproducible() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(tetrahedra("all"), to: "p.yaml")
      for (seed, out) in [("3", "a.csv"), ("3", "b.csv")] {
        let result = try cellgen(
          "enumerate", "p.yaml", "--sample", "5", "--seed", seed, "--out", out, "--json")
        let json = try result.json
        #expect(json["seed"] as? Int == 3 && json["written"] as? Int == 5)
        #expect(json["complete"] as? Bool == false && json["distinct"] as? String == "16")
      }
      #expect(try cellgen.read("a.csv") == cellgen.read("b.csv"))
      let result = try cellgen("enumerate", "p.yaml", "--sample", "5", "--out", "c.csv")
      #expect(result.status == 0 && result.errors.contains("Seed "))
    }
  }

  @Test("lists beyond reach are refused at once, with advice")
  func outOfReach() throws {
    try Program.inFolder { cellgen in
      try cellgen.expectRefusal(
        ["enumerate"], status: 1,
        saying: """
          arrangements is out of reach
          hint: take some with --sample 1000 or --limit
          """)
      let result = try cellgen("enumerate", "--limit", "3", "--out", "some.csv", "--json")
      #expect(try result.json["written"] as? Int == 3)
      let sample = try cellgen("enumerate", "--sample", "3", "--out", "sample.csv", "--json")
      #expect(try sample.json["written"] as? Int == 3)
    }
  }

  @Test("bad problems are refused", arguments: badProblems.indices)
  func badProblem(index: Int) throws {
    try Program.inFolder { cellgen in
      try cellgen.write(badProblems[index].problem, to: "p.yaml")
      try cellgen.expectRefusal(
        ["enumerate", "p.yaml"], status: 1, saying: badProblems[index].message)
    }
  }

  @Test(
    "wrong usage",
    arguments: [
      (["--limit", "0"], "--limit is 0"), (["--sample", "0"], "--sample is 0"),
      (["--limit", "3", "--sample", "3"], "--sample goes neither with --limit"),
      (["--up-to", "3", "--sample", "3"], "--sample goes neither with --limit nor with --up-to"),
      (["--up-to", "0"], "expected 1 to 64"), (["--seed", "3"], "only with --sample"),
      (["--threads", "0"], "--threads is 0"), (["--resume", "all.csv"], "takes all settings"),
    ])
  func usage(options: [String], message: String) throws {
    try Program.inFolder { cellgen in
      try cellgen.write(tetrahedra(), to: "p.yaml")
      try cellgen.expectRefusal(["enumerate", "p.yaml"] + options, status: 64, saying: message)
    }
  }

  @Test(
    "options that --resume would ignore are wrong usage",
    arguments: [["--up-to", "3"], ["--force"], ["--limit", "3"], ["--out", "b.csv"]])
  func resumeWithOptions(options: [String]) throws {
    try Program.inFolder { cellgen in
      try cellgen.expectRefusal(
        ["enumerate", "--resume", "a.csv"] + options, status: 64, saying: "takes all settings")
    }
  }

  @Test("files that are there, and nothing to resume")
  func files() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(tetrahedra(), to: "p.yaml")
      try cellgen.expectRefusal(
        ["enumerate", "--resume", "no.csv"], status: 1, saying: "no enumeration to resume")
      #expect(try cellgen("enumerate", "p.yaml", "--out", "a.csv").status == 0)
      try cellgen.expectRefusal(
        ["enumerate", "--resume", "a.csv"], status: 1, saying: "the list is complete")
      try cellgen.expectRefusal(
        ["enumerate", "p.yaml", "--out", "a.csv"], status: 1, saying: "replace it with --force")
      #expect(try cellgen("enumerate", "p.yaml", "--out", "a.csv", "--force").status == 0)
      try cellgen.expectRefusal(
        ["enumerate", "p.yaml", "--out", "no/a.csv"], status: 1, saying: "cannot write the list")
      try cellgen.expectRefusal(["enumerate", "no.yaml"], status: 1, saying: "no such file")
    }
  }
}
