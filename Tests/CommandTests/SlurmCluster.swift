import Foundation
import Testing

/// A Slurm of one node that a test starts in a folder of its own, with a munge of its own.
final class SlurmCluster {
  /// What programs need in their environment to find it.
  let environment: [String: String]

  private let folder: URL
  private var daemons: [Int32] = []

  /// The programs that are needed.
  private static let programs = [
    "/usr/sbin/munged", "/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/bin/sbatch",
  ]

  /// Whether it can be started: the programs are there, this is root, and it is asked for.
  static var isAvailable: Bool {
    programs.allSatisfy(FileManager.default.isExecutableFile(atPath:)) && getuid() == 0
      && ProcessInfo.processInfo.environment["CELLGEN_TEST_CODES"] == "1"
  }

  /// Starts it, and waits until the node takes jobs.
  ///
  /// - Parameters:
  ///   - folder: A folder for its files.
  ///   - cores: Cores that it takes the machine to have.
  init(in folder: URL, cores: Int) throws {
    self.folder = folder
    let path = folder.path()
    environment = ["SLURM_CONF": "\(path)/slurm.conf"]
    for name in ["state", "spool", "munge"] {
      try FileManager.default.createDirectory(
        at: folder.appending(path: name), withIntermediateDirectories: true)
    }
    let key = Data((0..<128).map { _ in UInt8.random(in: .min ... .max) })
    _ = FileManager.default.createFile(
      atPath: "\(path)/munge/key", contents: key, attributes: [.posixPermissions: 0o600])
    let host = ProcessInfo.processInfo.hostName.prefix { $0 != "." }
    // Ports that a Slurm of the machine itself would not have.
    let port = 20_000 + Int(getpid()) % 20_000
    let configuration = """
      ClusterName=test
      SlurmctldHost=\(host)(127.0.0.1)
      SlurmUser=root
      SlurmdUser=root
      AuthType=auth/munge
      AuthInfo=socket=\(path)/munge/socket
      SlurmctldPort=\(port)
      SlurmdPort=\(port + 1)
      StateSaveLocation=\(path)/state
      SlurmdSpoolDir=\(path)/spool
      SlurmctldPidFile=\(path)/slurmctld.pid
      SlurmdPidFile=\(path)/slurmd.pid
      SlurmctldLogFile=\(path)/slurmctld.log
      SlurmdLogFile=\(path)/slurmd.log
      SlurmdParameters=config_overrides
      ProctrackType=proctrack/linuxproc
      TaskPlugin=task/none
      JobAcctGatherType=jobacct_gather/none
      AccountingStorageType=accounting_storage/none
      SelectType=select/cons_tres
      SelectTypeParameters=CR_Core
      SwitchType=switch/none
      MpiDefault=none
      MailProg=/bin/true
      ReturnToService=2
      KillWait=2
      SchedulerParameters=bf_interval=2,sched_interval=2
      NodeName=\(host) NodeAddr=127.0.0.1 CPUs=\(cores) RealMemory=1000
      PartitionName=test Nodes=\(host) Default=YES MaxTime=INFINITE State=UP

      """
    try Data(configuration.utf8).write(to: folder.appending(path: "slurm.conf"))
    try start(
      "/usr/sbin/munged",
      ["--foreground", "--socket=\(path)/munge/socket", "--key-file=\(path)/munge/key"]
        + ["--log-file=\(path)/munge/log", "--pid-file=\(path)/munge/pid"]
        + ["--seed-file=\(path)/munge/seed"])
    try SubmitCommandTests.wait {
      FileManager.default.fileExists(atPath: "\(path)/munge/socket")
    }
    try start("/usr/sbin/slurmctld", ["-D", "-i"])
    try start("/usr/sbin/slurmd", ["-D"])
    try SubmitCommandTests.wait(60) { call("sinfo", "-h", "-o", "%T").contains("idle") }
  }

  /// Starts a daemon, which goes on without this process.
  private func start(_ program: String, _ arguments: [String]) throws {
    let words = ([program] + arguments).map { "'\($0)'" }.joined(separator: " ")
    let answer = shell("\(words) </dev/null >/dev/null 2>&1 & echo $!")
    daemons.append(try #require(Int32(answer.trimmingCharacters(in: .whitespacesAndNewlines))))
  }

  /// Runs one of Slurm's programs and gives what it prints.
  @discardableResult func call(_ program: String, _ arguments: String...) -> String {
    let words = (["/usr/bin/\(program)"] + arguments).map { "'\($0)'" }.joined(separator: " ")
    return shell("timeout -s KILL 20 \(words) 2>/dev/null")
  }

  /// What a line for the shell prints.
  ///
  /// Foundation's `Process` is of no use here: the daemons close the files that they inherit, by which it
  /// would believe them to have ended, and wait for them before it notices the end of any other program.
  private func shell(_ line: String) -> String {
    let setting = "export SLURM_CONF='\(folder.path())/slurm.conf'; "
    guard let stream = unsafe popen(setting + line, "r") else { return "" }
    var text: [UInt8] = []
    while true {
      let byte = unsafe fgetc(stream)
      guard byte >= 0 else { break }
      text.append(UInt8(truncatingIfNeeded: byte))
    }
    _ = unsafe pclose(stream)
    return String(decoding: text, as: UTF8.self)
  }

  /// Ends all jobs and the daemons.
  func stop() {
    call("scancel", "-u", "root")
    for process in daemons.reversed() {
      kill(process, SIGTERM)
      for _ in 0..<250 where kill(process, 0) == 0 { usleep(20_000) }
      kill(process, SIGKILL)
    }
  }
}
