import Crystal
import Search
import Testing

@Suite struct RankedListTests {
  private func entry(_ energy: Double, _ tag: Int) -> RankedList.Entry {
    RankedList.Entry(
      energy: energy, arrangement: [UInt8(tag / 256), UInt8(tag % 256)], degeneracy: 1)
  }

  private func list(_ extent: RankedList.Extent, _ entries: [RankedList.Entry]) -> RankedList {
    var list = RankedList(extent)
    for entry in entries { list.insert(entry) }
    return list
  }

  @Test(
    "the list holds the lowest with all ties, in whatever order they come",
    arguments: 0..<20 as Range<UInt64>)
  func order(seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: "RankedListTests")
    // Few energies, so that many tie; noise far below what counts as different.
    let entries = (0..<200).map { tag in
      entry(Double(stream.integer(below: 12)) * 0.25 + 1e-10 * stream.uniform(), tag)
    }
    let sorted = entries.sorted { a, b in
      let (x, y) = ((a.energy * 4).rounded(), (b.energy * 4).rounded())
      return x == y ? a.arrangement.lexicographicallyPrecedes(b.arrangement) : x < y
    }
    for k in [1, 10, 50, 199, 200, 300] {
      let last = sorted[min(k, 200) - 1].energy
      let expected = sorted.prefix { $0.energy < last + 0.1 }
      for _ in 0..<5 {
        var shuffled = entries
        stream.shuffle(&shuffled)
        let list = list(.count(k), shuffled + shuffled.prefix(20))
        #expect(list.entries == Array(expected), "\(k)")
        #expect(list.wanted.count == min(k, 200))
        #expect(list.ties == expected.count - min(k, 200))
        #expect(!list.hasTooManyTies)
      }
    }
    for width in [0, 0.3, 1, 10] {
      let expected = sorted.prefix { $0.energy <= sorted[0].energy + width + 1e-6 }
      var shuffled = entries
      stream.shuffle(&shuffled)
      let list = list(.window(width, limit: 1000), shuffled)
      #expect(list.entries == Array(expected), "\(width)")
      #expect(list.ties == 0)
    }
  }

  @Test func nothingIsTooHighForAListThatIsNotFull() {
    #expect(RankedList(.count(3)).threshold == .infinity)
    #expect(list(.count(3), [entry(1, 0), entry(2, 1)]).threshold == .infinity)
    #expect(list(.count(2), [entry(1, 0), entry(2, 1)]).threshold == 2 + RankedList.tolerance)
    #expect(list(.window(0.5, limit: 9), [entry(1, 0)]).threshold == 1.5 + RankedList.tolerance)
  }

  @Test("ties beyond the limit are left out and said to be, until lower ones make them irrelevant")
  func tieLimit() {
    let ties = (0..<(RankedList.tieLimit + 40)).map { entry(1, $0) }
    var list = list(.count(20), ties)
    #expect(list.hasTooManyTies)
    #expect(list.entries.count == 20 + RankedList.tieLimit)
    #expect(list.threshold < 1)
    for tag in 0..<20 { list.insert(entry(0.5, 20_000 + tag)) }
    #expect(list.wanted.allSatisfy { $0.energy == 0.5 })
    #expect(!list.hasTooManyTies && list.ties == 0)
    // Ties with the new last one count again.
    list.insert(entry(0.5, 30_000))
    #expect(list.ties == 1)
  }

  @Test("a window that was too full is complete once it holds few")
  func fullWindow() {
    var list = list(.window(1, limit: 3), [0.9, 0.8, 0.7, 0.6].enumerated().map { entry($1, $0) })
    #expect(list.hasTooManyTies)
    #expect(list.wanted.map(\.energy) == [0.6, 0.7, 0.8])
    list.insert(entry(-0.35, 10))
    #expect(list.wanted.map(\.energy) == [-0.35, 0.6])
    #expect(!list.hasTooManyTies)
    list.insert(entry(0.62, 11))
    #expect(list.wanted.map(\.energy) == [-0.35, 0.6, 0.62])
  }
}
