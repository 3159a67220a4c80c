public import Crystal
internal import Engines
internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Jobs that run on this machine, as children of this process.
public final class LocalJobs {
  /// A task of a job array.
  public struct Key: Hashable, Sendable {
    /// The number of the array.
    public var array: Int
    /// The task, from 1.
    public var task: Int

    /// A task.
    public init(array: Int, task: Int) {
      self.array = array
      self.task = task
    }
  }

  private struct Job {
    let child: ChildProcess
    let deadline: ContinuousClock.Instant?
  }

  private var jobs: [Key: Job] = [:]

  /// Tasks whose time was up.
  private var overrun: Set<Key> = []

  /// No jobs.
  public init() {}

  /// Starts a task of a job array.
  ///
  /// - Parameters:
  ///   - key: The task.
  ///   - folder: The folder of the array.
  ///   - seconds: Wall time at most, s; nil for no limit.
  /// - Throws: ``InputError`` if no process can be made.
  public func start(_ key: Key, in folder: String, seconds: Int?) throws(InputError) {
    let line =
      "cd \(CommandTemplate.quoted(folder)) && "
      + "\(JobTemplate.taskVariable)=\(key.task) exec /bin/bash \(Slurm.scriptName)"
    jobs[key] = Job(
      child: try ChildProcess(line, log: "\(folder)/\(key.task).log"),
      deadline: seconds.map { ContinuousClock.now + .seconds($0) })
  }

  /// Number of jobs that run.
  public var count: Int { jobs.count }

  /// Whether a task runs as a child of this process; ends it if its time is up.
  public func isRunning(_ key: Key) -> Bool {
    guard let job = jobs[key] else { return false }
    if job.child.ending == nil {
      guard let deadline = job.deadline, ContinuousClock.now >= deadline else { return true }
      overrun.insert(key)
      job.child.endGently()
    }
    // Whatever it left running goes with it.
    job.child.end()
    jobs[key] = nil
    return false
  }

  /// Whether a task was ended because its time was up.
  public func isOverrun(_ key: Key) -> Bool { overrun.contains(key) }

  /// Ends all jobs with all that they started.
  public func end() {
    ChildProcess.endGently(jobs.values.map(\.child))
    jobs = [:]
  }

  /// Whether the process of an attempt that another process started runs on this machine.
  ///
  /// - Throws: ``InputError`` if it began on another machine, which cannot be asked.
  public static func isAlive(_ start: JobTrace.Start, folder: String) throws(InputError) -> Bool {
    guard start.host == ProcessIdentity.host else {
      throw InputError(
        "a job began on the machine \(start.host), which cannot be asked from "
          + ProcessIdentity.host, at: folder,
        hint: "go on there; if that machine is gone, remove the folder \(JobTrace.folderName)")
    }
    return ProcessIdentity.isAlive(start)
  }

  /// Ends the process group of an attempt that another process started.
  public static func end(_ start: JobTrace.Start) {
    guard ProcessIdentity.isAlive(start) else { return }
    let group = getpgid(start.process)
    guard group > 1, group != getpgrp() else { return }
    kill(-group, SIGTERM)
    for _ in 0..<200 where ProcessIdentity.isAlive(start) { usleep(5000) }
    kill(-group, SIGKILL)
  }
}
