import Crystal
import Testing

@Suite struct CompositionTests {
  @Test(
    "formulas as scientists write them",
    arguments: [
      ("Mg0.5ZnMnO3", "Mg0.5ZnMnO3"), ("Mg1/3ZnMnO3", "Mg1/3ZnMnO3"), ("Mg(Mn2O4)2", "MgMn4O8"),
      ("Mg[Mn{OH}2]2", "MgMn2O4H4"), ("OMgO", "O2Mg"), ("Fe 2 O 3", "Fe2O3"), ("Mg0O", "O"),
      ("Zn10Mn11O32", "Zn10Mn11O32"), ("Mg0.125O", "Mg0.125O"), ("CO", "CO"), ("Co", "Co"),
      ("Mg2.0O", "Mg2O"), ("Mg0.33333O", "Mg33333/100000O"),
    ])
  func formulas(text: String, printed: String) throws {
    let composition = try Composition(parsing: text)
    #expect(composition.description == printed)
    #expect(try Composition(parsing: composition.description) == composition)
  }

  @Test(
    "what is wrong with a formula is said",
    arguments: [
      ("", "no atoms"), ("Mg0", "no atoms"), ("Qq2O", "no element \"Qq\""), ("Mgg", "does not fit"),
      ("mg", "does not fit"), ("Mg-1", "does not fit"), ("Mg(O", "closing"),
      ("MgO)", "does not fit"),
      ("Mg1/0", "not an amount"), ("Mg1.2.3", "not an amount"), ("Mg1e3", "does not fit"),
      ("Mg½", "not an amount"), ("(Mg)999999999999999999999", "not an amount"),
      ("(Mg9999999999)9999999999", "too many digits"), ("Mg2+", "does not fit"),
      ("🙂", "does not fit"),
      ("(", "closing"), ("()", "no atoms"), ("MgVa", "no element \"Va\""),
    ])
  func wrong(text: String, expected: String) {
    #expect {
      try Composition(parsing: text)
    } throws: { error in
      error is InputError && "\(error)".contains(expected)
    }
  }

  @Test("brackets without end are an error, not a crash")
  func nesting() {
    let deep = String(repeating: "(", count: 200_000)
    #expect(throws: InputError.self) { try Composition(parsing: deep + "Mg") }
    #expect(throws: Never.self) { try Composition(parsing: "((((Mg))))2") }
  }

  @Test("the reduced formula and how often it fits")
  func reduced() throws {
    let cell = try Composition(parsing: "Mg48Zn288Mn288O864").reduced()
    #expect(cell.formula.description == "MgZn6Mn6O18")
    #expect(cell.factor == Rational(48))
    let fraction = try Composition(parsing: "Mg1/3ZnMnO3").reduced()
    #expect(fraction.formula.description == "MgZn3Mn3O9")
    #expect(try fraction.factor == Rational(1, 3))
  }

  @Test func amounts() throws {
    let composition = try Composition(parsing: "Mg0.5ZnMnO3")
    let magnesium = try #require(Element(symbol: "Mg"))
    #expect(try composition[magnesium] == Rational(1, 2))
    #expect(composition[.oxygen] == Rational(3))
    #expect(composition[.vacancy] == .zero)
    #expect(composition.atomCount == 5.5)
    #expect(composition.removing(magnesium).description == "ZnMnO3")
    #expect(try composition.multiplied(by: Rational(2)).description == "MgZn2Mn2O6")
    // IUPAC 2016: Mg 24.305, Zn 65.38, Mn 54.938044, O 15.999
    #expect(abs(composition.mass - (12.1525 + 65.38 + 54.938_044 + 47.997)) < 1e-4)
  }

  @Test("counts are ordered cations first, vacancies left out")
  func counts() throws {
    let zinc = try #require(Element(symbol: "Zn"))
    #expect(Composition(counts: [zinc: 2, .oxygen: 3, .vacancy: 5]).description == "Zn2O3")
  }

  @Test func negativeAmounts() {
    #expect(throws: InputError.self) { try Composition([(.oxygen, Rational(-1))]) }
    #expect(throws: Never.self) {
      try Composition([(.oxygen, Rational(-1)), (.oxygen, Rational(2))])
    }
  }
}
