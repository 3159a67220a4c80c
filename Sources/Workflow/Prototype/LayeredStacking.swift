public import Crystal

/// How the slabs of a layered host are stacked: one of the simple stackings, or any sequence.
public enum LayeredStacking: Hashable, Sendable, CustomStringConvertible {
  /// A stacking in which all gaps are alike.
  case named(DelmasStacking)
  /// Any other sequence of anion layers.
  case sequence(StackingSequence)

  /// Longer sequences with a name, and what they are made of.
  ///
  /// OP4 and O4: R. Berthelot, D. Carlier, M. Pollet, J.-P. Doumerc and C. Delmas, Electrochem.
  /// Solid-State Lett. 12, A207 (2009): O4 alternates O2 and O3. O6: D. Carlier, M. Ménétrier and
  /// C. Delmas, J. Electrochem. Soc. 149, A1310 (2002): two kinds of MX6. H1-3: A. Van der Ven, M. K.
  /// Aydinol and G. Ceder, J. Electrochem. Soc. 145, 2149 (1998): O1 and O3 in turn.
  static let longer: [(name: String, text: String)] = [
    ("OP4", "P2+O3"), ("O4", "O2+O3"), ("O6", "AB CB CA BA BC AC"), ("H1-3", "O3+O1"),
  ]

  /// All names in one line, for messages.
  static let names =
    (DelmasStacking.allCases.map(\.rawValue) + longer.map(\.name)).joined(separator: ", ")

  /// Reads a name (`O3`, `OP4`), gaps in turn (`O3x2+P3`), or anion layers (`AB CA BC`).
  ///
  /// - Throws: ``InputError`` for what is none of them.
  public init(parsing text: String) throws(InputError) {
    do {
      if let stacking = DelmasStacking(named: text) {
        self = .named(stacking)
      } else if let other = LayeredStacking.longer.first(where: { $0.name == text.uppercased() }) {
        self = try LayeredStacking(parsing: other.text)
      } else if text.contains(where: \.isNumber) {
        self.init(simplest: try StackingSequence(gaps: text))
      } else {
        self.init(simplest: try StackingSequence(layers: text))
      }
    } catch {
      throw InputError(error.message, at: "stacking", hint: error.hint)
    }
  }

  /// A sequence, or the simple stacking that it is.
  init(simplest sequence: StackingSequence) {
    let gaps = Set(sequence.gaps)
    if let gap = gaps.first, gaps.count == 1 {
      self = .named(gap.stacking)
    } else {
      self = .sequence(sequence)
    }
  }

  /// The name, or the letters of the layers.
  public var description: String {
    switch self {
    case .named(let stacking): stacking.rawValue
    case .sequence(let sequence): sequence.description
    }
  }
}

extension LayeredStacking: Codable {
  /// Reads the text that stands for the stacking.
  ///
  /// - Throws: A decoding error, or ``InputError``.
  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  /// Writes the text that stands for the stacking.
  ///
  /// - Throws: An encoding error.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
