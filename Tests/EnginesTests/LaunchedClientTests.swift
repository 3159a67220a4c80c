import CellgenTestSupport
import Crystal
import Energetics
import Engines
import Foundation
import Testing

@testable import Engines

private let hasPython = Program.path(of: "python3") != nil

/// Clients that cellgen starts: a Python program of the standard library alone.
@Suite(.enabled(if: hasPython, "needs python3"))
struct LaunchedClientTests {
  /// Springs of 1 hartree/bohr² to the origin: E = ½ Σ r², with the virial Σ r f.
  private let script = """
    import os, socket, struct, sys
    fault, where, structure, flag = sys.argv[1:5]
    if fault == 'rank': os.setsid()
    first = not os.path.exists(flag)
    open(flag, 'w').close()
    if fault == 'silent' and first:
        print('cannot load the model', file=sys.stderr)
        sys.exit(7)
    if where.isdigit():
        s = socket.create_connection(('localhost', int(where)))
    else:
        s = socket.socket(socket.AF_UNIX)
        s.connect('/tmp/ipi_' + where)
    count = int(open(structure).readline())
    def read(n):
        data = b''
        while len(data) < n:
            part = s.recv(n - len(data))
            if not part: sys.exit(0)
            data += part
        return data
    state = b'READY'
    while True:
        word = read(12).strip()
        if word == b'STATUS': s.sendall(state.ljust(12))
        elif word == b'POSDATA':
            read(144)
            n = struct.unpack('i', read(4))[0]
            assert n == count, 'wrong number of atoms'
            r = struct.unpack('%dd' % (3 * n), read(24 * n))
            if fault == 'far' and max(r) > 10: raise RuntimeError('no convergence')
            if first and fault == 'crash': raise RuntimeError('no convergence')
            if first and fault in ('hang', 'rank'):
                import time
                time.sleep(60)
            state = b'HAVEDATA'
        elif word == b'GETFORCE':
            f = [-x for x in r]
            v = [sum(r[3*k+i] * f[3*k+j] for k in range(n)) for i in range(3) for j in range(3)]
            energy = float('inf') if first and fault == 'inf' else 0.5 * sum(x * x for x in r)
            s.sendall(b'FORCEREADY  ' + struct.pack('d', energy) + struct.pack('i', n)
                + struct.pack('%dd' % (3 * n), *f) + struct.pack('9d', *v) + struct.pack('i', 0))
            state = b'READY'
        elif word == b'EXIT': sys.exit(14 if fault == 'abinit' else 0)
    """

  private let configuration = Configuration(
    lattice: skewedLattice, species: [Species(.oxygen), Species(.oxygen)],
    positions: [SIMD3(0.1, 0.2, 0.3), SIMD3(2, 3, -1)])

  private func server(
    _ fault: String, place: String = "{socket}", clients: Int = 1
  ) throws -> IPIServer {
    var limits = EngineLimits()
    limits.clients = clients
    limits.evaluationSeconds = fault == "hang" ? 2 : 30
    limits.startSeconds = 30
    let template = try CommandTemplate(
      "exec python3 -c \(CommandTemplate.quoted(script)) "
        + "\(fault) \(place) {structure} {folder}/flag", known: IPIServer.places)
    return try IPIServer(.launched(template), limits: limits)
  }

