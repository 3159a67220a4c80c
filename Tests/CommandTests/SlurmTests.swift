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
      // The first attempts at five of them take so long that they can be killed.
      let victims = Array(folders[7..<12])
      for folder in victims { try cellgen.write("", to: "\(folder)/slow") }
      let command = """
        if [ -e slow ]; then rm slow; sleep 30; fi
        b=$(date +%s.%N); sleep 1; echo "$b $(date +%s.%N)" >> count
        """
      let arguments =
        ["submit"] + folders
        + ["--watch", "--interval", "0.5", "--quiet", "--json", "--command", command]
        + ["--at-once", "6", "--time", "5"]
      let submitter = try cellgen.start(arguments, environment: cluster.environment)
      func results() -> Int {
        SubmitCommandTests.lines("count", folders, in: cellgen).reduce(0, +)
      }
      try SubmitCommandTests.wait(60) { results() >= 8 }

      // Two are ended by scancel, two killed with all that they started; of one the command is killed.
      for (number, folder) in victims.enumerated() {
        try SubmitCommandTests.wait(60) { cellgen.files.contains("\(folder)/job/1/started") }
        var values: [Substring: Substring] = [:]
        for line in try cellgen.read("\(folder)/job/1/started").split(separator: "\n") {
          let words = line.split(separator: " ")
          if words.count == 2 { values[words[0]] = words[1] }
        }
        let job = "\(try #require(values["job"]))_\(8 + number)"
        if number < 2 {
          cluster.call("scancel", job)
        } else if number < 4 {
          cluster.call("scancel", "--signal=KILL", "--full", job)
        } else {
          let script = try #require(values["pid"])
          let path = "/proc/\(script)/task/\(script)/children"
          var children: [Int32] = []
          try SubmitCommandTests.wait {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            children = text.split(separator: " ").compactMap { Int32($0) }
            return !children.isEmpty
          }
          for child in children { #expect(kill(child, SIGKILL) == 0) }
        }
      }
      try SubmitCommandTests.wait(60) { results() >= 22 }
      try SubmitCommandTests.killAtOnce(submitter)
      let before = results()
      #expect(before < 50)

      let result = try cellgen.run(arguments, environment: cluster.environment)
      #expect(result.status == 0, "\(result.errors)")
      let seconds = (clock.now - began) / .seconds(1)
      let counts = SubmitCommandTests.lines("count", folders, in: cellgen)
      #expect(counts == folders.map { _ in 1 })
      #expect(!cellgen.files.contains { $0.split(separator: "/").last == "pwned" })
      let calculations = try #require(try result.json["calculations"] as? [[String: Any]])
      #expect(calculations.allSatisfy { $0["state"] as? String == "done" })
      let repeated = calculations.filter { $0["attempts"] as? Int == 2 }
        .compactMap { $0["folder"] as? String }
      #expect(repeated == victims)
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
      #expect(cluster.call("squeue", "-h").isEmpty)
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
