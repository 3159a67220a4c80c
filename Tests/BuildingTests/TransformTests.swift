import Building
import CellgenTestSupport
import Crystal
import Symmetry
import Testing

/// A spinel with all its sites labelled, the empty ones too.
private func spinel() throws -> Structure {
  try Spinel(SpinelSpecification()).unitCell
}

struct CellChoiceTests {
  @Test func thePrimitiveCellOfASpinelHoldsAQuarterOfItsAtoms() throws {
    let whole = try spinel()
    let primitive = try CellChoice.primitive(whole)
    #expect(primitive.count * 4 == whole.count)
    #expect((primitive.lattice.volume * 4 - whole.lattice.volume).magnitude < 1e-6)
    let edge = (whole.lattice.lengths.x / 2.0.squareRoot())
    for length in [
      primitive.lattice.lengths.x, primitive.lattice.lengths.y, primitive.lattice.lengths.z,
    ] {
      #expect((length - edge).magnitude < 1e-6)
    }
  }

  @Test func otherCellsAreTheSameCrystal() throws {
    let whole = try spinel()
    for choice in CellChoice.allCases {
      let cell = try choice(whole.repeated(SupercellMatrix(parsing: "2x1x1")))
      let group = try SymmetryDataset(cell)
      #expect(group.number == 227, "\(choice)")
      #expect(
        try cell.composition.reduced().formula == whole.composition.reduced().formula, "\(choice)")
      // Every atom keeps its label and the neighbours that the label promises.
      let labels = try #require(cell.labels)
      for (index, label) in labels.enumerated() where label == "8a" {
        let nearest = cell.positions.indices.filter { labels[$0] == "32e" }
          .map { cell.lattice.distance(cell.positions[index], cell.positions[$0]) }.min()
        let expected = whole.lattice.lengths.x * 3.0.squareRoot() * (0.2625 - 0.125)
        #expect((try #require(nearest) - expected).magnitude < 1e-6, "\(choice)")
      }
    }
  }

  @Test func thePrimitiveAndTheConventionalCellLeadToEachOther() throws {
    let whole = try spinel()
    let back = try CellChoice.conventional(CellChoice.primitive(whole))
    #expect(back.count == whole.count)
    #expect((back.lattice.volume - whole.lattice.volume).magnitude < 1e-6)
  }
}

/// Iron on a body-centred lattice, whose two atoms are alike or not.
struct MagneticCellTests {
  private func iron(moments: [Double]) throws -> Structure {
    var cell = Structure(
      lattice: try .cubic(2.87), species: [Species("Fe"), Species("Fe")].compactMap { $0 },
      positions: [Fractional(0, 0, 0), Fractional(0.5, 0.5, 0.5)])
    cell.set(Column(Column.Name.magneticMoment, .real(moments)))
    return cell
  }

  @Test("antiferromagnetic order is part of the crystal: its primitive cell has both moments")
  func antiferromagnetic() throws {
    let cell = try iron(moments: [2.2, -2.2])
    for choice in CellChoice.allCases {
      let result = try choice(cell.repeated(SupercellMatrix(parsing: "1x2x1")))
      #expect(result.count == (choice == .niggli ? 4 : 2), "\(choice)")
      let moments = try #require(result[column: Column.Name.magneticMoment])
      guard case .real(let values) = moments.values else { return }
      #expect(values.reduce(0, +) == 0 && values.allSatisfy { $0.magnitude == 2.2 })
    }
  }

  @Test("with equal moments the primitive cell has one atom")
  func ferromagnetic() throws {
    #expect(try CellChoice.primitive(iron(moments: [2.2, 2.2])).count == 1)
  }
}

struct SupercellShapeTests {
  /// Shortest vector of a lattice by trying all small combinations.
  private func shortest(_ lattice: Lattice) -> Double {
    var best = Double.infinity
    for i in -4...4 {
      for j in -4...4 {
        for k in -4...4 where (i, j, k) != (0, 0, 0) {
          let v = Double(i) * lattice.a + Double(j) * lattice.b + Double(k) * lattice.c
          best = min(best, (v.x * v.x + v.y * v.y + v.z * v.z).squareRoot())
        }
      }
    }
    return best
  }

