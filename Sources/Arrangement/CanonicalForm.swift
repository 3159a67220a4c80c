internal import Symmetry

/// The canonical form of arrangements: one representative of all that symmetry makes alike.
///
/// Of all images σ(g(0)), σ(g(1)), … under the group, the canonical one is first in lexicographic
/// order. Two arrangements are symmetry copies exactly if their canonical forms are equal.
public struct CanonicalForm: Sendable {
  /// Number of active sites, n.
  public let siteCount: Int

  /// Number of different permutations of the active sites, the order of the group.
  public let groupOrder: Int

  /// Image of position k under permutation g at `images[k × groupOrder + g]`: position by position,
  /// so that all permutations are compared in one run over memory.
  private let images: [UInt16]

  /// For each position the first one that some permutation takes to it or from it.
  private let orbits: [Int]

  init(_ table: PermutationTable) {
    siteCount = table.width
    groupOrder = table.count
    var images = [UInt16](repeating: 0, count: table.width * table.count)
    for g in 0..<table.count {
      for (k, image) in table.permutation(g).enumerated() { images[k * table.count + g] = image }
    }
    self.images = images
    var orbits = [Int](repeating: -1, count: table.width)
    for k in 0..<table.width where orbits[k] < 0 {
      for g in 0..<table.count { orbits[Int(images[k * table.count + g])] = k }
    }
    self.orbits = orbits
  }

  /// An arrangement in canonical form.
  public struct Result: Sendable {
    /// The representative.
    public let arrangement: [UInt8]
    /// How many different arrangements symmetry makes of it.
    public let degeneracy: Int
    /// 128 bits that stand for the representative.
    public let key: ArrangementKey
  }

  /// The canonical form of an arrangement.
  ///
  /// - Complexity: O(group order) for arrangements without symmetry, O(n × s) if s operations leave
  ///   them unchanged.
  public func callAsFunction(_ arrangement: [UInt8]) -> Result {
    precondition(arrangement.count == siteCount, "one species per active site")
    var canonical = [UInt8](repeating: 0, count: siteCount)
    // Orbits with one species on all sites tell no permutations apart.
    var isUniform = [Bool](repeating: true, count: siteCount)
    for k in 0..<siteCount where arrangement[k] != arrangement[orbits[k]] {
      isUniform[orbits[k]] = false
    }
    // Keep the permutations that lead at every position; none is ever brought back.
    var leading: [Int32] = []
    for k in 0..<siteCount {
      if isUniform[orbits[k]] {
        canonical[k] = arrangement[k]
        continue
      }
      let row = k * groupOrder
      var smallest = UInt8.max
      if leading.isEmpty {
        for g in 0..<groupOrder {
          let value = arrangement[Int(images[row + g])]
          if value < smallest {
            smallest = value
            leading.removeAll(keepingCapacity: true)
          }
          if value == smallest { leading.append(Int32(g)) }
        }
      } else {
        for g in leading { smallest = min(smallest, arrangement[Int(images[row + Int(g)])]) }
        if leading.count > 1 {
          leading.removeAll { arrangement[Int(images[row + Int($0)])] != smallest }
        }
      }
      canonical[k] = smallest
    }
    return Result(
      arrangement: canonical, degeneracy: leading.isEmpty ? 1 : groupOrder / leading.count,
      key: ArrangementKey(of: canonical))
  }
}

/// 128 bits that identify a canonical arrangement.
///
/// Two different arrangements share a key with a probability of about N² / 2¹²⁹ for N of them.
public struct ArrangementKey: Hashable, Sendable, CustomStringConvertible {
  private let high: UInt64
  private let low: UInt64

  init(of arrangement: [UInt8]) {
    // Two FNV-1a chains with different offsets and multipliers, then mixed.
    var (a, b): (UInt64, UInt64) = (0xcbf2_9ce4_8422_2325, 0x9E37_79B9_7F4A_7C15)
    for byte in arrangement {
      a = (a ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
      b = (b ^ UInt64(byte) ^ (b >> 29)) &* 0xBF58_476D_1CE4_E5B9
    }
    high = a ^ (a >> 31)
    low = b ^ (b >> 33)
  }

  /// A key from its text, 32 hexadecimal digits; nil if it is none.
  public init?(_ text: String) {
    guard text.utf8.count == 32, text.allSatisfy(\.isHexDigit),
      let high = UInt64(text.prefix(16), radix: 16),
      let low = UInt64(text.suffix(16), radix: 16)
    else { return nil }
    self.high = high
    self.low = low
  }

  /// 32 hexadecimal digits.
  public var description: String {
    [high, low].map { value in
      let text = String(value, radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }.joined()
  }
}
