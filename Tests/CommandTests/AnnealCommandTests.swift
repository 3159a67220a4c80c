import CellgenTestSupport
import Foundation
import Testing

@Suite struct AnnealCommandTests {
  private static let problem = """
    lattice: 8.5
    spacegroup: Fd-3m
    origin: 2
    sites:
      - {label: 8a,  frac: [0.125, 0.125, 0.125], allowed: [Mg, Va]}
      - {label: 16d, frac: [0.5, 0.5, 0.5], allowed: [Mn]}
      - {label: 32e, frac: [0.2625, 0.2625, 0.2625], allowed: [O]}
    counts: {8a: {Mg: 4}}
    oxidation: {Mg: 2, O: -2, Mn: integer}
    energy: ewald

    """

  private static let short = ["--rounds", "30", "--equilibration", "10", "--seed", "4"]

  private static let files = [
    "energies.csv", "figures/energy.svg", "figures/heat_capacity.svg", "figures/occupancy.svg",
    "figures/short_range_order.svg", "manifest.json", "occupancy.csv", "problem.yaml",
    "report.html", "short_range_order.csv", "state.json", "structures/001.cif",
    "structures/001.extxyz", "structures/001.vasp", "summary.json", "thermodynamics.csv",
  ]

  @Test("--json prints the keys of the contract and nothing else")
  func json() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(AnnealCommandTests.problem, to: "p.yaml")
      let result = try cellgen.run(
        ["anneal", "p.yaml", "--temperatures", "20000,60000", "--json", "--top", "1"]
          + AnnealCommandTests.short)
      #expect(result.status == 0)
      #expect(result.errors.contains("Seed 4."))
      #expect(cellgen.files == (AnnealCommandTests.files.map { "anneal/\($0)" } + ["p.yaml"]))
      let json = try result.json
      #expect(json["cellgen"] as? String == "0.1.0")
      #expect(json["seed"] as? Int == 4)
      for key in ["evaluations", "duplicates", "rounds"] { #expect(json[key] is Int, "\(key)") }
      #expect(json["wall_s"] is Double)
      let best = try #require(json["best"] as? [String: Any])
      #expect(best["structure"] as? String == "anneal/structures/001.extxyz")
      let (energy, perAtom) = (best["energy_eV"] as? Double, best["energy_eV_per_atom"] as? Double)
      #expect(((energy ?? 0) / 52 - (perAtom ?? 1)).magnitude < 1e-9)
      let occupancy = try #require(json["occupancy"] as? [String: [String: Double]])
      #expect(occupancy["8a"] == ["Mg": 0.5, "Mn": 0, "Va": 0.5])
      let temperatures = try #require(json["temperatures"] as? [[String: Any]])
      #expect(temperatures.map { $0["temperature_K"] as? Double } == [20000, 60000])
      for entry in temperatures {
        for key in ["energy_eV", "energy_eV_per_atom", "heat_capacity_eV_per_K"] {
          let estimate = try #require(entry[key] as? [String: Any], "\(key)")
          #expect(estimate["mean"] is Double && estimate["error"] is Double, "\(key)")
        }
        let sites = entry["occupancy"] as? [String: [String: [String: Any]]]
        #expect((sites?["8a"]?["Mg"]?["mean"] as? Double ?? 0) == 0.5)
        let states = entry["charge_states"] as? [String: [String: [String: Any]]]
        #expect((states?["16d"]?["Mn3+"]?["mean"] as? Double ?? 0) == 0.5)
        let shells = try #require(entry["short_range_order"] as? [[String: Any]])
        #expect(shells.first?["sites"] as? String == "8a-8a")
        #expect((shells.first?["alpha"] as? [String: Any])?["Mg-Va"] is [String: Any])
      }
      // The file says the same without the folder and the time.
      let summary = try JSONSerialization.jsonObject(
        with: Data(cellgen.read("anneal/summary.json").utf8))
      var expected = json
      expected["wall_s"] = nil
      let text = { (value: Any) in
        String(
          decoding: try JSONSerialization.data(withJSONObject: value, options: .sortedKeys),
          as: UTF8.self)
      }
      #expect(
        try text(summary) == text(expected).replacing("anneal\\/structures", with: "structures"))
    }
  }

  @Test("sqs prints targets and order of every shell")
  func quasirandom() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(AnnealCommandTests.problem, to: "p.yaml")
      let result = try cellgen(
        "anneal", "p.yaml", "--objective", "sqs", "--target", "-0.2", "--shells", "1", "--rounds",
        "20", "--json", "--quiet", "--out", "q")
      #expect(result.status == 0 && result.errors.isEmpty)
      let json = try result.json
      #expect(json["seed"] is Int)
      let shells = try #require(json["shells"] as? [[String: Any]])
      #expect(shells.allSatisfy { $0["target"] as? Double == -0.2 })
      #expect((shells.first?["alpha"] as? [String: Double])?["Mg-Va"] != nil)
      #expect((json["best"] as? [String: Any])?["objective"] is Double)
      #expect(try cellgen.read("q/sqs.csv").hasPrefix("rank,shell,distance_A,sites,pair,target"))
    }
  }

  @Test("chemical potentials change the composition, and the tables say so")
  func open() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(AnnealCommandTests.problem, to: "p.yaml")
      let result = try cellgen.run(
        [
          "anneal", "p.yaml", "--temperatures", "20000,40000", "--chemical-potential", "Mg=35.5",
        ] + AnnealCommandTests.short)
      #expect(result.status == 0)
      #expect(result.output.contains("Mean number of atoms on the active sites"))
      #expect(result.output.contains("inserted (%)"))
      let rows = try cellgen.read("anneal/energies.csv").split(separator: "\n").dropFirst()
      #expect(Set(rows.map { $0.split(separator: ",")[1] }).count > 1)
      let empty = try cellgen.run(
        [
          "anneal", "p.yaml", "--chemical-potential", "Mg=-5", "--out", "b", "--temperatures",
          "900",
        ]
          + AnnealCommandTests.short)
      #expect(empty.errors.contains("the number of Mg is 0.00 at every temperature: raise"))
    }
  }

  @Test("a finished run goes on with more rounds, and only with those")
  func resume() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(AnnealCommandTests.problem, to: "p.yaml")
      let arguments = ["anneal", "p.yaml", "--temperatures", "20000,60000"]
      #expect(try cellgen.run(arguments + AnnealCommandTests.short).status == 0)
      try cellgen.expectRefusal(
        arguments + AnnealCommandTests.short, status: 1, saying: "go on with --resume anneal")
      let longer = try cellgen("anneal", "--resume", "anneal", "--rounds", "60")
      #expect(longer.status == 0)
      #expect(
        try cellgen.run(
          arguments + ["--rounds", "60", "--equilibration", "10", "--seed", "4", "--out", "b"]
        ).status == 0)
      for name in AnnealCommandTests.files where name != "manifest.json" {
        #expect(try cellgen.read("anneal/\(name)") == cellgen.read("b/\(name)"), "\(name)")
      }
      for other in [
        ["p.yaml"], ["--seed", "1"], ["--temperatures", "300"], ["--sweeps", "5"],
        ["--chemical-potential", "Mg=1"], ["--objective", "sqs"], ["--force"], ["--out", "c"],
        ["--model", "ewald"], ["--top", "3"], ["--shells", "2"], ["--equilibration", "1"],
      ] {
        try cellgen.expectRefusal(
          ["anneal", "--resume", "anneal"] + other, status: 64,
          saying: "--resume takes all settings")
      }
      try cellgen.expectRefusal(
        ["anneal", "--resume", "anneal", "--rounds", "5"], status: 1, saying: "has done 60 already")
      try cellgen.expectRefusal(
        ["anneal", "--resume", "nowhere"], status: 1, saying: "no such folder")
    }
  }

  @Test(
    "wrong options exit with 64 and write nothing",
    arguments: [
      (["--temperatures", "0"], "expected a temperature"),
      (["--temperatures", "-300,300"], "expected a temperature"),
      (["--temperatures", "300,abc"], "\"abc\" is not a number"),
      (["--temperatures", "nan"], "\"nan\" is not a number"),
      (["--temperatures", "600,300"], "expected ascending"),
      (["--temperatures", "300,300"], "given twice"),
      (["--lowest", "-1"], "expected a temperature"), (["--lowest", "nan"], "expected"),
      (["--lowest", "900", "--highest", "300"], "exchange them"),
      (["--temperatures", "300", "--replicas", "4"], "leave out --lowest"),
      (["--replicas", "0"], "expected 1 to 1000"), (["--rounds", "0"], "--rounds: 0"),
      (["--rounds", "-5"], "--rounds: -5"), (["--sweeps", "0"], "--sweeps: 0"),
      (["--equilibration", "-1"], "--equilibration: -1"), (["--top", "0"], "--top: 0"),
      (["--shells", "-1"], "--shells: -1"), (["--threads", "0"], "expected 1 to 1024"),
      (["--chemical-potential", "Qq=1"], "there is no element \"Qq\""),
      (["--chemical-potential", "Mg"], "such as Mg=-5.0"),
      (["--chemical-potential", "Mg=1,Mg=2"], "Mg is given twice"),
      (["--target", "0"], "add --objective sqs"),
      (["--objective", "sqs", "--target", "2"], "expected a number up to 1"),
      (["--objective", "sqs", "--temperatures", "300"], "have no temperature"),
      (["--objective", "sqx"], "'energy' and 'sqs'"),
    ])
  func wrongUsage(options: [String], message: String) throws {
    try Program.inFolder { cellgen in
      try cellgen.write(AnnealCommandTests.problem, to: "p.yaml")
      try cellgen.expectRefusal(["anneal", "p.yaml"] + options, status: 64, saying: message)
    }
  }

  @Test(
    "problems that do not fit exit with 1 and write nothing",
    arguments: [
      (["--chemical-potential", "Zn=1"], "p.yaml", "Zn is not arranged on any site"),
      (["--objective", "sqs", "--target", "0,0"], "p.yaml", "2 numbers for 9 shells"),
      ([], "ranges.yaml", "the numbers are ranges"), ([], "none.yaml", "no such file"),
    ])
  func wrongProblems(options: [String], file: String, message: String) throws {
    try Program.inFolder { cellgen in
      try cellgen.write(AnnealCommandTests.problem, to: "p.yaml")
      try cellgen.write(
        AnnealCommandTests.problem.replacing("Mg: 4}", with: "Mg: 0..8}"), to: "ranges.yaml")
      try cellgen.expectRefusal(["anneal", file] + options, status: 1, saying: message)
    }
  }

  @Test("the help is the stored one, and its examples work as they stand")
  func help() throws {
    try Program.inFolder { cellgen in
      let help = try cellgen("anneal", "--help")
      try expectGolden(help.output, "anneal-help.txt", in: dataFolder())
      var examples = help.output.split(separator: "\n").filter { $0.hasPrefix("  cellgen ") }
      #expect(examples.count == 7)
      // The built-in problem has a test of its own.
      examples.removeFirst()
      for example in examples {
        let words = example.split(separator: " ").dropFirst().map(String.init)
        let quick = words.contains("--resume") || words[0] != "anneal" || words.contains("--rounds")
        let result = try cellgen.run(words + (quick ? [] : ["--rounds", "20"]))
        #expect(result.status == 0, "\(example): \(result.errors)")
      }
    }
  }

  @Test("without a problem file the built-in problem is said to be used")
  func builtIn() throws {
    try Program.inFolder { cellgen in
      let result = try cellgen(
        "anneal", "--rounds", "2", "--equilibration", "1", "--sweeps", "1", "--temperatures",
        "5000,20000", "--seed", "1", "--top", "1")
      #expect(result.status == 0)
      let first = try #require(result.errors.split(separator: "\n").first)
      #expect(first.contains("built-in problem"))
      #expect(result.errors.contains("Mg144Mn288Zn288O864: 1080 active sites"))
      #expect(result.errors.contains("the run is too short for the errors of energy"))
    }
  }

  @Test("the example of site occupancies: Zn leaves 8a as it gets hot")
  func example() throws {
    try Program.inFolder { cellgen in
      let root = dataFolder().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
      let result = try cellgen(
        "anneal", root.appending(path: "Examples/site-occupancy/problem.yaml").path(), "--lowest",
        "300", "--seed", "1", "--json", "--rounds", "500")
      let temperatures = try #require(try result.json["temperatures"] as? [[String: Any]])
      let fractions = temperatures.compactMap { entry in
        (entry["occupancy"] as? [String: [String: [String: Any]]])?["8a"]?["Zn"]?["mean"] as? Double
      }
      #expect(fractions.count == temperatures.count)
      #expect((fractions.first ?? 0) > 0.99 && (fractions.last ?? 1) < 0.6)
      #expect(zip(fractions, fractions.dropFirst()).allSatisfy { $0 > $1 - 0.02 })

      let folder = root.appending(path: "Examples/site-occupancy").path()
      let arguments = ["--objective", "sqs", "--shells", "1", "--rounds", "20", "--seed", "1"]
      let random = try cellgen.run(
        ["anneal", "\(folder)/disordered.yaml", "--out", "sqs"] + arguments)
      #expect(random.status == 0 && !random.errors.contains("out of reach"))
      let mixed = try cellgen.run(["anneal", "\(folder)/problem.yaml", "--out", "m"] + arguments)
      #expect(mixed.errors.contains("16d, 8a share numbers of species that not all of them allow"))
    }
  }
}
