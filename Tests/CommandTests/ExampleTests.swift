import Foundation
import Testing

/// The scripts in `Examples` do what their READMEs say.
struct ExampleTests {
  @Test func aPartialOccupancyFileGoesToRankedStructures() throws {
    try Program.inFolder { program in
      let result = try program.example("partial-occupancy")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("proved: these are the 10 lowest of 22 distinct arrangements"))
      #expect(
        result.output.contains("22 distinct arrangements that stand for 1820, as the exact count"))
      #expect(
        result.output.contains(
          "proved: these are the 3 lowest of 1908315040970 distinct arrangements"))
      let readme = try String(
        contentsOf: Program.examples.appending(path: "partial-occupancy/README.md"), encoding: .utf8
      )
      // The table in the README is what the program prints.
      for line in readme.split(separator: "\n") where line.hasSuffix("proved") {
        #expect(result.output.contains(line.drop { $0 == " " }), "\(line)")
      }
      for name in ["001.cif", "001.extxyz", "001.vasp"] {
        #expect(program.exists("out/rank/structures/\(name)"))
      }
      #expect(program.exists("out/first/003.cif"))
    }
  }

  @Test(arguments: [
    ("kawaguchi2025", ["rdf/rdf.csv", "vasp/final/INCAR"], 5),
    ("nakahara2025", ["sites/occupancy.csv", "vasp/x0.5000-001/INCAR"], 5),
    ("choyal2025", ["mg-3.extxyz", "vasp/mg-6/INCAR"], 5),
    ("gao2022", ["volume-chevrel/summary.json", "bvs/summary.json"], 10),
    ("yang2024", ["coordination/coordination.csv", "vasp/final/INCAR"], 6),
  ])
  func theStudyOfEachPaperRunsOnce(_ name: String, _ files: [String], _ steps: Int) throws {
    try Program.inFolder { program in
      let study = Program.examples.appending(path: "studies/\(name).yaml").path()
      let first = try program("study", study, "--quiet")
      #expect(first.status == 0 || first.status == 2, "\(first.errors)")
      for file in files { #expect(program.exists("study/\(file)"), "\(file)") }
      let again = try program("study", study, "--dry-run")
      let lines = again.output.split(separator: "\n")
      #expect(lines.count == steps && lines.allSatisfy { $0.hasPrefix("skip") }, "\(again.output)")
    }
  }

  @Test func lithiumOxideConductsByJumpsBetweenItsSites() throws {
    try Program.inFolder { program in
      let result = try program.example("diffusion")
      #expect(result.status == 0, "\(result.errors)")
      // The published coefficients of Mg in amorphous V2O5.
      #expect(result.output.contains("46.6"))
      let rows = try program.read("out/diffusion/diffusion.csv").split(separator: "\n")
      #expect(rows.count == 4)
      #expect(rows.dropFirst().allSatisfy { $0.contains("diffusive") })
      let paths = try program.read("out/diffusion/3/paths.csv")
      #expect(paths.contains("Li,8c-8c-8c,false,"))
      #expect(try program.read("out/density/links.csv").contains("8c-8c"))
      for name in ["density/Li.cube", "diffusion/figures/arrhenius.svg"] {
        #expect(program.exists("out/\(name)"))
      }
    }
  }

  @Test func theStructureOfASmallAmorphousOxide() throws {
    try Program.inFolder { program in
      let result = try program.example("amorphous-structure")
      #expect(result.status == 0, "\(result.errors)")
      for name in [
        "out/rdf/figures/radial_distribution.svg", "out/rdf/structure_factor.csv",
        "out/coordination/rings.csv", "out/fixed-cutoffs/coordination.csv", "out/coordination.html",
      ] {
        #expect(program.exists(name), "\(name)")
      }
      // Octahedra of V3+ with bonds of 2 Å, as in its oxides.
      let rows = try program.read("out/fixed-cutoffs/coordination.csv").split(separator: "\n")
        .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      let vanadium = try #require(rows.first { $0[0] == "V" && $0[1] == "O" })
      #expect((4.8...6.2).contains(Double(vanadium[3]) ?? 0))
      #expect((1.95...2.15).contains(Double(vanadium[5]) ?? 0))
      #expect((Double(vanadium[4]) ?? 0) > 0)
    }
  }

  @Test func relaxedArrangementsOfSixCompositionsGiveOneHull() throws {
    try Program.inFolder { program in
      let result = try program.example(
        "chgnet-search", ["ENERGY": "--energy lewis-catlow", "TOP": "2"])
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("insertion hull of Mg in Mn11Zn10O32"))
      #expect(program.exists("out/mg11/structures/002-relaxed.extxyz"))
      #expect(program.exists("out/hull/figures/hull.svg"))
    }
  }

  @Test func aHundredthOfTheSilicaScheduleGivesANetwork() throws {
    try Program.inFolder { program in
      #expect(
        try program(
          "pack", "SiO2", "--units", "192", "--density", "2.2", "--factor", "0.9", "--seed", "1",
          "--out", "start.extxyz"
        ).status == 0)
      let schedule = Program.examples.appending(path: "amorphous-silica/silica.yaml").path()
      let result = try program(
        "amorphous", "start.extxyz", "--model", "pedone2006", "--cutoff", "8", "--schedule",
        schedule, "--time-scale", "0.01", "--seed", "1", "--json")
      #expect(result.status == 0, "\(result.errors)")
      let models = try #require(try result.json["models"] as? [[String: Any]])
      let density = try #require(models.first?["density_g_cm3"] as? Double)
      #expect((2.2...2.5).contains(density))
      let pairs = try #require(models.first?["coordination"] as? [[String: Any]])
      let silicon = try #require(pairs.first { $0["centre"] as? String == "Si" })
      #expect((3.9...4.1).contains(silicon["mean"] as? Double ?? 0))
      #expect((1.55...1.66).contains(silicon["peak_A"] as? Double ?? 0))
    }
  }
}

extension ExampleTests {
  @Test func anAmorphousOxideHasFreeVolumeAndPlacesForMagnesium() throws {
    try Program.inFolder { program in
      let result = try program.example("free-volume")
      #expect(result.status == 0, "\(result.errors)")
      let volume = try program.object("out/volume/summary.json")
      let free = try #require(volume["free_volume"] as? [String: Any])
      let fraction = try #require(free["fraction"] as? Double)
      let excess = try #require(free["fraction_by_excess"] as? Double)
      // The plain cells fill space, so that both definitions agree.
      #expect((fraction - excess).magnitude < 1e-9)
      #expect((0.02...0.2).contains(fraction))
      let map = try #require(try program.object("out/bvs/summary.json")["map"] as? [String: Any])
      let selected = try #require(map["fraction_selected"] as? Double)
      #expect((0.001...0.1).contains(selected))
      #expect(program.exists("out/bvs/figures/slice.svg"))
    }
  }
}

extension Program {
  /// The object in a JSON file.
  func object(_ name: String) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(read(name).utf8))
    return try #require(object as? [String: Any])
  }

  static var examples: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Examples")
  }

  /// Runs the script of an example, with its results in `out`.
  func example(_ name: String, _ environment: [String: String] = [:]) throws -> Result {
    try runScript(Program.examples.appending(path: "\(name)/run.sh"), environment)
  }

  func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: name).path())
  }
}
