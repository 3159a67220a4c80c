import CellgenTestSupport
import Crystal
import Symmetry
import Testing

@testable import Building

@Suite struct SpinelTests {
  static func spinel(_ change: (inout SpinelSpecification) -> Void = { _ in }) throws -> Spinel {
    var specification = SpinelSpecification()
    change(&specification)
    return try Spinel(specification)
  }

  @Test("labels, multiplicities, site symmetries and coordination of the host")
  func siteTable() throws {
    let spinel = try SpinelTests.spinel { $0.extraSites = ["8b", "48f"] }
    let table = spinel.siteTable
    #expect(table.map(\.label) == ["8a", "16c", "16d", "32e", "8b", "48f"])
    #expect(table.map(\.multiplicity) == [8, 16, 16, 32, 8, 48])
    // International Tables for Crystallography A, space group 227.
    #expect(table.map(\.siteSymmetry) == ["-43m", "-3m", "-3m", "3m", "-43m", "2mm"])
    #expect(table.map(\.coordinationNumber) == [4, 6, 6, 4, 4, 4])
    #expect(table[3].coordination.map { "\($0.count) \($0.label)" } == ["1 8a", "3 16d"])
    #expect(table[0].allowed.map(\.description) == ["Mg", "Zn", "Mn", "Va"])
    #expect(table[1].allowed == table[0].allowed && table[2].allowed == table[0].allowed)
    #expect(table[3].allowed.map(\.description) == ["O"])
    let labels = try #require(spinel.unitCell.labels)
    #expect(labels.count == 128)
    #expect(
      spinel.unitCell.species.map(\.description).prefix(9) == [
        "Zn", "Zn", "Zn", "Zn", "Zn", "Zn", "Zn", "Zn", "Va",
      ])
  }

  // Distances of nearest shells in units of a for ideal u = 0.25, and how many: closed forms of the
  // cubic close packing (√3/8, √2/4, √11/8, ...).
  @Test(
    "nearest shells of the ideal spinel",
    arguments: [
      ("8a", "8a", 0.4330127, 4), ("8a", "16c", 0.21650635, 4), ("8a", "16d", 0.4145781, 12),
      ("8a", "32e", 0.21650635, 4), ("8a", "48f", 0.25, 6), ("8a", "8b", 0.4330127, 4),
      ("8b", "16d", 0.21650635, 4), ("8b", "16c", 0.4145781, 12), ("16c", "8a", 0.21650635, 2),
      ("16c", "16c", 0.35355339, 6), ("16c", "16d", 0.35355339, 6), ("16c", "32e", 0.25, 6),
      ("16d", "8a", 0.4145781, 6), ("16d", "16d", 0.35355339, 6), ("16d", "16c", 0.35355339, 6),
      ("16d", "32e", 0.25, 6), ("32e", "8a", 0.21650635, 1), ("32e", "16d", 0.25, 3),
      ("32e", "16c", 0.25, 3), ("32e", "32e", 0.35355339, 12), ("48f", "8a", 0.25, 1),
      ("48f", "16c", 0.21650635, 2), ("48f", "16d", 0.21650635, 2), ("48f", "8b", 0.25, 1),
      ("48f", "32e", 0.21650635, 4),
    ])
  func shells(site: String, neighbour: String, distance: Double, count: Int) throws {
    let spinel = try SpinelTests.spinel {
      $0.u = 0.25
      $0.extraSites = ["48f", "8b"]
    }
    let shell = try #require(spinel.crystal.row(of: site)?.shell(of: neighbour))
    #expect(shell.count == count)
    #expect(abs(shell.distance / 8.5 - distance) < 1e-7)
  }

  @Test(
    "the oxygen distances follow the closed forms", arguments: [0.2, 0.24, 0.25, 0.2625, 0.28, 0.3])
  func closedForms(u: Double) throws {
    let spinel = try SpinelTests.spinel {
      $0.u = u
      $0.a = 8.1
    }
    let a = 8.1
    func distance(_ site: String) -> Double {
      spinel.crystal.row(of: site)?.shell(of: "32e")?.distance ?? 0
    }
    #expect(abs(distance("8a") - a * 3.0.squareRoot() * (u - 0.125)) < 1e-9)
    #expect(abs(distance("16d") - a * (3 * u * u - 2 * u + 0.375).squareRoot()) < 1e-9)
    #expect(abs(distance("16c") - a * (3 * u * u - u + 0.125).squareRoot()) < 1e-9)
    if u == 0.2625 { #expect(abs(distance("8a") - distance("16d")) < 1e-9) }
  }

  // Coordinates of Fd-3m in origin choice 2: International Tables for Crystallography A.
  @Test("the coordinates of choice 2")
  func coordinates() throws {
    let cell = try SpinelTests.spinel().unitCell
    let labels = try #require(cell.labels)
    func first(_ label: String, _ count: Int) -> [[Double]] {
      labels.indices.filter { labels[$0] == label }.prefix(count).map { site in
        (0..<3).map { (cell.positions[site].components[$0] * 1e4).rounded() / 1e4 }
      }
    }
    #expect(
      first("8a", 8) == [
        [0.125, 0.125, 0.125], [0.125, 0.625, 0.625], [0.375, 0.375, 0.875],
        [0.375, 0.875, 0.375], [0.625, 0.125, 0.625], [0.625, 0.625, 0.125],
        [0.875, 0.375, 0.375], [0.875, 0.875, 0.875],
      ])
    #expect(first("16c", 3) == [[0, 0, 0], [0, 0.25, 0.25], [0, 0.5, 0.5]])
    #expect(first("16d", 3) == [[0, 0, 0.5], [0, 0.25, 0.75], [0, 0.5, 0]])
    #expect(
      first("32e", 3)
        == [[0.0125, 0.0125, 0.7375], [0.0125, 0.2375, 0.5125], [0.0125, 0.5125, 0.2375]])
  }

  @Test("both origin choices give the same crystal, 1/8 apart")
  func origins() throws {
    let second = try SpinelTests.spinel {
      $0.u = 0.26
      $0.extraSites = ["48f", "8b"]
    }
    let first = try SpinelTests.spinel {
      $0.originChoice = 1
      $0.u = 0.385
      $0.extraSites = ["48f", "8b"]
    }
    let lattice = first.unitCell.lattice
    let labels = try #require(second.unitCell.labels)
    #expect(first.unitCell.labels == labels)
    for site in labels.indices {
      let moved = Fractional(
        second.unitCell.positions[site].components + SIMD3(repeating: 0.125))
      let hits = labels.indices.filter {
        lattice.distance(moved, first.unitCell.positions[$0]) < 1e-9
      }
      #expect(hits.map { labels[$0] } == [labels[site]])
    }
    for (one, two) in zip(first.siteTable, second.siteTable) {
      #expect(one.siteSymmetry == two.siteSymmetry)
      for (p, q) in zip(one.shells, two.shells) {
        #expect(p.label == q.label && p.count == q.count)
        #expect(abs(p.distance - q.distance) < 1e-9)
      }
    }
  }

  @Test(
    "absurd parameters are errors that say what is wrong",
    arguments: [
      (2, 8.5, 0.3875, "origin choice 1"), (1, 8.5, 0.2625, "origin choice 2"),
      (2, 8.5, 0.375, "origin choice 1"), (2, 8.5, Double.nan, "expected 0.200 to 0.300"),
      (2, 8.5, -0.25, "expected 0.200 to 0.300"), (1, 8.5, 0.5, "expected 0.325 to 0.425"),
      (2, 8.5, 0.125, "expected 0.200 to 0.300"), (2, 8.5, 0, "expected 0.200 to 0.300"),
      (2, 8.5, .infinity, "expected 0.200 to 0.300"), (2, 0.85, 0.25, "8.500 Å"),
      (2, 850, 0.25, "8.500 Å"), (2, 0, 0.25, "5 to 20 Å"), (2, -8.5, 0.25, "5 to 20 Å"),
      (2, Double.nan, 0.25, "5 to 20 Å"), (2, 1e300, 0.25, "5 to 20 Å"),
      (3, 8.5, 0.25, "expected 1 or 2"), (0, 8.5, 0.25, "expected 1 or 2"),
    ])
  func absurd(origin: Int, a: Double, u: Double, expected: String) {
    #expect {
      try SpinelTests.spinel {
        $0.originChoice = origin
        $0.a = a
        $0.u = u
      }
    } throws: { error in
      error is InputError && "\(error)".contains(expected)
    }
  }

  @Test("unknown species and sites are errors")
  func chemistry() {
    func message(_ change: (inout SpinelSpecification) -> Void) -> String {
      do {
        _ = try SpinelTests.spinel(change)
        return "no error"
      } catch {
        return "\(error)"
      }
    }
    #expect(message { ($0.speciesA, $0.speciesB) = ("Mgg", "Mn") }.contains("did you mean Mg?"))
    #expect(message { $0.speciesA = "Mg" }.contains("species B is missing"))
    #expect(message { ($0.speciesA, $0.speciesB) = ("O", "Mn") }.contains("cation and as anion"))
    #expect(message { $0.anion = "Va" }.contains("no species"))
    #expect(message { $0.hostSpecies = [] }.contains("admits no cation"))
    #expect(message { $0.extraSites = ["48g"] }.contains("expected 8b or 48f"))
    #expect(message { $0.extraSites = ["8a"] }.contains("there already"))
    #expect(message { $0.inversion = 0.5 }.contains("needs the species A and B"))
    #expect(message { $0.composition = "Mg2Qq" }.contains("composition"))
    #expect(
      message {
        ($0.speciesA, $0.speciesB) = ("Mg", "Mn")
        $0.inversion = .nan
      }.contains("expected 0 to 1"))
  }
}
