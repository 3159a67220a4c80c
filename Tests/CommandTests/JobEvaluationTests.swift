import CellgenTestSupport
import Foundation
import Testing

/// `--energy jobs:CODE` of the searches.
@Suite(.serialized) struct JobEvaluationTests {
  private static let isInstalled = FileManager.default.isExecutableFile(atPath: "/usr/bin/lmp")

  private static let problem = """
    lattice: [4.2112, 4.2112, 4.2112, 90, 90, 90]
    spacegroup: "Fm-3m"
    sites:
      - {label: 4a, frac: [0, 0, 0], allowed: [Mg, Zn]}
      - {label: 4b, frac: [0.5, 0.5, 0.5], allowed: [O]}
    supercell: 2x1x1
    counts: {4a: {Zn: 2, Mg: 6}}
    oxidation: {Mg: 2, Zn: 2, O: -2}

    """

  private func energies(_ cellgen: Program, _ folder: String) throws -> [String: Double] {
    let rows = try cellgen.read("\(folder)/energies.csv").split(separator: "\n").dropFirst()
    return try Dictionary(
      uniqueKeysWithValues: rows.map { row in
        let fields = row.split(separator: ",")
        return (String(fields[0]), try #require(Double(fields[3])))
      })
  }

  @Test(.enabled(if: isInstalled, "needs LAMMPS"))
  func `jobs with LAMMPS give the energies of the built-in model`() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(Self.problem, to: "p.yaml")
      try cellgen.write(
        "set: {relax: ions, force_tolerance_eV_A: 0.001, steps: 200}\nat_once: 2\n", to: "jobs.yaml"
      )
      let here = try cellgen(
        "rank", "p.yaml", "--top", "4", "--energy", "lattice", "--relax", "ions",
        "--force-tolerance", "0.001", "--out", "here", "--quiet")
      try #require(here.status == 0, "\(here.errors)")
      let there = try cellgen(
        "rank", "p.yaml", "--top", "4", "--energy", "jobs:lammps", "--jobs", "jobs.yaml", "--out",
        "there", "--quiet")
      try #require(there.status == 0, "\(there.errors)")
      let (a, b) = (try energies(cellgen, "here"), try energies(cellgen, "there"))
      #expect(a.count == 4 && Set(a.keys) == Set(b.keys))
      for (id, energy) in a {
        // Both stop below 1 meV/Å, not at the same point.
        #expect(abs(energy - (b[id] ?? .nan)) < 1e-4, "\(id)")
      }
      // The relaxed structures are the same, atom by atom.
      let structures = try ["here", "there"].map { folder in
        try cellgen.read("\(folder)/structures/002-relaxed.extxyz").split(separator: "\n")
          .dropFirst(2).map { line in line.split(separator: " ") }
      }
      for (p, q) in zip(structures[0], structures[1]) {
        #expect(p[0] == q[0])
        for axis in 1...3 {
          let (x, y) = (try #require(Double(p[axis])), try #require(Double(q[axis])))
          #expect(abs(x - y) < 0.01)
        }
      }
    }
  }

  @Test(.enabled(if: isInstalled, "needs LAMMPS"))
  func `a search goes on without calculating anything twice`() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(Self.problem, to: "p.yaml")
      // Every calculation leaves a line.
      try cellgen.write(
        "set: {relax: none}\ncommand: echo x >> ../../../count; lmp -in in.lammps\n",
        to: "jobs.yaml")
      let first = try cellgen(
        "ga", "p.yaml", "--generations", "2", "--seed", "1", "--energy", "jobs:lammps", "--jobs",
        "jobs.yaml", "--out", "ga", "--quiet")
      try #require(first.status == 0, "\(first.errors)")
      let count = try cellgen.read("count").count
      let folders = Set(
        cellgen.files.filter { $0.hasPrefix("ga/calculations/") }
          .map { $0.split(separator: "/")[2] })
      #expect(2 * folders.count == count, "one line for each of \(folders.count) arrangements")
      #expect(folders.count <= 4)
      let more = try cellgen("ga", "--resume", "ga", "--generations", "4", "--quiet")
      #expect(more.status == 0, "\(more.errors)")
      let all = Set(
        cellgen.files.filter { $0.hasPrefix("ga/calculations/") }
          .map { $0.split(separator: "/")[2] })
      #expect(try cellgen.read("count").count == 2 * all.count)
    }
  }

  @Test func `calculations that fail are told, and the search goes on`() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(Self.problem, to: "p.yaml")
      try cellgen.write("set: {relax: none}\ncommand: exit 3\nretries: 0\n", to: "jobs.yaml")
      let result = try cellgen(
        "rank", "p.yaml", "--top", "2", "--energy", "jobs:lammps", "--jobs", "jobs.yaml", "--out",
        "r")
      #expect(result.output.contains("2 FAILED"), "\(result.output) \(result.errors)")
    }
  }

  @Test(arguments: [
    (["--energy", "jobs:qe"], "", "needs --jobs FILE"),
    (["--energy", "jobs:gaussian", "--jobs", "jobs.yaml"], "", "expected jobs:vasp"),
    (["--jobs", "jobs.yaml", "--energy", "lattice"], "", "--jobs needs --energy jobs:CODE"),
    (
      ["--energy", "jobs:lammps", "--jobs", "jobs.yaml", "--relax", "ions"], "",
      "the file of --jobs says what relaxes"
    ),
    (
      ["--energy", "jobs:lammps", "--jobs", "jobs.yaml"], "scheduler: pbs\n",
      "jobs.yaml:1: scheduler: unknown scheduler \"pbs\""
    ),
    (["--energy", "jobs:lammps", "--jobs", "jobs.yaml"], "time: soon\n", "no time"),
    (["--energy", "jobs:lammps", "--jobs", "jobs.yaml"], "at_onc: 3\n", "did you mean at_once?"),
    (
      ["--energy", "jobs:lammps", "--jobs", "jobs.yaml"], "set: {cutof_eV: 3}\n",
      "did you mean cutoff_eV?"
    ),
    (["--energy", "jobs:lammps", "--jobs", "jobs.yaml"], "tasks: 0\n", "--tasks"),
    (
      ["--energy", "jobs:qe", "--jobs", "jobs.yaml"], "preset: yang2024\n",
      "no pseudopotential of Quantum ESPRESSO"
    ),
  ])
  func `what cannot be is told before anything is calculated`(
    _ words: [String], _ jobs: String, _ message: String
  ) throws {
    try Program.inFolder { cellgen in
      try cellgen.write(Self.problem, to: "p.yaml")
      try cellgen.write(jobs.isEmpty ? "set: {relax: none}\n" : jobs, to: "jobs.yaml")
      let result = try cellgen.run(["rank", "p.yaml"] + words)
      #expect(result.status == 64 || result.status == 1)
      #expect(result.errors.contains(message), "\(result.errors)")
      #expect(cellgen.files == ["jobs.yaml", "p.yaml"])
    }
  }
}
