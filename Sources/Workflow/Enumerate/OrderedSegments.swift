internal import Arrangement

/// Walks the segments of an enumeration on several threads and hands over their results in order.
///
/// A segment that was cut short is followed by what it left. Few results wait at any time, however
/// many arrangements there are.
struct OrderedSegments {
  private struct Slot {
    var id: Int
    var beginning: Enumeration.Beginning
    var isStarted = false
    var batch: ArrangementBatch?
  }

  private var slots: [Slot]
  private var nextID: Int

  init(_ beginnings: [Enumeration.Beginning]) {
    slots = beginnings.enumerated().map { Slot(id: $0.offset, beginning: $0.element) }
    nextID = beginnings.count
  }

  /// Walks all segments.
  ///
  /// - Parameters:
  ///   - threads: Segments at the same time.
  ///   - work: Walks a segment.
  ///   - flush: Called with every batch in order and the beginnings that follow it; false ends the walk.
  /// - Throws: What `flush` throws.
  mutating func run(
    threads: Int, work: @escaping @Sendable (Enumeration.Beginning) -> ArrangementBatch,
    flush: (ArrangementBatch, [Enumeration.Beginning]) throws -> Bool
  ) async throws {
    try await withThrowingTaskGroup(of: (Int, ArrangementBatch).self) { group in
      var running = 0
      while !slots.isEmpty {
        for index in slots.indices where running < threads && !slots[index].isStarted {
          slots[index].isStarted = true
          let (id, beginning) = (slots[index].id, slots[index].beginning)
          group.addTask { (id, work(beginning)) }
          running += 1
        }
        guard let (id, batch) = try await group.next() else { return }
        running -= 1
        if let index = slots.firstIndex(where: { $0.id == id }) { slots[index].batch = batch }
        while let batch = slots.first?.batch {
          let rest = batch.rest.enumerated().map {
            Slot(id: nextID + $0.offset, beginning: $0.element)
          }
          nextID += rest.count
          slots.replaceSubrange(0..<1, with: rest)
          guard try flush(batch, slots.map(\.beginning)) else {
            group.cancelAll()
            return
          }
        }
      }
    }
  }
}
