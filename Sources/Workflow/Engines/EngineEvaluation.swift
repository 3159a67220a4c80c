internal import Crystal
internal import Energetics
internal import Engines
internal import Report
internal import StructureIO

/// The energy of a structure from an engine.
public struct EngineEvaluation: Sendable {
  /// What was asked for.
  public let specification: EnergySpecification

  /// What is doubtful, one sentence each.
  public let warnings: [String]

  /// What happened to the programs, one sentence each.
  public let events: [String]

  private let engine: String
  private let structure: Structure
  private let evaluation: Evaluation

  /// Evaluates a structure.
  ///
  /// - Parameters:
  ///   - specification: With an engine.
  ///   - isInterrupted: Whether the work should end; asked several times a second.
  ///   - announce: Is told how programs connect, if people start them.
  /// - Throws: ``InputError`` or ``InputErrors`` for bad input; ``EngineError`` if the engine fails.
  public init(
    _ specification: EnergySpecification, isInterrupted: @escaping () -> Bool = { false },
    announce: (String) -> Void = { _ in }
  ) throws {
    try specification.validate()
    guard let choice = specification.engine else {
      throw InputError("no engine is given", at: "engine")
    }
    let reading = try specification.readStructure()
    let file = specification.structure
    let configuration = Configuration(reading.structure)
    if configuration.species.contains(where: { $0.element == .dummy }) {
      throw InputError("there are dummy atoms, which no engine knows", at: file)
    }
    let setup =
      choice.usesModel
      ? try ForceFieldSetup(
        reading.structure, model: specification.model,
        charges: try specification.chargesByElement(), file: file) : nil
    let engine = try choice.makeEngine(
      model: try setup?.lammpsModel(
        cutoff: specification.cutoff,
        accuracy: specification.accuracy ?? ForceFieldSetup.accuracyToCompare),
      isInterrupted: isInterrupted)
    defer { engine.stop() }
    if let address = (engine as? IPIServer)?.address {
      announce("waiting for i-PI clients on \(address):\n\(address.instructions)")
    }
    do {
      evaluation = try engine.evaluate(configuration)
    } catch EngineError.interrupted {
      throw EngineError.interrupted
    } catch {
      throw InputError("\(error)", at: file)
    }
    self.specification = specification
    self.engine =
      choice.usesModel ? "\(choice.engine) with the model \(specification.model)" : choice.engine
    structure = reading.structure
    events = engine.events.map(\.description)
    warnings =
      reading.warnings + (setup?.warnings ?? [])
      + engine.events.filter { $0.kind == .failed || $0.kind == .incomplete }.map(\.description)
  }

  private var atomCount: Int { evaluation.forces.count }

  /// Stress, rows, eV/Å³; positive under tension.
  private var stress: [SIMD3<Double>] {
    evaluation.strainDerivative.map { $0 / structure.lattice.volume }
  }

  /// The results as they are printed on a terminal.
  ///
  /// - Parameter output: Whether forces are printed.
  /// - Returns: Text of several lines.
  public func text(_ output: ForceOutput) -> String {
    var energies = Table(
      title: "\(specification.structure): \(atomCount) atoms", columns: ["", "eV", "eV/atom"])
    energies.append([
      "energy", fixed(evaluation.energy, 6), fixed(evaluation.energy / Double(atomCount), 6),
    ])
    var blocks = [energies.text]
    if output == .forces { blocks.append(stressTable(evaluation.forces, stress).text) }
    return blocks.joined(separator: "\n") + "\nengine: \(engine)\n"
  }

  /// The results for programs.
  ///
  /// - Parameter output: Whether forces are included.
  /// - Returns: One object.
  public func json(_ output: ForceOutput) -> JSONValue {
    var keys: [String: JSONValue] = [
      "cellgen": .text(cellgenVersion), "command": .text("energy"),
      "structure": .text(specification.structure), "engine": .text(engine),
      "energy_eV": .real(evaluation.energy),
      "energy_eV_per_atom": .real(evaluation.energy / Double(atomCount)),
      "atoms": .integer(atomCount), "volume_A3": .real(structure.lattice.volume),
      "events": .texts(events), "warnings": .texts(warnings),
    ]
    if output == .forces {
      // One row per site of the file; empty sites feel no force.
      var next = evaluation.forces.makeIterator()
      keys["forces_eV_A"] = .array(
        structure.species.map { .vector($0.isVacancy ? .zero : next.next() ?? .zero) })
      keys["stress_eV_A3"] = .array(stress.map(JSONValue.vector))
    }
    return .object(keys)
  }
}
