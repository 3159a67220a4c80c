import CellgenTestSupport
import Crystal
import Foundation
import Handoff

/// A small cell in which everything differs that a deck can tell apart: oxidation states, labels, U.
enum DeckFixture {
  static func structure() throws -> Structure {
    let atoms: [(String, SIMD3<Double>, String)] = [
      ("O2-", SIMD3(0.25, 0.25, 0.25), "32e"), ("Mn4+", SIMD3(0, 0, 0), "16d"),
      ("Mg2+", SIMD3(0.5, 0.5, 0.5), "8a"), ("Va", SIMD3(0.5, 0, 0.5), "8a"),
      ("Mn3+", SIMD3(0, 0.5, 0.5), "16d"), ("O2-", SIMD3(0.75, 0.75, 0.75), "32e"),
      ("Mn4+", SIMD3(0.5, 0.5, 0), "16c"), ("O2-", SIMD3(0.75, 0.25, 0.25), "32e"),
      ("O2-", SIMD3(0.25, 0.75, 0.25), "32e"), ("Zn2+", SIMD3(0.5, 0, 0), "8a"),
    ]
    var structure = Structure(
      lattice: skewedLattice, species: atoms.compactMap { Species($0.0) },
      positions: atoms.map { Fractional($0.1) })
    structure.labels = atoms.map(\.2)
    structure.parentSites = Array(0..<atoms.count)
    return structure
  }

  static func calculation() throws -> Calculation {
    var calculation = Calculation()
    calculation.preset = "test"
    calculation.functional = .pbesol
    calculation.cutoff = 500
    calculation.kPoints = .density(20)
    calculation.moments = try SpeciesRules(["Mn": 5, "Mn4+": 3, "Mn4+@16c": -3])
    calculation.hubbard = try SpeciesRules(["Mn": 3.9, "Mn3+": 4.5])
    calculation.pseudopotentials = [
      .vasp: ["Mn": "Mn_pv", "Mg": "Mg_pv", "Zn": "Zn", "O": "O"],
      .qe: ["Mn": "Mn.UPF", "Mg": "Mg.UPF", "Zn": "Zn.UPF", "O": "O.UPF"],
      .cp2k: ["Mn": "q15", "Mg": "q10", "Zn": "q12", "O": "q6"],
      .abinit: ["Mn": "Mn.psp8", "Mg": "Mg.psp8", "Zn": "Zn.psp8", "O": "O.psp8"],
    ]
    return calculation
  }

  static func setup(_ code: SimulationCode, _ calculation: Calculation) throws -> Deck.Setup {
    Deck.Setup(
      code: code, calculation: calculation, templates: try TemplateFolder.templates(code),
      pseudopotentials: (calculation.pseudopotentials[code] ?? [:])
        .mapValues { Pseudopotential($0) })
  }

  static func deck(_ code: SimulationCode, _ calculation: Calculation) throws -> Deck {
    try Deck(structure(), title: "test cell", setup: setup(code, calculation))
  }

  /// The files of a deck in one text.
  static func text(_ deck: Deck) -> String {
    deck.files.map { "=== \($0.name)\n\($0.text)" }.joined()
  }
}
