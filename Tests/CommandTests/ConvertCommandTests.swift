import CellgenTestSupport
import Foundation
import Testing

@Suite struct ConvertCommandTests {
  /// Rock salt with a label and a charge on each atom.
  private static let rockSalt = """
    8
    Lattice="4.2 0 0 0 4.2 0 0 0 4.2" Properties=species:S:1:pos:R:3:label:S:1:initial_charges:R:1 \
    energy=-1.5 pbc="T T T"
    Mg 0 0 0 4a 2
    Mg 0 2.1 2.1 4a 2
    Mg 2.1 0 2.1 4a 2
    Mg 2.1 2.1 0 4a 2
    O 2.1 2.1 2.1 4b -2
    O 2.1 0 0 4b -2
    O 0 2.1 0 4b -2
    O 0 0 2.1 4b -2

    """

  @Test("every format takes a structure and gives it back")
  func everyFormat() throws {
    try Program.inFolder { program in
      try program.write(ConvertCommandTests.rockSalt, to: "a.extxyz")
      for ending in ["cif", "vasp", "lmp", "xsf", "json", "pwi", "inp", "res"] {
        let there = try program("convert", "a.extxyz", "b.\(ending)")
        #expect(there.status == 0, "\(ending): \(there.errors)")
        #expect(there.output == "1 structure in b.\(ending)\n")
        let back = try program("convert", "b.\(ending)", "--out", "\(ending).extxyz", "--json")
        #expect(back.status == 0, "\(ending): \(back.errors)")
        #expect(try back.json["structures"] as? Int == 1)
        let text = try program.read("\(ending).extxyz")
        #expect(text.contains("label:S:1"), "\(ending)")
        #expect(text.contains("initial_charges:R:1"), "\(ending)")
      }
      #expect(try program("convert", "a.extxyz", "c.vasp").errors.contains("left out: energy"))
    }
  }

  @Test("a symmetrised CIF has two atoms and reads back as eight, also from the primitive cell")
  func symmetrized() throws {
    try Program.inFolder { program in
      try program.write(ConvertCommandTests.rockSalt, to: "a.extxyz")
      try program.write(
        "MgO\n1.0\n0 2.1 2.1\n2.1 0 2.1\n2.1 2.1 0\nMg O\n1 1\nDirect\n0 0 0\n0.5 0.5 0.5\n",
        to: "primitive.vasp")
      for input in ["a.extxyz", "primitive.vasp"] {
        let result = try program("convert", input, "s.cif", "--symmetrize", "--force")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("standard cell") == (input == "primitive.vasp"))
        let text = try program.read("s.cif")
        #expect(text.contains("_space_group_name_H-M_alt 'F m -3 m'"))
        #expect(text.contains("_space_group_IT_number 225"))
        #expect(
          text.split(separator: "\n").count { $0.hasPrefix("Mg1") || $0.hasPrefix("O1") } == 2)
        #expect(try program("convert", "s.cif", "back.extxyz", "--force").status == 0)
        #expect(try program.read("back.extxyz").hasPrefix("8\n"))
      }
      try program.expectRefusal(
        ["convert", "a.extxyz", "a.vasp", "--symmetrize"], status: 1, saying: "only CIF files")
    }
  }

  @Test("frames of a trajectory are chosen by their numbers, into one file or a folder")
  func frames() throws {
    try Program.inFolder { program in
      let frame = { (a: Int) in "1\nLattice=\"\(a) 0 0 0 \(a) 0 0 0 \(a)\"\nMg 0 0 0\n" }
      try program.write((1...20).map(frame).joined(), to: "run.xyz")
      #expect(try program("convert", "run.xyz", "some.extxyz", "--select", "3-4,20").status == 0)
      let text = try program.read("some.extxyz")
      #expect(text.split(separator: "\n").count == 9)
      #expect(text.contains("20.0 0.0 0.0"))
      #expect(
        try program("convert", "run.xyz", "f", "--select", "3,7", "--format", "vasp").status == 0)
      #expect(program.files.filter { $0.hasPrefix("f/") } == ["f/003.vasp", "f/007.vasp"])
      try program.expectRefusal(
        ["convert", "run.xyz", "one.cif"], status: 1, saying: "this format holds one")
      try program.expectRefusal(
        ["convert", "run.xyz", "none.extxyz", "--select", "21"], status: 1,
        saying: "no structure has one of these numbers")
      try program.expectRefusal(
        ["convert", "run.xyz", "some.extxyz"], status: 1, saying: "exists already")
    }
  }

  @Test("wrong usage is refused with what is expected")
  func usage() throws {
    try Program.inFolder { program in
      try program.write(ConvertCommandTests.rockSalt, to: "a.extxyz")
      try program.expectRefusal(["convert", "a.extxyz"], status: 64, saying: "name the output")
      try program.expectRefusal(
        ["convert", "a.extxyz", "b.cif", "--out", "c.cif"], status: 64, saying: "named twice")
      try program.expectRefusal(
        ["convert", "a.extxyz", "b", "--format", "doc"], status: 64, saying: "expected one of")
      try program.expectRefusal(
        ["convert", "a.extxyz", "b", "--select", "0"], status: 64, saying: "neither a number")
      try program.expectRefusal(
        ["convert", "missing.cif", "b.vasp"], status: 1, saying: "there is no such file")
    }
  }
}
