import Crystal
import Testing

@Suite struct SpeciesTests {
  @Test(
    "species are written as they are read",
    arguments: [
      "Mg", "Mg2+", "O2-", "Na+", "Cl-", "Mn3.5+", "Mn3.3333+", "Va",
    ])
  func roundTrip(text: String) throws {
    let species = try #require(Species(text))
    #expect(species.description == text)
    #expect(Species(species.description) == species)
  }

  @Test func vacancies() {
    for text in ["Va", "vac", "Vac", "X", "□"] { #expect(Species(text) == .vacancy) }
    #expect(Species.vacancy.isVacancy)
  }

  @Test(
    "no species",
    arguments: [
      "", "Qq", "mg", "MG", "Mg+2", "Mg2+-", "2+", "+", "Mg2", "Mg++", "Mg 2+", "Mgx+", "O2-2-",
      "VA",
    ])
  func wrong(text: String) {
    #expect(Species(text) == nil)
  }

  @Test("a number without digits after the point has no point")
  func description() throws {
    let manganese = try #require(Element(symbol: "Mn"))
    #expect(Species(manganese, oxidationState: 3.000_01).description == "Mn3+")
    #expect(Species(manganese, oxidationState: 100).description == "Mn100+")
    #expect(Species(manganese, oxidationState: 0).description == "Mn")
    #expect(Species(manganese, oxidationState: 2.5).description == "Mn2.5+")
  }

  @Test("by atomic number, then by oxidation state, vacancies last")
  func order() {
    let names = ["Va", "Zn", "Mn4+", "O2-", "Mn3+", "Mg"]
    #expect(
      names.compactMap { Species($0) }.sorted().map(\.description)
        == ["O2-", "Mg", "Mn3+", "Mn4+", "Zn", "Va"])
  }
}

@Suite struct ElementTests {
  @Test("the table has 118 elements in order")
  func table() {
    #expect(Element.all.count == 118)
    #expect(Element.all.map(\.atomicNumber) == Array(1...118))
    #expect(Set(Element.all.map(\.symbol)).count == 118)
    for element in Element.all {
      #expect(Element(symbol: element.symbol) == element)
      #expect(Element(atomicNumber: element.atomicNumber) == element)
      #expect(element.mass > 1)
    }
  }

  // IUPAC 2016; Cordero et al. 2008.
  @Test func values() throws {
    let magnesium = try #require(Element(symbol: "Mg"))
    #expect(magnesium.atomicNumber == 12)
    #expect(abs(magnesium.mass - 24.305) < 1e-9)
    #expect(magnesium.covalentRadius == 1.41)
    #expect(magnesium.oxidationStates == [2])
    #expect(Element.oxygen.symbol == "O")
    #expect(Element(symbol: "Og")?.atomicNumber == 118)
  }

  @Test func notElements() {
    for symbol in ["", "X", "Va", "mg", "Mgg", "D"] { #expect(Element(symbol: symbol) == nil) }
    for number in [-1, 0, 119, Int.min, Int.max] { #expect(Element(atomicNumber: number) == nil) }
    #expect(Element.vacancy.symbol == "Va" && Element.vacancy.mass == 0)
    #expect(Element.dummy.symbol == "X" && !Element.dummy.isVacancy)
  }

  @Test("elements whose charge can balance a formula")
  func redox() {
    let active = ["Mn", "V", "Fe", "Co", "Ni", "Cr", "Ti"].compactMap { Element(symbol: $0) }
    let inert = ["Mg", "Zn", "Li", "O", "Al", "S"].compactMap { Element(symbol: $0) }
    #expect(active.count == 7 && active.allSatisfy(\.isRedoxActive))
    #expect(inert.count == 6 && !inert.contains(where: \.isRedoxActive))
  }
}
