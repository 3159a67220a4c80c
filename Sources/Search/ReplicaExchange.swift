internal import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What happened to the replicas of a ladder of temperatures.
public struct ReplicaHistory: Hashable, Sendable, Codable {
  /// Which replica is at each temperature.
  public var replicaAt: [Int]

  /// Attempted and accepted exchanges of the temperatures i and i + 1.
  public var attempted: [Int]
  /// See ``attempted``.
  public var accepted: [Int]

  /// Round trips of each replica, from the highest temperature to the lowest and back.
  public var roundTrips: [Int]

  /// The end that each replica visited last: 1 the highest temperature, -1 the lowest on its way
  /// from the highest, 0 neither yet.
  private var lastEnd: [Int]

  /// Replicas that have not moved yet.
  public init(count: Int) {
    replicaAt = Array(0..<count)
    attempted = [Int](repeating: 0, count: max(0, count - 1))
    accepted = attempted
    roundTrips = [Int](repeating: 0, count: count)
    lastEnd = roundTrips
    visitEnds()
  }

  /// Whether it belongs to `count` temperatures: a history that was read back may be damaged.
  func isConsistent(count: Int) -> Bool {
    replicaAt.sorted() == Array(0..<count) && attempted.count == max(0, count - 1)
      && accepted.count == attempted.count && roundTrips.count == count
      && lastEnd.count == count
  }

  /// Accepted part of the exchanges between the temperatures i and i + 1; nil before the first.
  public func rate(_ i: Int) -> Double? {
    attempted[i] > 0 ? Double(accepted[i]) / Double(attempted[i]) : nil
  }

  /// Tries to exchange neighbouring temperatures, those with even and odd numbers in turn.
  ///
  /// The states at temperatures i and j change places with probability
  ///
  ///     min(1, exp((βᵢ - βⱼ)(Eᵢ - Eⱼ)))
  ///
  /// - Parameters:
  ///   - energies: E at each temperature, eV; changes places too.
  ///   - beta: β = 1/kT, 1/eV.
  ///   - round: Number of the round; says which pairs are tried.
  ///   - stream: Random numbers.
  ///   - exchange: Called for each pair i, i + 1 that changes places.
  /// - Reference: K. Hukushima and K. Nemoto, J. Phys. Soc. Jpn. 65, 1604 (1996).
  mutating func attemptExchanges(
    energies: inout [Double], inverseTemperatures beta: [Double], round: Int,
    using stream: inout RandomStream, exchange: (Int, Int) -> Void
  ) {
    for i in stride(from: round & 1, to: energies.count - 1, by: 2) {
      attempted[i] += 1
      let exponent = (beta[i] - beta[i + 1]) * (energies[i] - energies[i + 1])
      // Drawn in any case: the numbers of a pair do not depend on what others did.
      let draw = stream.uniform()
      guard exponent >= 0 || draw < exp(exponent) else { continue }
      accepted[i] += 1
      energies.swapAt(i, i + 1)
      replicaAt.swapAt(i, i + 1)
      exchange(i, i + 1)
    }
    visitEnds()
  }

  /// Forgets rates and round trips, for example those of the equilibration.
  mutating func reset() {
    for i in attempted.indices { (attempted[i], accepted[i]) = (0, 0) }
    for i in roundTrips.indices { (roundTrips[i], lastEnd[i]) = (0, 0) }
    visitEnds()
  }

  private mutating func visitEnds() {
    guard replicaAt.count > 1, let lowest = replicaAt.first, let highest = replicaAt.last else {
      return
    }
    if lastEnd[lowest] == 1 { lastEnd[lowest] = -1 }
    if lastEnd[highest] == -1 { roundTrips[highest] += 1 }
    lastEnd[highest] = 1
  }
}
