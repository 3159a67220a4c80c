/// How far a calculation is.
public enum JobState: String, Codable, Hashable, Sendable, CaseIterable {
  /// It has a result.
  case done
  /// A job works on it.
  case running
  /// A job for it waits.
  case queued
  /// No job for it has been submitted yet.
  case waiting
  /// It was tried as often as it may, and has no result.
  case failed
  /// It was called off.
  case cancelled

  /// Whether nothing more will happen to it.
  public var isFinal: Bool { [.done, .failed, .cancelled].contains(self) }
}

/// Calculations that go into one job array.
public struct JobBatch: Hashable, Sendable {
  /// The indices of the calculations.
  public var calculations: [Int]
  /// Wall time of a job at most, s; nil for no limit.
  public var seconds: Int?
  /// Jobs that run at the same time at most; nil for no limit.
  public var limit: Int?
}

extension JobLedger {
  /// How far a calculation is.
  ///
  /// - Parameters:
  ///   - calculation: Its index.
  ///   - retries: How often it may be tried again.
  /// - Returns: What its attempts add up to.
  public func state(of calculation: Int, retries: Int) -> JobState {
    let all = attempts(of: calculation)
    if all.contains(where: { $0.ending == .done }) { return .done }
    if let last = all.last, last.ending == nil { return last.isRunning ? .running : .queued }
    if calculations[calculation].isCancelled { return .cancelled }
    return tries(of: calculation) > retries ? .failed : .waiting
  }

  /// How many attempts at a calculation went wrong, of those that count.
  public func tries(of calculation: Int) -> Int {
    let first = calculations[calculation].firstCounted
    return attempts(of: calculation).count { $0.number >= first && $0.ending?.isFailure ?? false }
  }

  /// Lets calculations that failed, or were called off, be tried anew.
  public mutating func restart(_ chosen: [Int], retries: Int) {
    for index in chosen {
      let state = state(of: index, retries: retries)
      guard state == .failed || state == .cancelled else { continue }
      calculations[index].firstCounted = (attempts(of: index).last?.number ?? 0) + 1
      calculations[index].isCancelled = false
    }
  }

  /// The wall time for the next attempt at a calculation, s: longer by a factor for each attempt that ran
  /// out of time.
  func seconds(for calculation: Int, _ settings: JobSettings) -> Int? {
    guard let seconds = settings.seconds else { return nil }
    let first = calculations[calculation].firstCounted
    let overruns = attempts(of: calculation).count {
      $0.number >= first && $0.ending == .timedOut
    }
    let time = (0..<overruns).reduce(Double(seconds)) { time, _ in time * settings.timeFactor }
    return Int(time.rounded(.up))
  }

  /// How many jobs more may run at the same time; nil for any number.
  ///
  /// Job arrays hold their own limits, and may run as many jobs at once as they have left.
  func room(_ settings: JobSettings) -> Int? {
    guard let most = settings.atOnce else { return nil }
    var left: [Int: Int] = [:]
    for index in open { left[attempts[index].array, default: 0] += 1 }
    let used = left.reduce(0) { sum, entry in
      sum + min(entry.value, arrays[entry.key]?.limit ?? entry.value)
    }
    return max(0, most - used)
  }

  /// The job arrays to submit now.
  ///
  /// Calculations with the same time limit share an array. No more jobs than allowed can run at the same
  /// time: what finds no room waits until other arrays are nearly through.
  ///
  /// - Parameters:
  ///   - chosen: The indices of calculations, of which those that wait count.
  ///   - settings: What a job is given.
  ///   - largest: Tasks of an array at most.
  /// - Returns: One entry per job array; none if nothing waits, or nothing may run.
  public func batches(_ chosen: [Int], _ settings: JobSettings, largest: Int) -> [JobBatch] {
    var groups: [JobBatch] = []
    for index in chosen where state(of: index, retries: settings.retries) == .waiting {
      let seconds = seconds(for: index, settings)
      if let group = groups.lastIndex(where: { $0.seconds == seconds }),
        groups[group].calculations.count < largest
      {
        groups[group].calculations.append(index)
      } else {
        groups.append(JobBatch(calculations: [index], seconds: seconds))
      }
    }
    // On this machine the jobs are started one by one, with one limit for all.
    guard settings.scheduler == .slurm, let room = room(settings) else { return groups }
    groups = Array(groups.prefix(room))
    for index in groups.indices {
      groups[index].limit = room / groups.count + (index < room % groups.count ? 1 : 0)
    }
    return groups
  }
}
