import Crystal
import Testing

@Suite struct InputErrorTests {
  @Test func description() {
    let error = InputError("expected 3 numbers, found 2", at: "9", hint: "add one")
    #expect("\(error)" == "9: expected 3 numbers, found 2\nhint: add one")
    #expect("\(error.inside("POSCAR"))" == "POSCAR: 9: expected 3 numbers, found 2\nhint: add one")
    #expect("\(InputError("bad"))" == "bad")
    #expect("\(InputErrors([InputError("bad"), error]))".hasPrefix("bad\n9: "))
  }

  @Test func nearestNames() {
    let names = ["lattice", "supercell", "oxidation"]
    #expect(nearestMatch(to: "supercel", among: names) == "supercell")
    #expect(nearestMatch(to: "Latice", among: names) == "lattice")
    #expect(nearestMatch(to: "energy", among: names) == nil)
    #expect(nearestMatch(to: "", among: names) == nil)
    #expect(nearestMatch(to: "x", among: []) == nil)
  }
}
