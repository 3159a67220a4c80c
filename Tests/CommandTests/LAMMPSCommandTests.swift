import CellgenTestSupport
import Foundation
import Testing

/// `--engine lammps` in the commands that take a model.
@Suite(.serialized) struct LAMMPSCommandTests {
  /// Whether the program is where the tests look for programs.
  private static let isInstalled = FileManager.default.isExecutableFile(atPath: "/usr/bin/lmp")

  @Test(
    "energies with LAMMPS are those of the built-in model",
    .enabled(if: isInstalled, "needs LAMMPS"))
  func energy() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(RelaxCommandTests.magnesia, to: "m.extxyz")
      #expect(try cellgen("supercell", "m.extxyz", "2x2x2", "--out", "big.extxyz").status == 0)
      #expect(
        try cellgen(
          "rattle", "big.extxyz", "--deviation", "0.05", "--seed", "1", "--out", "warm.extxyz"
        ).status == 0)
      func perAtom(_ file: String, _ model: String, _ options: [String]) throws -> Double {
        let result = try cellgen.run(["energy", file, "--model", model, "--json"] + options)
        #expect(result.status == 0, "\(result.errors)")
        return try #require(try result.json["energy_eV_per_atom"] as? Double)
      }
      // The distances of a perfect lattice are all the same, and so is what the tables of LAMMPS do to
      // them.
      for (file, model, tolerance) in [
        ("warm.extxyz", "lewis-catlow", 1e-6), ("warm.extxyz", "pedone2006", 3e-6),
        ("m.extxyz", "lewis-catlow", 3e-6), ("m.extxyz", "pedone2006", 3e-6),
      ] {
        let here = try perAtom(file, model, [])
        let there = try perAtom(file, model, ["--engine", "lammps"])
        #expect(abs(here - there) < tolerance, "\(file), \(model): \(here - there)")
      }
    }
  }

  @Test(
    "atoms relax and move with LAMMPS as with the built-in model",
    .enabled(if: isInstalled, "needs LAMMPS"))
  func motion() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(RelaxCommandTests.magnesia, to: "m.extxyz")
      var numbers: [[Double]] = []
      for engine in [[], ["--engine", "lammps"]] {
        let relaxed = try cellgen.run(
          ["relax", "m.extxyz", "--model", "lewis-catlow", "--cell", "isotropic", "--json"]
            + ["--quiet", "--force"] + engine)
        #expect(relaxed.status == 0, "\(relaxed.errors)")
        let moved = try cellgen.run(
          ["md", "m.extxyz", "--model", "lewis-catlow", "--thermostat", "none", "--time", "10fs"]
            + ["--seed", "1", "--quiet", "--force"] + engine)
        #expect(moved.status == 0, "\(moved.errors)")
        let last = try #require(try cellgen.read("md/thermo.csv").split(separator: "\n").last)
        let words = last.split(separator: ",").map { Double($0) ?? .nan }
        numbers.append([try #require(try relaxed.json["energy_eV"] as? Double), words[2], words[3]])
      }
      #expect(abs(numbers[0][0] - numbers[1][0]) < 1e-4, "\(numbers)")
      #expect(abs(numbers[0][1] - numbers[1][1]) < 0.1, "\(numbers)")
      #expect(abs(numbers[0][2] - numbers[1][2]) < 1e-3, "\(numbers)")
    }
  }

  private static let schedule = """
    segments:
      - {name: cool, temperature: [900, 600], time: 40 fs}
      - {name: press, temperature: [600, 300], time: 40 fs, pressure: 0, cell: full}
      - {name: minimise, relax: isotropic, force: 0.5}
    """

  private static let options = [
    "m.extxyz", "--schedule", "s.yaml", "--model", "lewis-catlow", "--cutoff", "6", "--seed", "3",
    "--frames-every", "20", "--log-every", "10",
  ]

  private func prepare(_ cellgen: Program) throws {
    try cellgen.write(RelaxCommandTests.magnesia, to: "cell.extxyz")
    #expect(try cellgen("supercell", "cell.extxyz", "2x2x2", "--out", "m.extxyz").status == 0)
    try cellgen.write(LAMMPSCommandTests.schedule, to: "s.yaml")
  }

  @Test(
    "a melt-quench runs in LAMMPS, and goes on to the same bytes after it was killed",
    .enabled(if: isInstalled, "needs LAMMPS"))
  func meltQuench() throws {
    try Program.inFolder { cellgen in
      try prepare(cellgen)
      let whole = try cellgen.run(
        ["amorphous"] + LAMMPSCommandTests.options + ["--engine", "lammps", "--out", "whole"])
      #expect([0, 2].contains(whole.status), "\(whole.errors)")
      let log = try cellgen.read("whole/thermo.csv").split(separator: "\n")
      #expect(log.count == 1 + 8 && log[8].hasPrefix("press,40,80.0,"))
      #expect(!cellgen.files.contains { $0.hasPrefix("whole/lammps") })
      // The first LAMMPS is the installed one; the second kills the program that started it.
      try cellgen.write(
        """
        #!/bin/sh
        if [ -e ../1-cool.extxyz ]; then
          echo junk > junk
          kill -9 "$(cat ../../pid)"
          exit 1
        fi
        exec /usr/bin/lmp "$@"

        """, to: "fake/lmp")
      let options = LAMMPSCommandTests.options.joined(separator: " ")
      try cellgen.write(
        """
        chmod +x fake/lmp
        echo $$ > pid
        PATH="$PWD/fake:$PATH" exec "$1" amorphous \(options) --engine lammps --out part
        """, to: "killed.sh")
      let killed = try cellgen.runScript(cellgen.folder.appending(path: "killed.sh"))
      #expect(killed.status == 9)
      #expect(
        cellgen.files.contains("part/1-cool.extxyz")
          && !cellgen.files.contains("part/2-press.extxyz"))
      let resumed = try cellgen("amorphous", "--resume", "part")
      #expect(resumed.status == whole.status, "\(resumed.errors)")
      for name in [
        "final.extxyz", "thermo.csv", "trajectory.extxyz", "rdf.csv", "2-press.extxyz",
        "state.json",
      ] { #expect(try cellgen.read("whole/\(name)") == cellgen.read("part/\(name)"), "\(name)") }
    }
  }

  @Test(
    "what goes wrong with LAMMPS is told",
    arguments: [
      (
        "echo 'ERROR: Lost atoms: original 64 current 63 (../thermo.cpp:438)'; exit 1",
        "Lost atoms: original 64 current 63"
      ), ("echo 'ERROR: Lost atoms: 1'; exit 1", "take a shorter time step"),
      ("echo 'ERROR: Unknown pair style (x.cpp:1)'; exit 1", "Unknown pair style"),
      ("kill -SEGV $$", "ended by signal 11"), ("echo no licence; exit 3", "no licence"),
      ("echo '  5 nan nan nan nan 600 nan nan'", "the motion blew up"),
      ("exit 0", "the log of LAMMPS ends after step 0 of 40"),
      ("sleep 60", "LAMMPS wrote nothing for 1 s"), ("", "LAMMPS is not installed"),
    ])
  func errors(program: String, message: String) throws {
    try Program.inFolder { cellgen in
      try prepare(cellgen)
      if !program.isEmpty { try cellgen.write("#!/bin/sh\n\(program)\n", to: "fake/lmp") }
      // Only /bin/sh and what a script needs are found.
      let options = LAMMPSCommandTests.options.joined(separator: " ")
      try cellgen.write(
        """
        mkdir -p fake
        [ -e fake/lmp ] && chmod +x fake/lmp
        ln -s "$(command -v env)" "$(command -v sleep)" fake
        PATH="$PWD/fake" exec "$1" amorphous \(options) --engine lammps --engine-time-limit 1
        """, to: "run.sh")
      let result = try cellgen.runScript(cellgen.folder.appending(path: "run.sh"))
      #expect(result.status == 1 && result.output.isEmpty)
      #expect(result.errors.contains(message), "\(result.errors)")
      #expect(!cellgen.files.contains { $0.hasSuffix("final.extxyz") || $0.contains("1-cool") })
      if !program.isEmpty { #expect(result.errors.contains("in cool"), "\(result.errors)") }
    }
  }
}
