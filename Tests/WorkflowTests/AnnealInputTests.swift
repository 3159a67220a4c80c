import Crystal
import Search
import Testing

@testable import Workflow

@Suite struct AnnealInputTests {
  private func message(_ change: (inout AnnealSpecification) -> Void) -> String {
    var specification = AnnealSpecification(seed: 1)
    change(&specification)
    do {
      try specification.validate()
      return ""
    } catch { return "\(error)" }
  }

  @Test func settingsThatMakeNoSenseAreAllNamed() {
    #expect(message { _ in } == "")
    #expect(
      message { $0.temperatures = [0, -5, .nan] } == """
        --temperatures: 0.0 K, expected a temperature from 0.001 to 1e7 K
        --temperatures: -5.0 K, expected a temperature from 0.001 to 1e7 K
        --temperatures: nan K, expected a temperature from 0.001 to 1e7 K
        """)
    #expect(
      message { $0.temperatures = [600, 300] } == """
        --temperatures: 300.0 K stands after 600.0 K, expected ascending temperatures
        hint: --temperatures 300,600
        """)
    #expect(message { $0.temperatures = [300, 300] }.contains("300.0 K is given twice"))
    #expect(
      message { $0.ladder = .init(lowest: 900, highest: 300) }.contains("--lowest 900.0 K is above")
    )
    #expect(
      message {
        $0.temperatures = [300]
        $0.ladder.count = 4
      }.contains("leave out --lowest"))
    #expect(message { $0.targets = [0] }.contains("add --objective sqs"))
    #expect(
      message {
        $0.objective = .sqs
        $0.temperatures = [300]
      }.contains("have no temperature"))
    #expect(
      message {
        $0.objective = .sqs
        $0.chemicalPotentials = ["Mg": 1]
      }.contains("fixed composition"))
    #expect(
      message {
        $0.objective = .sqs
        $0.targets = [2, .nan]
        $0.weights = [-1]
        $0.shells = 0
      } == """
        --shells: 0, expected 1 to 100
        --target: target 1 is 2.0, expected a number up to 1
        hint: 0 is a random arrangement, negative prefers unlike neighbours
        --target: target 2 is nan, expected a number up to 1
        hint: 0 is a random arrangement, negative prefers unlike neighbours
        --weight: weight 1 is -1.0, expected 0 or a positive number
        """)
    #expect(
      message {
        $0.sweeps = 0
        $0.equilibration = -1
        $0.rounds = 0
        $0.shells = -1
        $0.top = 0
        $0.replicas = 0
        $0.chemicalPotentials = ["Mg": .infinity]
      }.split(separator: "\n").count == 7)
  }

  @Test func textsAreReadOrRefused() throws {
    typealias Specification = AnnealSpecification
    #expect(try Specification.numbers("300, 6e2,1.2D3", of: "--x") == [300, 600, 1200])
    for text in ["", "300,", "a", "nan", "1;2", "1e400", "0x10"] {
      #expect(throws: InputErrors.self, "\(text)") { try Specification.numbers(text, of: "--x") }
    }
    #expect(
      try Specification.chemicalPotentials(["Mg=-5.0", "Zn = 3,Li=0"])
        == ["Mg": -5, "Zn": 3, "Li": 0])
    let errors = #expect(throws: InputErrors.self) {
      try Specification.chemicalPotentials(["Mgg=1", "Mg", "Mg=x", "Mg=1", "Mg=2"])
    }
    #expect(errors?.problems.count == 4)
    #expect("\(errors as Any)".contains("there is no element"))
  }

  @Test(
    "what a problem does not allow is refused before anything is written",
    arguments: [
      ("{Mg: 4}", "{Mg: 0..8}", "the numbers are ranges, expected exact ones"),
      ("{Mg: 4}", "{Mg: 8}", "there is a single arrangement"),
      ("allowed: [Mg, Va]", "allowed: [Mg]", "there is nothing to arrange"),
    ])
  func problems(old: String, new: String, text: String) async throws {
    try await AnnealFixtures.inFolder { folder in
      var problem = AnnealFixtures.spinel.replacing(old, with: new)
      if new.contains("allowed") { problem.replace("counts: {8a: {Mg: 4}}\n", with: "") }
      let specification = try AnnealFixtures.specification(problem, in: folder)
      let error = #expect(throws: (any Error).self) { try AnnealRun(specification) }
      #expect("\(error as Any)".contains(text))
    }
  }

  @Test func chemicalPotentialsAndTargetsThatDoNotFitTheProblem() async throws {
    try await AnnealFixtures.inFolder { folder in
      func message(_ change: (inout AnnealSpecification) -> Void) throws -> String {
        var specification = try AnnealFixtures.specification(AnnealFixtures.spinel, in: folder)
        change(&specification)
        do {
          _ = try AnnealRun(specification)
          return ""
        } catch { return "\(error)" }
      }
      let zinc = try message { $0.chemicalPotentials = ["Zn": 1] }
      #expect(zinc.contains("Zn is not arranged on any site"))
      let magnesium = try message { $0.chemicalPotentials = ["Mg": 1] }
      #expect(magnesium.contains("inserts Mg and keeps the charge"))
      let targets = try message {
        $0.objective = .sqs
        $0.targets = [0, 0, 0]
      }
      #expect(
        targets == """
          --target: 3 numbers for 2 shells
          hint: give one for all, or one for each of: 8a-8a 3.681 Å; 8a-8a 6.010 Å
          """)
    }
  }

  @Test func otherFoldersAreNotResumed() async throws {
    try await AnnealFixtures.inFolder { folder in
      let out = try OutputFolder("\(folder)/out")
      #expect(throws: InputError.self) { try AnnealRun(resuming: out) }
      try out.write("{}", to: OutputFolder.manifestName)
      #expect(throws: InputError.self) { try AnnealRun(resuming: out) }
      let manifest = Manifest(
        cellgen: "0", command: "rank", specification: AnnealSpecification(seed: 1), seed: 1,
        inputs: [:], started: "")
      try out.write(jsonText(manifest), to: OutputFolder.manifestName)
      let error = #expect(throws: InputError.self) { try AnnealRun(resuming: out) }
      #expect(error?.message == "this is the folder of cellgen rank")
    }
  }
}
