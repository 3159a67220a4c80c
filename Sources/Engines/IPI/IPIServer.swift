internal import Crystal
public import Energetics
internal import StructureIO

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A server of the i-PI protocol: programs connect as clients and evaluate configurations.
///
/// LAMMPS (`fix ipi`), CP2K, Quantum ESPRESSO, ABINIT, ASE and others are such clients. All clients are
/// served from one loop, which waits for whichever has something to say.
///
/// Atoms go to the clients in the order of the start structure, by element; see ``ClientFrame``.
public final class IPIServer: Engine {
  /// Where clients come from.
  public enum Clients: Sendable {
    /// A command line that cellgen starts, with the places {socket}, {path}, {port}, {structure},
    /// {folder} and {client}.
    case launched(CommandTemplate)
    /// People start them; they connect to this address.
    case awaited(IPIAddress)
  }

  /// The places of a command line.
  static let places = ["socket", "path", "port", "structure", "folder", "client"]

  /// All that happened besides plain evaluations, in order.
  public private(set) var events: [EngineEvent] = []

  /// Whether the work should end; asked several times a second.
  public var isInterrupted: () -> Bool = { false }

  /// What becomes of a result without stress, which the protocol cannot tell from a stress of zero.
  public var stress = StressDemand.optional

  private let source: Clients
  private let limits: EngineLimits
  private let givenStart: Configuration?
  private let folder: TemporaryFolder
  private let sharedListener: Listener?
  private let began = ContinuousClock().now
  private var frame: ClientFrame?
  private var start: Configuration?
  private var clients: [IPIClient] = []
  private var isStopped = false
  private var hasResult = false
  private var aloneSince: ContinuousClock.Instant?

  /// A server; clients are started with the first evaluation.
  ///
  /// - Parameters:
  ///   - source: Where clients come from.
  ///   - limits: How many there are, and how patiently they are waited for.
  ///   - start: The structure in the clients' input, in their order; each evaluates it first. nil
  ///     takes the atoms of the first configuration.
  /// - Throws: ``InputError`` if the address is taken.
  public init(
    _ source: Clients, limits: EngineLimits = EngineLimits(), start: Configuration? = nil
  ) throws {
    self.source = source
    self.limits = limits
    givenStart = start
    folder = try TemporaryFolder()
    switch source {
    case .awaited(let address): sharedListener = try Listener(address)
    case .launched(let template):
      sharedListener = nil
      for number in 1...max(1, limits.clients) {
        let usesPort = template.contains("port")
        clients.append(
          IPIClient(
            number: number,
            listener: try Listener(usesPort ? .port(0) : .unix(Listener.freshName())),
            phase: .stopped, needsStart: start != nil))
      }
    }
  }

  deinit { stop() }

  /// Where people's clients connect; nil if cellgen starts them.
  public var address: IPIAddress? { sharedListener?.address }

  /// Evaluates configurations on all clients.
  ///
  /// - Parameter batch: Configurations with the elements of the start structure.
  /// - Returns: One result per configuration, in their order.
  public func evaluate(_ batch: [Configuration]) -> [Result<Evaluation, EngineError>] {
    guard let first = batch.first else { return [] }
    var work = Batch(count: batch.count, attempts: limits.attempts)
    do {
      if isStopped { throw EngineError.noClients("the engine was stopped") }
      let frame = try frame ?? prepare(first)
      while !work.isDone {
        if isInterrupted() { throw EngineError.interrupted }
        launch(upTo: work.waiting.count)
        assign(&work, batch, frame)
        if !work.isDone { try checkClients() }
        if !work.isDone { waitForNews(&work) }
      }
    } catch let error as EngineError {
      work.failRest(error)
      let busy = clients.indices.filter { clients[$0].isBusy }
      ChildProcess.endGently(busy.compactMap { clients[$0].child })
      for index in busy { drop(index) }
    } catch {
      work.failRest(.unsuitable("\(error)"))
    }
    return work.results.map { $0 ?? .failure(.interrupted) }
  }

  /// Ends the clients and removes sockets and files.
  public func stop() {
    guard !isStopped else { return }
    isStopped = true
    for index in clients.indices {
      clients[index].connection?.send(IPIMessage.header("EXIT"))
      clients[index].connection?.close()
      clients[index].connection = nil
      clients[index].listener?.close()
    }
    sharedListener?.close()
    // Programs end in their own way after EXIT, ABINIT with code 14: how does not matter.
    let patience = clock.now + .seconds(2)
    for client in clients where client.phase == .starting {
      if let child = client.child, isRunning(child) { child.signal(SIGTERM) }
    }
    while clock.now < patience, clients.contains(where: { $0.child.map(isRunning) ?? false }) {
      usleep(5000)
    }
    ChildProcess.endGently(clients.compactMap(\.child))
    folder.remove()
  }

