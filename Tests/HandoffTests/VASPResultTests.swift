import CellgenTestSupport
import Crystal
import Foundation
import Handoff
import Testing

/// Values as pymatgen's `Vasprun` and `Outcar` and ASE read them from the same files.
@Suite struct VASPResultTests {
  private let energy = -26.19112387

  @Test func `vasprun and OUTCAR together give everything`() throws {
    let result = try result(in: "vasp")
    #expect(result.state == .finished)
    // The block of the step has 0.004 as e_0_energy.
    #expect(agree(result.energy, energy))
    #expect(result.version == "6.4.2")
    #expect(result.ionicSteps == 3)
    #expect(result.forces?[2] == SIMD3(0.008, -0.0024, 0.004))
    #expect(result.moments == [0.004, 3.81, -0.008, -0.008])
    #expect(result.totalMoment == 4)
    #expect(result.wallTime == 321.987)
    let structure = try #require(result.structure)
    #expect("\(structure.composition)" == "LiMnO2")
    #expect(agree(structure.lattice.volume, 47.820305111945856))
    #expect(agree(structure.positions[2].components.x, 0.255))
  }

  @Test func `the stress is positive for a cell that pulls together`() throws {
    let stress = try #require(result(in: "vasp").stress)
    let expected = [
      7.48981095e-04, 6.86566004e-04, 1.24830183e-04, -6.24150913e-05,
    ]
    #expect(agree(stress[0].x, expected[0], within: 1e-11))
    #expect(agree(stress[1].y, expected[1], within: 1e-11))
    #expect(agree(stress[2].z, expected[2], within: 1e-11))
    #expect(agree(stress[1].z, expected[3], within: 1e-11))
    #expect(stress[0].y == 0)
  }

  @Test(arguments: ["vasprun.xml", "OUTCAR"])
  func `settings are the same in both files`(file: String) throws {
    let settings = try changedResult("vasp", keeping: [file]).settings
    #expect(settings.code == .vasp)
    #expect(settings.functional == "PBEsol")
    #expect(settings.dispersion == "D3BJ")
    #expect(settings.cutoffEV == 520)
    #expect(settings.isSpinPolarised == true)
    #expect(settings.pseudopotentials == ["Li": "Li_sv", "Mn": "Mn_pv", "O": "O"])
    #expect(settings.hubbardEV?.keys.sorted() == ["Mn"])
    #expect(agree(settings.hubbardEV?["Mn"], 3.9))
  }

