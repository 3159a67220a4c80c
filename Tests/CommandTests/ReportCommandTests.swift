import Foundation
import Testing

@Suite struct ReportCommandTests {
  @Test("the folders of runs become pages that hold their tables, figures and structures")
  func runs() throws {
    try Program.inFolder { cellgen in
      #expect(try cellgen("hull", "energies.csv", "--quiet").status == 0)
      let page = try cellgen("report", "hull")
      #expect(page.status == 0 && page.output == "report.html: 2 tables, 2 figures, 0 structures\n")
      let hull = try cellgen.read("report.html")
      #expect(hull.contains("cellgen hull: hull") && hull.contains("Mg5Zn10Mn11O32"))
      #expect(!hull.contains("<script"))
      try cellgen.write(RDFCommandTests.magnesia(4.2), to: "m.extxyz")
      let relax = try cellgen("relax", "m.extxyz", "--charges", "Mg=2,O=-2", "--quiet")
      #expect(relax.status == 0, "\(relax.errors)")
      let json = try cellgen("report", "relax", "--out", "relax.html", "--json").json
      #expect(json["structures"] as? Int == 1 && json["report"] as? String == "relax.html")
      let text = try cellgen.read("relax.html")
      #expect(text.contains("<canvas") && text.contains("script-src 'sha256-"))
      #expect(text.contains("relaxed.extxyz: Mg4O4"))
      try cellgen.expectRefusal(["report", "hull"], status: 1, saying: "the file exists")
      #expect(try cellgen("report", "hull", "--force").status == 0)
    }
  }

  @Test("nothing in the files of a folder can run or break out of the page")
  func hostile() throws {
    try Program.inFolder { cellgen in
      let attack = "<script>alert(1)</script>\"'&"
      try cellgen.write(
        "a,\"<b>\"\n\"\(attack.replacingOccurrences(of: "\"", with: "\"\""))\",1\n", to: "x/<i>.csv"
      )
      try cellgen.write("<svg onload=\"alert(1)\"></svg>", to: "x/figures/bad.svg")
      try cellgen.write(
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><text>fine</text></svg>",
        to: "x/figures/good.svg")
      try cellgen.write(
        "{\"command\": \"<img>\", \"warnings\": [\"<u>\"], \"x\": \"</main>\"}",
        to: "x/summary.json")
      try cellgen.write("not a structure <em>", to: "x/final.extxyz")
      let result = try cellgen("report", "x")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output == "report.html: 1 tables, 1 figures, 0 structures\n")
      #expect(result.errors.contains("figures/bad.svg is left out"))
      #expect(result.errors.contains("final.extxyz is left out"))
      let page = try cellgen.read("report.html")
      for text in ["<script", "<i>", "<u>", "<img", "<em>", "onload"] {
        #expect(!page.contains(text), "\(text)")
      }
      #expect(page.contains("&lt;script&gt;alert(1)") && page.contains("<text>fine</text>"))
      #expect(page.components(separatedBy: "</main>").count == 2)
    }
  }

  @Test("folders without a run are refused")
  func refusals() throws {
    try Program.inFolder { cellgen in
      try cellgen.write("x\n", to: "other/readme.txt")
      for (arguments, text) in [
        (["other"], "nothing of a run"), (["none"], "no such folder"),
        (["other/readme.txt"], "expected the folder"),
      ] {
        try cellgen.expectRefusal(["report"] + arguments, status: 1, saying: text)
      }
    }
  }
}
