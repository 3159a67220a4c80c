import CellgenTestSupport
import Crystal
import Foundation
import Handoff
import Testing

/// Outputs of pw.x 6.7; signs and values as ASE reads them.
@Suite struct EspressoResultTests {
  @Test func `a relaxation of the cell is read from the text`() throws {
    let result = try result(in: "qe-vc-relax")
    #expect(result.file.hasSuffix("pw.out"))
    #expect(result.state == .finished)
    #expect(agree(result.energy, -34.28312787 * UnitFactor.rydberg))
    #expect(result.version == "6.7MaX")
    #expect(result.ionicSteps == 7)
    #expect(agree(result.wallTime, 62.56))
    #expect(agree(result.forces?[1].y, 0.0005749, within: 1e-7))
    #expect(agree(result.stress?[0].x, 1.29900939e-02, within: 1e-6))
    #expect(agree(result.stress?[1].z, 7.34526092e-06, within: 1e-9))
    let structure = try #require(result.structure)
    #expect(agree(structure.positions[1].components.x, 0.5098454502, within: 1e-9))
    #expect(agree(structure.lattice.a.y, 2.068892741, within: 1e-8))
    #expect(result.moments == nil)
    let settings = result.settings
    #expect(settings.functional == "LDA" && settings.isSpinPolarised == false)
    #expect(settings.hubbardEV == [:] && settings.dispersion == "none")
    #expect(agree(settings.cutoffEV, 25 * UnitFactor.rydberg))
    #expect(settings.pseudopotentials?["Mg"] == "Mg.pz-n-vbc.UPF")
  }

  @Test(arguments: ["qe-vc-relax", "qe-spin-steps"])
  func `text and XML of one run agree`(folder: String) throws {
    let text = try result(in: folder)
    let xml = try changedResult(folder, keeping: ["data-file-schema.xml"])
    #expect(xml.file.hasSuffix(".xml") && xml.state == text.state)
    #expect(agree(xml.energy, try #require(text.energy), within: 1e-6))
    for (a, b) in zip(xml.forces ?? [], text.forces ?? []) { #expect(length(a - b) < 1e-6) }
    for (a, b) in zip(xml.stress ?? [], text.stress ?? []) { #expect(length(a - b) < 1e-5) }
    let (a, b) = (try #require(xml.structure), try #require(text.structure))
    #expect(a.species == b.species)
    // The next positions, for which there is no energy, are 1.2 mÅ further.
    for (p, q) in zip(a.cartesianPositions, b.cartesianPositions) {
      #expect(length(p.components - q.components) < 2e-5)
    }
    #expect(xml.settings.functional == text.settings.functional)
    #expect(xml.settings.pseudopotentials == text.settings.pseudopotentials)
    #expect(agree(xml.settings.cutoffEV, try #require(text.settings.cutoffEV)))
  }

  @Test func `spin, U and the end at the largest number of steps`() throws {
    let result = try result(in: "qe-spin-steps")
    #expect(result.state == .ionsNotConverged(steps: 2))
    #expect(result.moments == [1.6033, 0.2307] || result.moments?.count == 2)
    #expect(agree(result.moments?[0], 1.6033))
    #expect(result.totalMoment == 2)
    #expect(result.settings.hubbardEV == ["Ni": 4])
    #expect(result.settings.functional == "PBEsol")
    #expect(result.settings.isSpinPolarised == true)
    #expect(agree(result.structure?.positions[0].components.x, -0.0005470538, within: 1e-9))
    #expect(agree(result.energyWithoutEntropy, -133.46052851 * UnitFactor.rydberg))
  }

  @Test func `electrons that did not converge are told, with the last estimate`() throws {
    let result = try result(in: "qe-unconverged")
    #expect(result.state == .electronsNotConverged(iterations: 3))
    #expect(agree(result.energy, -34.28125206 * UnitFactor.rydberg))
  }

  @Test func `the message of a crash is told`() throws {
    guard case .failed(let message) = try result(in: "qe-error").state else {
      Issue.record("not failed")
      return
    }
    #expect(message.contains("atoms #   1 and #   2 overlap!"))
  }

  @Test func `an output cut off anywhere never gives a finished result`() throws {
    let whole = try String(contentsOfFile: "\(resultsFolder)/qe-vc-relax/pw.out", encoding: .utf8)
    for part in stride(from: 600, to: whole.utf8.count - 200, by: 1499) {
      let result = try? changedResult("qe-vc-relax", keeping: ["pw.out"]) {
        String($1.prefix(part))
      }
      #expect(result.map { $0.state == .truncated } ?? true, "cut at \(part)")
    }
  }

  @Test func `of appended runs the last one counts`() throws {
    let first = try String(
      contentsOfFile: "\(resultsFolder)/qe-unconverged/pw.out", encoding: .utf8)
    let result = try changedResult("qe-vc-relax", keeping: ["pw.out"]) { first + $1 }
    #expect(result.state == .finished && result.ionicSteps == 7)
  }

  @Test func `U as version 7 prints it, and moments`() throws {
    let result = try changedResult("qe-spin-steps", keeping: ["pw.out"]) { _, text in
      text.replacing(
        "     Simplified LDA+U calculation (l_max = 2) with parameters (eV):",
        with:
          "     Hubbard parameters of DFT+U (Dudarev formulation) in eV:\n     U(Ni-3d)  =  4.0000\n"
      ).replacing("charge:    7.6857    magn:    1.6033", with: "charge=  7.6857    magn=  1.6033")
        .replacing("charge:    5.", with: "charge=    5.")
    }
    #expect(result.settings.hubbardEV == ["Ni": 4])
    #expect(agree(result.moments?[0], 1.6033))
  }
}
