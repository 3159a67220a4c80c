import CellgenTestSupport
import Foundation
import Testing

/// `--energy`, `--engine` and their companions in `ga`, `rank` and `anneal`.
@Suite struct EvaluationCommandTests {
  private static let verbs = ["ga", "rank", "anneal"]

  @Test(
    "wrong options exit with 64",
    arguments: [
      (["--engine", "asee:emt"], "did you mean ase:?"),
      (["--engine", "emt"], "\"emt\" is no engine"),
      (["--engine", "lammps:0"], "expected 1 to 1024 processes"),
      (["--engine", "command:run {in}"], "no {out}"),
      (["--engine", "ase:emt", "--clients", "0"], "0 clients, expected 1 to 1024"),
      (["--engine", "ase:emt", "--engine-time-limit=-1"], "time limit"),
      (["--clients", "2"], "--engine-attempts need --engine"),
      (["--energy", "latice"], "did you mean lattice?"),
      (["--energy", "lattice", "--engine", "ase:emt"], "give either --energy or --engine"),
      (["--relax", "ions"], "need --energy or --engine"),
      (["--energy", "lattice", "--relax", "all"], "all"),
      (["--energy", "ewald", "--relax", "ions"], "point charges alone have no minimum"),
      (["--energy", "lattice", "--force-tolerance", "0.1"], "needs --relax ions"),
      (["--energy", "lattice", "--relax", "none", "--relax-steps", "9"], "needs --relax ions"),
      (
        ["--energy", "lattice", "--relax", "ions", "--stress-tolerance", "1"],
        "--stress-tolerance needs --relax cell"
      ),
      (
        ["--energy", "lattice", "--relax", "ions", "--force-tolerance", "0"],
        "--force-tolerance: 0.0, expected"
      ),
      (
        ["--energy", "lattice", "--relax", "cell", "--stress-tolerance", "nan"],
        "--stress-tolerance"
      ),
      (
        ["--energy", "lattice", "--relax", "ions", "--relax-steps", "0"],
        "--relax-steps: 0, expected 1 to 1000000"
      ),
    ])
  func usage(options: [String], message: String) throws {
    try Program.inFolder { cellgen in
      try cellgen.write(tetrahedra(), to: "p.yaml")
      for verb in EvaluationCommandTests.verbs {
        try cellgen.expectRefusal([verb, "p.yaml"] + options, status: 64, saying: message)
      }
    }
  }

  @Test(
    "wrong options of one search alone exit with 64",
    arguments: [
      ("ga", ["--energy", "lattice", "--prescreen", "0"], "--prescreen is 0, expected 1 to 1000"),
      ("ga", ["--energy", "lattice", "--prescreen=-3"], "--prescreen is -3"),
      ("ga", ["--prescreen", "4"], "--prescreen needs --energy or --engine"),
      ("ga", ["--learn"], "--learn needs --energy or --engine"),
      ("ga", ["--energy", "lattice", "--learn", "--prescreen", "1"], "a --prescreen of 2 or more"),
      ("ga", ["--energy", "lattice", "--refine", "2"], "--refine moves species at the lattice"),
      ("anneal", ["--energy", "lattice", "--objective", "sqs"], "--energy"),
      ("anneal", ["--energy", "lattice", "--chemical-potential", "Mg=0"], "--energy"),
    ])
  func ownUsage(verb: String, options: [String], message: String) throws {
    try Program.inFolder { cellgen in
      try cellgen.write(tetrahedra(), to: "p.yaml")
      try cellgen.expectRefusal([verb, "p.yaml"] + options, status: 64, saying: message)
    }
  }

