import Arrangement
import Crystal
import Testing

@testable import Workflow

@Suite struct ProblemFileTests {
  /// A valid file; each bad case changes one thing in it.
  static let good = """
    lattice: [[8.5, 0, 0], [0, 8.5, 0], [0, 0, 8.5]]
    spacegroup: Fd-3m
    origin: 2
    sites:
      - {label: 8a,  frac: [1/8, 1/8, 1/8], allowed: [Mg, Va]}
      - {label: 16d, frac: [0.5, 0.5, 0.5], allowed: [Mn]}
      - {label: 32e, frac: [0.2625, 0.2625, 0.2625], allowed: [O]}
    supercell: 2x1x1
    composition: Mg0.5Mn2O4
    oxidation: {Mg: 2, O: -2, Mn: auto}
    energy: ewald

    """

  @Test func inlineProblem() throws {
    let file = try ProblemFile(parsing: ProblemFileTests.good, file: "p.yaml")
    #expect(file.energy == .ewald)
    let problem = try ArrangementProblem(file.specification)
    #expect(problem.activeSites.count == 16)
    #expect(problem.composition == (try Composition(parsing: "Mg8Mn32O64")))
    #expect(problem.structure.labels?.filter { $0 == "32e" }.count == 64)
    #expect(abs(problem.ledger.totalCharge) < 1e-9)
  }

  @Test("the built-in problem is the paper's: 1,080 cation sites, 864 O, Mn3+")
  func builtIn() throws {
    let file = try ProblemFile(parsing: BuiltInProblem.text, file: BuiltInProblem.name)
    let problem = try ArrangementProblem(file.specification)
    #expect(problem.activeSites.count == 1080)
    #expect(problem.formulaUnits == 288)
    #expect(problem.atomCount == 1584)
    #expect(problem.ledger.rows.contains { $0.species.description == "Mn3+" && $0.count == 288 })
  }

  @Test("a problem written with all its sites is read back unchanged")
  func inlineText() throws {
    for text in [ProblemFileTests.good, BuiltInProblem.text] {
      let file = try ProblemFile(parsing: text, file: "a")
      let copy = try ProblemFile(parsing: file.inlineText(), file: "b")
      #expect(copy.specification.parent.positions == file.specification.parent.positions)
      #expect(copy.specification.parent.lattice == file.specification.parent.lattice)
      #expect(copy.specification.parent.labels == file.specification.parent.labels)
      #expect(copy.specification.allowed == file.specification.allowed)
      #expect(copy.specification.supercell == file.specification.supercell)
      #expect(copy.specification.composition == file.specification.composition)
      #expect(copy.specification.oxidation == file.specification.oxidation)
      #expect(copy.inlineText() == file.inlineText())
    }
  }

  /// Text to replace, its replacement, and words that the message must contain.
  static let bad: [(String, String, [String])] = [
    (
      "supercell:", "supercel:",
      ["p.yaml:8", "unknown key \"supercel\"", "did you mean supercell?"]
    ),
    ("2x1x1", "2x0x1", ["p.yaml:8: supercell", "positive"]),
    ("8.5, 0, 0", "nan, 0, 0", ["p.yaml:1: lattice", "nan", "finite"]),
    ("[[8.5, 0, 0], [0, 8.5, 0], [0, 0, 8.5]]", "-8.5", ["p.yaml:1: lattice", "-8.5"]),
    ("8.5, 0, 0", "0, 8.5, 0", ["lattice", "plane"]),
    ("8.5, 0, 0", "9.5, 0, 0", ["symmetry of Fd-3m"]),
    ("[Mg, Va]", "[Mq, Va]", ["p.yaml:5", "no element \"Mq\"", "did you mean Mg?"]),
    ("[Mg, Va]", "[Mg2+, Va]", ["oxidation state"]),
    ("[Mg, Va]", "[Mg, Mg]", ["twice"]),
    ("[Mg, Va]", "[]", ["nothing may occupy"]),
    ("frac: [1/8, 1/8, 1/8]", "frac: [1/8, 1/8]", ["p.yaml:5", "three numbers"]),
    ("frac: [1/8, 1/8, 1/8]", "farc: [1/8, 1/8, 1/8]", ["did you mean frac?"]),
    ("frac: [1/8, 1/8, 1/8]", "frac: [0, 0, 0]", ["has 16 sites", "expected 8", "origin"]),
    ("frac: [1/8, 1/8, 1/8]", "frac: [0.2625, 0.2625, 0.2626]", ["expected 8"]),
    ("origin: 2", "", ["origin"]),
    ("Fd-3m", "Fd-3q", ["p.yaml:2", "spacegroup"]),
    ("Mg0.5Mn2O4", "Mg0.5Mm2O4", ["p.yaml:9: composition", "no element \"Mm\""]),
    ("energy: ewald", "energy: ewlad", ["p.yaml:11: energy", "did you mean ewald?"]),
    ("Mn: auto", "Mn: automatic", ["p.yaml:10: oxidation: Mn", "auto"]),
    ("Mg: 2,", "Mg: 1e400,", ["oxidation: Mg"]),
    ("lattice:", "lattice: [", ["p.yaml", "not YAML"]),
  ]

  @Test("every mistake is named with its place and a way out", arguments: 0..<bad.count)
  func mistake(number: Int) throws {
    let (old, new, words) = ProblemFileTests.bad[number]
    let text = ProblemFileTests.good.replacing(old, with: new)
    #expect(text != ProblemFileTests.good)
    do {
      _ = try ProblemFile(parsing: text, file: "p.yaml")
      Issue.record("\(new) was accepted")
    } catch {
      for word in words { #expect("\(error)".contains(word), "\(error)") }
    }
  }

  @Test("all mistakes of a file are reported at once")
  func allAtOnce() throws {
    let text = ProblemFileTests.good.replacing("supercell:", with: "supercel:")
      .replacing("energy: ewald", with: "energy: nothing")
      .replacing("[Mg, Va]", with: "[Mg, Vb]")
    let errors = #expect(throws: InputErrors.self) {
      try ProblemFile(parsing: text, file: "p.yaml")
    }
    #expect(errors?.problems.count == 3)
  }

  @Test("text that is no problem is an error", arguments: ["", "42", "- a\n- b", "lattice: 8.5"])
  func noProblem(text: String) {
    #expect(throws: InputErrors.self) { try ProblemFile(parsing: text, file: "p.yaml") }
  }

  @Test("problems that cannot be solved are refused with their reason")
  func unsolvable() throws {
    let cases: [(String, String, String)] = [
      ("Mg0.5Mn2O4", "Mg0.3Mn2O4", "does not fit 16 formula units"),
      ("Mg0.5Mn2O4", "Mg2Mn2O4", "puts 32 Mg on 16 sites"),
      ("Mg0.5Mn2O4", "Mg0.5Zn0.5Mn2O4", "no site is left for 8 Zn"),
      ("Mg0.5Mn2O4", "Mg0.5Mn1O4", "does not fit the fixed sites"),
      ("Mn: auto", "Mn: 3", "add up to"),
      ("Mn: auto", "Mn: auto, Fe: 3", "Fe does not occur"),
    ]
    for (old, new, reason) in cases {
      let file = try ProblemFile(
        parsing: ProblemFileTests.good.replacing(old, with: new), file: "p.yaml")
      do {
        _ = try ArrangementProblem(file.specification)
        Issue.record("\(new) was accepted")
      } catch {
        #expect("\(error)".contains(reason), "\(error)")
      }
    }
  }
}