  private func expectSprings(_ evaluation: Evaluation) {
    // ½ k r² with k = 1 hartree/bohr².
    let k = UnitFactor.hartree / (UnitFactor.bohr * UnitFactor.bohr)
    let r = configuration.positions
    #expect(abs(evaluation.energy / (0.5 * k * r.reduce(0) { $0 + dot($1, $1) }) - 1) < 1e-12)
    #expect(length(evaluation.forces[1] + k * r[1]) < 1e-9)
    #expect(
      abs(evaluation.strainDerivative[0].y - k * (r[0].x * r[0].y + r[1].x * r[1].y)) < 1e-9)
  }

  @Test(
    "a started client answers, on a Unix socket and on a port", arguments: ["{socket}", "{port}"])
  func works(place: String) throws {
    let server = try server("none", place: place)
    expectSprings(try server.evaluate(configuration))
    server.stop()
    #expect(server.events.map(\.kind) == [.started, .connected])
  }

  @Test("the exit code after the end does not matter")
  func exitCode() throws {
    let server = try server("abinit")
    expectSprings(try server.evaluate(configuration))
    server.stop()
    #expect(server.events.map(\.kind) == [.started, .connected])
  }

  @Test(
    "a client that fails is started again",
    arguments: [
      ("crash", "RuntimeError: no convergence"), ("hang", "longer than 2 s"),
      ("inf", "the energy is inf"),
    ])
  func restarts(fault: String, message: String) throws {
    let server = try server(fault)
    expectSprings(try server.evaluate(configuration))
    server.stop()
    #expect(
      server.events.map(\.kind) == [.started, .connected, .failed, .started, .connected],
      "\(server.events)")
    #expect(server.events[2].text.contains(message), "\(server.events[2])")
  }

  @Test("a bad structure that comes first costs itself alone; several end the work")
  func badStart() throws {
    var bad = configuration
    bad.positions[0].x = 12
    let server = try server("far")
    let results = server.evaluate([bad, configuration])
    guard case .failure(.failed(let attempts)) = results[0] else {
      Issue.record("\(results[0])")
      return
    }
    #expect(attempts.count == 3)
    expectSprings(try results[1].get())
    server.stop()
    let hopeless = try self.server("far")
    let ends = hopeless.evaluate([Configuration](repeating: bad, count: 5))
    #expect(
      ends.map { if case .failure(.noClients) = $0 { true } else { false } } == [
        false, false, false, true, true,
      ])
    hopeless.stop()
  }

  @Test("a client that hangs under a launcher such as mpirun leaves no process behind")
  func launcher() throws {
    let ranks = FileManager.default.temporaryDirectory.appending(path: "ranks-\(UUID())").path()
    defer { try? FileManager.default.removeItem(atPath: ranks) }
    var limits = EngineLimits()
    limits.evaluationSeconds = 2
    // The launcher ends its process, which is in a session of its own, when it is asked to end.
    let template = try CommandTemplate(
      "python3 -c \(CommandTemplate.quoted(script)) rank {socket} {structure} {folder}/flag & "
        + "rank=$!; echo $rank >> \(ranks); trap 'kill -9 $rank; wait $rank; exit 1' TERM; "
        + "wait $rank", known: IPIServer.places)
    let server = try IPIServer(.launched(template), limits: limits)
    expectSprings(try server.evaluate(configuration))
    let found = try String(contentsOfFile: ranks, encoding: .utf8).split(separator: "\n")
    let first = try #require(found.first.flatMap { pid_t($0) })
    #expect(kill(first, 0) != 0, "the process that hung is gone")
    server.stop()
    let failed = server.events.filter { $0.kind == .failed }
    #expect(failed.count == 1 && failed[0].text.contains("longer than 2 s;"))
  }

  @Test("a Python without ASE or the calculator's package is refused before anything runs")
  func packages() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("ase"), withIntermediateDirectories: true)
    try Data().write(to: URL(filePath: folder.file("ase/__init__.py")))
    // Without the packages of the machine; -S leaves the module path to the environment.
    func python(_ path: String) throws -> String {
      let file = folder.file("python-\(path.isEmpty ? "bare" : "ase")")
      // Written by a process of its own: a program that a test beside this one starts while the file is
      // open here would hold it open, and it could not be run.
      let script = "#!/bin/sh\nexec env PYTHONPATH=\(path) python3 -S \"$@\"\n"
      let writer = try Process.run(
        URL(filePath: "/bin/sh"),
        arguments: ["-c", "printf %s \"$2\" > \"$1\"; chmod 700 \"$1\"", "sh", file, script])
      writer.waitUntilExit()
      return file
    }
    func expect(_ engine: String, _ path: String, _ message: String?) throws {
      var specification = EngineSpecification(engine)
      specification.python = try python(path)
      guard let message else { return try specification.makeEngine().stop() }
      let error = #expect(throws: InputError.self) { try specification.makeEngine() }
      #expect(error?.message.contains(message) == true, "\(error as Any)")
    }
    try expect("ase:emt", "", "there is no package ase")
    try expect("ase:emt", folder.path, nil)
    try expect("ase:no_such.module:Class", folder.path, "there is no package no_such")
    try expect("ase:emtt", folder.path, "unknown calculator emtt")
  }

  @Test("several clients that cellgen starts share the work, and one that dies is missed by nobody")
  func several() throws {
    let server = try server("crash", clients: 2)
    // One structure: only one client is started, and it is not waited for another to take over.
    expectSprings(try server.evaluate(configuration))
    for result in server.evaluate([Configuration](repeating: configuration, count: 6)) {
      expectSprings(try result.get())
    }
    server.stop()
    #expect(server.events.count { $0.kind == .failed } == 1)
    #expect(Set(server.events.map(\.client)) == [1, 2])
  }

  @Test("a client that does not start is started again")
  func starts() throws {
    let server = try server("silent")
    expectSprings(try server.evaluate(configuration))
    server.stop()
    #expect(server.events.map(\.kind) == [.started, .failed, .started, .connected])
    #expect(
      server.events[1].text.contains("it ended with exit code 7")
        && server.events[1].text.contains("cannot load the model"), "\(server.events)")
  }

  @Test("a program that never starts is an error that says what it printed")
  func never() throws {
    let template = try CommandTemplate(
      "echo no such model >&2; exit 2 # {socket}", known: IPIServer.places)
    let server = try IPIServer(.launched(template))
    guard case .failure(.noClients(let reason)) = server.evaluate([configuration])[0] else {
      Issue.record("no error")
      return
    }
    #expect(reason.contains("no such model") && reason.contains("exit code 2"), "\(reason)")
    #expect(server.events.map(\.kind) == [.started, .failed, .started, .failed, .started, .failed])
    server.stop()
  }
}
