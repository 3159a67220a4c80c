import Arrangement
import CellgenTestSupport
import Crystal
import Foundation
import Symmetry
import Testing

/// Superlattices and their colourings: `Data/derivatives.json`, whose key `source` says where the
/// numbers come from.
@Suite struct DerivativeTests {
  private struct Reference: Decodable {
    var lattices: [String: [Row]]

    struct Row: Decodable {
      var index, supercells, classes: Int
      var colourings: [Numbers]
    }
    struct Numbers: Decodable {
      var colours, exchanged, distinct, all: Int
    }
  }

  private static let names = ["fcc", "bcc", "simple_tetragonal_c1.5"]

  private func rows(_ name: String) throws -> [Reference.Row] {
    let data = try Data(contentsOf: dataFolder().appending(path: "derivatives.json"))
    return try #require(JSONDecoder().decode(Reference.self, from: data).lattices[name])
  }

  private func supercells(_ parent: Parent, index: Int) throws -> [SupercellMatrix] {
    let rotations = try SitePermutations(parent: parent.cell).rotations
    return try DerivativeSupercells.distinct(index: index, rotations: rotations)
  }

  @Test("superlattices and their classes", arguments: names)
  func superlattices(name: String) throws {
    let parent = try parent(named: name)
    for row in try rows(name) {
      #expect(DerivativeSupercells.all(index: row.index).count == row.supercells)
      let classes = try supercells(parent, index: row.index)
      #expect(classes.count == row.classes, "\(row.index)")
      // Orbits and stabilisers: classes are as large as the rotations that change their lattice.
      let order = try SitePermutations(parent: parent.cell).rotations.count
      let members = try classes.map { supercell in
        order / (try SitePermutations(parent: parent.cell, supercell: supercell).rotations.count)
      }
      #expect(members.reduce(0, +) == row.supercells, "\(row.index)")
    }
  }

  @Test("colourings of all superlattices, with and without those that repeat", arguments: names)
  func colourings(name: String) throws {
    let colours = ["Li", "Na", "K", "Rb"]
    let parent = try parent(named: name)
    for row in try rows(name) {
      let supercells = try supercells(parent, index: row.index)
      for expected in row.colourings {
        let used = Array(colours.prefix(expected.colours))
        let coloured = parent.arranging("M", used.joined(separator: " "))
        var (all, distinct, exchanged) = (0, 0, 0)
        for supercell in supercells {
          let found = try colour(coloured, supercell, used)
          all += found.all
          distinct += found.distinct
          exchanged += found.exchanged
        }
        #expect(all == expected.all, "index \(row.index), \(used)")
        #expect(distinct == expected.distinct, "index \(row.index), \(used)")
        #expect(exchanged == expected.exchanged, "index \(row.index), \(used)")
      }
    }
  }

  /// Colourings of one superlattice: all; those that do not repeat and have every colour; these up to
  /// an exchange of colours.
  private func colour(
    _ parent: Parent, _ supercell: SupercellMatrix, _ colours: [String]
  ) throws -> (all: Int, distinct: Int, exchanged: Int) {
    var (all, distinct) = (0, 0)
    var classes: Set<[UInt8]> = []
    var known: (ProblemSymmetry, OrderedGroup)?
    let exchanges = permutations(of: colours.count)
    for numbers in compositions(of: supercell.cellCount, parts: colours.count) {
      var specification = parent.specification(supercell)
      specification.count("M", Dictionary(uniqueKeysWithValues: zip(colours, numbers)))
      let problem = try ArrangementProblem(specification)
      let (symmetry, group) =
        try known
        ?? {
          let symmetry = try ProblemSymmetry(problem)
          return (symmetry, OrderedGroup(symmetry.permutations))
        }()
      known = (symmetry, group)
      let count = ArrangementCount(problem, symmetry.permutations)
      all += try #require(Int("\(count.distinct)"))
      guard !numbers.contains(0) else { continue }
      let primitive = try #require(Int("\(count.primitive)"))
      distinct += primitive
      // The same one by one.
      let enumeration = Enumeration(problem, group)
      let translations = 1..<symmetry.permutations.translationCount
      var visited = 0
      _ = enumeration.segment([], walk: enumeration.makeWalk()) { walk in
        guard !walk.stabilizer.contains(where: translations.contains) else { return }
        visited += 1
        let images = exchanges.map { exchange in
          symmetry.canonicalForm(walk.arrangement.map { exchange[Int($0)] }).arrangement
        }
        if let first = images.min(by: { $0.lexicographicallyPrecedes($1) }) {
          classes.insert(first)
        }
      }
      #expect(visited == primitive, "\(supercell), \(numbers)")
    }
    return (all, distinct, classes.count)
  }

