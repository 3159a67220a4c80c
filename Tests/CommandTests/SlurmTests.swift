import Foundation
import Testing

/// `cellgen submit` with a real Slurm, which the tests start themselves.
@Suite(.serialized, .enabled(if: SlurmCluster.isAvailable, "make test-codes starts a Slurm"))
struct SlurmTests {
  /// Runs work with a Slurm of eight cores.
  private func withSlurm(_ work: (Program, SlurmCluster) throws -> Void) throws {
    try Program.inFolder { cellgen in
      let cluster = try SlurmCluster(in: cellgen.folder.appending(path: "slurm"), cores: 8)
      defer { cluster.stop() }
      try work(cellgen, cluster)
    }
  }

  /// When the results of calculations were made, s: beginning and end, one pair a line.
  private func spans(_ folders: [String], _ cellgen: Program) -> [(begin: Double, end: Double)] {
    folders.flatMap { folder in
      ((try? cellgen.read("\(folder)/count")) ?? "").split(separator: "\n").map { line in
        let words = line.split(separator: " ").compactMap { Double($0) }
        return (words.first ?? .nan, words.last ?? .nan)
      }
    }
  }

  @Test(
    "50 jobs, 5 of them killed and the submitter killed: all results, none twice",
    .timeLimit(.minutes(4)))
  func fifty() throws {
    try withSlurm { cellgen, cluster in
      let clock = ContinuousClock()
      let began = clock.now
      let names = SubmitCommandTests.hostile + (1...43).map { "\($0)" }
      let folders = try SubmitCommandTests.folders(names, in: cellgen)
      let command = "b=$(date +%s.%N); sleep 1; echo \"$b $(date +%s.%N)\" >> count"
      let arguments =
        ["submit"] + folders
        + ["--watch", "--interval", "0.5", "--quiet", "--json", "--command", command]
        + ["--at-once", "6", "--time", "5"]
      let submitter = try cellgen.start(arguments, environment: cluster.environment)
      func results() -> Int {
        SubmitCommandTests.lines("count", folders, in: cellgen).reduce(0, +)
      }
      try SubmitCommandTests.wait(60) { results() >= 8 }

      // Two are called off behind its back, two killed with all that they started; of one the program
      // that it runs is killed.
      var killed: Set<String> = []
      func killNext(_ body: (_ task: String, _ folder: String) throws -> Bool) throws {
        try SubmitCommandTests.wait(30) {
          for line in try cluster.call("squeue", "-h", "-r", "-t", "R", "-o", "%i").split(
            separator: "\n")
          {
            let task = try #require(line.split(separator: "_").last.flatMap { Int($0) })
            let folder = folders[task - 1]
            guard !killed.contains(folder),
              cellgen.files.contains("\(folder)/job/1/started"),
              !cellgen.files.contains("\(folder)/job/1/exit")
            else { continue }
            if try body(String(line), folder) {
              killed.insert(folder)
              return true
            }
          }
          return false
        }
      }
      for _ in 0..<2 {
        try killNext { task, _ in
          try cluster.call("scancel", task)
          return true
        }
        try killNext { task, _ in
          try cluster.call("scancel", "--signal=KILL", "--full", task)
          return true
        }
      }
      try killNext { _, folder in
        let started = try cellgen.read("\(folder)/job/1/started").split(separator: "\n")
        let script = started.first { $0.hasPrefix("pid ") }?.dropFirst(4) ?? ""
        let children = try String(
          contentsOfFile: "/proc/\(script)/task/\(script)/children", encoding: .utf8)
        guard let child = children.split(separator: " ").first.flatMap({ Int32($0) }) else {
          return false
        }
        return kill(child, SIGKILL) == 0
      }
      try SubmitCommandTests.wait(60) { results() >= 22 }
      kill(submitter.processIdentifier, SIGKILL)
      submitter.waitUntilExit()
      let before = results()
      #expect(before < 50)

      let result = try cellgen.run(arguments, environment: cluster.environment)
      #expect(result.status == 0, "\(result.errors)")
      let seconds = (clock.now - began) / .seconds(1)
      let counts = SubmitCommandTests.lines("count", folders, in: cellgen)
      // A job that was killed at its last moment may have had its result.
      #expect(counts == folders.map { _ in 1 })
      #expect(!cellgen.files.contains { $0.split(separator: "/").last == "pwned" })
      let calculations = try #require(try result.json["calculations"] as? [[String: Any]])
      #expect(calculations.allSatisfy { $0["state"] as? String == "done" })
      let repeated = calculations.filter { $0["attempts"] as? Int == 2 }
        .compactMap { $0["folder"] as? String }
      #expect(Set(repeated) == killed && killed.count == 5)
      let spans = spans(folders, cellgen)
      let most = spans.map { span in
        spans.count { $0.begin <= span.begin && span.begin < $0.end }
      }.max()
      #expect((2...6).contains(try #require(most)), "\(most ?? 0) at once")
      print(
        "Slurm: 50 jobs of 1 s, 6 at once, 5 killed, submitter killed after \(before) results:",
        "all done in \(String(format: "%.1f", seconds)) s")
    }
  }

  @Test("jobs without a submitter go on, and can be called off", .timeLimit(.minutes(2)))
  func cancelling() throws {
    try withSlurm { cellgen, cluster in
      let folders = try SubmitCommandTests.folders((1...20).map { "\($0)" }, in: cellgen)
      func submit(_ more: String...) throws -> Program.Result {
        try cellgen.run(["submit"] + folders + more, environment: cluster.environment)
      }
      let command = "[ -e ../slow ] && sleep 60; echo run >> count"
      try cellgen.write("", to: "dft/slow")
      #expect(try submit("--command", command).status == 0)
      try SubmitCommandTests.wait { cellgen.files.contains("dft/1/job/1/started") }
      let cancelled = try submit("--cancel")
      #expect(cancelled.status == 0 && cancelled.output.contains("0 of 20 done, 20 cancelled"))
      #expect(try cluster.call("squeue", "-h").isEmpty)
      try FileManager.default.removeItem(at: cellgen.folder.appending(path: "dft/slow"))
      let resumed = try submit("--resume", "--watch", "--interval", "0.5")
      #expect(resumed.output.contains("20 of 20 done"), "\(resumed.errors)")
      #expect(SubmitCommandTests.lines("count", folders, in: cellgen) == folders.map { _ in 1 })
    }
  }

  @Test("what Slurm refuses is told, and a failing job ends with its last lines")
  func refusals() throws {
    try withSlurm { cellgen, cluster in
      let folders = try SubmitCommandTests.folders(["a"], in: cellgen)
      func submit(_ more: String...) throws -> Program.Result {
        try cellgen.run(["submit"] + folders + more, environment: cluster.environment)
      }
      let refused = try submit("--command", "true", "--partition", "nowhere")
      #expect(refused.status == 1)
      #expect(refused.errors.contains("sbatch refused: invalid partition specified: nowhere"))
      #expect(refused.errors.contains("--partition"))
      let failed = try submit(
        "--partition", "test", "--modules", "qe/7.3", "--retries", "0", "--watch", "--interval",
        "0.5")
      #expect(failed.status == 2)
      #expect(failed.errors.contains("dft/a: failed after 1 attempt: killed before it began"))
      #expect(failed.errors.contains("module: command not found"), "\(failed.errors)")
    }
  }
}
