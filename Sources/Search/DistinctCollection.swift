internal import Arrangement

/// The best arrangements met so far, no two of them alike by symmetry.
///
/// What it holds depends on what was offered, not on the order: entries are in canonical form, their
/// values are those of the canonical arrangements, and they stand in the order of (value, canonical
/// arrangement). Values that agree to 10⁻⁷ count as equal.
public struct DistinctCollection: Hashable, Sendable, Codable {
  /// Largest number of entries.
  public let capacity: Int

  /// The entries, best first.
  public private(set) var entries: [Entry] = []

  /// How many of the arrangements that were offered were symmetry copies of an entry.
  public private(set) var duplicates = 0

  /// An arrangement of which all symmetry copies count as one.
  public struct Entry: Hashable, Sendable, Codable {
    /// Canonical arrangement: species index of each active site.
    public var arrangement: [UInt8]
    /// What the entries are sorted by: the energy, eV per cell; with chemical potentials E - Σ μ N;
    /// in a search for quasirandom structures the objective.
    public var value: Double
    /// The energy, eV per cell; the objective in a search for quasirandom structures.
    public var energy: Double
    /// How many different arrangements symmetry makes of it.
    public var degeneracy: Int
  }

  /// Differences of values below this are rounding.
  static let resolution = 1e-7

  /// A collection of at most `capacity` entries.
  public init(capacity: Int) {
    self.capacity = max(0, capacity)
  }

  /// Adds an arrangement unless it is known, or worse than all entries of a full collection.
  ///
  /// - Parameters:
  ///   - arrangement: Species index of each active site.
  ///   - value: Its value, from which one that is too high is dismissed.
  ///   - form: What symmetry makes alike.
  ///   - evaluate: Value and energy of a canonical arrangement.
  /// - Returns: Whether it became an entry.
  @discardableResult
  mutating func insert(
    _ arrangement: [UInt8], value: Double, form: CanonicalForm,
    evaluate: ([UInt8]) -> (value: Double, energy: Double)
  ) -> Bool {
    // Margin: the value may have been followed along another path.
    if entries.count >= capacity, value > (entries.last?.value ?? -.infinity) + 1e-5 {
      return false
    }
    let canonical = form(arrangement)
    guard !entries.contains(where: { $0.arrangement == canonical.arrangement }) else {
      duplicates += 1
      return false
    }
    let values = evaluate(canonical.arrangement)
    let entry = Entry(
      arrangement: canonical.arrangement, value: values.value, energy: values.energy,
      degeneracy: canonical.degeneracy)
    let position = entries.firstIndex { precedes(entry, $0) } ?? entries.count
    guard position < capacity else { return false }
    entries.insert(entry, at: position)
    if entries.count > capacity { entries.removeLast() }
    return true
  }

  private func precedes(_ a: Entry, _ b: Entry) -> Bool {
    let (x, y) = (
      (a.value / DistinctCollection.resolution).rounded(.toNearestOrEven),
      (b.value / DistinctCollection.resolution).rounded(.toNearestOrEven)
    )
    return x != y ? x < y : a.arrangement.lexicographicallyPrecedes(b.arrangement)
  }
}
