import CellgenTestSupport
import Crystal
import Foundation
import Handoff
import StructureIO
import Testing

@Suite struct DeckTests {
  private let golden = dataFolder().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Data/decks")

  @Test(arguments: [SimulationCode.vasp, .qe, .cp2k])
  func `decks are as they were read`(_ code: SimulationCode) throws {
    let deck = try DeckFixture.deck(code, DeckFixture.calculation())
    try expectGolden(DeckFixture.text(deck), "\(code.rawValue).txt", in: golden)
  }

  @Test func `decks without U, spin and relaxation are as they were read`() throws {
    var calculation = try DeckFixture.calculation()
    calculation.hubbard = SpeciesRules()
    calculation.hasSpin = false
    calculation.relaxing = .none
    calculation.kPoints = .gamma
    calculation.smearing = .none
    calculation.dispersion = .d3bj
    calculation.functional = .scan
    for code in [SimulationCode.vasp, .qe, .cp2k, .abinit] {
      let deck = try DeckFixture.deck(code, calculation)
      try expectGolden(DeckFixture.text(deck), "\(code.rawValue)-plain.txt", in: golden)
    }
  }

  @Test func `moments and U of VASP follow the atoms of the POSCAR`() throws {
    let deck = try DeckFixture.deck(.vasp, DeckFixture.calculation())
    let files = Dictionary(uniqueKeysWithValues: deck.files.map { ($0.name, $0.text) })
    let poscar = try POSCAR.read(try #require(files["POSCAR"])).structure
    let incar = try #require(files["INCAR"])
    func words(_ tag: String) throws -> [String] {
      let line = try #require(incar.split(separator: "\n").first { $0.hasPrefix("\(tag) =") })
      return line.split(separator: " ").dropFirst(2).map(String.init)
    }
    let moments = try words("MAGMOM").flatMap { word -> [Double] in
      let parts = word.split(separator: "*").compactMap { NumberReader.real($0) }
      return parts.count == 2 ? Array(repeating: parts[1], count: Int(parts[0])) : parts
    }
    try #require(moments.count == 9 && poscar.count == 9)
    for n in 0..<9 {
      let expected: Double =
        switch (poscar.species[n].description, poscar.labels?[n]) {
        case ("Mn4+", "16c"): -3
        case ("Mn4+", _): 3
        case ("Mn3+", _): 5
        default: 0
        }
      #expect(moments[n] == expected, "\(poscar.species[n])")
    }
    // Mn has two groups, because its U differs by oxidation state; labels and U have as many entries.
    let header = try #require(files["POSCAR"]).split(separator: "\n")[5].split(separator: " ")
    #expect(header == ["Mg", "Mn", "Mn", "Zn", "O"])
    #expect(try words("LDAUU") == ["0", "4.5", "3.9", "0", "0"])
    #expect(try words("LDAUL") == ["-1", "2", "2", "-1", "-1"])
    #expect(files["POTCAR.labels"] == "Mg_pv\nMn_pv\nMn_pv\nZn\nO\n")
    #expect(deck.charge == 7)
  }

  @Test func `the structure of a deck keeps every column in the order of the input`() throws {
    let structure = try DeckFixture.structure()
    let deck = try DeckFixture.deck(.qe, DeckFixture.calculation())
    let sites = try #require(deck.structure.parentSites)
    #expect(sites.count == 9 && Set(sites).count == 9)
    for (n, site) in sites.enumerated() {
      #expect(deck.structure.species[n] == structure.species[site])
      #expect(deck.structure.labels?[n] == structure.labels?[site])
    }
    let text = try #require(deck.files.first).text
    let read = try Espresso.read(text).structure
    #expect(read.positions == deck.structure.positions)
  }

  @Test func `the order of the atoms of a structure does not matter`() throws {
    let calculation = try DeckFixture.calculation()
    let structure = try DeckFixture.structure()
    let setup = try DeckFixture.setup(.vasp, calculation)
    let reversed = structure.selecting(Array(structure.species.indices.reversed()))
    let a = try Deck(structure, title: "x", setup: setup)
    let b = try Deck(reversed, title: "x", setup: setup)
    // Only atoms of the same species, with other moments by their labels, may change places.
    func lines(_ deck: Deck) -> [Substring] {
      deck.files[0].text.split(separator: "\n").filter { !$0.hasPrefix("MAGMOM") }
    }
    #expect(lines(a) == lines(b))
    #expect(a.structure.species == b.structure.species)
    #expect(a.settings == b.settings)
  }

  @Test func `U goes into the namelist for earlier versions of Quantum ESPRESSO`() throws {
    var calculation = try DeckFixture.calculation()
    let new = try #require(DeckFixture.deck(.qe, calculation).files.first).text
    #expect(new.contains("HUBBARD (atomic)\n  U Mn1-3d 4.5\n  U Mn2-3d 3.9\n"))
    #expect(!new.contains("lda_plus_u"))
    calculation.tags[.qe] = [Calculation.Tag("hubbard_syntax", "namelist")]
    let old = try #require(DeckFixture.deck(.qe, calculation).files.first).text
    #expect(old.contains("lda_plus_u = .true.") && old.contains("Hubbard_U(2) = 4.5"))
    #expect(!old.contains("HUBBARD"))
    calculation.tags[.qe] = [Calculation.Tag("hubbard_syntax", "both")]
    #expect(throws: InputError.self) { try DeckFixture.deck(.qe, calculation) }
  }

  @Test func `tags of users replace lines or come in where they belong`() throws {
    var calculation = try DeckFixture.calculation()
    calculation.tags = [
      .vasp: [Calculation.Tag("ENCUT", "700"), Calculation.Tag("NCORE", "4")],
      .qe: [Calculation.Tag("system.nbnd", "99"), Calculation.Tag("electrons.mixing_beta", "0.1")],
      .cp2k: [Calculation.Tag("FORCE_EVAL/DFT/SCF/MAX_SCF", "7")],
    ]
    let incar = try #require(DeckFixture.deck(.vasp, calculation).files.first).text
    #expect(incar.contains("\nENCUT = 700\n") && !incar.contains("ENCUT = 500"))
    #expect(incar.hasSuffix("NCORE = 4\n"))
    let espresso = try #require(DeckFixture.deck(.qe, calculation).files.first).text
    let system = try #require(espresso.split(separator: "&SYSTEM")[1].split(separator: "\n/").first)
    #expect(system.contains("nbnd = 99"))
    #expect(espresso.contains("mixing_beta = 0.1") && !espresso.contains("mixing_beta = 0.4"))
    let cp2k = try #require(DeckFixture.deck(.cp2k, calculation).files.first).text
    #expect(
      cp2k.split(separator: "\n").filter { $0.contains("MAX_SCF") }.map { $0.filter { $0 != " " } }
        == ["MAX_SCF7"])
    for (code, name) in [(SimulationCode.qe, "sistem.nbnd"), (.cp2k, "DFT/NOTHING/X")] {
      calculation.tags = [code: [Calculation.Tag(name, "1")]]
      #expect(throws: InputError.self) { try DeckFixture.deck(code, calculation) }
    }
  }

