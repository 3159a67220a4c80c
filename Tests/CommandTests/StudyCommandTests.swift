import CellgenTestSupport
import Foundation
import Testing

@Suite struct StudyCommandTests {
  private static let study = """
    title: Arrangements of Mg in a spinel
    values: {cell: 1x1x1}
    files:
      problem.yaml: |
        parent: spinel/host.extxyz
        allowed: {8a: [Mg, Va]}
        counts: {8a: {Mg: 4}}
        oxidation: {Mg: 2, O: -2, Mn: auto}
    steps:
      - run: spinel --A Mg --B Mn --supercell {cell} --out spinel
      - run: rank problem.yaml --top {top} --out rank-{top}
        for: {top: [1, 2]}
        needs: [spinel]
    """

  /// Whether each step of a study was skipped.
  private func skipped(_ result: Program.Result) throws -> [Bool] {
    let steps = try #require(try result.json["steps"] as? [[String: Any]])
    return steps.compactMap { $0["skipped"] as? Bool }
  }

  @Test func `help is as it was read`() throws {
    try Program.inFolder { cellgen in
      try expectGolden(cellgen("study", "--help").output, "study-help.txt", in: dataFolder())
    }
  }

  @Test func `steps run once, and again when what they read has changed`() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(Self.study, to: "study.yaml")
      let first = try cellgen("study", "study.yaml", "--json")
      try #require(first.status == 0, "\(first.errors)")
      #expect(try skipped(first) == [false, false, false])
      let energies = try cellgen.read("study/rank-2/energies.csv")
      #expect(energies.split(separator: "\n").count == 3)
      #expect(try skipped(cellgen("study", "study.yaml", "--json")) == [true, true, true])

      // A result that is gone is made again; what reads it finds the same contents.
      try FileManager.default.removeItem(at: cellgen.folder.appending(path: "study/spinel"))
      #expect(try skipped(cellgen("study", "study.yaml", "--json")) == [false, true, true])

      // Another problem leaves the host alone.
      try cellgen.write(
        Self.study.replacingOccurrences(of: "Mg: 4", with: "Mg: 2"), to: "study.yaml")
      let dry = try cellgen("study", "study.yaml", "--dry-run")
      #expect(dry.output.hasPrefix("skip  cellgen spinel"))
      #expect(dry.output.contains("problem.yaml has changed"))
      #expect(try skipped(cellgen("study", "study.yaml", "--json")) == [true, false, false])
      #expect(try cellgen.read("study/rank-2/energies.csv") != energies)

      // Another command is another step.
      try cellgen.write(
        Self.study.replacingOccurrences(of: "[1, 2]", with: "[2, 3]")
          .replacingOccurrences(of: "Mg: 4", with: "Mg: 2"), to: "study.yaml")
      #expect(try skipped(cellgen("study", "study.yaml", "--json")) == [true, true, false])
    }
  }

  @Test func `a study goes on after a step that failed`() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(
        """
        steps:
          - run: prototype rocksalt --out host
          - run: supercell host/host.extxyz --supercell 2x2x2 --out cell/big.extxyz
          - run: energy nothing.extxyz --out energy
        """, to: "study.yaml")
      let first = try cellgen("study", "study.yaml")
      #expect(first.status != 0 && first.status != 2, "\(first.errors)")
      #expect(first.errors.contains("the same command goes on from here"), "\(first.errors)")
      let again = try cellgen("study", "study.yaml", "--json")
      #expect(try skipped(again).first == true)
    }
  }

  @Test func `a search that was killed goes on where it was`() throws {
    try Program.inFolder { cellgen in
      let text = """
        files:
          problem.yaml: |
            parent: spinel/host.extxyz
            allowed: {8a: [Mg, Va]}
            counts: {8a: {Mg: 32}}
            oxidation: {Mg: 2, O: -2, Mn: auto}
        steps:
          - run: spinel --A Mg --B Mn --supercell 2x2x2 --out spinel
          - run: ga problem.yaml --generations 40 --seed 7 --out ga
            needs: [spinel]
        """
      try cellgen.write(text, to: "study.yaml")
      let whole = try cellgen("study", "study.yaml", "--out", "whole")
      try #require(whole.status == 0, "\(whole.errors)")
      // The same study with a state as a kill leaves it: the search begun and half way.
      let part = try cellgen("study", "study.yaml", "--out", "part")
      try #require(part.status == 0)
      let state = try cellgen.read("part/study.json")
      let ga = try #require(state.range(of: "\"cellgen ga"))
      let broken =
        state[..<ga.lowerBound]
        + state[ga.lowerBound...].replacing(
          "\"isFinished\" : true", with: "\"isFinished\" : false", maxReplacements: 1)
      try cellgen.write(String(broken), to: "part/study.json")
      let resumed = try cellgen("study", "study.yaml", "--out", "part", "--json")
      #expect(try skipped(resumed) == [true, false], "\(resumed.errors)")
      #expect(try cellgen.read("part/ga/energies.csv") == cellgen.read("whole/ga/energies.csv"))
    }
  }

  @Test(arguments: [
    ("title: x\n", "no steps"),
    ("steps: [{run: spinel}]\n", "the step does not say where its results go"),
    ("steps: [{run: spinel --out ../x}]\n", "leads out of the folder of the study"),
    ("steps: [{run: spinel --out /tmp/x}]\n", "leads out of the folder of the study"),
    ("steps: [{run: spinel --out a --force}]\n", "--force in a step"),
    ("steps: [{run: 'spinel --out \"a'}]\n", "a quote is not closed"),
    ("steps: [{run: 'spinel --out {name}'}]\n", "no value for {name}"),
    ("steps: [{run: spinel --out a}, {run: rocksalt --out a}]\n", "two steps write a"),
    ("steps: [{go: spinel}]\n", "unknown key \"go\""),
    ("steps: [{run: study x.yaml --out a}]\n", "a study cannot run cellgen study"),
    ("files: [../secret]\nsteps: [{run: spinel --out a}]\n", "leads out of the folder"),
    ("files: [missing.yaml]\nsteps: [{run: spinel --out a}]\n", "there is no such file"),
    ("steps: [{run: spinel --out a, for: {x: [1], y: [2]}}]\n", "2 names, expected one"),
    ("steps: [{run: rank p.yaml --out a, needs: [gone]}]\n", "gone is not there"),
    ("steps: [\n", "this is not YAML"),
  ])
  func `mistakes are told before anything runs`(_ text: String, _ message: String) throws {
    try Program.inFolder { cellgen in
      try cellgen.write(text, to: "study.yaml")
      let result = try cellgen("study", "study.yaml")
      #expect(result.status == 1)
      #expect(result.errors.contains(message), "\(result.errors)")
      #expect(
        !FileManager.default.fileExists(atPath: cellgen.folder.appending(path: "study/a").path()))
    }
  }

  @Test func `a folder of something else is left alone`() throws {
    try Program.inFolder { cellgen in
      try cellgen.write(Self.study, to: "study.yaml")
      try cellgen.write("mine", to: "study/notes.txt")
      let result = try cellgen("study", "study.yaml")
      #expect(result.status == 1 && result.errors.contains("the folder exists and is not empty"))
      #expect(cellgen.files == ["study.yaml", "study/notes.txt"])
    }
  }
}
