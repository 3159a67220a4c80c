import CellgenTestSupport
import Crystal
import Testing

@testable import Thermodynamics

@Suite struct EnergyTableTests {
  @Test("tables are joined, with folders before names that stand in several")
  func joining() throws {
    let header = "id,formula,energy_eV,structure\n"
    let table = try EnergyTable(joining: [
      ("runs/charged/energies.csv", header + "1,MnO2,-1,a.cif\n2,MnO2,-2,/b.cif\n"),
      ("full/energies.csv", header + "1,MgMnO2,-3,\n"), ("mg.csv", header + "Mg,Mg,-1,mg.cif\n"),
    ])
    #expect(table.entries.map(\.id) == ["charged/1", "charged/2", "full/1", "Mg"])
    #expect(table.entries.map(\.structure) == ["runs/charged/a.cif", "/b.cif", "", "mg.cif"])
    let twice = #expect(throws: InputErrors.self) {
      try EnergyTable(joining: [
        ("a.csv", header + "1,MnO2,-1,\n"), ("a.csv", header + "1,O,-1,\n"),
      ])
    }
    #expect("\(twice as Any)".contains("two rows \"a/1\""))
    let bad = #expect(throws: InputErrors.self) {
      try EnergyTable(joining: [("a.csv", header + "1,MnO2,x,\n"), ("b.csv", "")])
    }
    #expect(bad?.problems.count == 2)
  }

  private func read(_ text: String) throws -> [EnergyEntry] {
    try EnergyTable(parsing: text, file: "e.csv").entries
  }

  /// The problems of a table, one line each with its hint.
  private func problems(_ text: String) -> [String] {
    do {
      _ = try read(text)
      return []
    } catch let errors as InputErrors {
      return errors.problems.map(\.description)
    } catch {
      return ["\(error)"]
    }
  }

  @Test func theProgramsOwnTableIsRead() throws {
    let entries = try read(
      """
      id,formula,atoms,energy_eV,energy_per_atom_eV,source,structure
      a,ZnMnO3,10,-80.5,-8.05,"model, version 2",structures/001.extxyz
      b,Mg1/2ZnMnO3,11,-86.9,-7.9,,
      """)
    #expect(entries.map(\.id) == ["a", "b"])
    #expect(entries[0].energyPerAtom == -8.05)
    #expect(entries[0].atoms == 10)
    #expect(entries[0].source == "model, version 2")
    #expect(entries[0].structure == "structures/001.extxyz")
    #expect(entries[0].line == 2)
    #expect(entries[1].line == 3)
    #expect(entries[1].formula.description == "Mg0.5ZnMnO3")
  }

  @Test(
    "the name of the column gives quantity and unit",
    arguments: [
      ("energy_eV", -12.0), ("energy [eV]", -12), ("Energy (eV)", -12), ("total_energy_eV", -12),
      ("E_tot/eV", -12), ("energy (Ry)", -12 * UnitFactor.rydberg),
      ("energy_Ha", -12 * UnitFactor.hartree), ("energy_kJ_mol", -12 * UnitFactor.kilojoulePerMole),
      ("Energy (kJ/mol)", -12 * UnitFactor.kilojoulePerMole),
      ("enthalpy kcal/mol", -12 * UnitFactor.kilocaloriePerMole), ("energy_meV", -0.012),
      ("energy_per_atom_eV", -24), ("energy_per_atom", -24), ("e_per_atom", -24),
      ("energy (eV/atom)", -24), ("energy_per_atom_Ry", -24 * UnitFactor.rydberg),
    ])
  func energyColumns(name: String, energyOfMgO: Double) throws {
    let entries = try read("formula,\(name)\nMgO,-12\nMg,-12\n")
    #expect(abs(entries[0].energy - energyOfMgO) < 1e-12)
    #expect(entries.map(\.id) == ["row-2", "row-3"])
  }

  @Test func aColumnMayGiveTheUnit() throws {
    #expect(try read("formula,energy,unit\nMgO,-1,Ry\nMg,-1,Ry")[0].energy == -UnitFactor.rydberg)
    #expect(try read("formula,energy,unit\nMgO,-1,eV/atom\nMg,-1,eV/atom")[0].energy == -2)
    #expect(
      problems("formula,energy,unit\nMgO,-1,Ry\nMg,-1,eV\nO,-1,Ry") == [
        "e.csv:3: mixed units: \"eV\" here, \"Ry\" on line 2\nhint: convert all energies to one unit"
      ])
    #expect(problems("formula,energy,unit\nMgO,-1,erg\nMg,-1,eV").count == 1)
    #expect(problems("formula,energy_eV,unit\nMgO,-1,Ry\nMg,-1,Ry").count == 2)
  }

  @Test(
    "separators, line ends, byte order mark, quotes, comments and blank lines",
    arguments: [
      "# made by hand\nid,formula,energy_eV\n\nx,MgO,-12\n# note, with comma\ny,Mg,-1\n",
      "\u{FEFF}id;formula;energy_eV\r\nx;MgO;-12\r\ny;Mg;-1\r\n",
      "id\tformula\tenergy_eV\rx\tMgO\t-12\ry\tMg\t-1",
      "\"id\",\"formula\",\"energy_eV\"\n\"x\", MgO , \"-12\"\n\"y\",\"Mg\",-1.0D0\n",
    ])
  func dialects(text: String) throws {
    let entries = try read(text)
    #expect(entries.map(\.id) == ["x", "y"])
    #expect(entries.map(\.energy) == [-12, -1])
  }

  @Test func quotedFieldsKeepQuotesAndLines() throws {
    let entries = try read(
      "id,formula,energy_eV,source\n\"a \"\"b\"\"\",MgO,-12,\"two\nlines\"\nc,Mg,-1,\n")
    #expect(entries[0].id == "a \"b\"")
    #expect(entries[0].source == "two\nlines")
    #expect(entries[1].line == 4)
  }

  @Test func volumesBelongToTheAtoms() throws {
    let entries = try read("formula,atoms,energy_eV,volume (Å^3)\nMgO,8,-48,74.7\nMg,1,-1,\n")
    #expect(entries[0].volume == 74.7)
    #expect(entries[1].volume == nil)
    #expect(
      try read("formula,atoms,energy_eV,volume_per_atom\nMgO,8,-48,9\nMg,1,-1,")[0].volume == 72)
    #expect(problems("formula,energy_eV,volume_nm3\nMgO,-12,1\nMg,-1,1").count == 1)
    #expect(problems("formula,energy_eV,volume\nMgO,-12,-1\nMg,-1,1").count == 1)
  }

  @Test func everythingThatIsWrongIsReportedAtOnce() {
    let text = """
      id,formula,atoms,energy_eV
      a,MgO,2,-12
      b,Mgo,2,-12
      a,MnO,2,nan
      c,Mg2O3,7,-30
      d,MgO,2.5,1e400
      e,MgO,2
      f,,2,
      ,MgO,-2,"-1,5"
      """
    let expected = [
      "e.csv:3: formula \"Mgo\": \"o\" at character 3 does not fit\nhint: write element symbols with "
        + "amounts, such as Mg0.5ZnMnO3 or Mg1/3ZnMnO3",
      "e.csv:4: id \"a\" is already used on line 2\nhint: give each row its own",
      "e.csv:4: column \"energy_eV\": \"nan\" is not a finite number",
      "e.csv:5: 7 atoms are no multiple of the 5 of Mg2O3\nhint: give the formula of the whole "
        + "cell in whole numbers, or correct the atoms",
      "e.csv:6: column \"atoms\": expected a positive whole number, found \"2.5\"",
      "e.csv:6: column \"energy_eV\": \"1e400\" is not a finite number",
      "e.csv:7: expected 4 fields, found 3 fields\nhint: put text that contains commas into double "
        + "quotes",
      "e.csv:8: column \"formula\" is empty",
      "e.csv:8: column \"energy_eV\" is empty",
      "e.csv:9: column \"id\" is empty",
      "e.csv:9: column \"atoms\": expected a positive whole number, found \"-2\"",
      "e.csv:9: column \"energy_eV\": \"-1,5\" is not a finite number\nhint: write a decimal point",
    ]
    #expect(problems(text) == expected)
  }

  @Test func aTotalAndAnEnergyPerAtomMustAgree() throws {
    let header = "formula,atoms,energy_eV,energy_per_atom_eV\n"
    #expect(problems(header + "MgO,8,-48.123,-6.015\nMg,1,-1,-1").isEmpty)
    #expect(
      problems(header + "MgO,8,-48,-12\nMg,1,-1,-1") == [
        "e.csv:2: the energy per atom is -12.0, but -48.0 for 8 atoms is -6.000000 per atom"
      ])
    #expect(
      problems("formula,energy_eV,energy_per_atom\nMgO,-48.0,-6.0\nMg,-1,-1")[0]
        .contains("add a column atoms"))
    #expect(problems("formula,energy,energy_per_atom\nMgO,-12,-6\nMg,-1,-1").isEmpty)
  }

  @Test(
    "headers that cannot be understood are explained",
    arguments: [
      ("formula,energy", "does not say its unit"), ("formula,total_energy", "name it energy_eV"),
      ("formla,energy_eV", "did you mean formula?"),
      ("formula,enregy_eV", "did you mean energy_eV?"),
      ("formula,x", "there is no column with energies"), ("x,energy_eV", "no column \"formula\""),
      ("formula,energy_eV,energy_Ry", "mixed units"),
      ("formula,energy_eV,energy_per_atom_Ry", "mixed units"),
      ("formula,energy_eV,total_energy_eV", "both hold energies"),
      ("formula,formula,energy_eV", "occurs twice"),
      ("formula,formation_energy_eV", "there is no column with energies"),
      ("formula,energy_eV_per_fu", "energies per fu are not understood"),
    ])
  func headers(header: String, expected: String) {
    let row = header.split(separator: ",").map { $0.hasPrefix("form") ? "MgO" : "-1" }
    let found = problems("\(header)\n\(row.joined(separator: ","))\n")
    #expect(found.contains { $0.hasPrefix("e.csv:1: ") && $0.contains(expected) }, "\(found)")
  }

  @Test func tablesWithoutAQuestionAreErrors() {
    #expect(problems("formula,energy_eV\nMgO,-1e300\nMg,-1")[0].contains("no energy of a crystal"))
    #expect(problems("")[0].hasPrefix("e.csv: the table is empty"))
    #expect(problems("\n# only a comment\n\n")[0].hasPrefix("e.csv: the table is empty"))
    #expect(problems("formula,energy_eV\n") == ["e.csv: the table has no rows"])
    #expect(problems("formula,energy_eV\nMgO,-1\nO2Mg2,-2\n")[0].contains("all rows have the comp"))
    #expect(problems("formula,energy_eV\n\"MgO,-1\n").contains { $0.contains("never closed") })
    #expect(
      problems("formula,energy_eV\n\"MgO\"x,-1\nMg,-1").contains { $0.contains("e.csv:2: \"x\"") })
  }

  @Test("no text makes the reader trap", arguments: 0..<200 as Range<UInt64>)
  func randomText(seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: "table text")
    let pieces = [
      "id", "formula", "atoms", "energy_eV", "energy", "unit", ",", ";", "\t", "\n", "\r", "\"",
      "#",
      "MgO", "Mg", "-1", "1e9", "nan", "99999999999999999999", "Mg0.3333333333333333O", " ", "é",
      "volume", "per_atom", "(", "/", "0",
    ]
    var text = ""
    for _ in 0..<random.integer(below: 60) { text += pieces[random.integer(below: pieces.count)] }
    _ = problems(text)
    _ = problems("id,formula,atoms,energy_eV\n" + text)
  }
}