  @Test func `elements without U or pseudopotential are refused`() throws {
    var calculation = try DeckFixture.calculation()
    calculation.hubbard = try SpeciesRules(["V": 3.25])
    let missing = #expect(throws: InputErrors.self) { try DeckFixture.deck(.vasp, calculation) }
    #expect(missing?.problems.first?.message == "Mn has no U in the preset test")
    calculation = try DeckFixture.calculation()
    calculation.pseudopotentials[.vasp]?["Zn"] = nil
    let none = #expect(throws: InputError.self) { try DeckFixture.deck(.vasp, calculation) }
    #expect(none?.message.contains("no pseudopotential of VASP for Zn") == true)
    // Norm-conserving pseudopotentials of ABINIT have no U.
    #expect(throws: InputError.self) {
      try DeckFixture.deck(.abinit, DeckFixture.calculation())
    }
  }

  @Test func `cells that nobody can calculate are refused`() throws {
    let calculation = try DeckFixture.calculation()
    let setup = try DeckFixture.setup(.vasp, calculation)
    let empty = Structure(lattice: skewedLattice, species: [], positions: [])
    #expect(throws: InputErrors.self) { try Deck(empty, title: "", setup: setup) }
    var disordered = try DeckFixture.structure()
    disordered.set(
      Column(Column.Name.occupancy, .real([Double](repeating: 0.5, count: disordered.count))))
    #expect(throws: InputErrors.self) { try Deck(disordered, title: "", setup: setup) }
  }

  @Test func `a column of moments comes before rules`() throws {
    var structure = try DeckFixture.structure()
    structure.set(
      Column(Column.Name.magneticMoment, .real((0..<structure.count).map { Double($0) / 10 })))
    let deck = try Deck(
      structure, title: "x", setup: DeckFixture.setup(.vasp, DeckFixture.calculation()))
    let sites = try #require(deck.structure.parentSites)
    guard case .real(let moments) = deck.structure[column: Column.Name.magneticMoment]?.values
    else {
      Issue.record("no moments")
      return
    }
    #expect(moments == sites.map { Double($0) / 10 })
  }
}