  // MARK: - Clients

  private let clock = ContinuousClock()

  private func isRunning(_ child: ChildProcess) -> Bool { child.ending == nil }

  private func note(_ kind: EngineEvent.Kind, _ client: Int, _ text: String) {
    events.append(
      EngineEvent(
        kind: kind, client: client, seconds: (clock.now - began) / .seconds(1), text: text))
  }

  /// Fixes the order of the atoms, and writes the start structure.
  private func prepare(_ first: Configuration) throws -> ClientFrame {
    let start = givenStart ?? first
    // Input files that a client has already hold the cell as it was given.
    let frame = ClientFrame(start, turns: givenStart?.lattice.isLowerTriangular ?? true)
    let sent = try frame.sent(start)
    let structure = Structure(
      lattice: sent.lattice, species: frame.elements.map { Species($0) },
      positions: sent.positions.map { sent.lattice.fractional(Cartesian($0)) })
    try StructureFile.write(structure, to: structurePath)
    self.frame = frame
    self.start = start
    return frame
  }

  private var structurePath: String { folder.file("structure.extxyz") }

  /// Starts programs, as many as there is work for.
  private func launch(upTo count: Int) {
    guard case .launched(let template) = source else { return }
    let ready = clients.count { $0.phase == .starting || $0.phase == .idle }
    for index in clients.indices.filter({ clients[$0].phase == .stopped })
      .prefix(max(0, count - ready))
    {
      let number = clients[index].number
      var places = [
        "structure": structurePath, "folder": folder.path, "client": "\(number)",
      ]
      switch clients[index].listener?.address {
      case .unix(let name):
        places["socket"] = name
        places["path"] = IPIAddress.path(name)
      case .port(let port): places["port"] = "\(port)"
      case nil: break
      }
      do {
        clients[index].child = try ChildProcess(
          template.filled(places), log: folder.file("client-\(number).log"))
        clients[index].phase = .starting
        clients[index].deadline = clock.now + .seconds(limits.startSeconds)
        note(.started, number, "started")
      } catch {
        clients[index].phase = .abandoned
        note(.failed, number, "\(error)")
      }
    }
  }

  /// Gives work to the clients that wait.
  private func assign(_ work: inout Batch, _ batch: [Configuration], _ frame: ClientFrame) {
    for index in clients.indices where clients[index].phase == .idle {
      if clients[index].needsStart, let start, let first = try? frame.sent(start) {
        give(index, (.start, first))
        continue
      }
      // Those that nobody can take are errors at once.
      while clients[index].work == nil, let item = next(for: index, &work) {
        do {
          give(index, (.item(item), try frame.sent(batch[item])))
        } catch {
          work.finish(item, .failure(error))
        }
      }
    }
  }

  /// The next configuration for a client.
  private func next(for index: Int, _ work: inout Batch) -> Int? {
    let hasOthers = clients.indices.contains { other in
      switch clients[other].phase {
      case .starting, .idle, .asked, .computing, .fetching: other != index
      case .stopped, .ending, .abandoned: false
      }
    }
    return work.next(for: clients[index].number, hasOthers: hasOthers)
  }

  /// Gives work to a client.
  private func give(_ index: Int, _ work: (IPIClient.Work, ClientFrame.Sent)) {
    clients[index].work = work
    clients[index].phase = .asked
    clients[index].initialisations = 0
    clients[index].deadline = clock.now + .seconds(limits.evaluationSeconds)
    clients[index].connection?.send(IPIMessage.header("STATUS"))
  }

  /// Throws if no client is left and none will come.
  private func checkClients() throws(EngineError) {
    guard clients.allSatisfy({ $0.phase == .abandoned }) else {
      aloneSince = nil
      return
    }
    let reasons = events.last { $0.kind == .failed }.map { "\nlast failure: \($0)" } ?? ""
    guard let address else { throw .noClients("no client is left" + reasons) }
    let since = aloneSince ?? clock.now
    aloneSince = since
    if clock.now >= since + .seconds(limits.startSeconds) {
      throw .noClients(
        "no client on \(address) within \(seconds(limits.startSeconds))" + reasons)
    }
  }

  // MARK: - The loop

