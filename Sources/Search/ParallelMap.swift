/// Applies `work` to every item with at most `width` running at once; results keep the input order.
func parallelMap<Item: Sendable, Result: Sendable>(
  _ items: [Item], width: Int, _ work: @escaping @Sendable (Item) -> Result
) async -> [Result] {
  precondition(width > 0, "width must be positive")
  return await withTaskGroup(of: (index: Int, value: Result).self) { group in
    var pending = items.enumerated().makeIterator()
    func startNext() {
      guard let (index, item) = pending.next() else { return }
      group.addTask { (index, work(item)) }
    }
    for _ in 0..<width { startNext() }
    var results: [(index: Int, value: Result)] = []
    while let result = await group.next() {
      results.append(result)
      startNext()
    }
    return results.sorted { $0.index < $1.index }.map(\.value)
  }
}
