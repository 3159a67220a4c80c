internal import Crystal
internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The programs that can serve as engines or help them: which are installed, and how to get the others.
public struct EngineInventory: Hashable, Sendable {
  /// One program or Python package.
  public struct Entry: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// What it is used for here, with an example for `--engine` where there is one.
    public let use: String
    /// Where it was found; nil if it is not installed.
    public let path: String?
    /// Its version in its own words; nil if it does not tell.
    public let version: String?
    /// How to get it, one way per line.
    public let installation: [String]
  }

  /// All entries, installed or not, in a fixed order.
  public let entries: [Entry]

  /// Looks for programs on the search path, and for packages in the Pythons there are.
  ///
  /// - Throws: ``InputError`` if there is no room for temporary files.
  public init() throws {
    let folder = try TemporaryFolder()
    var entries = EngineInventory.programs.map { program in
      let path = program.names.lazy.compactMap(Program.path).first
      let output = path.map {
        EngineInventory.output("\(CommandTemplate.quoted($0)) \(program.probe)", folder)
      }
      return Entry(
        name: program.title, use: program.use, path: path,
        version: output.flatMap { EngineInventory.version(in: $0, after: program.marker) },
        installation: program.installation)
    }
    let own =
      "\(FileManager.default.currentDirectoryPath)/\(ASEClient.environment)/bin/python"
    let pythons = [
      ("Python of make engines", FileManager.default.isExecutableFile(atPath: own) ? own : nil),
      ("Python", Program.path(of: "python3")),
    ]
    for (title, path) in pythons {
      let isOwn = title != "Python"
      let found = path.map {
        EngineInventory.output(
          "\(CommandTemplate.quoted($0)) \(EngineInventory.packageProbe)", folder)
      }
      let lines = (found ?? "").split(whereSeparator: \.isNewline).map(String.init)
      func version(_ name: String) -> String? {
        lines.first { $0.hasPrefix("\(name) ") }.map { String($0.dropFirst(name.count + 1)) }
      }
      entries.append(
        Entry(
          name: title, use: isOwn ? "what ase: engines take first" : "what ase: engines take else",
          path: path, version: version("python"),
          installation: [isOwn ? "make engines" : "apt install python3-venv, brew install python"]))
      for package in EngineInventory.packages {
        entries.append(
          Entry(
            name: "\(package.name) in \(title)", use: package.use,
            path: version(package.name) == nil ? nil : path, version: version(package.name),
            installation: [isOwn ? package.make : "pip install \(package.name)"]))
      }
    }
    self.entries = entries
  }

  private struct Known {
    let title: String
    let names: [String]
    let probe: String
    /// What stands before the version.
    let marker: String
    let use: String
    let installation: [String]
  }

  private static let programs = [
    Known(
      title: "LAMMPS", names: LAMMPSProgram.names, probe: "-h",
      marker: "Massively Parallel Simulator - ",
      use: "--engine 'ipi:lmp -var name {socket} -in in.lmp', with fix ipi ${name} 31415 unix",
      installation: ["apt install lammps", "brew install lammps"]),
    Known(
      title: "CP2K", names: ["cp2k", "cp2k.psmp", "cp2k.ssmp", "cp2k.popt"], probe: "--version",
      marker: "CP2K version ", use: "--engine ipi:NAME, with RUN_TYPE DRIVER",
      installation: ["apt install cp2k", "brew install cp2k"]),
    Known(
      title: "Quantum ESPRESSO", names: ["pw.x"], probe: "", marker: "Program PWSCF v.",
      use: "--engine 'ipi:pw.x --ipi {socket}:UNIX -in scf.in' --engine-structure scf.in",
      installation: ["apt install quantum-espresso"]),
    Known(
      title: "ABINIT", names: ["abinit"], probe: "--version", marker: "",
      use: "--engine 'ipi:abinit --ipi {socket}:UNIX scf.abi' --engine-structure start.extxyz",
      installation: ["apt install abinit"]),
    Known(
      title: "MPI", names: ["mpirun", "mpiexec"], probe: "--version", marker: "(Open MPI) ",
      use: "several cores for one client: --engine 'ipi:mpirun -n 4 pw.x …'",
      installation: ["apt install openmpi-bin", "brew install open-mpi"]),
    Known(
      title: "Packmol", names: ["packmol"], probe: "", marker: "Version ",
      use: "other packings than cellgen pack", installation: ["apt install packmol"]),
  ]

  private static let packages = [
    (name: "ase", use: "--engine ase:emt, ase:lj", make: "make engines"),
    (name: "chgnet", use: "--engine ase:chgnet", make: "make engines CALCULATORS=chgnet"),
    (name: "mace-torch", use: "--engine ase:mace", make: "make engines CALCULATORS=mace-torch"),
  ]

  /// The arguments with which a Python tells the versions of packages.
  private static var packageProbe: String {
    let script = String(decoding: PackageResources.package_versions_py, as: UTF8.self)
    return (["-c", script] + packages.map(\.name)).map(CommandTemplate.quoted)
      .joined(separator: " ")
  }

  /// What a program prints within ten seconds.
  private static func output(_ command: String, _ folder: TemporaryFolder) -> String {
    let log = folder.file("log")
    // Some write files where they run, or wait for input.
    guard
      let child = try? ChildProcess(
        "cd \(CommandTemplate.quoted(folder.path)) && \(command)", log: log)
    else { return "" }
    let end = ContinuousClock().now + .seconds(10)
    while child.ending == nil, ContinuousClock().now < end { usleep(5000) }
    child.end()
    return (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
  }

  /// The rest of the line after a marker; without one, the first line that starts with a digit.
  static func version(in output: String, after marker: String) -> String? {
    for line in output.split(whereSeparator: \.isNewline) {
      if marker.isEmpty {
        let words = line.split(separator: " ")
        if words.count == 1, words[0].first?.isNumber ?? false { return String(words[0]) }
      } else if let range = line.firstRange(of: marker) {
        let rest = line[range.upperBound...].split(separator: " ").prefix { $0 != "starts" }
        return rest.joined(separator: " ")
      }
    }
    return nil
  }
}
