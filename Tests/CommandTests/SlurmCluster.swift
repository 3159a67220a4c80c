import Foundation
import Testing

/// A Slurm of one node that a test starts in a folder of its own, with a munge of its own.
final class SlurmCluster {
  /// What programs need in their environment to find it.
  let environment: [String: String]

  private let folder: URL
  private var daemons: [Process] = []

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
    FileManager.default.createFile(
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
    try SubmitCommandTests.wait(60) { try call("sinfo", "-h", "-o", "%T").contains("idle") }
  }

  private func start(_ program: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.environment = environment.merging(["PATH": "/usr/bin:/bin:/usr/sbin"]) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    daemons.append(process)
  }

  /// Runs one of Slurm's programs and gives what it prints.
  @discardableResult func call(_ program: String, _ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/\(program)")
    process.arguments = arguments
    process.environment = environment.merging(["PATH": "/usr/bin:/bin"]) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: text, as: UTF8.self)
  }

  /// Ends all jobs and the daemons.
  func stop() {
    _ = try? call("scancel", "-u", "root")
    for process in daemons.reversed() {
      process.terminate()
      for _ in 0..<250 where process.isRunning { usleep(20_000) }
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
    }
  }
}
