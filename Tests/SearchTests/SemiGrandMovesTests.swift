import Arrangement
import CellgenTestSupport
import Crystal
import Search
import Testing

@Suite struct SemiGrandMovesTests {
  private func moves(
    _ cell: SmallCell, _ given: [String: Double]
  ) throws -> [String] {
    var potentials: [Element: Double] = [:]
    for (symbol, value) in given { potentials[try element(symbol)] = value }
    return try SemiGrandMoves(cell.space().problem, chemicalPotentials: potentials).moves
      .map(\.description)
  }

  private func refusal(_ cell: SmallCell, _ given: [String: Double]) throws -> String {
    do {
      return try moves(cell, given).joined(separator: "; ")
    } catch let errors as InputErrors {
      return "\(errors)"
    }
  }

  @Test("the smallest neutral changes are found")
  func found() throws {
    #expect(try moves(.redox(), ["Mg": -5]) == ["Va→Mg2+ on A, 2 × Mn4+→Mn3+ on B"])
    // Ions of one charge replace each other; more follows from these and exchanges.
    #expect(try moves(.mixed(), ["Mg": -5, "Zn": -4]) == ["Zn2+→Mg2+ on A+B"])
    // Zn keeps its number; B is a class of its own.
    let several = try moves(.exchange(), ["Li": -3, "Mg": -9])
    #expect(several.contains("Mg2+→Li+ on A, Va→Li+ on A"))
    #expect(several.contains("Mg2+→Li+ on B, Va→Li+ on B"))
    #expect(several.allSatisfy { !$0.hasPrefix("Zn") || $0.contains("→Zn") })
  }

  @Test("a reservoir that nothing can draw from is refused, with a way out")
  func refused() throws {
    // Without a partner that changes its charge.
    #expect(
      try refusal(.mixed(), ["Mg": -5])
        == """
        chemical potential of Mg: no change of species on at most 4 sites inserts Mg and keeps the \
        charge
        hint: allow a second species of another charge, or an element with two oxidation states
        """)
    var average = try SmallCell.redox()
    average.oxidation["Mn"] = .auto
    #expect(try refusal(average, ["Mg": -5]).contains("oxidation: {Mn: integer}"))
    let place = "chemical potential of"
    #expect(
      try refusal(.redox(), ["Ni": -5, "Mg": .nan])
        == "\(place) Mg: nan, expected a finite number of eV\n"
        + "\(place) Ni: Ni is not arranged on any site\nhint: arranged are Mg, Mn")
    #expect(try refusal(.redox(), ["Va": 0]).contains("an empty site has no chemical potential"))
    #expect(try refusal(.redox(), [:]).contains("no chemical potential is given"))
  }
}
