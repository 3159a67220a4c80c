import Crystal
import Foundation
import Handoff
import Testing

/// Logs of LAMMPS of September 2021.
@Suite struct LAMMPSResultTests {
  @Test func `a minimisation is read with its data file and dump`() throws {
    let result = try result(in: "lammps-minimize")
    #expect(result.state == .finished)
    #expect(agree(result.energy, -162.1695))
    #expect(result.settings.code == .lammps)
    #expect(result.settings.functional == "pair_style buck/coul/long 8.0")
    let structure = try #require(result.structure)
    #expect("\(structure.composition)" == "Mg4O4" && structure.columns.isEmpty)
    #expect(result.forces?.count == 8 && agree(result.largestForce, 0.0116, within: 0.005))
    #expect(agree(result.pressure, -546.67998 * 1e-4 * UnitFactor.gigapascal, within: 1e-6))
  }

  @Test func `without a data file the last frame of the dump is the structure`() throws {
    let result = try changedResult(
      "lammps-minimize", keeping: ["log.lammps", "structure.data", "traj.dump"])
    let other = try HandoffTests.result(in: "lammps-minimize")
    let (a, b) = (try #require(result.structure), try #require(other.structure))
    #expect(a.species == b.species)
    #expect(agree(a.lattice.volume, b.lattice.volume, within: 0.01))
  }

  @Test func `the largest number of steps is told`() throws {
    let result = try result(in: "lammps-steps")
    #expect(result.state == .ionsNotConverged(steps: 3))
    #expect(agree(result.energy, -161.6171))
    #expect(agree(result.stress?[0].x, 93791.255 * 1e-4 * UnitFactor.gigapascal, within: 1e-9))
    #expect(agree(result.pressure, -99472.711 * 1e-4 * UnitFactor.gigapascal, within: 1e-6))
  }

  @Test func `the message of an error is told`() throws {
    #expect(
      try result(in: "lammps-error").state
        == .failed("LAMMPS: ERROR: All pair coeffs are not set (src/pair.cpp:254)"))
  }

  @Test func `a running job is told, with its last row`() throws {
    let result = try changedResult("lammps-steps") { cut($1, before: "Loop time") }
    #expect(result.state == .truncated && agree(result.energy, -161.6171))
  }

  @Test func `units real are kcal/mol and atm`() throws {
    let result = try changedResult("lammps-steps") { _, text in
      text.replacing("units metal", with: "units real")
    }
    #expect(agree(result.energy, -161.6171 * UnitFactor.kilocaloriePerMole))
    #expect(agree(result.pressure, -10.079093 * UnitFactor.gigapascal, within: 1e-5))
  }

  @Test func `units without eV are refused`() throws {
    let error = #expect(throws: InputError.self) {
      try changedResult("lammps-steps") { _, text in text.replacing("units metal", with: "units lj")
      }
    }
    #expect(error?.description.contains("the units are lj") == true)
  }
}
