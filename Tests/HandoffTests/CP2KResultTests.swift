import Crystal
import Foundation
import Handoff
import Testing

/// Outputs of CP2K 2023.1.
@Suite struct CP2KResultTests {
  @Test func `a relaxation that ran out of steps is read with the restart file`() throws {
    let result = try result(in: "cp2k-cell-opt")
    #expect(result.state == .ionsNotConverged(steps: 4))
    #expect(agree(result.energy, -31.8496714741 * UnitFactor.hartree, within: 1e-8))
    #expect(result.version == "2023.1")
    #expect(agree(result.wallTime, 72.639))
    #expect(result.moments?.count == 2 && agree(result.totalMoment, 2, within: 1e-5))
    #expect(result.forces?.count == 2)
    let structure = try #require(result.structure)
    #expect(agree(structure.lattice.c.z, 4.1617092607509267, within: 1e-12))
    #expect(
      agree(structure.cartesianPositions[1].components.z, 1.3368047634243003, within: 1e-9))
    #expect(structure.columns.isEmpty)
    let settings = result.settings
    #expect(settings.functional == "PBE" && settings.dispersion == "D3")
    #expect(settings.isSpinPolarised == true && settings.hubbardEV == [:])
    #expect(agree(settings.cutoffEV, 200 * UnitFactor.rydberg))
    #expect(settings.pseudopotentials == ["O": "GTH-PBE-q6"])
  }

  @Test func `forces and stress push apart where the atoms are too near`() throws {
    // Up to the first energy: two O at a distance of 1.25 Å.
    let result = try changedResult("cp2k-cell-opt", keeping: ["cp2k.out", "cp2k.inp"]) {
      name, text in
      name == "cp2k.out" ? cut(text, before: " OPTIMIZATION STEP:") : text
    }
    #expect(result.state == .truncated)
    let factor = UnitFactor.hartree / UnitFactor.bohr
    #expect(agree(result.forces?[1].z, 0.28370399 * factor, within: 1e-9))
    #expect(agree(result.pressure, 11.8968590041 * UnitFactor.gigapascal, within: 1e-9))
    #expect(agree(result.stress?[2].z, -32.942380238 * UnitFactor.gigapascal, within: 1e-9))
  }

  @Test func `the energy after a converged relaxation belongs to the forces before it`() throws {
    let result = try changedResult("cp2k-cell-opt") { name, text in
      guard name == "cp2k.out" else { return text }
      return text.replacing(
        " *** MAXIMUM NUMBER OF OPTIMIZATION STEPS REACHED ***",
        with: """
           Reevaluating energy at the minimum

           ENERGY| Total FORCE_EVAL ( QS ) energy [a.u.]:              -31.849671474100000
          """)
    }
    #expect(result.state == .finished && result.ionicSteps == 5)
    #expect(agree(result.energy, -31.8496714741 * UnitFactor.hartree))
    #expect(agree(result.largestForce, 1.598296074149721, within: 1e-9))
    #expect(result.stress != nil && result.moments?.count == 2)
  }

  @Test func `without the restart file the structure is not known`() throws {
    let result = try changedResult("cp2k-cell-opt", keeping: ["cp2k.out"])
    #expect(result.structure == nil)
    #expect(result.notes.first?.contains("no restart file") == true)
    let other = try changedResult("cp2k-cell-opt") { _, text in
      text.replacing("4.1617092607509267E+00", with: "4.2617092607509267E+00")
    }
    #expect(other.structure == nil)
    #expect(other.notes.first?.contains("not the one that was printed last") == true)
  }

  @Test func `electrons that did not converge are told`() throws {
    let result = try result(in: "cp2k-unconverged")
    #expect(result.state == .electronsNotConverged(iterations: 3))
    #expect(agree(result.energy, -31.682186696099407 * UnitFactor.hartree))
    #expect(result.structure?.count == 2)
  }

  @Test func `PBEsol, U and the damping of D3 are told`() throws {
    let settings = try result(in: "cp2k-hubbard").settings
    #expect(settings.functional == "PBEsol" && settings.dispersion == "D3BJ")
    #expect(settings.hubbardEV == ["O": 2])
  }

  @Test func `an output cut off anywhere never gives a finished result`() throws {
    let whole = try String(
      contentsOfFile: "\(resultsFolder)/cp2k-cell-opt/cp2k.out", encoding: .utf8)
    let end = cut(whole, before: "MAXIMUM NUMBER OF OPTIMIZATION").utf8.count
    for part in stride(from: 3000, to: end, by: 2999) {
      let result = try changedResult("cp2k-cell-opt", keeping: ["cp2k.out"]) {
        String($1.prefix(part))
      }
      #expect(result.state == .truncated, "cut at \(part)")
    }
  }

  @Test func `the message of an abort is told`() throws {
    let box = """
       *******************************************************************************
       *   ___                                                                       *
       *  /   \\                                                                      *
       * [ABORT]                                                                     *
       *  \\___/             The number of electrons is odd                           *
       *    |                                                                        *
       *  O/|                                                                        *
       * /| |                                                                        *
       * / \\                                                          qs_env.F:1234 *
       *******************************************************************************

       ===== Routine Calling Stack =====

      """
    let result = try changedResult("cp2k-cell-opt", keeping: ["cp2k.out"]) {
      cut($1, before: " SCF WAVEFUNCTION OPTIMIZATION") + box
    }
    guard case .failed(let message) = result.state else {
      Issue.record("\(result.state)")
      return
    }
    #expect(message.contains("The number of electrons is odd"))
  }
}
