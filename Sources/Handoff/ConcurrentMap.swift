internal import Dispatch
internal import Synchronization

/// Applies a function to every item on all cores; results keep the order.
///
/// - Parameters:
///   - items: What to work on.
///   - work: The function.
/// - Returns: One result for each item.
package func concurrentMap<Item: Sendable, Output: Sendable>(
  _ items: [Item], _ work: @Sendable (Item) -> Output
) -> [Output] {
  // Chunks keep the lock rare; their number does not depend on the machine.
  let chunks = min(items.count, 256)
  guard chunks > 1 else { return items.map(work) }
  let results = Mutex<[Int: [Output]]>([:])
  DispatchQueue.concurrentPerform(iterations: chunks) { chunk in
    let range = (items.count * chunk / chunks)..<(items.count * (chunk + 1) / chunks)
    let part = items[range].map(work)
    results.withLock { $0[chunk] = part }
  }
  let all = results.withLock { $0 }
  return (0..<chunks).flatMap { all[$0] ?? [] }
}
