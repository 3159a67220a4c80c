import Analysis
import CellgenTestSupport
import Crystal
import Testing

@Suite struct AmorphousAnalysisTests {
  private let magnesium = Element(symbol: "Mg")
  private let oxygen = Element.oxygen

  /// Rocksalt of n³ cubes with an edge of 4 Å.
  private func rocksalt(_ n: Int) throws -> (Lattice, [Fractional], [Element]) {
    var (positions, atoms): ([Fractional], [Element]) = ([], [])
    let magnesium = try #require(magnesium)
    for x in 0..<2 * n {
      for y in 0..<2 * n {
        for z in 0..<2 * n {
          let steps = Double(2 * n)
          positions.append(
            Fractional(Double(x) / steps, Double(y) / steps, Double(z) / steps))
          atoms.append((x + y + z).isMultiple(of: 2) ? magnesium : oxygen)
        }
      }
    }
    return (try .cubic(4 * Double(n)), positions, atoms)
  }

  /// Points drawn evenly.
  private func gas(_ lattice: Lattice, _ count: Int) -> [Fractional] {
    var random = RandomStream(seed: 5, purpose: "gas")
    return (0..<count).map { _ in
      Fractional(SIMD3<Double>.random(in: 0..<1, using: &random))
    }
  }

  @Test("shells of rocksalt: integrals of g give the numbers of neighbours")
  func shells() throws {
    let (lattice, positions, atoms) = try rocksalt(2)
    let magnesium = try #require(magnesium)
    var distribution = PairDistribution(elements: [magnesium, oxygen], radius: 5, binWidth: 0.05)
    distribution.add(lattice, positions: positions, atoms: atoms)
    let density = 32 / lattice.volume
    func neighbours(_ a: Element, _ b: Element, _ range: ClosedRange<Double>) -> Double {
      zip(distribution.distances, distribution.values(a, b)).reduce(0) { sum, point in
        guard range.contains(point.0) else { return sum }
        let (inner, outer) = (point.0 - 0.025, point.0 + 0.025)
        return sum + point.1 * density * 4 * .pi / 3
          * (outer * outer * outer - inner * inner * inner)
      }
    }
    #expect(abs(neighbours(magnesium, oxygen, 1.8...2.2) - 6) < 1e-9)
    #expect(abs(neighbours(magnesium, oxygen, 3.3...3.6) - 8) < 1e-9)
    #expect(abs(neighbours(magnesium, magnesium, 2.7...3.0) - 12) < 1e-9)
    let shell = try #require(distribution.firstShell(magnesium, oxygen))
    #expect(abs(shell.peak - 2) < 0.06 && shell.end > 2.1 && shell.end < 3.4)
    #expect(distribution.values(magnesium, oxygen) == distribution.values(oxygen, magnesium))
  }

  @Test("an ideal gas has g = 1, no crystal and voids of the expected size")
  func idealGas() throws {
    let lattice = try Lattice(a: SIMD3(20, 0, 0), b: SIMD3(6, 18, 0), c: SIMD3(-4, 3, 19))
    let positions = gas(lattice, 3000)
    let atoms = [Element](repeating: oxygen, count: 3000)
    var distribution = PairDistribution(elements: [oxygen], radius: 6, binWidth: 0.5)
    distribution.add(lattice, positions: positions, atoms: atoms)
    for value in distribution.values(oxygen, oxygen).dropFirst() { #expect(abs(value - 1) < 0.05) }
    let order = Crystallinity(lattice, positions: positions, atoms: atoms)
    #expect(order.largestPeak < 0.01 && order.isAmorphous(atoms: 3000) && order.siteMemory == nil)
  }

  @Test("octahedra: six neighbours at 90 and 180 degrees")
  func octahedra() throws {
    let (lattice, positions, atoms) = try rocksalt(2)
    let shells = NeighbourShells(
      lattice, positions: positions, atoms: atoms, cutoffs: [.init("Mg", "O", 2.5)])
    let order = LocalOrder(shells, centre: try #require(magnesium), neighbours: [oxygen])
    #expect(order.histogram == [0, 0, 0, 0, 0, 0, 32] && order.meanNumber == 6)
    #expect(order.angles.counts[45] == 32 * 12 && order.angles.counts[89] == 32 * 3)
    #expect(abs((order.angles.mean ?? 0) - 108) < 1e-9)
  }

  @Test("a crystal is one, at rest and shaken, moved as a whole, and strained")
  func crystal() throws {
    let (lattice, positions, atoms) = try rocksalt(3)
    let parent = Crystallinity.Parent(lattice: lattice, positions: positions)
    let rest = Crystallinity(lattice, positions: positions, atoms: atoms, parent: parent)
    #expect(abs(rest.largestPeak - 1) < 1e-9 && rest.siteMemory == 1)
    #expect(!rest.isAmorphous(atoms: 216))
    var random = RandomStream(seed: 1, purpose: "shaken")
    let shaken = positions.map { position in
      Fractional(
        position.components + SIMD3(0.31, -0.2, 0.77)
          + SIMD3<Double>.random(in: -0.012...0.012, using: &random))
    }
    let strained = try Lattice.cubic(12.4)
    let order = Crystallinity(strained, positions: shaken, atoms: atoms, parent: parent)
    #expect(order.largestPeak > 0.5 && (order.siteMemory ?? 0) > 0.99)
    // The same atoms at random places.
    let melted = Crystallinity(
      lattice, positions: gas(lattice, 216), atoms: atoms, parent: parent)
    #expect(melted.largestPeak < 0.1 && melted.isAmorphous(atoms: 216))
    let (memory, chance) = (try #require(melted.siteMemory), try #require(melted.memoryByChance))
    #expect(abs(memory - chance) < 0.1)
  }

  @Test("the largest void of rocksalt is its cube centre; that of an emptied ball is the ball")
  func voids() throws {
    let (lattice, positions, _) = try rocksalt(2)
    let small = largestVoid(lattice, positions: positions, spacing: 0.25)
    #expect(abs(small - 3.0.squareRoot()) < 1e-9)
    let (big, all, _) = try rocksalt(4)
    let outside = all.filter { position in
      var step = position.components - SIMD3(0.5, 0.5, 0.5)
      step -= step.rounded(.toNearestOrEven)
      return length(big.cartesian(Fractional(step)).components) > 4.1
    }
    let large = largestVoid(big, positions: outside, spacing: 0.5)
    #expect(large > 4.4 && large < 4.5)
  }

  @Test("the nearest pair is found across a face")
  func nearestPair() throws {
    let lattice = try Lattice.cubic(9)
    let positions = [Fractional(0.99, 0, 0), Fractional(0.5, 0.5, 0.5), Fractional(0.02, 0, 0)]
    let pair = try #require(LocalOrder.nearestPair(lattice, positions: positions, within: 0.6))
    #expect(pair.first == 0 && pair.second == 2 && abs(pair.distance - 0.27) < 1e-9)
    #expect(LocalOrder.nearestPair(lattice, positions: positions, within: 0.2) == nil)
  }
}
