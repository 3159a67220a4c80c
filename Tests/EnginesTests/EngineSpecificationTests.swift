import Crystal
import Engines
import Testing

@testable import Engines

@Suite struct EngineSpecificationTests {
  @Test(
    "what is no engine is refused with what to write",
    arguments: [
      ("emt", "\"emt\" is no engine"), ("asa:emt", "did you mean ase:?"),
      ("vasp:x", "kinds are ase, ipi, command, lammps"),
      ("lammps:x", "lammps:x, expected 1 to 1024 processes"), ("lammps:0", "lammps:4"),
      ("ase:", "needs the name of a calculator"),
      ("ase:lj [3]", "expected a JSON object"), ("ase:lj {\"sigma\": }", "expected a JSON object"),
      ("ase:a;b", "is no name of a calculator"), ("ipi:", "the command line is empty"),
      ("ipi:pw.x -in scf.in", "has no {socket} and no {port}"),
      ("ipi:80", "expected 1024 to 65535"),
      ("ipi:70000", "expected 1024 to 65535"), ("ipi:x {sockt}", "did you mean {socket}?"),
      ("ipi:x {socket} {in}", "unknown place {in}"), ("ipi:x {socket} {port}", "one place"),
      ("command: ", "the command line is empty"),
      ("command:x {in}", "has no {out}"), ("command:x {out}", "has no {in}"),
      ("command:x {in} {out} {socket}", "unknown place {socket}"), ("", "is no engine"),
    ])
  func refused(text: String, message: String) {
    let error = #expect(throws: InputErrors.self) { try EngineSpecification(text).validate() }
    #expect(error?.description.contains(message) ?? false, "\(error?.description ?? "")")
  }

  @Test("the notation is read as it is meant")
  func kinds() throws {
    func kind(_ text: String) throws -> EngineSpecification.Kind {
      try EngineSpecification(text).kind()
    }
    #expect(try kind("ase:emt") == .ase(calculator: "emt", arguments: "{}"))
    #expect(
      try kind("ase: lj {\"sigma\": 3.4} ") == .ase(calculator: "lj", arguments: "{\"sigma\": 3.4}")
    )
    #expect(try kind("ase:a.b:C") == .ase(calculator: "a.b:C", arguments: "{}"))
    #expect(try kind("ipi:lmp") == .awaited(.unix("lmp")))
    #expect(try kind("ipi:31415") == .awaited(.port(31415)))
    guard case .launched(let client) = try kind("ipi: ./client {socket}") else {
      Issue.record("no client")
      return
    }
    #expect(client.filled(["socket": "a b"]) == "./client 'a b'")
    guard case .command(let program) = try kind("command:awk '{{print}}' {in} > {out}") else {
      Issue.record("no command")
      return
    }
    #expect(program.filled(["in": "i", "out": "it's"]) == "awk '{print}' i > 'it'\\''s'")
  }

  @Test("braces that hold no word stay as they are")
  func braces() throws {
    let text = "x {socket} '{\"a\": {\"b\": 1}}' ${A} {} }}{{"
    #expect(throws: InputError.self) { try CommandTemplate(text, known: ["socket"]) }
    let template = try CommandTemplate(
      text.replacing("${A}", with: "${{A}}"), known: ["socket"])
    #expect(template.filled(["socket": "s"]) == text.replacing("{socket}", with: "s"))
  }

  @Test(
    "clients whose own input nobody has named may have another order of atoms",
    arguments: [
      ("ipi:lmp", true), ("ipi:31415", true), ("ipi:lmp -in in.lmp -var name {socket}", true),
      ("ipi:./client {socket} {structure}", false), ("ase:emt", false),
      ("command:x {in} {out}", false),
    ])
  func order(text: String, hides: Bool) {
    var specification = EngineSpecification(text)
    #expect(specification.hidesOrder == hides)
    specification.start = "a.extxyz"
    #expect(!specification.hidesOrder)
  }

  @Test func theNumberOfClientsThatPeopleStartIsTheirs() {
    var specification = EngineSpecification("ipi:lmp")
    specification.limits.clients = 2
    let error = #expect(throws: InputErrors.self) { try specification.validate() }
    #expect(error?.problems.map(\.location) == ["clients"])
  }

  @Test("limits outside their range are refused, all at once")
  func limits() {
    var specification = EngineSpecification("command:x {in} {out}")
    specification.limits.clients = 0
    specification.limits.evaluationSeconds = .nan
    specification.limits.startSeconds = -1
    specification.limits.attempts = 0
    specification.start = "a.cif"
    specification.python = "python3"
    let error = #expect(throws: InputErrors.self) { try specification.validate() }
    #expect(
      error?.problems.map(\.location) == [
        "clients", "time limit", "start limit", "attempts", "start", "python",
      ])
  }

  @Test(
    "versions are found in what programs print",
    arguments: [
      (
        "\nLarge-scale Atomic/Molecular Massively Parallel Simulator - 29 Sep 2021 - Update 2\n",
        "Massively Parallel Simulator - ", "29 Sep 2021 - Update 2"
      ),
      (
        "     Program PWSCF v.6.7MaX starts on 21Nov2026 at 1: 2: 3\n", "Program PWSCF v.", "6.7MaX"
      ),
      ("mpirun (Open MPI) 4.1.4\n\nReport bugs\n", "(Open MPI) ", "4.1.4"),
      ("warning: 3 cores\n9.6.2\n", "", "9.6.2"), ("no such thing\n", "Version ", nil),
    ])
  func versions(output: String, marker: String, version: String?) {
    #expect(EngineInventory.version(in: output, after: marker) == version)
  }
}
