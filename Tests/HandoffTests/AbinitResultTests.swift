import Crystal
import Foundation
import Handoff
import Testing

/// Outputs of ABINIT 9.6.2; signs and values as ASE reads them.
@Suite struct AbinitResultTests {
  @Test func `a relaxation is read`() throws {
    let result = try result(in: "abinit-relax")
    #expect(result.state == .finished)
    #expect(agree(result.energy, -15.795490880 * UnitFactor.hartree, within: 1e-7))
    #expect(result.ionicSteps == 5 && result.version == "9.6.2" && result.wallTime == 11.3)
    #expect(agree(result.forces?[1].y, 0.00079663, within: 1e-7))
    #expect(agree(result.stress?[0].x, 1.13107742, within: 1e-6))
    #expect(agree(result.stress?[1].z, 0.05833913, within: 1e-7))
    let structure = try #require(result.structure)
    #expect("\(structure.composition)" == "MgO")
    #expect(agree(structure.positions[1].components.x, 0.50994516974, within: 1e-10))
    #expect(agree(structure.lattice.a.y, 3.95 * UnitFactor.bohr, within: 1e-9))
    let settings = result.settings
    #expect(settings.functional == "LDA" && settings.dispersion == "none")
    #expect(agree(settings.cutoffEV, 12 * UnitFactor.hartree))
    #expect(settings.pseudopotentials == ["Mg": "12mg.2.hgh", "O": "8o.6.hgh"])
    #expect(settings.isSpinPolarised == false && settings.hubbardEV == [:])
  }

  @Test func `electrons that did not converge are told, with moments`() throws {
    let result = try result(in: "abinit-unconverged")
    #expect(result.state == .electronsNotConverged(iterations: 4))
    #expect(result.moments == [1.306452, -0.050311])
    #expect(agree(result.totalMoment, 1.36030715))
    #expect(result.settings.isSpinPolarised == true)
    #expect(agree(result.energyWithoutEntropy, -42.5457895445636 * UnitFactor.hartree))
  }

  @Test func `ions that did not converge are told`() throws {
    #expect(try result(in: "abinit-steps").state == .ionsNotConverged(steps: 2))
  }

  @Test func `the message of an error is found in what was printed`() throws {
    guard case .failed(let message) = try result(in: "abinit-error").state else {
      Issue.record("not failed")
      return
    }
    #expect(message.contains("k point grid is not symmetric"))
  }

  @Test func `an output cut off anywhere never gives a finished result`() throws {
    let whole = try String(contentsOfFile: "\(resultsFolder)/abinit-relax/run.abo", encoding: .utf8)
    for part in stride(from: 400, to: whole.utf8.count - 150, by: 997) {
      let result = try? changedResult("abinit-relax") { String($1.prefix(part)) }
      #expect(result.map { $0.state == .truncated } ?? true, "cut at \(part)")
    }
  }

  @Test(arguments: [(11, "PBE"), (-116133, "PBEsol"), (-497498, "r2SCAN"), (24, "ixc 24")])
  func `functionals have the names of cellgen`(ixc: Int, name: String) throws {
    let result = try changedResult("abinit-relax") { _, text in
      text.replacing("ixc=1\n", with: "ixc=\(ixc)\n")
    }
    #expect(result.settings.functional == name)
  }
}
