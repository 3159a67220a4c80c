import Building
import Crystal
import Symmetry
import Testing

@Suite struct SpinelFillingTests {
  /// Atoms by label and species: `8a Mg`.
  private func counts(_ structure: Structure) -> [String: Int] {
    let labels = structure.labels ?? []
    return zip(labels, structure.species).reduce(into: [:]) {
      $0["\($1.0) \($1.1)", default: 0] += 1
    }
  }

  private func pair(_ inversion: Double, _ composition: String? = nil) throws -> Spinel {
    var specification = SpinelSpecification()
    (specification.speciesA, specification.speciesB) = ("Mg", "Mn")
    specification.inversion = inversion
    specification.composition = composition
    return try Spinel(specification)
  }

  @Test func normalSpinel() throws {
    let structure = try pair(0).structure(supercell: SupercellMatrix(parsing: "2x1x1"))
    #expect(counts(structure) == ["8a Mg": 16, "16c Va": 32, "16d Mn": 32, "32e O": 64])
    #expect(structure.parentSites?.count == 144)
    let dataset = try SymmetryDataset(structure.withoutVacancies())
    #expect(dataset.symbol == "Fd-3m")
  }

  @Test("the degree of inversion is exact", arguments: [0.25, 0.5, 1])
  func inversion(degree: Double) throws {
    let spinel = try pair(degree)
    let structure = try spinel.structure(supercell: SupercellMatrix(parsing: "2x2x2"), seed: 3)
    let swapped = Int(64 * degree)
    let found = counts(structure)
    #expect(found["8a Mn"] == swapped)
    #expect(found["16d Mg"] == swapped)
    #expect(found["8a Mg", default: 0] == 64 - swapped)
    #expect(found["16d Mn", default: 0] == 128 - swapped)
    #expect(spinel.siteTable[0].allowed.map(\.description) == ["Mg", "Mn"])
  }

  @Test("one seed gives one arrangement, another seed another")
  func seeds() throws {
    let spinel = try pair(0.5)
    #expect(try spinel.structure(seed: 1) == spinel.structure(seed: 1))
    #expect(try spinel.structure(seed: 1) != spinel.structure(seed: 2))
  }

  @Test("a degree of inversion that does not fit names the nearest ones")
  func inexactInversion() throws {
    let spinel = try pair(0.3)
    #expect {
      try spinel.structure()
    } throws: { error in
      "\(error)".contains("0.250000 (2 of 8)") && "\(error)".contains("0.375000 (3 of 8)")
    }
    #expect(throws: Never.self) {
      try pair(1.0 / 3).structure(supercell: SupercellMatrix(parsing: "3x1x1"))
    }
  }

  @Test("a composition with less A leaves 8a empty")
  func deficit() throws {
    let structure = try pair(0, "Mg0.5Mn2O4").structure()
    #expect(counts(structure) == ["8a Mg": 4, "8a Va": 4, "16c Va": 16, "16d Mn": 16, "32e O": 32])
    #expect(throws: InputError.self) { try pair(0, "Mg2Mn2O4").structure() }
    #expect(throws: InputError.self) { try pair(1, "Mg0.5Mn2O4").structure() }
  }

  // 3x3x3 conventional cells: 216 8a, 432 16c, 432 16d, 864 O in 3x3x3 conventional cells.
  @Test(
    "Mg_x ZnMnO3 in 3x3x3 cells",
    arguments: [("ZnMnO3", 0), ("Mg0.25ZnMnO3", 72), ("Mg0.5ZnMnO3", 144), ("MgZnMnO3", 288)])
  func host(composition: String, magnesium: Int) throws {
    var specification = SpinelSpecification()
    specification.composition = composition
    let structure = try Spinel(specification).structure(
      supercell: SupercellMatrix(parsing: "3x3x3"), seed: 5)
    #expect(structure.count == 1944)
    #expect(structure.composition["Mg"] == Rational(magnesium))
    #expect(structure.composition["Zn"] == Rational(288))
    #expect(structure.composition["Mn"] == Rational(288))
    #expect(structure.composition["O"] == Rational(864))
    let found = counts(structure)
    // 8a and 16d fill first: vacancies are left there only while 16c is empty.
    let surplus = max(0, magnesium + 576 - 648)
    #expect(found["16c Va", default: 0] == 432 - surplus)
    #expect(
      found["8a Va", default: 0] + found["16d Va", default: 0] == max(0, 648 - 576 - magnesium))
  }

  @Test("compositions that do not fit say what would")
  func wrongCompositions() throws {
    func message(_ composition: String) -> String {
      var specification = SpinelSpecification()
      specification.composition = composition
      do {
        _ = try Spinel(specification).structure()
        return "no error"
      } catch {
        return "\(error)"
      }
    }
    let text = message("Mg0.5ZnMnO3")
    #expect(text.contains("needs 5.3333 Mg for 32 O"))
    #expect(text.contains("multiple of 3 cells"))
    #expect(message("LiMn2O4").contains("Li of LiMn2O4 has no site"))
    #expect(message("MgZn").contains("contains no O"))
    #expect(message("Mg9O").contains("more than there are sites"))
    #expect(message("MgZnMnO2").contains("48 cations on 40 sites"))
    #expect(message("Mg999999999999999999O").contains("too many digits"))
  }
}

extension Composition {
  fileprivate subscript(symbol: String) -> Rational {
    Element(symbol: symbol).map { self[$0] } ?? .zero
  }
}
