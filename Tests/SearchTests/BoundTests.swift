import Arrangement
import Crystal
import Energetics
import Symmetry
import Testing

@testable import Search

@Suite struct BoundTests {
  /// All arrangements in the order of positions, with their energies.
  private func completions(
    _ space: SearchSpace, _ group: OrderedGroup
  ) -> [(sequence: [UInt8], energy: Double)] {
    allArrangements(space.problem).map { arrangement in
      (group.siteAtPosition.map { arrangement[$0] }, space.energy(arrangement))
    }
  }

  @Test(
    "the bound of a partial arrangement is at most the lowest of its completions",
    arguments: 0..<60 as Range<UInt64>)
  func valid(seed: UInt64) throws {
    let space = try randomSpace(seed: seed)
    let group = OrderedGroup(space.symmetry.permutations)
    let bound = ConvexBound(space.table, space.problem, group)
    let walk = BoundedWalk(bound, space.problem, group)
    let all = completions(space, group)
    let lowest = try #require(all.map(\.energy).min())
    let highest = try #require(all.map(\.energy).max())
    var stream = RandomStream(seed: seed, purpose: "BoundTests")
    var leaves = 0
    for _ in 0..<80 {
      walk.reset()
      while true {
        let beginning = walk.beginning
        let following = all.filter { $0.sequence.starts(with: beginning) }
        if walk.isComplete {
          leaves += 1
          #expect(following.count == 1)
          #expect(abs(walk.energy - following[0].energy) < 1e-9)
          #expect(walk.lowerBound(limit: .infinity) == walk.energy)
          #expect(abs(walk.energy - space.energy(walk.arrangement)) < 1e-9)
          break
        }
        // With and without an early end, and sometimes without the point of the parent.
        if stream.uniform() < 0.7 {
          let limit =
            stream.uniform() < 0.5
            ? .infinity : lowest + (highest - lowest) * (1.5 * stream.uniform() - 0.25)
          let value = walk.lowerBound(limit: limit)
          let true_ = following.map(\.energy).min() ?? .infinity
          #expect(value <= true_ + 1e-9, "\(beginning)")
        }
        var species = Array(0..<walk.speciesCount)
        stream.shuffle(&species)
        if !species.contains(where: { walk.push($0) }) { break }
      }
    }
    #expect(leaves > 0)
  }

  @Test("filling and emptying positions leaves no trace", arguments: 0..<10 as Range<UInt64>)
  func noTrace(seed: UInt64) throws {
    let space = try randomSpace(seed: seed, arrangementLimit: 500)
    let group = OrderedGroup(space.symmetry.permutations)
    let bound = ConvexBound(space.table, space.problem, group)
    func leaves(_ walk: BoundedWalk) -> [[UInt8]: Double] {
      var found: [[UInt8]: Double] = [:]
      func descend() {
        if walk.isComplete {
          found[walk.arrangement] = walk.energy
          return
        }
        for species in 0..<walk.speciesCount where walk.push(species) {
          descend()
          walk.pop()
        }
      }
      descend()
      return found
    }
    let walk = BoundedWalk(bound, space.problem, group)
    let first = leaves(walk)
    #expect(walk.depth == 0 && walk.energy == space.table.constant)
    #expect(leaves(walk) == first)
    let distinct = ArrangementCount(space.problem, space.symmetry.permutations).distinct
    #expect("\(distinct)" == "\(first.count)")
  }
}
