import CellgenTestSupport
import Crystal
import Symmetry
import Testing

@Suite struct SitePermutationsTests {
  static let cases: [(name: String, supercell: String)] = [
    ("spinel", "1x1x1"), ("rutile", "2x1x3"), ("rutile", "1 1 0 -1 1 0 0 0 2"),
    ("rutile", "1 0 0 1 2 0 0 1 3"), ("layered", "2x2x1"), ("layered", "1 1 0 -1 2 0 0 0 1"),
    ("triclinic", "2 1 0 0 1 0 1 0 2"), ("obliqueSpinel", "1x1x1"),
  ]

  @Test("every permutation is one, keeps the kind of site and the distances", arguments: cases)
  func permutationsAreSymmetries(name: String, supercell: String) throws {
    let parent = try Crystals.named(name)
    let matrix = try SupercellMatrix(parsing: supercell)
    let structure = try parent.repeated(matrix)
    let group = try SitePermutations(parent: parent, supercell: matrix)
    #expect(group.siteCount == structure.count)
    #expect(group.permutation(0) == Array(0..<structure.count))
    var stream = RandomStream(seed: 1, purpose: "site permutation tests")
    for index in 0..<group.count {
      let permutation = group.permutation(index)
      #expect(permutation.sorted() == Array(0..<structure.count))
      #expect(
        permutation.indices.allSatisfy {
          structure.species[permutation[$0]] == structure.species[$0]
        })
      let (p, q) = (stream.integer(below: structure.count), stream.integer(below: structure.count))
      let before = structure.lattice.distance(structure.positions[p], structure.positions[q])
      let after = structure.lattice.distance(
        structure.positions[permutation[p]], structure.positions[permutation[q]])
      #expect(abs(before - after) < 1e-9)
    }
  }

  @Test("products and inverses of permutations are permutations of the group", arguments: cases)
  func closure(name: String, supercell: String) throws {
    let parent = try Crystals.named(name)
    let group = try SitePermutations(parent: parent, supercell: SupercellMatrix(parsing: supercell))
    let all = Set((0..<group.count).map(group.permutation))
    #expect(group.count.isMultiple(of: all.count))
    var stream = RandomStream(seed: 2, purpose: "site permutation tests")
    for _ in 0..<200 {
      let left = group.permutation(stream.integer(below: group.count))
      let right = group.permutation(stream.integer(below: group.count))
      #expect(all.contains(right.map { left[$0] }))
      var inverse = left
      for (site, image) in left.enumerated() { inverse[image] = site }
      #expect(all.contains(inverse))
    }
  }

  @Test("translations move all sites by the same vector", arguments: cases)
  func translations(name: String, supercell: String) throws {
    let parent = try Crystals.named(name)
    let matrix = try SupercellMatrix(parsing: supercell)
    let structure = try parent.repeated(matrix)
    let group = try SitePermutations(parent: parent, supercell: matrix)
    let centrings = try SymmetryDataset(parent).operations.filter { $0.rotation == .identity }
    #expect(group.translations.count == matrix.cellCount * centrings.count)
    for index in group.translations {
      let permutation = group.permutation(index)
      func step(_ site: Int) -> SIMD3<Double> {
        structure.positions[permutation[site]].components - structure.positions[site].components
      }
      for site in structure.positions.indices {
        let difference = step(site) - step(0)
        let rest = difference - difference.rounded(.toNearestOrEven)
        #expect(dot(rest, rest) < 1e-20)
      }
    }
    #expect(Set(group.translations.map(group.permutation)).count == group.translations.count)
  }

  // P4_2/mnm has 16 operations per cell and a cubic spinel 192, of which a tetragonal supercell
  // keeps 64; every cell adds a translation.
  @Test(
    "number of operations of supercells",
    arguments: [
      ("rutile", "1x1x1", 16), ("rutile", "1x1x2", 32), ("rutile", "1x1x3", 48),
      ("rutile", "2x2x1", 64), ("rutile", "2x2x2", 128), ("rutile", "2x1x1", 16),
      ("rutile", "1 1 0 -1 1 0 0 0 2", 64), ("rutile", "1 1 0 0 2 0 0 0 1", 32),
      ("rutile", "3 0 0 1 1 0 0 0 1", 24),
      ("spinel", "2x1x1", 128), ("spinel", "3x1x1", 192), ("spinel", "2x2x1", 256),
      ("spinel", "1 1 0 -1 1 0 0 0 2", 256), ("triclinic", "3x1x1", 6),
      ("layered", "2x2x1", 144), ("layered", "2x1x1", 24),
    ])
  func order(name: String, supercell: String, count: Int) throws {
    let parent = try Crystals.named(name)
    let group = try SitePermutations(parent: parent, supercell: SupercellMatrix(parsing: supercell))
    #expect(group.count == count)
  }

  @Test(
    "the 8a sites of spinel are permuted without a kernel",
    arguments: [("2x1x1", 128), ("3x1x1", 192), ("2x2x1", 256)])
  func tetrahedra(supercell: String, count: Int) throws {
    let parent = try Crystals.spinel()
    let matrix = try SupercellMatrix(parsing: supercell)
    let group = try SitePermutations(parent: parent, supercell: matrix)
    let table = try group.table(of: Array(0..<(8 * matrix.cellCount)))
    #expect(table.count * table.kernelOrder == count)
    #expect(table.kernelOrder == 1)
  }

  @Test("the table holds each different permutation of the chosen sites once")
  func table() throws {
    let parent = try Crystals.rutile()
    let matrix = try SupercellMatrix(parsing: "2x2x1")
    let group = try SitePermutations(parent: parent, supercell: matrix)
    let sites = Array((0..<8).reversed())  // all cations, in an order of their own
    let table = try group.table(of: sites)
    let expected = Set(
      (0..<group.count).map { index in
        let permutation = group.permutation(index)
        return sites.map { site in sites.firstIndex(of: permutation[site]) ?? -1 }
      })
    let rows = (0..<table.count).map { table.permutation($0).map(Int.init) }
    #expect(Set(rows) == expected)
    #expect(rows.count == expected.count)
    #expect(table.count * table.kernelOrder == group.count)
    #expect(rows[0] == Array(0..<8))
    #expect(table.translationCount == 4)
  }

  @Test func tableOfSitesThatAreNotClosed() throws {
    let group = try SitePermutations(parent: Crystals.rutile())
    #expect {
      try group.table(of: [0])
    } throws: {
      "\($0)".contains("choose all equivalent sites together")
    }
    #expect(try group.table(of: []).count == 1)
  }

  @Test("the orbits are those of the parent, repeated")
  func orbits() throws {
    let parent = try Crystals.spinel()
    let group = try SitePermutations(parent: parent, supercell: SupercellMatrix(parsing: "2x1x1"))
    #expect(group.orbits.map(\.count) == [16, 32, 32, 64])
    // Brute force: images of each site under everything.
    for orbit in group.orbits {
      #expect(Set((0..<group.count).map { group.permutation($0)[orbit[0]] }) == Set(orbit))
    }
  }

  @Test("a supercell without a known parent has the permutations of one with")
  func withoutParent() throws {
    let parent = try Crystals.rutile()
    let matrix = try SupercellMatrix(parsing: "2x2x2")
    let known = try SitePermutations(parent: parent, supercell: matrix)
    let unknown = try SitePermutations(parent: parent.repeated(matrix))
    #expect(unknown.count == known.count)
    #expect(unknown.translationCount == known.translationCount)
    #expect(
      Set((0..<known.count).map(known.permutation))
        == Set((0..<unknown.count).map(unknown.permutation)))
  }

  @Test("3x3x3 spinel: 5184 permutations of 1944 sites")
  func large() throws {
    let parent = try Crystals.spinel()
    let matrix = try SupercellMatrix(parsing: "3x3x3")
    let group = try SitePermutations(parent: parent, supercell: matrix)
    let table = try group.table(of: Array(0..<1080))
    #expect(group.count == 5184)
    #expect(group.translationCount == 108)
    #expect(group.siteCount == 1944)
    #expect(table.count == 5184)
    #expect(table.translationCount == 108)
  }

  @Test("operations that are no group, or do not fit the sites, are errors")
  func wrongOperations() throws {
    let parent = try Crystals.rutile()
    let good = try SymmetryDataset(parent).operations
    let shifted = SymmetryOperation(rotation: .identity, translation: SIMD3(0.1, 0, 0))
    #expect(throws: InputError.self) { try SitePermutations(parent: parent, operations: [shifted]) }
    #expect(throws: InputError.self) {
      try SitePermutations(parent: parent, operations: good + [shifted])
    }
    let wrong = try SpaceGroup("Fm-3m").operations
    #expect(throws: InputError.self) { try SitePermutations(parent: parent, operations: wrong) }
    #expect(throws: InputError.self) {
      try SitePermutations(parent: parent, types: [1, 2, 3, 3, 3, 3], operations: good)
    }
  }
}
