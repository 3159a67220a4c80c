import Crystal
import Foundation
import Handoff
import Testing

/// Results in files of ASE and pymatgen.
@Suite struct StoredResultTests {
  private func read(_ text: String, _ name: String) throws -> [CalculationResult] {
    let file = FileManager.default.temporaryDirectory
      .appending(path: "\(ProcessInfo.processInfo.globallyUniqueString)-\(name)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(text.utf8).write(to: file)
    return try ResultReader.readFile(file.path())
  }

  @Test func `a JSON database of ASE`() throws {
    let results = try ResultReader.readFile("\(resultsFolder)/json/ase.json")
    #expect(results.map(\.id) == ["mgo-0", "2"])
    #expect(results.map(\.energy) == [-11.5, -11.6])
    #expect(results.allSatisfy { $0.state == .finished })
    #expect(results[0].forces?[1] == SIMD3(0, 0, -0.01))
    #expect(results[0].stress?[1] == SIMD3(0.0003, 0.002, 0.0001))
    #expect(results[0].moments == [0, 0.1])
    #expect(results[1].structure?.lattice.a == SIMD3(0, 2.15, 2.15))
  }

  @Test func `computed entries of pymatgen, without their corrections`() throws {
    let results = try ResultReader.readFile("\(resultsFolder)/json/ce.json")
    #expect(results.map(\.id) == ["mp-1", "mp-2"])
    #expect(results.map(\.energy) == [-40.5, -11.9])
    #expect("\(try #require(results[0].composition))" == "Mn2O3")
    #expect(
      results[0].notes == ["a correction of -1.2000 eV was left out: energies here have none"])
    #expect(results[0].settings.functional == "PBE")
    #expect(results[0].settings.hubbardEV == ["Mn": 3.9])
    #expect(results[0].settings.pseudopotentials == ["Mn": "Mn_pv"])
    #expect(results[1].structure?.count == 2 && results[1].settings.hubbardEV == [:])
  }

  @Test func `frames of extended XYZ`() throws {
    func frame(_ info: String) -> String {
      """
      2
      Lattice="4 0 0 0 4 0 0 0 4" Properties=species:S:1:pos:R:3:forces:R:3:magmoms:R:1 \(info)
      Mg 0 0 0 0 0 0.5 0.1
      O 2 2 2 0 0 -0.5 0.2

      """
    }
    let results = try read(
      frame("energy=-3.5 stress=\"1 2 3 2 4 5 3 5 6\" name=first") + frame(""), "run.extxyz")
    #expect(results[0].id == "first" && results[0].energy == -3.5)
    #expect(results[0].stress?[1] == SIMD3(2, 4, 5))
    #expect(results[0].forces?[1].z == -0.5 && results[0].moments == [0.1, 0.2])
    #expect(results[1].state == .failed("the frame has no energy"))
    #expect(results[1].id.hasSuffix("-2"))
  }

  @Test(arguments: [
    ("{\"a\": 1}", "neither a database of ASE nor a ComputedEntry"),
    ("{\"energy\": 1, \"composition\": {\"Qq\": 1}}", "Qq in the composition"),
    ("{\"ids\": [3], \"nextid\": 4}", "no row of this number"),
    ("{\"ids\": [3], \"nextid\": 4, \"3\": {}}", "without numbers, positions and cell"),
    ("{\"energy\": 1", "the text ends too early"),
  ])
  func `bad JSON is refused with the place`(text: String, message: String) throws {
    let error = #expect(throws: InputError.self) { try read(text, "x.json") }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test func `an ASE row without a cell is refused`() throws {
    let row = ASERow(
      id: "7", numbers: [8], positions: [0, 0, 0], cell: [0, 0, 0, 0, 0, 0, 0, 0, 0])
    let error = #expect(throws: InputError.self) { try row.result(file: "x.db") }
    #expect(error?.description.contains("x.db: row 7") == true)
  }

  @Test func `other files are refused`() throws {
    #expect(throws: InputError.self) { try ResultReader.readFile("POSCAR") }
  }
}
