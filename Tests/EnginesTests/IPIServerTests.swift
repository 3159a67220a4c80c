import CellgenTestSupport
import Crystal
import Energetics
import Engines
import Foundation
import Testing

@Suite struct IPIServerTests {
  /// Names of sockets that no other test has.
  private func freshName() -> String { "cellgen-test-\(UUID().uuidString.prefix(12))" }

  /// Atoms in a skewed cell, turned so that no vector lies along an axis; the species are mixed.
  private func configuration(_ seed: UInt64 = 1, mirrored: Bool = false) throws -> Configuration {
    var stream = RandomStream(seed: seed, purpose: "engines-test")
    let turn: [SIMD3<Double>] = [
      SIMD3(2, 1, 2) / 3, SIMD3(-2, 2, 1) / 3, SIMD3(-1, -2, 2) / 3,
    ]
    func turned(_ v: SIMD3<Double>) -> SIMD3<Double> {
      v.x * turn[0] + v.y * turn[1] + v.z * turn[2]
    }
    let sign = mirrored ? -1.0 : 1.0
    let lattice = try Lattice(
      a: sign * turned(skewedLattice.a), b: sign * turned(skewedLattice.b),
      c: sign * turned(skewedLattice.c))
    let elements = try ["O", "Mg", "O", "Mn", "Mg"].map { try #require(Element(symbol: $0)) }
    let positions = elements.map { _ in
      let f = SIMD3(stream.uniform(), stream.uniform(), stream.uniform()) * 1.8 - 0.4
      return lattice.cartesian(Fractional(f)).components
    }
    return Configuration(
      lattice: lattice, species: elements.map { Species($0) }, positions: positions)
  }

  private func expectEqual(
    _ result: Result<Evaluation, EngineError>, _ expected: Evaluation,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let found = try result.get()
    #expect(abs(found.energy - expected.energy) < 1e-10, sourceLocation: sourceLocation)
    for (f, e) in zip(
      found.forces + found.strainDerivative, expected.forces + expected.strainDerivative)
    {
      #expect(length(f - e) < 1e-10, "\(f) \(e)", sourceLocation: sourceLocation)
    }
  }

  private func server(
    _ name: String, evaluation: Double = 20, start: Double = 5, attempts: Int = 3,
    structure: Configuration? = nil
  ) throws -> IPIServer {
    var limits = EngineLimits()
    limits.evaluationSeconds = evaluation
    limits.startSeconds = start
    limits.attempts = attempts
    return try IPIServer(.awaited(.unix(name)), limits: limits, start: structure)
  }

  private func client(
    _ name: String, _ configuration: Configuration, _ fault: GaussianClient.Fault = .none,
    asksForInitialisation: Bool = false
  ) -> GaussianClient {
    GaussianClient(
      path: "/tmp/ipi_\(name)", species: configuration.species.map(\.element), fault: fault,
      asksForInitialisation: asksForInitialisation)
  }

  @Test(
    "energies, forces and strain derivatives come back in the frame and order in which they were asked",
    arguments: [false, true])
  func frame(mirrored: Bool) throws {
    let name = freshName()
    let first = try configuration(1, mirrored: mirrored)
    // The same atoms in another order: an arrangement of the same composition.
    let order = [4, 2, 0, 3, 1]
    let second = Configuration(
      lattice: first.lattice, species: order.map { first.species[$0] },
      positions: order.map { first.positions[$0] })
    let server = try server(name)
    let client = client(name, first, asksForInitialisation: mirrored)
    let results = server.evaluate([first, second])
    try expectEqual(results[0], GaussianModel.evaluate(first))
    try expectEqual(results[1], GaussianModel.evaluate(second))
    server.stop()
    client.wait()
    #expect(client.lastWord == "EXIT")
    #expect(!FileManager.default.fileExists(atPath: "/tmp/ipi_\(name)"))
    #expect(server.events.map(\.kind) == [.connected])
  }

  @Test("forces and strain derivatives are differences of energies")
  func finiteDifferences() throws {
    let name = freshName()
    let center = try configuration()
    let server = try server(name)
    let client = client(name, center)
    let h = 1e-3
    var batch = [center]
    for sign in [h, -h] {
      var moved = center
      moved.positions[2].y += sign
      batch.append(moved)
      // A symmetric strain with an off-diagonal part: r → r + ε r.
      func strained(_ r: SIMD3<Double>) -> SIMD3<Double> {
        r + sign * SIMD3(0.5 * r.y, 0.5 * r.x + r.z, r.y)
      }
      let lattice = center.lattice
      batch.append(
        Configuration(
          lattice: try Lattice(
            a: strained(lattice.a), b: strained(lattice.b), c: strained(lattice.c)),
          species: center.species, positions: center.positions.map(strained)))
    }
    let results = try server.evaluate(batch).map { try $0.get() }
    let slopes = [0, 1].map { (results[1 + $0].energy - results[3 + $0].energy) / (2 * h) }
    #expect(abs(slopes[0] + results[0].forces[2].y) < 1e-4)
    let d = results[0].strainDerivative
    let expected = 0.5 * (d[0].y + d[1].x) + d[1].z + d[2].y
    #expect(abs(slopes[1] - expected) < 1e-4 && abs(expected) > 1e-2)
    server.stop()
    client.wait()
  }

  @Test("results do not depend on the number of clients")
  func pool() throws {
    let batch = try (1...12).map { try configuration($0) }
    var runs: [[Result<Evaluation, EngineError>]] = []
    for count in [1, 3] {
      let name = freshName()
      let server = try server(name)
      let clients = (0..<count).map { _ in client(name, batch[0]) }
      runs.append(server.evaluate(batch))
      server.stop()
      for client in clients { client.wait() }
      #expect(clients.map(\.answers).reduce(0, +) == batch.count)
      if count > 1 { #expect(clients.allSatisfy { $0.answers > 0 }) }
    }
    #expect(runs[0] == runs[1])
    for (result, configuration) in zip(runs[0], batch) {
      try expectEqual(result, GaussianModel.evaluate(configuration))
    }
  }

  @Test(
    "a client that fails costs a retry on another",
    arguments: [
      (GaussianClient.Fault.dies(2), "disconnected"), (.hangs(1), "longer than 0.50 s"),
      (.notANumber(2), "the energy is nan"), (.wrongCount(1), "forces on 6 atoms, 5 were sent"),
      (.babbles, "out of turn"),
    ])
  func failures(fault: GaussianClient.Fault, reason: String) throws {
    let name = freshName()
    let batch = try (1...8).map { try configuration($0) }
    let server = try server(name, evaluation: 0.5)
    let clients = [client(name, batch[0], fault), client(name, batch[0])]
    let results = server.evaluate(batch)
    for (result, configuration) in zip(results, batch) {
      try expectEqual(result, GaussianModel.evaluate(configuration))
    }
    let failed = server.events.filter { $0.kind == .failed }
    #expect(failed.count == 1 && failed.allSatisfy { $0.text.contains(reason) }, "\(server.events)")
    server.stop()
    for client in clients { client.wait() }
  }

  @Test("a client may not be ready yet, and may send one triangle of the virial only")
  func habits() throws {
    try expectWorks(.dawdles)
    try expectWorks(.triangle)
  }

  private func expectWorks(_ habit: GaussianClient.Fault) throws {
    let name = freshName()
    let configuration = try configuration()
    let server = try server(name)
    let client = client(name, configuration, habit)
    try expectEqual(server.evaluate([configuration])[0], GaussianModel.evaluate(configuration))
    server.stop()
    client.wait()
  }

  @Test("what always fails is an error that says so, and the others go on")
  func givenUp() throws {
    let name = freshName()
    let batch = try (1...3).map { try configuration($0) }
    let server = try server(name, attempts: 1)
    let client = client(name, batch[0], .notANumber(2))
    let results = server.evaluate(batch)
    try expectEqual(results[0], GaussianModel.evaluate(batch[0]))
    #expect(results[1] == .failure(.failed(attempts: ["client 1: the energy is nan"])))
    try expectEqual(results[2], GaussianModel.evaluate(batch[2]))
    #expect(server.events.map(\.kind) == [.connected, .failed, .abandoned])
    server.stop()
    client.wait()
  }

  @Test("no stress is zero stress with a remark, or an error where the cell is to change")
  func stress() throws {
    let name = freshName()
    let configuration = try configuration()
    let server = try server(name)
    let client = client(name, configuration, .withoutStress)
    let expected = GaussianModel.evaluate(configuration)
    let found = try server.evaluate(configuration)
    #expect(abs(found.energy - expected.energy) < 1e-10)
    #expect(found.strainDerivative.allSatisfy { $0 == .zero })
    #expect(server.events.map(\.kind) == [.connected, .incomplete])
    server.stress = .required
    let error = #expect(throws: EngineError.self) { try server.evaluate(configuration) }
    #expect("\(error as Any)".contains("exactly zero"), "\(error as Any)")
    #expect(server.events.count == 2, "it is not tried again")
    server.stop()
    client.wait()
  }

  @Test("without any client the wait ends")
  func nobody() throws {
    let server = try server(freshName(), start: 0.2)
    guard case .failure(.noClients(let reason)) = server.evaluate([try configuration()])[0] else {
      Issue.record("no error")
      return
    }
    #expect(reason.contains("within 0.20 s"))
  }

  @Test("other atoms are refused, the rest is evaluated")
  func composition() throws {
    let name = freshName()
    let first = try configuration()
    var other = first
    other.species[0] = other.species[1]
    let server = try server(name)
    let client = client(name, first)
    let results = server.evaluate([first, other])
    try expectEqual(results[0], GaussianModel.evaluate(first))
    guard case .failure(let error) = results[1] else {
      Issue.record("no error")
      return
    }
    #expect(error == .composition(found: "O1Mg3Mn1", expected: "O2Mg2Mn1"))
    server.stop()
    client.wait()
    #expect(server.evaluate([first])[0] == .failure(.noClients("the engine was stopped")))
  }

  @Test("a named start structure is what every client sees first, in its own order and orientation")
  func start() throws {
    let name = freshName()
    let start = try configuration(9)
    let order = [3, 1, 4, 0, 2]
    let other = try configuration(5)
    let asked = Configuration(
      lattice: other.lattice, species: order.map { other.species[$0] },
      positions: order.map { other.positions[$0] })
    let server = try server(name, structure: start)
    let client = client(name, start)
    try expectEqual(server.evaluate([asked])[0], GaussianModel.evaluate(asked))
    #expect(client.answers == 2)
    server.stop()
    client.wait()
  }

  @Test("a client that cannot evaluate the start structure gets no work")
  func badStart() throws {
    let name = freshName()
    let configuration = try configuration()
    let server = try server(name, start: 0.3, structure: configuration)
    let client = client(name, configuration, .notANumber(1))
    guard case .failure(.noClients(let reason)) = server.evaluate([configuration])[0] else {
      Issue.record("no error")
      return
    }
    #expect(reason.contains("the energy is nan"))
    server.stop()
    client.wait()
  }

  @Test("the work ends on request")
  func interruption() throws {
    let name = freshName()
    let configuration = try configuration()
    let server = try server(name)
    let client = client(name, configuration, .hangs(1))
    let end = Date(timeIntervalSinceNow: 0.3)
    server.isInterrupted = { Date() > end }
    #expect(server.evaluate([configuration]) == [.failure(.interrupted)])
    client.wait()
  }

  @Test("a stale socket file is replaced, one in use is an error")
  func sockets() throws {
    let name = freshName()
    let path = "/tmp/ipi_\(name)"
    let first = try server(name)
    #expect(throws: InputError.self) { try server(name) }
    // A file that nobody listens on: its socket is closed, but the file stays.
    first.stop()
    let stale = "/tmp/ipi_\(freshName())"
    #expect(!FileManager.default.fileExists(atPath: path))
    try Data("text".utf8).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let error = #expect(throws: InputError.self) { try server(name) }
    #expect(error?.message.contains("no socket") ?? false)
    try leaveSocket(at: stale)
    #expect(FileManager.default.fileExists(atPath: stale))
    let second = try server(String(stale.dropFirst("/tmp/ipi_".count)))
    second.stop()
    #expect(!FileManager.default.fileExists(atPath: stale))
  }

  /// Makes a socket file as a crash leaves it.
  private func leaveSocket(at path: String) throws {
    let socket = unixSocket()
    let status = unsafe withUnixAddress(path) { unsafe bind(socket, $0, $1) }
    try #require(status == 0)
    try #require(listen(socket, 1) == 0)
    close(socket)
  }

  @Test("a port in use is an error")
  func ports() throws {
    let first = try IPIServer(.awaited(.port(0)))
    let address = try #require(first.address)
    guard case .port(let number) = address else {
      Issue.record("\(address)")
      return
    }
    #expect(number > 0)
    let error = #expect(throws: InputError.self) { try IPIServer(.awaited(address)) }
    #expect(error?.message == "port \(number) is in use")
    first.stop()
  }

  @Test("the server takes less than 5 ms per evaluation of 1,000 atoms")
  func overhead() throws {
    let name = freshName()
    let magnesium = try #require(Element(symbol: "Mg"))
    var species: [Species] = []
    var positions: [SIMD3<Double>] = []
    for n in 0..<1000 {
      species.append(Species(n % 2 == 0 ? magnesium : .oxygen))
      positions.append(SIMD3(Double(n % 10), Double(n / 10 % 10), Double(n / 100)) * 2.2)
    }
    let configuration = Configuration(
      lattice: try Lattice.cubic(22), species: species, positions: positions)
    let server = try server(name)
    let client = client(name, configuration, .trivial)
    let clock = ContinuousClock()
    var best = Duration.seconds(1)
    for _ in 0..<50 {
      let began = clock.now
      _ = try server.evaluate(configuration)
      best = min(best, clock.now - began)
    }
    #expect(best < .milliseconds(5))
    server.stop()
    client.wait()
  }
}
