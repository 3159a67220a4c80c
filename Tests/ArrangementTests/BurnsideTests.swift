import BigInt
import CellgenTestSupport
import Foundation
import Symmetry
import Testing

@testable import Arrangement

/// Colourings of plain permutation groups: `Data/classical.json`, whose key `source` says where the
/// numbers come from.
@Suite struct BurnsideTests {
  private struct Reference: Decodable {
    var cube: [String: [Int]]
    var tori: [String]
    var necklaces: [String]
  }

  private func reference() throws -> Reference {
    try JSONDecoder().decode(
      Reference.self, from: Data(contentsOf: dataFolder().appending(path: "classical.json")))
  }

  /// Colourings up to a group with the exact count of every composition, summed.
  private func distinct(_ group: PermutationGroup, colours: Int) -> String {
    let n = group.elements[0].count
    var members: [CycleType: Int] = [:]
    for element in group.elements {
      let type = CycleType(
        orbits: CycleType.cycles(of: element[...]), poolOfSite: Array(repeating: 0, count: n),
        allowed: Array(repeating: (1 << UInt32(colours)) - 1, count: n))
      members[type, default: 0] += 1
    }
    var counters = members.map { (count: ColouringCount($0.key.cycles), members: $0.value) }
    var sum = counters[0].count([n] + Array(repeating: 0, count: colours - 1))
    sum -= sum
    for composition in compositions(of: n, parts: colours) {
      for index in counters.indices {
        for _ in 0..<counters[index].members { sum += counters[index].count(composition) }
      }
    }
    let (quotient, remainder) = sum.quotientAndRemainder(dividingBy: .init(group.elements.count))
    #expect(remainder == 0)
    return "\(quotient)"
  }

  /// Colourings up to a group, one by one in canonical form, and the sum of their copies.
  private func walked(_ group: PermutationGroup, colours: Int) -> (distinct: Int, all: Int) {
    let walk = CanonicalWalk(OrderedGroup(group.table))
    var (distinct, all) = (0, 0)
    func descend() {
      if walk.depth == walk.group.siteCount {
        distinct += 1
        all += group.elements.count / walk.stabilizerOrder
        return
      }
      for colour in 0..<UInt8(colours) where walk.push(colour) {
        descend()
        walk.pop()
      }
    }
    descend()
    return (distinct, all)
  }

  @Test("colourings of a cube", arguments: ["faces", "vertices", "edges"], [false, true])
  func cube(name: String, inversion: Bool) throws {
    let group = PermutationGroup.cube(name, inversion: inversion)
    #expect(group.elements.count == (inversion ? 48 : 24))
    let key = "\(name)_\(inversion ? "full48" : "rotations24")"
    let expected = try #require(reference().cube[key])
    #expect(expected.count == 6)
    for (index, number) in expected.enumerated() {
      let colours = index + 1
      #expect(distinct(group, colours: colours) == "\(number)", "\(colours) colours")
      guard number < 100_000 else { continue }
      let found = walked(group, colours: colours)
      #expect(found.distinct == number, "\(colours) colours")
      let all = group.elements[0].reduce(1) { product, _ in product * colours }
      #expect(found.all == all, "\(colours) colours")
    }
  }

  @Test("black and white tori")
  func tori() throws {
    for (index, number) in try reference().tori.enumerated() {
      let group = PermutationGroup.torus(index + 1)
      #expect(distinct(group, colours: 2) == number, "\(index + 1)")
      if let number = Int(number), number < 10_000 {
        #expect(walked(group, colours: 2).distinct == number, "\(index + 1)")
      }
    }
  }

  @Test("necklaces of two colours")
  func necklaces() throws {
    for (index, number) in try reference().necklaces.enumerated() {
      let group = PermutationGroup.ring(index + 1)
      #expect(distinct(group, colours: 2) == number, "\(index + 1) beads")
      #expect("\(walked(group, colours: 2).distinct)" == number, "\(index + 1) beads")
    }
  }
}

/// All lists of `parts` numbers that add up to `total`.
func compositions(of total: Int, parts: Int) -> [[Int]] {
  if parts == 1 { return [[total]] }
  return (0...total).flatMap { first in
    compositions(of: total - first, parts: parts - 1).map { [first] + $0 }
  }
}
