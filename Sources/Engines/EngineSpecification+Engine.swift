internal import Crystal
internal import Energetics
internal import Foundation
internal import StructureIO

extension EngineSpecification {
  /// Makes the engine.
  ///
  /// - Parameters:
  ///   - model: The interactions for LAMMPS; other engines have their own.
  ///   - stress: What becomes of a result without stress.
  ///   - isInterrupted: Whether the work should end; asked several times a second.
  /// - Returns: An engine of which nothing runs yet, except that i-PI clients can connect.
  /// - Throws: ``InputError`` or ``InputErrors`` for bad values, a start structure that cannot be
  ///   read, an address in use, no Python with ASE, no LAMMPS, or no model for it.
  public func makeEngine(
    model: LAMMPSModel? = nil, stress: StressDemand = .optional,
    isInterrupted: @escaping () -> Bool = { false }
  ) throws -> any Engine {
    try validate()
    let structure = try start.map { path in
      let structure = try StructureFile.read(path).structure
      return Configuration(structure)
    }
    let source: IPIServer.Clients
    switch try kind() {
    case .command(let template):
      let engine = try CommandEngine(template, limits: limits)
      engine.stress = stress
      engine.isInterrupted = isInterrupted
      return engine
    case .lammps(let processes):
      guard let model else {
        throw InputError(
          "LAMMPS needs charges and potentials", at: "engine", hint: "choose a --model")
      }
      let engine = try CommandEngine(
        model, program: LAMMPSProgram(processes: processes), limits: limits)
      engine.isInterrupted = isInterrupted
      return engine
    case .awaited(let address): source = .awaited(address)
    case .launched(let template): source = .launched(template)
    case .ase(let calculator, let arguments):
      let interpreter = try python ?? ASEClient.python()
      try ASEClient.check(calculator, python: interpreter, seconds: limits.startSeconds)
      source = .launched(ASEClient.command(calculator, arguments, python: interpreter))
    }
    let server = try IPIServer(source, limits: limits, start: structure)
    server.stress = stress
    server.isInterrupted = isInterrupted
    return server
  }
}