  @Test("a model without parameters for the atoms is refused before anything is written")
  func parameters() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(tetrahedra(), to: "p.yaml")
      for verb in EvaluationCommandTests.verbs {
        try cellgen.expectRefusal(
          [verb, "p.yaml", "--energy", "bks"], status: 1, saying: "bks")
      }
    }
  }

  /// Energies that tell arrangements apart. A line in `calls` counts every structure whose energy was
  /// given; where there is a file `stop`, the second interrupts the program whose number is in `pid`.
  private static let engine = """
    if [ -e stop ] && [ "$(wc -l < calls)" -eq 1 ]; then
      rm stop
      kill -INT "$(cat pid)"
      sleep 30
    fi
    awk 'NR > 2 { if ($1 == "Mg") e += $2 * $3 + $4; f = f (n++ ? "," : "") "[0,0,0]" }
      END { printf "{\\"energy_eV\\": %.6f, \\"forces_eV_A\\": [%s]}", -0.01 * e, f }' "$1" > "$2"
    echo call >> calls

    """

  private static let searches: [(verb: String, options: String, files: [String])] = [
    (
      "ga", "--generations 3 --population 6 --seed 5 --prescreen 2",
      ["energies.csv", "history.csv", "occupancy.csv", "structures/001.extxyz"]
    ), ("rank", "--top 4", ["energies.csv", "evaluated.csv", "ranking.csv"]),
    (
      "anneal", "--temperatures 2000,20000 --rounds 20 --equilibration 5 --seed 1",
      ["energies.csv", "evaluated.csv", "thermodynamics.csv"]
    ),
  ]

  private func calls(_ cellgen: Program) throws -> Int {
    try cellgen.read("calls").split(separator: "\n").count
  }

  @Test(
    "a search that was interrupted goes on to the same bytes and evaluates nothing twice",
    arguments: searches.indices)
  func resume(index: Int) throws {
    let search = EvaluationCommandTests.searches[index]
    try Program.inFolder { cellgen in
      try cellgen.write(tetrahedra(), to: "p.yaml")
      try cellgen.write(EvaluationCommandTests.engine, to: "engine.sh")
      let words =
        [search.verb, "p.yaml", "--engine", "command:sh engine.sh {in} {out}", "--threads", "1"]
        + search.options.split(separator: " ").map(String.init)
      try cellgen.write("", to: "calls")
      let whole = try cellgen.run(words + ["--out", "whole", "--json"])
      #expect(whole.status == 0, "\(whole.errors)")
      let key = search.verb == "ga" ? "structures" : "evaluated"
      let evaluated = try #require(try whole.json[key] as? [String: Any])
      let count = try calls(cellgen)
      #expect((2...4).contains(count), "four arrangements are distinct")
      #expect(evaluated["evaluated"] as? Int == count, "\(evaluated)")

      try cellgen.write("", to: "calls")
      try cellgen.write("", to: "stop")
      let quoted = words.map { "'\($0)'" }.joined(separator: " ")
      try cellgen.write(
        "echo $$ > pid\nexec \"$1\" \(quoted) --out part\n", to: "interrupted.sh")
      let stopped = try cellgen.runScript(cellgen.folder.appending(path: "interrupted.sh"))
      #expect(stopped.status == 130, "\(stopped.errors)")
      #expect(stopped.errors.contains("go on with: cellgen \(search.verb) --resume part"))
      #expect(try calls(cellgen) == 1)
      try cellgen.expectRefusal(
        [search.verb, "--resume", "part", "--energy", "lattice"], status: 64,
        saying: "--resume takes all settings from the folder")
      let resumed = try cellgen(search.verb, "--resume", "part", "--threads", "1")
      #expect(resumed.status == 0, "\(resumed.errors)")
      #expect(try calls(cellgen) == count)
      for name in search.files {
        #expect(try cellgen.read("whole/\(name)") == cellgen.read("part/\(name)"), "\(name)")
      }
    }
  }

  @Test("a program that gives no forces cannot relax")
  func noForces() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(tetrahedra(), to: "p.yaml")
      try cellgen.write("echo '{\"energy_eV\": 1}' > \"$2\"\n", to: "bare.sh")
      let result = try cellgen(
        "ga", "p.yaml", "--engine", "command:sh bare.sh {in} {out}", "--engine-attempts", "1",
        "--relax", "ions", "--generations", "1")
      #expect(result.status == 1)
      #expect(result.errors.contains("forces_eV_A"), "\(result.errors)")
      #expect(!cellgen.files.contains("ga/summary.json"))
    }
  }

  @Test("a model is learned from relaxed energies")
  func learning() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(tetrahedra(), to: "p.yaml")
      let result = try cellgen(
        "ga", "p.yaml", "--energy", "lattice", "--relax", "ions", "--learn", "--generations", "2",
        "--population", "4", "--elites", "1", "--seed", "2", "--json")
      #expect(result.status == 0, "\(result.errors)")
      let evaluated = try #require(try result.json["structures"] as? [String: Any])
      #expect(evaluated["relaxing"] as? String == "ions")
      let history = try cellgen.read("ga/history.csv").split(separator: "\n")
      #expect(history.count > 1 && history[0].contains("cross_validated_error_meV_per_atom"))
    }
  }
}
