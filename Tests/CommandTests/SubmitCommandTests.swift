import CellgenTestSupport
import Foundation
import Testing

/// `cellgen submit` on this machine; `SubmitSchedulerTests` and `SlurmTests` have Slurm.
@Suite struct SubmitCommandTests {
  /// Names that a shell would interpret, or split.
  static let hostile = ["a b", "it's", "$(touch pwned)", ";touch pwned", "new\nline", "-n", "*"]

  /// Makes folders and gives their paths.
  static func folders(_ names: [String], in cellgen: Program) throws -> [String] {
    for name in names {
      try FileManager.default.createDirectory(
        at: cellgen.folder.appending(path: "dft/\(name)"), withIntermediateDirectories: true)
    }
    return names.map { "dft/\($0)" }
  }

  /// Lines of a file in each of some folders; none if there is no such file.
  static func lines(_ name: String, _ folders: [String], in cellgen: Program) -> [Int] {
    folders.map { folder in
      (try? cellgen.read("\(folder)/\(name)"))?.split(separator: "\n").count ?? 0
    }
  }

  /// Waits until something holds.
  static func wait(_ seconds: Double = 30, until condition: () throws -> Bool) throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
      if try condition() { return }
      usleep(20_000)
    }
    Issue.record("it did not come within \(seconds) s")
  }

  /// Kills a process, and waits until it is gone.
  ///
  /// Foundation would wait for its children as well, which are to live on.
  static func killAtOnce(_ process: Process) throws {
    kill(process.processIdentifier, SIGKILL)
    try wait {
      let path = "/proc/\(process.processIdentifier)/stat"
      let text = try? String(contentsOfFile: path, encoding: .utf8)
      return text.map { $0.contains(") Z ") } ?? true
    }
  }

  private let local = ["--scheduler", "local", "--quiet"]

  @Test("every folder is run once, whatever its name has; a second call runs none again")
  func names() throws {
    try Program.inFolder { cellgen in
      let folders = try Self.folders(Self.hostile, in: cellgen)
      let arguments =
        ["submit"] + folders + local + ["--command", "echo run >> count", "--at-once", "3"]
      for _ in 0..<2 {
        let result = try cellgen.run(arguments + ["--json"])
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        let counts = try #require(try result.json["counts"] as? [String: Int])
        #expect(counts["done"] == folders.count)
        #expect(Self.lines("count", folders, in: cellgen) == folders.map { _ in 1 })
      }
      #expect(!cellgen.files.contains { $0.split(separator: "/").last == "pwned" })
      // The settings are in the record.
      #expect(try cellgen.run(["submit"] + folders).output.contains("7 of 7 done"))
    }
  }

  @Test("killed and failing jobs are repeated as often as allowed, and named with their log")
  func retries() throws {
    try Program.inFolder { cellgen in
      let folders = try Self.folders(["killed", "fails", "slow"], in: cellgen)
      let command = """
        case "$PWD" in
        *killed) [ -e tried ] || { touch tried; kill -9 $PPID; sleep 5; } ;;
        *fails) echo "no convergence" >&2; exit 3 ;;
        *slow) sleep 1.6 ;;
        esac
        echo run >> count
        """
      let result = try cellgen.run(
        ["submit"] + folders + local
          + ["--command", command, "--retries", "1", "--time", "0:01", "--time-factor", "3"])
      #expect(result.status == 2)
      #expect(Self.lines("count", folders, in: cellgen) == [1, 0, 1])
      let table = result.output.split(separator: "\n").map(String.init)
      #expect(table.contains { $0.hasPrefix("dft/killed   done") && $0.hasSuffix("2") }, "\(table)")
      #expect(table.contains { $0.hasPrefix("dft/slow     done") && $0.hasSuffix("2") }, "\(table)")
      #expect(result.errors.contains("dft/fails: failed after 2 attempts: exit status 3"))
      #expect(result.errors.contains("fails/job/2/log\n    no convergence\n"), "\(result.errors)")

      // Nothing more is tried, until it is asked for.
      let again = ["submit"] + folders + ["--quiet", "--command", "echo run >> count"]
      #expect(try cellgen.run(again).status == 2)
      let resumed = try cellgen.run(again + ["--resume"])
      #expect(resumed.status == 0 && resumed.output.contains("3 of 3 done"), "\(resumed.errors)")
      #expect(Self.lines("count", folders, in: cellgen) == [1, 1, 1])
    }
  }

  @Test("a killed submitter is taken over from: nothing is lost, and nothing runs twice")
  func killedSubmitter() throws {
    try Program.inFolder { cellgen in
      let folders = try Self.folders((1...12).map { "\($0)" }, in: cellgen)
      let arguments =
        ["submit"] + folders + local
        + ["--command", "sleep 0.4; echo run >> count", "--at-once", "3"]
      for least in [2, 6] {
        let process = try cellgen.start(arguments)
        try Self.wait { Self.lines("count", folders, in: cellgen).reduce(0, +) >= least }
        try Self.killAtOnce(process)
      }
      let result = try cellgen.run(arguments + ["--json"])
      #expect(result.status == 0, "\(result.errors)")
      #expect(Self.lines("count", folders, in: cellgen) == folders.map { _ in 1 })
      let calculations = try #require(try result.json["calculations"] as? [[String: Any]])
      #expect(calculations.allSatisfy { $0["attempts"] as? Int == 1 })
    }
  }

  @Test("of two submitters of one record the second is refused")
  func twoSubmitters() throws {
    try Program.inFolder { cellgen in
      let folders = try Self.folders(["a"], in: cellgen)
      let arguments = ["submit"] + folders + local + ["--command", "sleep 3; echo run >> count"]
      let process = try cellgen.start(arguments)
      try Self.wait { cellgen.files.contains("dft/a/job/1/started") }
      let second = try cellgen.run(arguments)
      #expect(second.status == 1)
      #expect(
        second.errors.contains("another cellgen submit works with this record: process "),
        "\(second.errors)")
      // Another record knows nothing of the job that runs.
      let other = try cellgen.run(arguments + ["--out", "other"])
      #expect(other.status == 1)
      #expect(other.errors.contains("dft/a: attempt 1 was begun by another record"))
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      #expect(Self.lines("count", folders, in: cellgen) == [1])
      #expect(try cellgen.run(arguments + ["--out", "other"]).output.contains("1 of 1 done"))
      #expect(Self.lines("count", folders, in: cellgen) == [1])
    }
  }

  @Test("Ctrl-C ends the jobs here, and they are begun anew without counting as tried")
  func interruption() throws {
    try Program.inFolder { cellgen in
      let folders = try Self.folders(["a", "b", "c"], in: cellgen)
      let arguments =
        ["submit"] + folders + local
        + ["--command", "[ -e go ] || sleep 60; echo run >> count", "--at-once", "2"]
        + ["--retries", "0"]
      let process = try cellgen.start(arguments)
      try Self.wait { cellgen.files.contains("dft/b/job/1/started") }
      kill(process.processIdentifier, SIGINT)
      process.waitUntilExit()
      #expect(process.terminationStatus == 130)
      for folder in folders { try cellgen.write("", to: "\(folder)/go") }
      #expect(try cellgen.run(arguments).status == 0)
      #expect(Self.lines("count", folders, in: cellgen) == [1, 1, 1])
      #expect(cellgen.files.contains("dft/a/job/2/exit"))
      #expect(!cellgen.files.contains("dft/c/job/2/exit"))
    }
  }

  @Test("jobs of a submitter that died can be called off")
  func cancelling() throws {
    try Program.inFolder { cellgen in
      let folders = try Self.folders(["a", "b"], in: cellgen)
      let arguments =
        ["submit"] + folders + local
        + ["--command", "sleep 30; echo run >> count", "--at-once", "1"]
      let process = try cellgen.start(arguments)
      try Self.wait { cellgen.files.contains("dft/a/job/1/started") }
      try Self.killAtOnce(process)
      let started = try cellgen.read("dft/a/job/1/started").split(separator: "\n")
      let job = try #require(
        started.first { $0.hasPrefix("pid ") }.flatMap { Int32($0.dropFirst(4)) })
      #expect(kill(job, 0) == 0)
      let result = try cellgen.run(["submit"] + folders + ["--cancel"])
      #expect(result.status == 0 && result.output.contains("2 cancelled"), "\(result.errors)")
      try Self.wait { kill(job, 0) != 0 }
      // It stays called off, until it is asked for.
      let again = try cellgen.run(["submit"] + folders + ["--command", "echo run >> count"])
      #expect(again.output.contains("0 of 2 done, 2 cancelled"))
      #expect(try cellgen.run(["submit"] + folders + ["--resume"]).status == 0)
      #expect(Self.lines("count", folders, in: cellgen) == [1, 1])
    }
  }

  /// A calculation folder for ABINIT.
  private static let calculation = """
    {"cellgen": "1", "id": "001", "code": "abinit", "preset": "quick", "settings": {},
     "formula": "MgO", "atoms": 2, "relaxing": "none", "source": "a.cif", "sourceSHA256": "",
     "command": ["sh", "-c", "if [ -e full ]; then echo \\"$0\\"; fi; echo run >> count", "it's"]}
    """

  @Test("the command of calculation.json is run, and has to print something")
  func calculations() throws {
    try Program.inFolder { cellgen in
      for name in ["001", "002"] {
        try cellgen.write(Self.calculation, to: "dft/\(name)/calculation.json")
      }
      try cellgen.write("{}", to: "dft/manifest.json")
      try cellgen.write("", to: "dft/001/full")
      let result = try cellgen.run(["submit", "dft"] + local + ["--retries", "0"])
      #expect(result.status == 2)
      #expect(
        result.errors.contains(
          "dft/002: failed after 1 attempt: exit status 0, but abinit.out is empty"))
      #expect(try cellgen.read("dft/001/abinit.out") == "it's\n")
      #expect(Self.lines("count", ["dft/001", "dft/002"], in: cellgen) == [1, 1])
      // What a pattern finds besides the calculations is left out.
      let all = try cellgen.run(["submit", "dft/001", "dft/002", "dft/jobs", "dft/manifest.json"])
      #expect(all.status == 2 && all.output.contains("1 of 2 done, 1 failed"))
    }
  }

  @Test("a dry run shows what would be submitted, and writes nothing")
  func dryRun() throws {
    try Program.inFolder { cellgen in
      let folders = try Self.folders(["a b"], in: cellgen)
      let result = try cellgen.run(
        ["submit"] + folders
          + ["--command", "srun pw.x", "--time", "90", "--at-once", "4", "--dry-run"])
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
      #expect(result.output.contains("--array=1-1%4"))
      #expect(result.output.contains("\n#SBATCH --time=1:30:00\n"))
      #expect(result.output.contains("dft/a b' attempt=1 printed='' command='srun pw.x' ;;\n"))
      #expect(cellgen.files.isEmpty)
    }
  }

  @Test("what cannot be used is refused, and nothing is written")
  func refusals() throws {
    try Program.inFolder { cellgen in
      let folders = try Self.folders(["a", "c/d"], in: cellgen).prefix(1)
      try cellgen.write("x", to: "file")
      try cellgen.write("{\"id\": 1}", to: "dft/b/calculation.json")
      try cellgen.write("#!/bin/bash\nsleep {{ tyme }}\n{{ run }}\n", to: "my.sh")
      let run = ["submit"] + folders + ["--scheduler", "local", "--command", "true"]
      let cases: [(arguments: [String], status: Int32, text: String)] = [
        (["submit", "nothing"], 1, "nothing: there is no such folder"),
        (["submit", "file"], 1, "file: this is a file, expected a calculation folder"),
        (["submit", "dft/a"], 1, "dft/a: there is no calculation.json in this folder"),
        (["submit", "dft/b"], 1, "dft/b/calculation.json: this is not what cellgen input writes"),
        (run + ["dft/c/d"], 1, "the calculations are in different folders"),
        (run + ["--template", "my.sh"], 1, "my.sh:2: unknown variable \"tyme\""),
        (run + ["--template", "none.sh"], 1, "none.sh: there is no such file"),
        (run + ["--out", "dft/b"], 1, "the folder holds no record of jobs"),
        (run + ["--time", "2h"], 64, "--time is \"2h\""),
        (run + ["--tasks", "0"], 64, "--tasks: 0, expected 1"),
        (run + ["--retries", "-1"], 64, "--retries: -1"),
        (run + ["--time-factor", "nan"], 64, "--time-factor: nan"),
        (run + ["--account", "a;rm x"], 64, "--account: \"a;rm x\" is no name"),
        (run + ["--modules", "qe,$(id)"], 64, "--modules: \"$(id)\" is no name"),
        (run + ["--scheduler", "pbs"], 64, "--scheduler"),
        (run + ["--interval", "0"], 64, "--interval is 0.0"),
        (run + ["--cancel", "--resume"], 64, "--cancel and --resume exclude each other"),
        (run + ["--cancel", "--watch"], 64, "--watch does not go with --cancel"),
      ]
      for (arguments, status, text) in cases {
        try cellgen.expectRefusal(arguments, status: status, saying: text)
      }
    }
  }

  @Test func help() throws {
    try Program.inFolder { cellgen in
      try expectGolden(try cellgen("submit", "--help").output, "submit-help.txt", in: dataFolder())
    }
  }
}
