import CellgenTestSupport
import Crystal
import Foundation
import StructureIO
import Testing

@testable import Analysis

@Suite struct PairDistributionTests {
  /// Shells of perfect crystals, `Data/rdf/crystal_shells.json`.
  private struct CrystalShells: Decodable {
    var shells: [String: [[Double]]]
  }

  /// Histograms of the published glass, `Data/rdf/amorphous_MgV2O5.json`.
  private struct Glass: Decodable {
    struct Pair: Decodable {
      var pair_counts_per_bin: [Int]
      var g_of_r: [Double]
      var coordination_cutoff: Double
      var mean_coordination: Double
    }
    struct Model: Decodable {
      var rdf: [String: Pair]
    }
    var structures: [String: Model]
  }

  private static func data<Value: Decodable>(_ name: String, _ type: Value.Type) throws -> Value {
    try JSONDecoder().decode(
      type, from: Data(contentsOf: analysisData.appending(path: "rdf/\(name).json")))
  }

  /// Primitive cells with an edge of the cube of 1, times a scale.
  private func crystal(_ name: String, _ scale: Double) throws -> (Lattice, [Fractional], [Element])
  {
    let magnesium = try #require(Element(symbol: "Mg"))
    let h = 0.5 * scale
    let fcc = try Lattice(a: SIMD3(0, h, h), b: SIMD3(h, 0, h), c: SIMD3(h, h, 0))
    let bcc = try Lattice(a: SIMD3(-h, h, h), b: SIMD3(h, -h, h), c: SIMD3(h, h, -h))
    let origin = Fractional(0, 0, 0)
    return switch name {
    case "sc": (try .cubic(scale), [origin], [magnesium])
    case "bcc": (bcc, [Fractional(0.3, -0.2, 7.1)], [magnesium])
    case "fcc": (fcc, [origin], [magnesium])
    case "diamond":
      (fcc, [origin, Fractional(0.25, 0.25, 0.25)], [magnesium, magnesium])
    default: (fcc, [origin, Fractional(0.5, 0.5, 0.5)], [magnesium, .oxygen])
    }
  }

