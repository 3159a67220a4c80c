import CellgenTestSupport
import Crystal
import Testing

@testable import Analysis

@Suite struct WarrenCowleyTests {
  private let zinc = Element.all[29]
  private let manganese = Element.all[24]

  private func order(
    _ lattice: Lattice, _ positions: [SIMD3<Double>], _ contents: [Element], shells: Int
  ) throws -> WarrenCowley {
    try WarrenCowley(
      lattice, positions: positions.map { Fractional($0) }, contents: contents, shellCount: shells)
  }

  @Test("the order of caesium chloride: −1 for unlike neighbours, +1 for unlike second neighbours")
  func ordered() throws {
    let order = try order(
      .cubic(3), [.zero, SIMD3(repeating: 0.5)], [zinc, manganese], shells: 2)
    #expect(order.species == [manganese, zinc] && order.numbers == [1, 1])
    #expect(order.shells.map(\.neighbours) == [8, 6])
    #expect(abs(order.shells[0].distance - 1.5 * 3.0.squareRoot()) < 1e-12)
    #expect(order.shells[0].parameters == [[1, -1], [-1, 1]])
    #expect(order.shells[1].parameters == [[-1, 1], [1, -1]])
    // Second neighbours are images of the site itself: nothing else is possible.
    #expect(order.shells[1].random == [[-1, 1], [1, -1]])
  }

  @Test("the mean over all arrangements is what is said of a random one")
  func random() throws {
    // All 70 ways to put four of each on eight sites of a triclinic and of a cubic cell.
    let cube: [SIMD3<Double>] = (0..<8).map { (i: Int) -> SIMD3<Double> in
      SIMD3<Double>(Double(i & 1), Double((i >> 1) & 1), Double(i >> 2)) / 2
    }
    for lattice in [skewedLattice, try .cubic(5)] {
      var (sums, expected): ([Double], [Double]) = ([], [])
      var count = 0.0
      for mask in 0..<256 where mask.nonzeroBitCount == 4 {
        let contents: [Element] = (0..<8).map { (mask >> $0) & 1 == 1 ? zinc : .vacancy }
        let order = try order(lattice, cube, contents, shells: 4)
        let values = order.shells.flatMap { $0.parameters.flatMap { $0 } }
        expected = order.shells.flatMap { $0.random.flatMap { $0 } }
        if sums.isEmpty { sums = values.map { _ in 0 } }
        for index in values.indices { sums[index] += values[index] }
        count += 1
        #expect(order.species == [zinc, .vacancy])
      }
      #expect(count == 70 && sums.count == 16)
      for (sum, value) in zip(sums, expected) { #expect(abs(sum / count - value) < 1e-9) }
    }
  }

  @Test("parameters weighted with the fractions add up to zero, and do not depend on the supercell")
  func laws() throws {
    var stream = RandomStream(seed: 4, purpose: "contents")
    let sites: [SIMD3<Double>] = (0..<27).map { (i: Int) -> SIMD3<Double> in
      SIMD3<Double>(Double(i % 3), Double((i / 3) % 3), Double(i / 9)) / 3
    }
    let all = [zinc, manganese, .vacancy]
    let contents = sites.map { _ in all[stream.integer(below: 3)] }
    let one = try order(.cubic(9), sites, contents, shells: 3)
    for shell in one.shells {
      for row in shell.parameters {
        var sum = 0.0
        for (value, number) in zip(row, one.numbers) { sum += value * Double(number) / 27 }
        #expect(abs(sum) < 1e-12)
      }
    }
    let halves = SIMD3<Double>(1, 1, 0.5)
    let double: [SIMD3<Double>] =
      sites.map { $0 * halves } + sites.map { ($0 + SIMD3<Double>(0, 0, 1)) * halves }
    let two = try order(
      Lattice(a: SIMD3(9, 0, 0), b: SIMD3(0, 9, 0), c: SIMD3(0, 0, 18)), double,
      contents + contents, shells: 3)
    for (a, b) in zip(one.shells, two.shells) {
      #expect(a.neighbours == b.neighbours)
      for (x, y) in zip(a.parameters.flatMap { $0 }, b.parameters.flatMap { $0 }) {
        #expect(abs(x - y) < 1e-12)
      }
    }
  }

  @Test("positions without shells are refused with a hint")
  func disordered() {
    var random = RandomStream(seed: 5, purpose: "gas")
    let positions = (0..<60).map { _ in SIMD3<Double>.random(in: 0..<1, using: &random) }
    let contents: [Element] = positions.map { $0.x < 0.5 ? zinc : manganese }
    #expect {
      _ = try order(.cubic(12), positions, contents, shells: 6)
    } throws: { error in
      "\(error)".contains("do not fall into 6 shells") && "\(error)".contains("--parent")
    }
  }
}
