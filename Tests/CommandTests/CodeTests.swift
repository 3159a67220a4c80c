import CellgenTestSupport
import Foundation
import Testing

/// Inputs in the hands of the real programs: run by `make test-codes`, which installs them.
@Suite(
  .serialized,
  .enabled(
    if: ProcessInfo.processInfo.environment["CELLGEN_TEST_CODES"] != nil, "run by make test-codes"))
struct CodeTests {
  private static let espresso = "/usr/share/espresso/pseudo"
  private static let abinit = "/usr/share/abinit/psp"

  /// Root folder of the project.
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private func run(_ cellgen: Program, _ words: [String], status: Int32 = 0) throws
    -> Program.Result
  {
    let result = try cellgen.run(words)
    try #require(result.status == status, "\(words): \(result.errors) \(result.output)")
    return result
  }

  private static let small = [
    "--set", "smearing=none", "--relax", "none", "--functional", "LDA", "--kpoints", "2x2x2",
  ]

  @Test(arguments: [
    (
      "qe",
      ["--pseudopotentials", espresso, "--pseudopotential", "O=O.pz-rrkjus.UPF"]
    ),
    (
      "abinit",
      ["--pseudopotentials", abinit, "--pseudopotential", "Mg=12mg.2.hgh,O=8o.6.hgh"]
    ),
    ("cp2k", ["--set", "tags.cp2k.FORCE_EVAL/DFT/MGRID/CUTOFF=200"]),
    ("lammps", []),
  ])
  func `inputs of MgO run unchanged, and give an energy`(_ code: String, _ words: [String]) throws {
    try Program.inFolder { cellgen in
      _ = try run(cellgen, ["prototype", "rocksalt", "--out", "host", "--quiet"])
      _ = try run(
        cellgen,
        ["input", code, "host/host.extxyz", "--out", "dft"] + words
          + (code == "lammps" ? [] : Self.small))
      _ = try run(cellgen, ["lint", "dft"])
      _ = try run(cellgen, ["submit", "dft", "--scheduler", "local", "--retries", "0", "--quiet"])
      _ = try run(cellgen, ["collect", "dft"])
      let rows = try cellgen.read("collect/energies.csv").split(separator: "\n")
      #expect(rows.count == 2 && rows[1].hasPrefix("host,Mg4O4,8,-"))
      let relaxed = try cellgen.read("collect/structures/host.extxyz")
      #expect(relaxed.contains("4a") && relaxed.contains("4b"))
    }
  }

  @Test func `codes read inputs of Mg, Zn, Mn and O with spin and U up to what they lack`() throws {
    try Program.inFolder { cellgen in
      _ = try run(
        cellgen, ["spinel", "--A", "Mg", "--B", "Mn", "--quiet", "--out", "host"])
      _ = try run(
        cellgen,
        ["supercell", "host/host.extxyz", "--primitive", "--out", "mg.extxyz", "--quiet"])
      _ = try run(
        cellgen,
        [
          "substitute", "mg.extxyz", "--from", "Mg", "--to", "Zn", "--count", "1", "--seed", "1",
          "--out", "cell.extxyz",
        ])
      let few = ["--relax", "none", "--kpoints", "gamma", "--set", "electronic_steps=2"]
      // Two electronic steps show that CP2K takes kinds, moments, U and pseudopotentials.
      _ = try run(
        cellgen,
        [
          "input", "cp2k", "cell.extxyz", "--preset", "nakahara2025", "--out", "cp2k", "--set",
          "tags.cp2k.FORCE_EVAL/DFT/MGRID/CUTOFF=150",
        ] + few)
      _ = try cellgen.run(["submit", "cp2k", "--scheduler", "local", "--retries", "0", "--quiet"])
      let printed = try cellgen.read("cp2k/cell/cp2k.out")
      #expect(printed.contains("Total energy") || printed.contains("SCF run NOT converged"))
      // All four elements have pseudopotentials of the local density in ABINIT.
      _ = try run(
        cellgen,
        [
          "input", "abinit", "cell.extxyz", "--functional", "LDA", "--u", "Mn=0", "--cutoff", "200",
          "--pseudopotentials", Self.abinit, "--pseudopotential",
          "Mg=12mg.2.hgh,Zn=30zn.2.hgh,Mn=25mn.7.hgh,O=8o.6.hgh", "--out", "abinit",
        ] + few)
      _ = try cellgen.run(["submit", "abinit", "--scheduler", "local", "--retries", "0", "--quiet"])
      #expect(try cellgen.read("abinit/cell/abinit.out").contains("ETOT  1"))
      // Quantum ESPRESSO comes without Zn and Mn: it reads everything before it asks for them.
      _ = try run(
        cellgen,
        [
          "input", "qe", "cell.extxyz", "--preset", "nakahara2025", "--set",
          "tags.qe.hubbard_syntax=namelist", "--pseudopotential",
          "Mg=Mg.UPF,Zn=Zn.UPF,Mn=Mn.UPF,O=O.UPF", "--out", "qe",
        ] + few)
      _ = try cellgen.run(["submit", "qe", "--scheduler", "local", "--retries", "0", "--quiet"])
      let complaint = try cellgen.read("qe/cell/pw.out") + cellgen.read("qe/cell/CRASH")
      #expect(complaint.contains("readpp") && complaint.contains("UPF"), "\(complaint.suffix(600))")
    }
  }

  @Test func `pymatgen and ASE read VASP sets as they were written`() throws {
    let python = Self.root.appending(path: ".venv-codes/bin/python").path()
    try #require(
      FileManager.default.isExecutableFile(atPath: python), "Scripts/setup-codes.sh makes it")
    try Program.inFolder { cellgen in
      _ = try run(cellgen, ["spinel", "--A", "Zn", "--B", "Mn", "--quiet", "--out", "spinel"])
      _ = try run(cellgen, ["prototype", "v2o5-alpha", "--quiet", "--out", "v2o5"])
      _ = try run(cellgen, ["prototype", "mgcl2", "--quiet", "--out", "mgcl2"])
      for (structure, preset) in [
        ("spinel", "materials-project-like"), ("spinel", "nakahara2025"), ("v2o5", "choyal2025"),
        ("mgcl2", "yang2024"), ("mgcl2", "kawaguchi2025"),
      ] {
        let folder = "\(structure)-\(preset)"
        _ = try run(
          cellgen,
          [
            "input", "vasp", "\(structure)/host.extxyz", "--preset", preset, "--out", folder,
            "--quiet",
          ])
        let result = try cellgen.paste(
          "\(python) \(Self.root.path())/Scripts/check-vasp-sets.py \(folder)/host")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("1 sets are read back as they were written"))
      }
    }
  }

  @Test func `MgO goes through two codes to hulls and voltages`() throws {
    try Program.inFolder { cellgen in
      let study = Self.root.appending(path: "Examples/mgo-dft/study.yaml").path()
      _ = try run(cellgen, ["study", study, "--quiet"])
      for code in ["qe", "cp2k"] {
        let rows = try cellgen.read("study/\(code)-hull/voltages.csv").split(separator: "\n")
        try #require(rows.count == 2)
        let numbers = rows[1].split(separator: ",").compactMap { Double($0) }
        // 2.95 V from the free energy of formation; the two codes have different pseudopotentials.
        #expect(numbers.contains { $0 > 2.8 && $0 < 3.3 }, "\(rows)")
      }
    }
  }
}
