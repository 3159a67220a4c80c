import Crystal
import Dynamics
import Engines
import Foundation
import Testing

@testable import Workflow

/// Relaxations and dynamics by programs outside cellgen.
@Suite struct EngineMotionTests {
  /// A structure of two atoms in a folder.
  private func structure(_ folder: String) throws -> String {
    let path = "\(folder)/m.extxyz"
    try """
    2
    Lattice="4 0 0 0 4 0 0 0 4" Properties=species:S:1:pos:R:3
    Mg 0 0 0
    O 2 2 2

    """.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  /// An engine that knows neither forces nor stress.
  private let flat =
    "command:echo '{\"energy_eV\": -1, \"forces_eV_A\": [[0, 0, 0], [0, 0, 0]]}' > {out} # {in}"

  private func energy(_ folder: String, _ engine: String) throws -> EnergySpecification {
    var energy = EnergySpecification(structure: try structure(folder))
    energy.engine = EngineSpecification(engine)
    energy.engine?.limits.attempts = 1
    return energy
  }

  private func dynamics(_ energy: EnergySpecification) -> MDSpecification {
    MDSpecification(energy: energy, times: [3], temperatures: [Schedule.Ramp(300)], seed: 1)
  }

  @Test("a cell that may change needs a program that computes its stress")
  func stress() async throws {
    try await withTemporaryFolder { folder in
      var relaxation = RelaxSpecification(energy: try energy(folder, flat))
      let fixed = try RelaxRun(relaxation)
      #expect(try fixed(in: OutputFolder("\(folder)/fixed")).ending == .converged)
      #expect(fixed.remarks.contains { $0.contains("it gives no stress") })
      relaxation.cell = .full
      let run = try RelaxRun(relaxation)
      let error = #expect(throws: EngineError.self) { try run(in: OutputFolder("\(folder)/full")) }
      #expect("\(error as Any)".contains("compute its stress"))

      var motion = dynamics(try energy(folder, flat))
      let still = try MDRun(motion)
      _ = try still(in: OutputFolder("\(folder)/still"))
      #expect(still.remarks.contains { $0.contains("it gives no stress") })
      motion.cell = .isotropic
      let moving = try MDRun(motion)
      #expect(throws: EngineError.self) { try moving(in: OutputFolder("\(folder)/moving")) }
    }
  }
}
