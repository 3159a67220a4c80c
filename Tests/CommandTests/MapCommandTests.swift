import Building
import CellgenTestSupport
import Crystal
import Foundation
import StructureIO
import Testing

@Suite struct MapCommandTests {
  /// Writes a spinel host with every site and a relaxed cell in which one Zn went from 8a to 16c.
  private func writeSpinel(in program: Program) throws {
    let host = try Spinel(SpinelSpecification()).unitCell
    func path(_ name: String) -> String { program.folder.appending(path: name).path() }
    try StructureFile.write(host, to: path("host.extxyz"), existing: .replace)
    var relaxed = try host.repeated(SupercellMatrix(parsing: "2x1x1"))
    let labels = try #require(relaxed.labels)
    let zinc = try #require(labels.firstIndex(of: "8a"))
    let free = try #require(labels.firstIndex(of: "16c"))
    relaxed.setPosition(relaxed.positions[free], at: zinc)
    relaxed.labels = nil
    let atoms = try relaxed.withoutVacancies().strained(Strain([0.02, 0, -0.01, 0, 0, 0]))
      .rattled(0.05, seed: 1).groupedBySpecies()
    try StructureFile.write(atoms, to: path("relaxed.vasp"), existing: .replace)
  }

  @Test("map reports what moved and writes the atoms on their sites")
  func map() throws {
    try Program.inFolder { program in
      try writeSpinel(in: program)
      let text = try program(
        "map", "relaxed.vasp", "--parent", "host.extxyz", "--out", "text.extxyz")
      #expect(text.status == 0, "\(text.errors)")
      #expect(text.output.contains("1 Zn 8a -> 16c"))
      #expect(text.output.contains("supercell 2x1x1 of the parent"))
      let result = try program("map", "relaxed.vasp", "--parent", "host.extxyz", "--json")
      let json = try result.json
      #expect(json["degree_of_inversion"] as? Double == 0)
      #expect((json["mapping"] as? [Any])?.count == 112)
      let strain = try #require(json["strain"] as? [Double])
      #expect((strain[0] - 0.02).magnitude < 1e-6)
      let mapped = try StructureFile.read(program.folder.appending(path: "map.extxyz").path())
        .structure
      #expect(mapped.labels?.count == 144 && mapped.species.count(where: \.isVacancy) == 32)
    }
  }

  @Test("map says why structures do not fit")
  func badMap() throws {
    try Program.inFolder { program in
      try writeSpinel(in: program)
      let result = try program(
        "map", "relaxed.vasp", "--parent", "host.extxyz", "--max-strain", "0.001")
      #expect(result.status == 1)
      #expect(result.errors.contains("is no supercell of the parent's"))
    }
  }

  @Test("insert finds sites and fills them to a composition")
  func insert() throws {
    try Program.inFolder { program in
      let cell = try Spinel(SpinelSpecification()).unitCell
      let labels = try #require(cell.labels)
      let host = cell.selecting(labels.indices.filter { ["16d", "32e"].contains(labels[$0]) })
      let path = program.folder.appending(path: "host.extxyz").path()
      try StructureFile.write(host, to: path, existing: .replace)
      let result = try program(
        "insert", "host.extxyz", "--ion", "Mg2+", "--composition", "Mg0.5Mn2O4", "--separation",
        "3",
        "--json")
      #expect(result.status == 0, "\(result.errors)")
      let kinds = try #require(try result.json["kinds"] as? [[String: Any]])
      #expect(kinds.first?["label"] as? String == "i1")
      #expect(kinds.contains { $0["multiplicity"] as? Int == 8 })
      let filled = try StructureFile.read(
        program.folder.appending(path: "insert.extxyz").path()
      ).structure
      #expect("\(filled.composition)" == "Mg4Mn16O32")
      let usage = try program("insert", "host.extxyz", "--count", "3")
      #expect(usage.status == 64)
    }
  }

  @Test("insert finds the lowest filling or leaves it to a search")
  func insertRanked() throws {
    try Program.inFolder { program in
      let cell = try Spinel(SpinelSpecification()).unitCell
      let labels = try #require(cell.labels)
      let host = cell.selecting(labels.indices.filter { ["16d", "32e"].contains(labels[$0]) })
      let path = program.folder.appending(path: "host.extxyz").path()
      try StructureFile.write(host, to: path, existing: .replace)
      let common = ["insert", "host.extxyz", "--ion", "Mg2+", "--composition", "Mg0.5Mn2O4"]
      let once = try program.run(
        common + ["--method", "rank", "--seed", "1", "--json", "--threads", "1"])
      #expect(once.status == 0, "\(once.errors)")
      let json = try once.json
      #expect(json["proved"] as? Bool == true && json["gap_eV"] as? Double == 0)
      let energy = try #require(json["energy_eV"] as? Double)
      #expect(energy <= (json["best_sites_energy_eV"] as? Double ?? -.infinity) + 1e-6)
      let bytes = try program.read("insert.extxyz")
      let again = try program.run(
        common + ["--method", "rank", "--seed", "1", "--force", "--threads", "3"])
      #expect(again.errors.contains("proved lowest of"))
      #expect(try program.read("insert.extxyz") == bytes)
      let filled = try StructureFile.read(
        program.folder.appending(path: "insert.extxyz").path()
      ).structure
      #expect("\(filled.composition)" == "Mg4Mn16O32")
      #expect((filled.charges ?? [1]).reduce(0, +).magnitude < 1e-9)
      // The same energy by the command that knows nothing of sites.
      let check = try program("energy", "insert.extxyz", "--json").json
      let total = try #require(check["energy_eV"] as? Double)
      #expect((total - energy).magnitude < 1e-6)

      let best = try program.run(common + ["--oxidation", "Mn=auto", "--out", "best.extxyz"])
      #expect(best.status == 0, "\(best.errors)")
      let charged = try StructureFile.read(
        program.folder.appending(path: "best.extxyz").path()
      ).structure
      #expect((charged.charges ?? [1]).reduce(0, +).magnitude < 1e-9)

      let problem = try program.run(common + ["--method", "problem", "--separation", "3"])
      #expect(problem.output.contains("written to insert.yaml"))
      #expect(try program("rank", "insert.yaml", "--top", "1", "--nodes", "1000").status == 0)
      for (arguments, status, text) in [
        (["--method", "rank"], 64, "--method rank needs"),
        (["--oxidation", "Mn=auto"], 64, "--oxidation needs"),
        (["--count", "3", "--seed", "1"], 64, "--seed is for --method rank"),
        (["--count", "4", "--method", "rank", "--oxidation", "Mn=4", "--force"], 1, "charge"),
      ] as [([String], Int32, String)] {
        let result = try program.run(["insert", "host.extxyz", "--ion", "Mg2+"] + arguments)
        #expect(result.status == status && result.errors.contains(text), "\(result.errors)")
      }
    }
  }
}