  @Test func `OUTCAR alone gives the same numbers as both`() throws {
    let both = try result(in: "vasp")
    let outcar = try changedResult("vasp", keeping: ["OUTCAR"])
    #expect(outcar.state == .finished)
    #expect(agree(outcar.energy, energy))
    #expect(outcar.forces == both.forces)
    #expect(outcar.moments == both.moments)
    #expect(outcar.ionicSteps == 3)
    for (a, b) in zip(outcar.stress ?? [], both.stress ?? []) { #expect(length(a - b) < 1e-7) }
    let (a, b) = (try #require(outcar.structure), try #require(both.structure))
    #expect(a.species == b.species)
    for (p, q) in zip(a.positions, b.positions) {
      #expect(length(p.components - q.components) < 1e-5)
    }
  }

  @Test func `moments that are not collinear are not taken for collinear ones`() throws {
    let result = try changedResult("vasp", keeping: ["OUTCAR"]) {
      $1.replacing(" General timing", with: " magnetization (y)\n\n General timing")
    }
    #expect(result.state == .finished && result.moments == nil)
  }

  @Test func `a running job gives its last complete step`() throws {
    // In the middle of the electronic steps of the third ionic step.
    let result = try changedResult("vasp", keeping: ["vasprun.xml"]) {
      cut($1, before: "<scstep>", occurrence: 22)
    }
    #expect(result.state == .truncated)
    #expect(result.ionicSteps == 2)
    #expect(agree(result.energy, -26.19087654 + 0.002))
    #expect(result.forces?[2].x == 0.06)
  }

  @Test func `a job cut off before its first energy has no energy but a structure`() throws {
    let result = try changedResult("vasp", keeping: ["vasprun.xml"]) {
      cut($1, before: "<energy>", occurrence: 2)
    }
    #expect(result.state == .truncated)
    #expect(result.energy == nil && result.ionicSteps == 0)
    #expect(result.structure?.count == 4)
  }

  @Test func `an OUTCAR cut off anywhere never gives a finished result`() throws {
    let whole = try String(contentsOfFile: "\(resultsFolder)/vasp/OUTCAR", encoding: .utf8)
    for part in stride(from: 300, to: whole.utf8.count - 900, by: 977) {
      let result = try changedResult("vasp", keeping: ["OUTCAR"]) { String($1.prefix(part)) }
      #expect(result.state == .truncated, "cut at \(part)")
    }
  }

  @Test func `a vasprun cut off anywhere never gives a finished result`() throws {
    let whole = try String(contentsOfFile: "\(resultsFolder)/vasp/vasprun.xml", encoding: .utf8)
    for part in stride(from: 100, to: whole.utf8.count - 20, by: 613) {
      let result = try? changedResult("vasp", keeping: ["vasprun.xml"]) { String($1.prefix(part)) }
      #expect(result.map { $0.state == .truncated } ?? true, "cut at \(part)")
    }
  }

  @Test(arguments: [["vasprun.xml"], ["OUTCAR"], ["vasprun.xml", "OUTCAR"]])
  func `electrons that did not converge are told`(files: [String]) throws {
    // The last ionic step has four electronic ones.
    let result = try changedResult("vasp", keeping: files) { _, text in
      text.replacing("name=\"NELM\">    60<", with: "name=\"NELM\">     4<")
        .replacing("NELM   =     60;", with: "NELM   =      4;")
        .replacing("aborting loop because EDIFF is reached", with: "aborting loop")
    }
    #expect(result.state == .electronsNotConverged(iterations: 4))
  }

  @Test func `ions that did not converge are told, unless OUTCAR says that they did`() throws {
    func limited(_ text: String) -> String {
      text.replacing("name=\"NSW\">    40<", with: "name=\"NSW\">     3<")
        .replacing("NSW    =     40", with: "NSW    =      3").replacing(
          "NSW = 40", with: "NSW = 3")
    }
    let alone = try changedResult("vasp", keeping: ["vasprun.xml"]) { limited($1) }
    // The forces are small, but the cell relaxes too.
    #expect(alone.state == .ionsNotConverged(steps: 3))
    let fixedCell = try changedResult("vasp", keeping: ["vasprun.xml"]) {
      limited($1).replacing("name=\"ISIF\">     3<", with: "name=\"ISIF\">     2<")
    }
    #expect(fixedCell.state == .finished)
    #expect(try changedResult("vasp") { limited($1) }.state == .finished)
    let still = try changedResult("vasp", keeping: ["OUTCAR"]) {
      limited($1).replacing("reached required accuracy", with: "")
    }
    #expect(still.state == .ionsNotConverged(steps: 3))
  }

  @Test func `OUTCAR stands in for a vasprun that cannot be read`() throws {
    let broken = try changedResult("vasp") { name, text in
      name == "vasprun.xml" ? text.replacing("<rc><c>Mn</c>", with: "<rc><c>Qq</c>") : text
    }
    #expect(broken.state == .finished && agree(broken.energy, energy))
    #expect(broken.notes.first?.contains("vasprun.xml cannot be read") == true)
    let short = try changedResult("vasp") { name, text in
      name == "vasprun.xml" ? cut(text, before: "</modeling>") : text
    }
    #expect(short.state == .finished)
  }

  @Test func `what the scheduler says about a job that was ended is told`() throws {
    let result = try changedResult(
      "vasp", keeping: ["vasprun.xml"],
      adding: [
        "slurm-17.out": "slurmstepd: error: *** JOB 17 CANCELLED AT X DUE TO TIME LIMIT ***\n"
      ]
    ) { cut($1, before: "</modeling>") }
    guard case .failed(let reason) = result.state else {
      Issue.record("\(result.state)")
      return
    }
    #expect(reason.contains("time limit") && reason.contains("slurm-17.out"))
  }

  @Test(arguments: [
    ("<rc><c>Mn</c>", "<rc><c>Qq</c>", "unknown element \"Qq\""),
    ("<v>       0.00800000", "<v>       0.0080x000", "row 3 of the forces is not three numbers"),
    ("<modeling>", "<html>", "this is no vasprun.xml"),
    ("<rc><c>Li</c><c>   1</c></rc>", "", "rows of positions, expected 3"),
  ])
  func `bad files are refused with the place`(old: String, new: String, message: String) throws {
    let error = #expect(throws: InputError.self) {
      try changedResult("vasp", keeping: ["vasprun.xml"]) { _, text in
        text.replacing(old, with: new)
      }
    }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    ("GGA\">PS<", "GGA\">PE<", "PBE"), ("GGA\">PS<", "GGA\">--<", "PBE"),
    ("METAGGA\">--<", "METAGGA\">R2SCAN<", "r2SCAN"),
    ("METAGGA\">--<", "METAGGA\">SCAN<", "SCAN"), ("GGA\">PS<", "GGA\">91<", "PW91"),
  ])
  func `functionals have the names of cellgen`(old: String, new: String, name: String) throws {
    let result = try changedResult("vasp", keeping: ["vasprun.xml"]) { _, text in
      text.replacing(old, with: new)
    }
    #expect(result.settings.functional == name)
  }
}