  /// Waits until something happens, and deals with it.
  private func waitForNews(_ batch: inout Batch) {
    var polled: [pollfd] = []
    var owners: [Int?] = []
    func watch(_ descriptor: Int32, _ owner: Int?, sending: Bool = false) {
      let wanted = POLLIN | (sending ? POLLOUT : 0)
      polled.append(pollfd(fd: descriptor, events: Int16(wanted), revents: 0))
      owners.append(owner)
    }
    if let sharedListener { watch(sharedListener.descriptor, nil) }
    for (index, client) in clients.enumerated() {
      if let connection = client.connection {
        watch(connection.descriptor, index, sending: connection.isSending)
      } else if client.phase == .starting, let listener = client.listener {
        watch(listener.descriptor, index)
      }
    }
    let count = unsafe poll(&polled, nfds_t(polled.count), patience())
    if count > 0 {
      for (entry, owner) in zip(polled, owners) where entry.revents != 0 {
        if let owner { hear(owner, &batch) } else { welcome() }
      }
    }
    checkTimes(&batch)
  }

  /// How long the loop may sleep, ms.
  private func patience() -> Int32 {
    // Programs that start or end are looked at now and then: their end makes no noise.
    let isWatching = clients.contains { client in
      if case .ending = client.phase { return true }
      return client.phase == .starting
    }
    var limit = isWatching ? 0.01 : 0.2
    for client in clients where client.isBusy {
      if let time = client.askAgain ?? client.deadline {
        limit = min(limit, (time - clock.now) / .seconds(1))
      }
    }
    return Int32(max(0, (limit * 1000).rounded(.up)))
  }

  /// Takes in clients that people have started.
  private func welcome() {
    while let descriptor = sharedListener?.accept() {
      let number = clients.count + 1
      var client = IPIClient(
        number: number, listener: nil, phase: .idle, needsStart: givenStart != nil)
      client.connection = IPIConnection(descriptor)
      clients.append(client)
      note(.connected, number, "connected")
    }
  }

  /// Reads what a client says.
  private func hear(_ index: Int, _ batch: inout Batch) {
    guard clients[index].connection != nil else {
      guard let descriptor = clients[index].listener?.accept() else { return }
      clients[index].connection = IPIConnection(descriptor)
      clients[index].phase = .idle
      clients[index].needsStart = givenStart != nil
      note(.connected, clients[index].number, "connected")
      return
    }
    clients[index].connection?.flush()
    let isOpen = clients[index].connection?.receive() ?? false
    // What it said before it went counts.
    while understand(index, &batch) {}
    if !isOpen { lose(index, during: clients[index].phase) }
  }

  /// Deals with one message of a client.
  ///
  /// - Returns: False if more bytes have to come.
  private func understand(_ index: Int, _ batch: inout Batch) -> Bool {
    guard let input = clients[index].connection?.input else { return false }
    switch clients[index].phase {
    case .asked, .computing:
      guard input.count >= IPIMessage.headerLength else { return false }
      let word = IPIMessage.word(input[..<IPIMessage.headerLength])
      clients[index].connection?.consume(IPIMessage.headerLength)
      reply(index, to: word)
      return true
    case .fetching:
      guard let (_, sent) = clients[index].work else { return false }
      switch IPIMessage.answer(input, atoms: sent.atoms.count) {
      case .incomplete: return false
      case .nonsense(let reason): fail(index, reason, .asked)
      case .result(let evaluation, let length):
        clients[index].connection?.consume(length)
        take(index, evaluation, &batch)
      }
      return true
    case .idle:
      if !input.isEmpty { fail(index, "it spoke without being asked", .asked) }
      return false
    case .stopped, .starting, .ending, .abandoned: return false
    }
  }

  /// Answers the state of a client.
  private func reply(_ index: Int, to word: String) {
    guard let (_, sent) = clients[index].work else { return }
    switch (word, clients[index].phase) {
    case ("NEEDINIT", .asked) where clients[index].initialisations < 3:
      clients[index].initialisations += 1
      clients[index].connection?.send(IPIMessage.initialisation + IPIMessage.header("STATUS"))
    case ("READY", .asked):
      clients[index].phase = .computing
      clients[index].connection?.send(
        IPIMessage.positions(sent.lattice, sent.positions) + IPIMessage.header("STATUS"))
    case ("READY", .computing): clients[index].askAgain = clock.now + .milliseconds(10)
    case ("HAVEDATA", .computing):
      clients[index].phase = .fetching
      clients[index].connection?.send(IPIMessage.header("GETFORCE"))
    default:
      fail(index, "it said \"\(IPIMessage.printable(word))\" out of turn", .asked)
    }
  }

