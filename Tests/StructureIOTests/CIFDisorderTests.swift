import Arrangement
import CellgenTestSupport
import Crystal
import StructureIO
import Testing

/// What the CIF reader tells of occupancies, disorder groups, lines and blocks.
@Suite struct CIFDisorderTests {
  private func cif(_ rows: String, _ tags: [String] = []) -> String {
    let cell =
      ["length_a 6", "length_b 6", "length_c 6"]
      + ["angle_alpha 90", "angle_beta 90", "angle_gamma 90"]
    let all =
      ["label", "type_symbol", "fract_x", "fract_y", "fract_z", "occupancy"] + tags
    return """
      data_x
      \(cell.map { "_cell_\($0)" }.joined(separator: "\n"))
      _space_group_name_H-M_alt 'P m -3 m'
      loop_
      \(all.map { "_atom_site_\($0)" }.joined(separator: "\n"))
      \(rows)

      """
  }

  @Test("missing occupancies are 1, which is said; slight excess by uncertainty is 1")
  func missingOccupancies() throws {
    let reading = try CIF.read(
      cif("Li1 Li 0 0 0 ?\nO1 O 0.5 0.5 0.5 .\nMg1 Mg 0.5 0 0 1.02(3)\nZn1 Zn 0 0.5 0.5 -0.01(2)"),
      source: "x.cif")
    #expect(
      reading.warnings == [
        "x.cif:18: occupancy of Mg1 is 1.02, taken as 1",
        "x.cif:19: occupancy of Zn1 is -0.01, taken as 0",
        "x.cif:9: no occupancy is given for Li1, O1, taken as 1",
      ])
    let crystal = try DisorderedCrystal(reading.structure)
    #expect(crystal.isOrdered && crystal.parent.count == 5)
    #expect(crystal.notes == ["Zn1: occupancy 0, left out"])
  }

  @Test("disorder groups and lines of rows are kept, also with comments and text fields between")
  func disorderColumns() throws {
    let rows = """
      Na1 Na1+ 0 0 0 1 . .
      # a comment
      'O1 A' O2- 0.5 0 0
       0.6 A 1
      ;O1B
      ;
      O2- 0.5 0.2 0.2 0.1 A 2
      """
    let structure = try CIF.read(
      cif(rows, ["disorder_assembly", "disorder_group"]), source: "x.cif"
    ).structure
    #expect(
      structure[column: Column.Name.disorderGroup]?.values
        == .text([".", "1", "1", "1"] + [String](repeating: "2", count: 12)))
    guard case .integer(let lines)? = structure[column: Column.Name.fileLine]?.values else {
      Issue.record("no lines")
      return
    }
    #expect(lines == [18, 20, 20, 20] + [Int](repeating: 22, count: 12))
    let error = #expect(throws: InputErrors.self) {
      _ = try DisorderedCrystal(structure, source: "x.cif")
    }
    #expect(
      error?.description.hasPrefix(
        "x.cif:20: disorder groups 1 (O1_A (line 20)) and 2 (O1B (line 22)) of assembly A are "
          + "alternatives on different positions") == true)
    let chosen = try DisorderedCrystal(structure, disorderGroup: 1)
    #expect(chosen.isOrdered && chosen.parent.count == 4)
  }

  @Test("full atoms of two disorder groups on one position are read, others refused")
  func fullAlternatives() throws {
    let rows = "Fe1 Fe 0 0 0 1 1\nCo1 Co 0 0 0 1 2\nO1 O 0.5 0 0 1 ."
    let structure = try CIF.read(cif(rows, ["disorder_group"])).structure
    #expect(
      try DisorderedCrystal(structure, disorderGroup: 2).groups.map(\.label) == ["Co1", "O1"])
    #expect(throws: InputError.self) { _ = try CIF.read(cif(rows, ["calc_flag"])) }
  }

  @Test(
    "full atoms on one position without symmetry are read, and refused by the crystal with lines")
  func duplicatesWithoutSymmetry() throws {
    let text = cif("Li1 Li 0 0 0 1\nO1 O 0.5 0 0 1\nLi2 Li 1 0 0 1")
      .replacing("'P m -3 m'", with: "'P 1'")
    let reading = try CIF.read(text, source: "x.cif")
    #expect(reading.warnings.count == 1)
    let error = #expect(throws: InputErrors.self) {
      _ = try DisorderedCrystal(reading.structure, source: "x.cif")
    }
    #expect(
      error?.description.hasPrefix(
        "x.cif:16: Li1 (line 16) and Li2 (line 18) share one position") == true)
  }

  @Test("a formula that does not fit the sites is warned of")
  func formula() throws {
    func warnings(_ formula: String, _ rows: String) throws -> [String] {
      let text = cif(rows).replacing("loop_", with: "_chemical_formula_sum '\(formula)'\nloop_")
      return try CIF.read(text, source: "x.cif").warnings
    }
    // Three O on faces, one Ba, one Ti: the perovskite cell.
    let rows = "Ba1 Ba 0.5 0.5 0.5 1\nTi1 Ti 0 0 0 1\nO1 O 0.5 0 0 "
    #expect(try warnings("Ba Ti O3", "\(rows)1").isEmpty)
    #expect(try warnings("Ba2 Ti2 O5.5", "\(rows)0.92").isEmpty)
    #expect(
      try warnings("Ba Ti O2.5", "\(rows)1") == [
        "x.cif:9: the formula \"Ba Ti O2.5\" and the sites disagree: 2.50 O by the formula and 3 by "
          + "the sites; are sites or occupancies missing?"
      ])
  }

  @Test("a block is read by its name")
  func blocks() throws {
    let text =
      cif("Li1 Li 0 0 0 1") + cif("Mg1 Mg 0 0 0 1").replacing("data_x", with: "data_Second")
    let first = try CIF.read(text, source: "x.cif")
    #expect(first.structure.species[0] == species("Li"))
    #expect(
      first.warnings == ["x.cif: block x was read, 1 more with atoms were not: Second"])
    #expect(try CIF.read(text, block: "second").structure.species[0] == species("Mg"))
    let error = #expect(throws: InputError.self) { _ = try CIF.read(text, block: "third") }
    #expect(
      error?.description == "CIF: no block with atoms is called \"third\"\n"
        + "hint: blocks with atoms are x, Second")
  }
}
