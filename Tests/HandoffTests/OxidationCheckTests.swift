import Crystal
import Handoff
import Testing

@Suite struct OxidationCheckTests {
  private func species(_ symbol: String, _ state: Double?) throws -> Species {
    Species(try #require(Element(symbol: symbol)), oxidationState: state)
  }

  // Projected moments as published for oxides in PBE+U lie within 0.2 μB of these.
  @Test(arguments: [
    ("Mn", 4.55, 2), ("Mn", 3.85, 3), ("Mn", -3.15, 4), ("Fe", 4.2, 3), ("Fe", 3.65, 2),
    ("Ni", 1.7, 2), ("Ni", -1.0, 3), ("Co", 2.7, 2), ("Co", 0.0, 3), ("Ti", 0.0, 4),
    ("V", 1.9, 3), ("Cr", 2.9, 3), ("Cu", 0.6, 2),
  ])
  func `typical moments tell the oxidation state`(symbol: String, moment: Double, state: Int) throws
  {
    let element = try #require(Element(symbol: symbol))
    #expect(OxidationByMoment.finding(moment, of: element) == .state(state))
  }

  @Test func `moments between two states or far from all tell nothing`() throws {
    let manganese = try #require(Element(symbol: "Mn"))
    #expect(OxidationByMoment.finding(3.42, of: manganese) == .unclear)
    #expect(OxidationByMoment.finding(1.0, of: manganese) == .unclear)
    #expect(OxidationByMoment.finding(3.0, of: .oxygen) == .unknown)
  }

  @Test func `an atom that disagrees is named, and so is the sum`() throws {
    let ions = [
      try species("Li", 1), try species("Mn", 3), try species("O", -2), try species("O", -2),
    ]
    let good = OxidationCheck(species: ions, moments: [0, 3.8, 0.02, 0.01])
    #expect(good.warnings.isEmpty && good.atoms[1].agrees == true)
    let bad = OxidationCheck(species: ions, moments: [0, -3.0, 0.02, 0.01])
    #expect(bad.atoms[1].agrees == false)
    #expect(bad.warnings.count == 2)
    #expect(bad.warnings.first?.contains("1 Mn: atom 2 was Mn3+, -3.00 μB tell Mn4+") == true)
    #expect(bad.warnings.last?.contains("add up to 1.00") == true)
  }

  @Test func `an average state agrees with both of its neighbours`() throws {
    let ions = [
      try species("Mn", 3.5), try species("Mn", 3.5), try species("O", -2), try species("O", -2),
      try species("O", -3),
    ]
    let check = OxidationCheck(species: ions, moments: [3.8, 3.05, 0, 0, 0])
    #expect(check.warnings.isEmpty)
    #expect(check.atoms[0].agrees == true && check.atoms[1].agrees == true)
    let two = OxidationCheck(species: ions, moments: [4.55, 3.05, 0, 0, 0])
    #expect(two.atoms[0].agrees == false)
  }
}