  @Test func fourPrimitiveFccCellsMakeACube() throws {
    let h = 2.0
    let fcc = try Lattice(a: SIMD3(0, h, h), b: SIMD3(h, 0, h), c: SIMD3(h, h, 0))
    let cell = try SupercellMatrix.compact(index: 4, lattice: fcc, prefersDiagonal: false)
      .lattice(of: fcc)
    for length in [cell.lengths.x, cell.lengths.y, cell.lengths.z] {
      #expect((length - 2 * h).magnitude < 1e-9)
    }
  }

  @Test(arguments: [2, 3, 4, 6, 8])
  func theRoundestSupercellHasTheFarthestImages(index: Int) throws {
    let lattice = try Lattice(
      lengths: SIMD3(3, 4, 5.5), anglesDegrees: SIMD3(80, 95, 110))
    let found = shortest(
      try SupercellMatrix.round(index: index, lattice: lattice).lattice(of: lattice))
    let best = try SupercellMatrix.hermiteForms(index)
      .map { shortest(try SupercellMatrix($0).lattice(of: lattice)) }.max()
    #expect((found - (try #require(best))).magnitude < 1e-9)
  }

  @Test(arguments: [3.0, 5.0, 7.5, 10.0])
  func imagesAreAsFarApartAsAskedFor(distance: Double) throws {
    let lattice = try Lattice(lengths: SIMD3(3, 4, 9), anglesDegrees: SIMD3(90, 70, 100))
    let cell = try SupercellMatrix.minimumImage(distance, lattice: lattice)
    #expect(shortest(try cell.lattice(of: lattice)) >= distance - 1e-9)
    let spacings = lattice.planeSpacings
    let diagonal = (0..<3).reduce(1) { $0 * max(1, Int((distance / spacings[$1]).rounded(.up))) }
    #expect(cell.cellCount <= diagonal)
  }

  @Test(arguments: [0, -1, .nan, .infinity, 1e9])
  func absurdDistancesAreRefused(distance: Double) throws {
    #expect(throws: InputError.self) {
      try SupercellMatrix.minimumImage(distance, lattice: .cubic(4))
    }
  }

  @Test func hermiteFormsOfAnIndexAreCountedByItsDivisors() {
    for index in 1...24 {
      let divisors = (1...index).filter { index.isMultiple(of: $0) }
      // The number of sublattices of index n is Σ_{d | n} d σ(d).
      let expected = divisors.reduce(0) { sum, d in
        sum + d * (1...d).filter { d.isMultiple(of: $0) }.reduce(0, +)
      }
      #expect(SupercellMatrix.hermiteForms(index).count == expected)
      #expect(Set(SupercellMatrix.hermiteForms(index)).count == expected)
    }
  }
}

struct DeformationTests {
  @Test func aStrainChangesTheVolumeByTheDeterminant() throws {
    let structure = try spinel()
    let strain = try Strain([0.01, -0.02, 0.03, 0.004, -0.005, 0.006])
    let strained = try structure.strained(strain)
    let e = strain.components
    let determinant =
      (1 + e[0]) * ((1 + e[1]) * (1 + e[2]) - e[3] * e[3])
      - e[5] * (e[5] * (1 + e[2]) - e[3] * e[4]) + e[4] * (e[5] * e[3] - (1 + e[1]) * e[4])
    #expect(
      (strained.lattice.volume / structure.lattice.volume - determinant).magnitude < 1e-12)
    #expect(strained.positions == structure.positions)
    #expect(strained.labels == structure.labels)
  }

  @Test func strainsThatAreNoFractionsAreRefused() {
    // The last two turn the crystal inside out: in the xy plane, and as a whole.
    for components in [
      [0.1, 0.1], [1, 0, 0, 0, 0, 0], [.nan, 0, 0, 0, 0, 0], [-0.5, -0.5, 0, 0, 0, 0.6],
      [0, 0, -0.8, 0.8, 0, 0],
    ] {
      #expect(throws: InputError.self) { try Strain(components) }
    }
  }

  @Test func displacementsHaveTheDeviationThatIsAskedFor() throws {
    let structure = try spinel().repeated(SupercellMatrix(parsing: "4x4x4"))
    let rattled = structure.rattled(0.1, seed: 7)
    #expect(rattled.positions == structure.rattled(0.1, seed: 7).positions)
    #expect(rattled.positions != structure.rattled(0.1, seed: 8).positions)
    var (sum, square, count) = (SIMD3<Double>.zero, 0.0, 0.0)
    for (p, q) in zip(structure.cartesianPositions, rattled.cartesianPositions) {
      let step = q.components - p.components
      sum += step
      square += step.x * step.x + step.y * step.y + step.z * step.z
      count += 3
    }
    // 13,824 numbers: the deviation is known to 0.6 %, the mean to 0.0015 Å.
    #expect(((square / count).squareRoot() / 0.1 - 1).magnitude < 0.03)
    #expect((sum / (count / 3)).x.magnitude < 0.008)
    #expect(rattled.labels == structure.labels)
  }
}

