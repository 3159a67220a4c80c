import CellgenTestSupport
import Crystal
import Energetics
import Engines
import Testing

@testable import Workflow

@Suite struct RelaxationPoolTests {
  /// An engine that notes how many configurations it gets at once.
  private final class CountingEngine: Engine {
    var batches: [Int] = []
    var events: [EngineEvent] { [] }

    func evaluate(_ batch: [Configuration]) -> [Result<Evaluation, EngineError>] {
      batches.append(batch.count)
      return batch.map { .success(.zero($0.positions.count)) }
    }

    func stop() {}
  }

  @Test(
    "every client of an engine has work, and one client one structure at a time",
    arguments: [(1, 1), (2, 8), (100, 150)])
  func width(clients: Int, expected: Int) throws {
    let item = RelaxationPool.Item(
      configuration: Configuration(
        lattice: skewedLattice, species: [Species(.oxygen)], positions: [.zero]))
    let engine = CountingEngine()
    var done = 0
    try RelaxationPool(relaxation: nil, threads: 1, clients: clients)(
      [RelaxationPool.Item](repeating: item, count: 150), engine: engine, isInterrupted: { false }
    ) { _, _ in done += 1 }
    #expect(done == 150)
    #expect(engine.batches.max() == expected)
  }
}