  /// Takes a result from a client.
  private func take(_ index: Int, _ answer: Evaluation, _ batch: inout Batch) {
    guard let (work, sent) = clients[index].work else { return }
    let number = clients[index].number
    let evaluation = sent.restored(answer)
    if let flaw = evaluation.flaw {
      guard clients[index].child == nil, case .item(let item) = work else {
        return fail(index, flaw, .asked)
      }
      // A program that people started cannot be replaced, and it has kept to the protocol.
      note(.failed, number, flaw)
      if batch.fail(item, on: number, "client \(number): \(flaw)") {
        note(.abandoned, number, "structure \(item + 1) of the batch is given up")
      }
      clients[index].work = nil
      clients[index].phase = .idle
      return
    }
    let sign = "its stress is exactly zero, so it probably computes none"
    let hasStress = evaluation.strainDerivative.contains { $0 != .zero }
    if !hasStress, !clients[index].remarkedOnStress {
      clients[index].remarkedOnStress = true
      note(.incomplete, number, sign)
    }
    switch work {
    case .start: clients[index].needsStart = false
    case .item(let item):
      batch.finish(
        item,
        hasStress || stress == .optional
          ? .success(evaluation) : .failure(.noStress("client \(number): \(sign)")))
      hasResult = true
    }
    clients[index].startFailures = 0
    clients[index].work = nil
    clients[index].phase = .idle
  }

  // MARK: - Failures

  /// A client has gone.
  private func lose(_ index: Int, during phase: IPIClient.Phase) {
    switch phase {
    case .asked, .computing, .fetching: fail(index, "it disconnected at work", .byItself)
    case .idle: fail(index, "it disconnected while it waited for work", .byItself)
    case .stopped, .starting, .ending, .abandoned: break
    }
  }

  /// Starts to end a client that failed.
  private func fail(_ index: Int, _ reason: String, _ parting: IPIClient.Parting) {
    clients[index].connection?.close()
    clients[index].connection = nil
    clients[index].askAgain = nil
    part(index, reason, parting)
  }

  /// Gives the program of a client that failed a moment to end.
  private func part(_ index: Int, _ reason: String, _ parting: IPIClient.Parting) {
    clients[index].phase = .ending(reason, parting)
    if parting == .asked, let child = clients[index].child, isRunning(child) {
      child.signal(SIGTERM)
    }
    clients[index].deadline = clock.now + .seconds(1)
  }

  /// Forgets a client without blame, whose program has ended.
  private func drop(_ index: Int) {
    clients[index].connection?.close()
    clients[index].connection = nil
    clients[index].child = nil
    clients[index].work = nil
    clients[index].phase = clients[index].listener == nil ? .abandoned : .stopped
  }

  /// Looks at the clock, and at programs that have ended.
  private func checkTimes(_ batch: inout Batch) {
    let now = clock.now
    for index in clients.indices {
      let isLate = clients[index].deadline.map { now >= $0 } ?? false
      switch clients[index].phase {
      case .asked, .computing, .fetching:
        if isLate {
          fail(index, "it took longer than \(seconds(limits.evaluationSeconds))", .asked)
        } else if let time = clients[index].askAgain, now >= time {
          clients[index].askAgain = nil
          clients[index].connection?.send(IPIMessage.header("STATUS"))
        }
      case .starting:
        if clients[index].child?.ending != nil {
          fail(index, "it did not connect", .byItself)
        } else if isLate {
          fail(index, "it did not connect within \(seconds(limits.startSeconds))", .asked)
        }
      default: break
      }
      if case .ending(let reason, let parting) = clients[index].phase {
        let hasEnded = clients[index].child.map { !isRunning($0) } ?? true
        // The time that it has counts from its failure, which may be this moment.
        let isOver = clients[index].deadline.map { now >= $0 } ?? false
        if hasEnded || isOver && parting == .asked {
          settle(index, reason, parting, &batch)
        } else if isOver {
          part(index, reason, .asked)
        }
      }
    }
  }

  private func seconds(_ value: Double) -> String {
    "\(value.rounded(.toNearestOrEven) == value ? fixed(value, 0) : fixed(value, 2)) s"
  }

  /// Says why a client failed, and puts its work back.
  private func settle(
    _ index: Int, _ reason: String, _ parting: IPIClient.Parting, _ batch: inout Batch
  ) {
    let number = clients[index].number
    var text = reason
    if let child = clients[index].child {
      // How a program ends that was asked to tells nothing.
      if parting == .byItself, let ending = child.ending { text += "; \(ending)" }
      child.end()
      let tail = child.tail
      text += tail.isEmpty ? "; it printed nothing" : "; the last that it printed:\(tail)"
    }
    note(.failed, number, text)
    switch clients[index].work?.0 {
    case .item(let item):
      if batch.fail(item, on: number, "client \(number): \(text)") {
        note(.abandoned, number, "structure \(item + 1) of the batch is given up")
        // One structure may be bad. Where several are given up and none has worked, the client is.
        if !hasResult { clients[index].startFailures += 1 }
      }
    case .start, nil: clients[index].startFailures += 1
    }
    clients[index].work = nil
    clients[index].child = nil
    let isLost =
      clients[index].listener == nil || clients[index].startFailures >= limits.attempts
    clients[index].phase = isLost ? .abandoned : .stopped
  }
}