  @Test(
    "the shells of perfect crystals, from cells with one or two atoms",
    arguments: ["sc", "bcc", "fcc", "diamond", "NaCl_like", "NaCl_unlike"])
  func shells(name: String) throws {
    let shells = try #require(
      try PairDistributionTests.data("crystal_shells", CrystalShells.self).shells[name])
    let scale = 4.0
    let (lattice, positions, atoms) = try crystal(name, scale)
    let last = try #require(shells.last?[0]) * scale
    var distribution = PairDistribution(elements: atoms, radius: last + 0.02, binWidth: 0.02)
    distribution.add(lattice, positions: positions, atoms: atoms)
    let magnesium = try #require(Element(symbol: "Mg"))
    let other = name == "NaCl_unlike" ? Element.oxygen : magnesium
    let numbers = distribution.estimate(blocks: 1) {
      $0.runningNumber(of: other, around: magnesium)
    }.values
    var sum = 0.0
    for shell in shells {
      let bin = Int(shell[0] * scale / 0.02 + 1e-6)
      #expect(abs((bin > 0 ? numbers[bin - 1] : 0) - sum) < 1e-9)
      sum += shell[1]
      // Distances in the file have eight digits, so that one on a border may lie on either side.
      #expect(abs(numbers[min(bin + 1, numbers.count - 1)] - sum) < 1e-9, "\(shell)")
    }
  }

  @Test(
    "the published glass has the same pairs in every bin as by another code", arguments: [300, 900])
  func glass(temperature: Int) throws {
    let reference = try #require(
      try PairDistributionTests.data("amorphous_MgV2O5", Glass.self).structures["\(temperature)"])
    let file = temperature == 300 ? "POSCAR_300K" : "CONTCAR_900K"
    let structure = try StructureFile.read(
      analysisData.appending(path: "amorphous-MgV2O5/\(file)").path()
    ).structure
    let atoms = structure.species.map(\.element)
    let elements = Set(atoms).sorted()
    let kinds = atoms.map { elements.firstIndex(of: $0) ?? 0 }
    let counts = PairCounts(
      lattice: structure.lattice, positions: structure.positions, kinds: kinds, kindCount: 3,
      binWidth: 0.1, binCount: 60, threads: 2)
    var distribution = PairDistribution(elements: elements, radius: 6, binWidth: 0.1)
    distribution.add(structure.lattice, positions: structure.positions, atoms: atoms)
    #expect(reference.rdf.count == 6)
    for (name, expected) in reference.rdf {
      let pair = name.split(separator: "-").compactMap { Element(symbol: $0) }
      let (a, b) = (
        try #require(elements.firstIndex(of: pair[0])),
        try #require(elements.firstIndex(of: pair[1]))
      )
      #expect(Array(counts.pairs(a, b)) == expected.pair_counts_per_bin, "\(name)")
      #expect(counts.pairs(a, b) == counts.pairs(b, a) || a != b)
      for (value, known) in zip(distribution.values(pair[0], pair[1]), expected.g_of_r) {
        #expect(abs(value - known) < 1e-5)
      }
      let numbers = distribution.estimate(blocks: 1) {
        $0.runningNumber(of: pair[1], around: pair[0])
      }.values
      let bin = Int((expected.coordination_cutoff / 0.1).rounded()) - 1
      #expect(abs(numbers[bin] - expected.mean_coordination) < 1e-6, "\(name)")
    }
  }

  /// Points drawn evenly.
  private func gas(_ count: Int, seed: UInt64) -> [Fractional] {
    var random = RandomStream(seed: seed, purpose: "gas")
    return (0..<count).map { _ in
      Fractional(SIMD3<Double>.random(in: -2..<3, using: &random))
    }
  }

  @Test(
    "counts are those of a loop over all pairs and images, for any number of threads",
    arguments: [(1, 9.0), (2, 3.0), (7, 11.0), (60, 4.0), (300, 2.5)])
  func naive(count: Int, radius: Double) throws {
    let positions = gas(count, seed: UInt64(count))
    let kinds = (0..<count).map { $0 % 3 }
    let (binWidth, binCount) = (0.25, Int(radius / 0.25))
    var expected = [Int](repeating: 0, count: 9 * binCount)
    let range = -6...6
    for i in 0..<count {
      for j in 0..<count {
        let step = positions[j].wrapped.components - positions[i].wrapped.components
        for x in range {
          for y in range {
            for z in range where i != j || x != 0 || y != 0 || z != 0 {
              let image = step + SIMD3(Double(x), Double(y), Double(z))
              let r = length(skewedLattice.cartesian(Fractional(image)).components)
              let bin = Int(r / binWidth)
              if bin < binCount { expected[(kinds[i] * 3 + kinds[j]) * binCount + bin] += 1 }
            }
          }
        }
      }
    }
    for threads in [1, 2, 5] {
      let counts = PairCounts(
        lattice: skewedLattice, positions: positions, kinds: kinds, kindCount: 3,
        binWidth: binWidth, binCount: binCount, threads: threads)
      #expect(counts.counts == expected, "\(threads) threads")
    }
  }

  @Test("a supercell, another basis, rotation and another order of the atoms change nothing")
  func invariance() throws {
    let structure = Structure(
      lattice: skewedLattice,
      species: (0..<9).map { Species($0 % 3 == 0 ? .oxygen : Element.all[11]) },
      positions: gas(9, seed: 3))
    func functions(_ structure: Structure) -> [[Double]] {
      let atoms = structure.species.map(\.element)
      var distribution = PairDistribution(elements: atoms, radius: 7, binWidth: 0.1)
      distribution.add(structure.lattice, positions: structure.positions, atoms: atoms)
      let magnesium = Element.all[11]
      return [(magnesium, magnesium), (magnesium, .oxygen), (.oxygen, .oxygen)].map {
        distribution.values($0.0, $0.1)
      }
    }
    let expected = functions(structure)
    let matrix = try SupercellMatrix(parsing: "1 1 0 0 2 1 -1 0 1")
    let turned = try Lattice(
      a: SIMD3(skewedLattice.a.y, skewedLattice.a.z, skewedLattice.a.x),
      b: SIMD3(skewedLattice.b.y, skewedLattice.b.z, skewedLattice.b.x),
      c: SIMD3(skewedLattice.c.y, skewedLattice.c.z, skewedLattice.c.x))
    let rotated = Structure(
      lattice: turned, species: structure.species, positions: structure.positions)
    for same in [
      try structure.repeated(matrix), structure.selecting((0..<9).reversed()), rotated,
    ] {
      for (one, other) in zip(functions(same), expected) {
        for (a, b) in zip(one, other) { #expect(abs(a - b) < 1e-9) }
      }
    }
  }

  @Test("the mean of frames is that of their functions, and equal frames have no error")
  func frames() throws {
    let (lattice, positions, atoms) = try crystal("NaCl", 4)
    let larger = try Lattice(a: 1.1 * lattice.a, b: 1.1 * lattice.b, c: 1.1 * lattice.c)
    func distribution(_ lattices: [Lattice]) -> PairDistribution {
      var distribution = PairDistribution(elements: atoms, radius: 5, binWidth: 0.1)
      for lattice in lattices {
        distribution.add(lattice, positions: positions, atoms: atoms)
      }
      return distribution
    }
    let (one, two) = (distribution([lattice]), distribution([larger]))
    let both = distribution([lattice, larger])
    let magnesium = try #require(Element(symbol: "Mg"))
    for bin in 0..<50 {
      let mean =
        (one.values(magnesium, .oxygen)[bin] + two.values(magnesium, .oxygen)[bin]) / 2
      #expect(abs(both.values(magnesium, .oxygen)[bin] - mean) < 1e-12)
    }
    func errors(_ distribution: PairDistribution) -> [Double]? {
      distribution.estimate(blocks: 5) { $0.function(magnesium, .oxygen) }.errors
    }
    #expect(errors(one) == nil)
    #expect(errors(distribution([lattice, lattice, lattice]))?.allSatisfy { $0 < 1e-12 } == true)
    #expect((errors(both)?.max() ?? 0) > 1)
    #expect(both.frameCount == 2)
  }

  @Test("the first shell ends in the middle of the gap behind it, however the peak is split")
  func firstShell() throws {
    // An octahedron with two long bonds, as those of manganese(III): 4 × 1.93, 2 × 2.13 Å.
    let lattice = try Lattice(a: SIMD3(3.86, 0, 0), b: SIMD3(0, 3.86, 0), c: SIMD3(0, 0, 4.26))
    let manganese = try #require(Element(symbol: "Mn"))
    let positions = [
      Fractional(0, 0, 0), Fractional(0.5, 0, 0), Fractional(0, 0.5, 0), Fractional(0, 0, 0.5),
    ]
    let atoms = [manganese, .oxygen, .oxygen, .oxygen]
    var distribution = PairDistribution(elements: atoms, radius: 6, binWidth: 0.02)
    distribution.add(lattice, positions: positions, atoms: atoms)
    let shell = try #require(distribution.firstShell(manganese, .oxygen))
    #expect(abs(shell.peak - 1.94) < 0.02 && shell.end > 2.4 && shell.end < 4)
    #expect(distribution.firstShell(manganese, manganese) != nil)
    #expect(distribution.firstShell(manganese, Element.all[0]) == nil)
  }
}