struct SubstitutionTests {
  @Test func exactNumbersAreReplacedOnTheSitesThatWereChosen() throws {
    let structure = try spinel()
    let result = try Substitution(
      SiteSelection(element: "Mn", labels: ["16d"]), by: Species("Al3+") ?? .vacancy, .count(5))(
        structure, seed: 3)
    #expect(result.replaced.count == 5)
    for index in structure.species.indices {
      if result.replaced.contains(index) {
        #expect(result.structure.species[index] == Species("Al3+"))
        #expect(structure.labels?[index] == "16d")
      } else {
        #expect(result.structure.species[index] == structure.species[index])
      }
    }
    #expect(result.structure.labels == structure.labels)
  }

  @Test func fractionsAreRoundedAloud() throws {
    let structure = try spinel()
    let sites = SiteSelection(element: "Mn")
    let result = try Substitution(sites, by: .vacancy, .fraction(0.3))(structure, seed: 1)
    #expect(result.replaced.count == 5)
    #expect(try #require(result.note).contains("16 = 4.800 → 5"))
    #expect(try Substitution(sites, by: .vacancy, .fraction(0.25))(structure, seed: 1).note == nil)
  }

  @Test func everySiteIsEquallyLikely() throws {
    let structure = try spinel()
    var hits = [Int](repeating: 0, count: structure.count)
    let runs = 4000
    for seed in 0..<runs {
      let result = try Substitution(SiteSelection(element: "Zn"), by: .vacancy, .count(2))(
        structure, seed: UInt64(seed))
      for index in result.replaced { hits[index] += 1 }
    }
    // Eight sites, two at a time: 1000 hits each with a deviation of 27.
    for (index, count) in hits.enumerated() where structure.species[index].element.symbol == "Zn" {
      #expect((count - runs / 4).magnitude < 150)
    }
  }

  @Test("species of an element are told apart, and charges follow them")
  func oxidationStates() throws {
    var structure = try spinel()
    let manganese = try SiteSelection(element: "Mn").indices(in: structure)
    for (number, index) in manganese.enumerated() {
      structure.setSpecies(try #require(Species(number < 4 ? "Mn4+" : "Mn3+")), at: index)
    }
    let chosen = try SiteSelection(element: "Mn4+").indices(in: structure)
    #expect(chosen == Array(manganese.prefix(4)))
    #expect(try SiteSelection(element: "Mn").indices(in: structure) == manganese)
    structure.charges = structure.species.map { $0.oxidationState ?? 0 }
    let tin = try #require(Species("Sn4+"))
    let result = try Substitution(SiteSelection(element: "Mn3+"), by: tin, .fraction(1))(
      structure, seed: 1)
    #expect(result.replaced == Array(manganese.dropFirst(4)))
    #expect(result.structure.charges == result.structure.species.map { $0.oxidationState ?? 0 })
    // Without an oxidation state the charge would be that of manganese.
    let error = #expect(throws: InputError.self) {
      try Substitution(SiteSelection(element: "Mn"), by: Species(tin.element), .count(1))(
        structure, seed: 1)
    }
    #expect("\(try #require(error))".contains("write Sn4+"))
    #expect(throws: InputError.self) {
      try Substitution(SiteSelection(element: "Va"), by: .vacancy, .count(1))(structure, seed: 1)
    }
  }

  @Test func whatCannotBeChosenIsNamed() throws {
    let structure = try spinel()
    for (sites, text) in [
      (SiteSelection(element: "Mg"), "there is no Mg"),
      (SiteSelection(element: "Xx"), "no element \"Xx\""),
      (SiteSelection(labels: ["16e"]), "label 16e"),
    ] {
      let error = #expect(throws: InputError.self) { try sites.indices(in: structure) }
      #expect("\(try #require(error))".contains(text))
    }
    #expect(throws: InputError.self) {
      try Substitution(SiteSelection(element: "Zn"), by: .vacancy, .count(9))(structure, seed: 1)
    }
    #expect(throws: InputError.self) {
      try Substitution(SiteSelection(element: "Zn"), by: .vacancy, .fraction(0.01))(
        structure, seed: 1)
    }
  }
}
