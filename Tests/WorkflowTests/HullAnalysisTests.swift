import CellgenTestSupport
import Foundation
import Testing
import Workflow

@Suite struct HullAnalysisTests {
  @Test func theBuiltInExampleIsTheOneInExamples() throws {
    let file = dataFolder().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Examples/hull/energies.csv")
    #expect(try String(contentsOf: file, encoding: .utf8) == HullExample.text)
  }

  private func choice(_ rows: String, _ change: (inout HullSpecification) -> Void = { _ in }) throws
    -> [String: Any]
  {
    var specification = HullSpecification(tables: ["t.csv"])
    change(&specification)
    let analysis = try HullAnalysis(
      specification,
      input: HullInput(path: "t.csv", text: "id,formula,energy_per_atom_eV\n" + rows))
    return try json(analysis)
  }

  private func json(_ analysis: HullAnalysis) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(jsonText(analysis.json).utf8))
    return try #require(object as? [String: Any])
  }

  @Test("pure elements beside the ion make a general diagram of the host's rows")
  func pureElements() throws {
    let rows = "a,MnO2,-7\nb,MgMnO2,-6.5\nmg,Mg,-1.5\n"
    #expect(try choice(rows)["mode"] as? String == "insertion")
    #expect(try choice(rows + "mn,Mn,-9\no,O2,-4.9\n")["mode"] as? String == "general")
  }

  @Test func endMembersMakeAGeneralDiagram() throws {
    let json = try choice("a,MnO2,-7\nb,MgMnO2,-6.5\nc,Mg0.5MnO2,-6.8\nmg,Mg,-1.5\n") {
      $0.endMembers = ["MnO2", "MgMnO2"]
    }
    #expect(json["mode"] as? String == "general")
    #expect(json["outside"] as? [String] == ["mg"])
  }

  @Test("volumes come from the structure files of the rows, if they fit")
  func volumes() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: ProcessInfo.processInfo.globallyUniqueString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let cell = """
      2
      Lattice="4 0 0 0 4 0 0 0 4" Properties=species:S:1:pos:R:3
      Li 0 0 0
      F 2 2 2

      """
    try cell.write(to: folder.appending(path: "lif.extxyz"), atomically: true, encoding: .utf8)
    func capacity(_ formula: String) throws -> (Double?, [String]) {
      let path = folder.appending(path: "t.csv").path()
      var specification = HullSpecification(tables: [path])
      specification.ion = "Li"
      let text = """
        id,formula,energy_per_atom_eV,structure
        a,F2,-2,
        b,\(formula),-4,lif.extxyz
        """
      let analysis = try HullAnalysis(specification, input: HullInput(path: path, text: text))
      return (try json(analysis)["capacity_mAh_cm3"] as? Double, analysis.warnings)
    }
    // 26801.48 mAh/mol in 64 Å³ x Nₐ per formula unit LiF.
    let (volumetric, warnings) = try capacity("Li4F4")
    #expect(abs((volumetric ?? 0) - 26801.48 / (64e-24 * 6.02214076e23)) < 0.01)
    #expect(warnings.isEmpty)
    let (none, doubts) = try capacity("Li2F")
    #expect(none == nil)
    #expect(doubts.contains { $0.contains("its volume is not used") })
  }
}
