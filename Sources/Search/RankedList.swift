/// The lowest distinct arrangements that are known, best first.
///
/// Energies that differ by less than 10⁻⁷ eV are equal; equal ones are ordered by their canonical
/// arrangements, so that a list depends on what was inserted but not on when, unless there are too many
/// ties: then any of these may be the ones that are kept.
public struct RankedList: Sendable, Codable {
  /// How many are wanted.
  public let extent: Extent

  /// The arrangements: those that are wanted, then those that tie with the last of them.
  public private(set) var entries: [Entry] = []

  /// Whether more arrangements than ``tieLimit`` tie with the last one that is wanted, or more than its
  /// limit are in the window; then not all of them were kept or looked for.
  public private(set) var hasTooManyTies = false

  /// How many are wanted.
  public enum Extent: Sendable, Codable, Hashable {
    /// The lowest k.
    case count(Int)
    /// All within so much of the lowest, eV, up to a number.
    case window(Double, limit: Int)
  }

  /// An arrangement in canonical form.
  public struct Entry: Sendable, Codable, Hashable {
    /// Energy, eV per cell.
    public var energy: Double
    /// The canonical form.
    public var arrangement: [UInt8]
    /// Number of symmetry copies, itself included.
    public var degeneracy: Int

    /// An entry; see the properties.
    public init(energy: Double, arrangement: [UInt8], degeneracy: Int) {
      self.energy = energy
      self.arrangement = arrangement
      self.degeneracy = degeneracy
    }

    /// Energy in units of 10⁻⁷ eV.
    fileprivate var level: Int { Int((energy * 1e7).rounded(.toNearestOrEven)) }

    fileprivate static func precedes(_ a: Entry, _ b: Entry) -> Bool {
      let (x, y) = (a.level, b.level)
      return x == y ? a.arrangement.lexicographicallyPrecedes(b.arrangement) : x < y
    }
  }

  /// Energies that are nearer than this tie, eV.
  public static let tolerance = 1e-6

  /// Ties that are kept.
  public static let tieLimit = 10_000

  /// An empty list.
  public init(_ extent: Extent) { self.extent = extent }

  /// Arrangements above this energy are of no interest, eV.
  public var threshold: Double {
    switch extent {
    case .count(let k):
      guard entries.count >= k, k > 0 else { return .infinity }
      let last = entries[k - 1].energy
      return hasTooManyTies ? last - RankedList.tolerance : last + RankedList.tolerance
    case .window(let width, let limit):
      guard let first = entries.first else { return .infinity }
      if hasTooManyTies { return entries[min(limit, entries.count) - 1].energy - 1e-9 }
      return first.energy + width + RankedList.tolerance
    }
  }

  /// The arrangements that are wanted.
  public var wanted: ArraySlice<Entry> {
    switch extent {
    case .count(let k): entries.prefix(k)
    case .window(_, let limit): entries.prefix(limit)
    }
  }

  /// Number of known arrangements that tie with the last one that is wanted and are not wanted.
  public var ties: Int { entries.count - wanted.count }

  /// Adds an arrangement, if it is low enough and not known.
  public mutating func insert(_ entry: Entry) {
    guard entry.energy <= threshold else { return }
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if Entry.precedes(entries[middle], entry) { low = middle + 1 } else { high = middle }
    }
    if low < entries.count, entries[low].arrangement == entry.arrangement { return }
    entries.insert(entry, at: low)
    switch extent {
    case .count(let k):
      guard entries.count > k else { return }
      let last = entries[k - 1].energy + RankedList.tolerance
      while entries.count > k, entries[entries.count - 1].energy > last { entries.removeLast() }
      keep(at: k + RankedList.tieLimit)
    case .window(let width, let limit):
      let last = entries[0].energy + width + RankedList.tolerance
      while entries[entries.count - 1].energy > last { entries.removeLast() }
      keep(at: limit)
    }
  }

  /// Drops what is too much, and forgets that there was too much once lower arrangements have taken its
  /// place: all that was left out is above these.
  private mutating func keep(at limit: Int) {
    if entries.count > limit {
      entries.removeLast()
      hasTooManyTies = true
    } else if entries.count < limit {
      hasTooManyTies = false
    }
  }
}
