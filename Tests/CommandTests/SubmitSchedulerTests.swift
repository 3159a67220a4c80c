import Foundation
import Testing

/// `cellgen submit` with programs in place of Slurm's that answer as told.
@Suite struct SubmitSchedulerTests {
  /// Writes a program by a process of its own: one that was just written here could be busy.
  private static func write(_ text: String, to name: String, in cellgen: Program) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "mkdir -p bin && cat > bin/\(name) && chmod +x bin/\(name)"]
    process.currentDirectoryURL = cellgen.folder
    let input = Pipe()
    process.standardInput = input
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data("#!/bin/sh\n\(text)\n".utf8))
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  /// Runs `cellgen submit` for two folders.
  private static func submit(
    _ cellgen: Program, sbatch: String, squeue: String = "true", _ more: [String] = []
  ) throws -> Program.Result {
    let folders = try SubmitCommandTests.folders(["a", "b"], in: cellgen)
    let bin = cellgen.folder.appending(path: "bin").path()
    let programs = [
      ("sbatch", "echo call >> \(bin)/calls\n\(sbatch)"), ("squeue", squeue),
      ("scancel", "echo \"$@\" >> \(bin)/cancelled"), ("scontrol", "echo 'MaxArraySize = 1001'"),
    ]
    for (name, text) in programs { try write(text, to: name, in: cellgen) }
    return try cellgen.run(
      ["submit"] + folders + ["--command", "true", "--quiet", "--json"] + more,
      environment: ["PATH": "\(bin):/usr/bin:/bin"])
  }

  private func calls(_ cellgen: Program) -> Int {
    (try? cellgen.read("bin/calls"))?.split(separator: "\n").count ?? 0
  }

  /// What `squeue` prints of an array that waits: its name is the sixth argument.
  private let waiting = """
    for task in 1 2; do echo "$6|17_$task|PENDING|Priority"; done
    """

  @Test("without Slurm nothing is written")
  func missing() throws {
    try Program.inFolder { cellgen in
      let folders = try SubmitCommandTests.folders(["a"], in: cellgen)
      let result = try cellgen.run(
        ["submit"] + folders + ["--command", "true"], environment: ["PATH": "/nowhere"])
      #expect(result.status == 1)
      #expect(result.errors.contains("there is no sbatch on the search path"))
      #expect(result.errors.contains("--scheduler local"))
      #expect(cellgen.files.isEmpty)
    }
  }

  @Test(
    "a refusal is told in Slurm's words with what to do, and can be mended",
    arguments: [
      (
        "Batch job submission failed: Invalid account or account/partition combination specified",
        "--account"
      ),
      ("invalid partition specified: nope", "--partition"),
      (
        "Batch job submission failed: Job violates accounting/QOS policy (job submit limit)",
        "fewer folders"
      ),
      ("Batch job submission failed: Requested node configuration is not available", "--nodes"),
    ])
  func refused(words: String, hint: String) throws {
    try Program.inFolder { cellgen in
      let result = try Self.submit(cellgen, sbatch: "echo 'sbatch: error: \(words)' >&2; exit 1")
      #expect(result.status == 1 && result.output.isEmpty)
      #expect(result.errors.contains("sbatch refused: \(words)"), "\(result.errors)")
      #expect(result.errors.contains("hint: ") && result.errors.contains(hint))
      let mended = try Self.submit(cellgen, sbatch: "echo 17", squeue: waiting)
      #expect(mended.status == 0, "\(mended.errors)")
      let calculations = try #require(try mended.json["calculations"] as? [[String: Any]])
      #expect(calculations.map { $0["job"] as? String } == ["17_1", "17_2"])
      #expect(calculations.allSatisfy { $0["attempts"] as? Int == 1 })
    }
  }

  @Test("a submission without an answer is found again by its name")
  func silent() throws {
    try Program.inFolder { cellgen in
      let complaint = "sbatch: error: Batch job submission failed: Socket timed out on send/recv"
      let result = try Self.submit(cellgen, sbatch: "echo '\(complaint)' >&2; exit 1")
      #expect(result.status == 1)
      #expect(result.errors.contains("nothing is lost"), "\(result.errors)")
      let later = try Self.submit(cellgen, sbatch: "echo 18", squeue: waiting)
      #expect(later.status == 0, "\(later.errors)")
      let calculations = try #require(try later.json["calculations"] as? [[String: Any]])
      #expect(calculations.map { $0["job"] as? String } == ["17_1", "17_2"])
      #expect(calculations.map { $0["remark"] as? String } == ["Priority", "Priority"])
      #expect(calls(cellgen) == 1)
    }
  }

  @Test("a submitter that is killed while it submits does not submit twice")
  func killedWhileSubmitting() throws {
    try Program.inFolder { cellgen in
      // Slurm had taken the array.
      let killed = try Self.submit(cellgen, sbatch: "kill -9 $PPID; echo 17")
      #expect(killed.status == SIGKILL)
      #expect(try Self.submit(cellgen, sbatch: "echo 18", squeue: waiting).status == 0)
      #expect(calls(cellgen) == 1)
    }
    try Program.inFolder { cellgen in
      // Slurm had not taken it: the same attempts are submitted.
      _ = try Self.submit(cellgen, sbatch: "kill -9 $PPID")
      let result = try Self.submit(cellgen, sbatch: "echo 18")
      #expect(result.status == 0, "\(result.errors)")
      #expect(calls(cellgen) == 2)
      let calculations = try #require(try result.json["calculations"] as? [[String: Any]])
      #expect(calculations.map { $0["job"] as? String } == ["18_1", "18_2"])
      #expect(calculations.allSatisfy { $0["attempts"] as? Int == 1 })
    }
  }

  @Test("jobs that Slurm ended are repeated, and the reason is told")
  func ended() throws {
    try Program.inFolder { cellgen in
      #expect(try Self.submit(cellgen, sbatch: "echo 17", squeue: waiting).status == 0)
      let squeue = """
        case "$6" in
        *-1) echo "$6|17_1|TIMEOUT|TimeLimit"; echo "$6|17_2|NODE_FAIL|None" ;;
        esac
        """
      let result = try Self.submit(
        cellgen, sbatch: "echo 18", squeue: squeue, ["--retries", "0"])
      #expect(result.status == 2)
      let calculations = try #require(try result.json["calculations"] as? [[String: Any]])
      #expect(
        calculations.map { $0["remark"] as? String } == [
          "timed out before it began", "node failed before it began",
        ])
      // Its attempt has an owner: the job cannot begin any more, should it come after all.
      #expect(try cellgen.read("dft/a/job/1/exit") == "timed out\n")
    }
  }

  @Test("while Slurm does not answer nothing is concluded")
  func silentQueue() throws {
    try Program.inFolder { cellgen in
      #expect(try Self.submit(cellgen, sbatch: "echo 17", squeue: waiting).status == 0)
      let result = try Self.submit(
        cellgen, sbatch: "echo 18",
        squeue: "echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1")
      #expect(result.status == 1)
      #expect(result.errors.contains("squeue got no answer: slurm_load_jobs error: Unable"))
      #expect(calls(cellgen) == 1 && !cellgen.files.contains("dft/a/job/1/exit"))
    }
  }

  @Test("jobs that are called off never begin")
  func cancelling() throws {
    try Program.inFolder { cellgen in
      #expect(try Self.submit(cellgen, sbatch: "echo 17", squeue: waiting).status == 0)
      let result = try Self.submit(
        cellgen, sbatch: "echo 18", squeue: waiting, ["--cancel"])
      #expect(result.status == 0, "\(result.errors)")
      let counts = try #require(try result.json["counts"] as? [String: Int])
      #expect(counts["cancelled"] == 2)
      #expect(try cellgen.read("bin/cancelled") == "-Q 17_1 17_2\n")
      #expect(try cellgen.read("dft/b/job/1/exit") == "cancelled\n")
    }
  }
}
