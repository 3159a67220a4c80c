public import Crystal

/// Slabs MX2 one above the other, each given by the close-packed letters of its two anion layers.
///
/// The letters A, B, C stand for the positions (0, 0), (1/3, 2/3), (2/3, 1/3) in the plane. The metal of
/// a slab sits on the third letter, in an octahedron; what lies between two slabs follows from the
/// layers that face each other. After the last slab the sequence starts again.
public struct StackingSequence: Hashable, Sendable, CustomStringConvertible {
  /// The slabs, from the bottom up; at least one.
  public let slabs: [Slab]

  /// The letters of one slab, 0 for A, 1 for B, 2 for C.
  public struct Slab: Hashable, Sendable {
    /// Anions below the metal.
    public let lower: Int
    /// Anions above the metal; another letter.
    public let upper: Int

    /// The letter of the metal.
    public var metal: Int { 3 - lower - upper }

    /// 1 for a slab that follows A → B → C → A from the bottom up, 2 for the opposite.
    var sense: Int { (upper - lower + 3) % 3 }
  }

  /// How one slab follows another.
  ///
  /// Each kind, repeated, gives one of the simple stackings.
  enum Gap: Hashable, Sendable {
    /// Octahedra that share edges with both slabs.
    case o3
    /// Octahedra that share a face with the upper slab only.
    case o2
    /// Octahedra that share a face with the lower slab only: O2 seen from above.
    case inverseO2
    /// Octahedra that share faces with both slabs.
    case o1
    /// Prisms: one kind shares faces with both slabs, the other edges.
    case p2
    /// Prisms that share a face with one slab and edges with the other.
    case p3

    /// What gaps of this kind alone make.
    var stacking: DelmasStacking {
      switch self {
      case .o3: .o3
      case .o2, .inverseO2: .o2
      case .o1: .o1
      case .p2: .p2
      case .p3: .p3
      }
    }

    /// Whether the anions of both slabs lie one above the other.
    var isPrismatic: Bool { self == .p2 || self == .p3 }
  }

  /// The gap above each slab.
  var gaps: [Gap] {
    slabs.indices.map { index in
      let (slab, next) = (slabs[index], slabs[(index + 1) % slabs.count])
      let isTurned = slab.sense != next.sense
      switch (next.lower - slab.upper + 3) % 3 {
      case 0: return isTurned ? .p2 : .p3
      case slab.sense: return isTurned ? .o2 : .o3
      default: return isTurned ? .inverseO2 : .o1
      }
    }
  }

  /// Slabs that are accepted at most.
  static let mostSlabs = 120

  /// Reads anion layers such as `AB CA BC`, with or without spaces.
  ///
  /// - Throws: ``InputError`` for other letters, half slabs, or a slab with twice the same letter.
  public init(layers text: String) throws(InputError) {
    let words = text.uppercased().split { $0.isWhitespace }
    let example = "write two letters for each slab, such as \"AB CA BC\" for O3"
    for word in words {
      if let letter = word.first(where: { !"ABC".contains($0) }) {
        throw InputError(
          "there is no stacking \"\(text)\": \(letter) is none of the anion layers A, B, C",
          hint: example + "; names are \(LayeredStacking.names)")
      }
      guard word.count % 2 == 0, word.count == 2 || words.count == 1 else {
        throw InputError(
          "\"\(word)\" has \(word.count) anion layers, expected two for each slab", hint: example)
      }
    }
    let letters = words.joined().map { Int($0.unicodeScalars.first?.value ?? 65) - 65 }
    guard (2...2 * StackingSequence.mostSlabs).contains(letters.count) else {
      throw InputError(
        "\(letters.count / 2) slabs, expected 1 to \(StackingSequence.mostSlabs)", hint: example)
    }
    var slabs: [Slab] = []
    for first in stride(from: 0, to: letters.count, by: 2) {
      let slab = Slab(lower: letters[first], upper: letters[first + 1])
      guard slab.lower != slab.upper else {
        let letter = StackingSequence.letter(slab.lower)
        throw InputError(
          "slab \(slabs.count + 1) is \(letter)\(letter): its anions would lie one above the other, "
            + "and the metal needs an octahedron",
          hint: "prisms belong between the slabs, as in \"AB BA\" for P2")
      }
      slabs.append(slab)
    }
    self.slabs = slabs
  }

  /// Stacks gaps in turn, such as `O3x2+P3`: two gaps as in O3, one as in P3, and so on until the
  /// slabs are as at the start.
  ///
  /// - Throws: ``InputError`` for an unknown gap or number.
  public init(gaps text: String) throws(InputError) {
    var gaps: [Gap] = []
    let parts = text.split(separator: "+", omittingEmptySubsequences: false)
    for part in parts {
      let words = part.filter { !$0.isWhitespace }.lowercased()
        .split(separator: "x", maxSplits: 1, omittingEmptySubsequences: false)
      let kinds: [String: Gap] = ["o3": .o3, "o2": .o2, "o1": .o1, "p2": .p2, "p3": .p3]
      guard let word = words.first, let gap = kinds[String(word)] else {
        throw InputError(
          parts.count == 1
            ? "there is no stacking \"\(text)\""
            : "there is no gap \"\(part)\" in the stacking \"\(text)\"",
          hint: parts.count == 1
            ? "known are \(LayeredStacking.names); others are written as anion layers, \"AB CA BC\", or "
              + "as gaps in turn, O3x2+P3" : "gaps are O3, O2, O1, P2 and P3, such as O3x2+P3")
      }
      let count = words.count == 1 ? 1 : Int(words[1]) ?? 0
      guard (1...StackingSequence.mostSlabs / 6).contains(count) else {
        throw InputError(
          "\"\(part)\" does not repeat \(word.uppercased()) 1 to \(StackingSequence.mostSlabs / 6) times",
          hint: "write a whole number behind x, such as O3x2")
      }
      gaps += Array(repeating: gap, count: count)
    }
    guard gaps.count <= StackingSequence.mostSlabs / 6 else {
      throw InputError(
        "\(gaps.count) gaps, expected at most \(StackingSequence.mostSlabs / 6)",
        hint: "write longer sequences as anion layers")
    }
    // Three letters and two senses: the slabs are as at the start after at most six rounds.
    let start = Slab(lower: 0, upper: 1)
    var slabs = [start]
    repeat {
      for gap in gaps { slabs.append(StackingSequence.slab(above: slabs[slabs.count - 1], gap)) }
    } while slabs[slabs.count - 1] != start
    self.slabs = slabs.dropLast()
  }

  /// The slab that follows another over a gap.
  private static func slab(above slab: Slab, _ gap: Gap) -> Slab {
    let opposite = 3 - slab.sense
    let step =
      switch gap {
      case .p2, .p3: 0
      case .o3, .o2: slab.sense
      case .o1, .inverseO2: opposite
      }
    let sense =
      switch gap {
      case .o3, .o1, .p3: slab.sense
      case .o2, .inverseO2, .p2: opposite
      }
    let lower = (slab.upper + step) % 3
    return Slab(lower: lower, upper: (lower + sense) % 3)
  }

  static func letter(_ number: Int) -> String { ["A", "B", "C"][number] }

  /// `AB CA BC`.
  public var description: String {
    slabs.map { StackingSequence.letter($0.lower) + StackingSequence.letter($0.upper) }
      .joined(separator: " ")
  }
}