  /// All permutations of 0 ..< n.
  private func permutations(of n: Int) -> [[UInt8]] {
    if n == 0 { return [[]] }
    return permutations(of: n - 1).flatMap { shorter in
      (0..<n).map { place in
        var longer = shorter
        longer.insert(UInt8(n - 1), at: place)
        return longer
      }
    }
  }
}

/// Colourings under translations alone, in a crystal without any other symmetry.
@Suite struct RepeatingColouringTests {
  /// One site that is coloured, and three that take away all symmetry.
  private func chain(_ size: String, black: Int) throws -> (ArrangementProblem, ProblemSymmetry) {
    var cell = Structure(
      lattice: skewedLattice, species: Array(repeating: Species(.oxygen), count: 4),
      positions: [
        Fractional(0, 0, 0), Fractional(0.31, 0.12, 0.07), Fractional(0.62, 0.55, 0.21),
        Fractional(0.11, 0.43, 0.68),
      ])
    cell.labels = ["M", "O1", "O2", "O3"]
    var specification = ProblemSpecification(
      parent: cell,
      allowed: [elements("Mg Zn")] + Array(repeating: [.oxygen], count: 3),
      supercell: try supercell(size), chargePolicy: .ignored)
    specification.count("M", ["Mg": black])
    let problem = try ArrangementProblem(specification)
    return (problem, try ProblemSymmetry(problem))
  }

  // Binary Lyndon words of length n (necklaces that do not repeat): A001037 of the Online Encyclopedia
  // of Integer Sequences; from the Möbius inversion 1/n Σ μ(d) 2^(n/d) for any n.
  @Test(
    "necklaces that do not repeat are Lyndon words",
    arguments: [(1, 2), (2, 1), (3, 2), (4, 3), (5, 6), (6, 9), (8, 30), (9, 56), (12, 335)])
  func lyndon(n: Int, expected: Int) throws {
    var sum = 0
    for black in 0...n {
      let (problem, symmetry) = try chain("\(n)x1x1", black: black)
      #expect(symmetry.permutations.count == n)
      let count = ArrangementCount(problem, symmetry.permutations)
      sum += try #require(Int("\(count.primitive)"))
    }
    #expect(sum == expected)
  }

  @Test(
    "arrangements that do not repeat, by Möbius inversion and one by one",
    arguments: ["2x2x1", "2x2x2", "4x2x1", "3x3x1", "6x1x1", "3x2x2", "6x2x1", "4x4x1"])
  func products(size: String) throws {
    let cells = try supercell(size).cellCount
    for black in [1, 2, cells / 2, 2 * cells / 3] {
      let (problem, symmetry) = try chain(size, black: black)
      let count = ArrangementCount(problem, symmetry.permutations)
      let all = arrangements(problem)
      #expect("\(count.total)" == "\(all.count)")
      // The group acts freely on what does not repeat.
      let free = all.count { symmetry.stabilizer(of: $0) == [0] }
      #expect("\(count.primitive)" == "\(free / cells)", "\(black) of \(cells)")
    }
  }
}
