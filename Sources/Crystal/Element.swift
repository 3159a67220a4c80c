/// A chemical element, the vacancy, or a dummy atom without chemistry.
public struct Element: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Atomic number; 0 for the vacancy, -1 for the dummy.
  public let atomicNumber: Int

  /// An empty site, treated as a species of its own; written `Va`.
  public static let vacancy = Element(unchecked: 0)

  /// An atom that has a position and perhaps a charge, but no chemistry; written `X`.
  public static let dummy = Element(unchecked: -1)

  /// Oxygen, the anion that most hosts share.
  public static let oxygen = Element(unchecked: 8)

  /// The element with an atomic number from 1 to 118, nil for any other.
  public init?(atomicNumber: Int) {
    guard (1...elementTable.count).contains(atomicNumber) else { return nil }
    self.atomicNumber = atomicNumber
  }

  /// The element with a symbol, written as in the periodic table (`Mg`); nil if there is none.
  ///
  /// The vacancy (`Va`) and the dummy (`X`) are not elements of a formula and have no symbol here.
  public init?(symbol: some StringProtocol) {
    guard let number = numberOfSymbol[String(symbol)] else { return nil }
    self.atomicNumber = number
  }

  private init(unchecked atomicNumber: Int) { self.atomicNumber = atomicNumber }

  /// All elements in the order of the periodic table.
  public static let all: [Element] = (1...elementTable.count).map { Element(unchecked: $0) }

  /// Whether the site is empty.
  public var isVacancy: Bool { atomicNumber == 0 }

  /// Symbol: `Mg`, `Va` for the vacancy, `X` for the dummy.
  public var symbol: String { data?.symbol ?? (isVacancy ? "Va" : "X") }

  /// English name in lower case.
  public var name: String { data?.name ?? (isVacancy ? "vacancy" : "dummy") }

  /// Standard atomic mass, amu; 0 for vacancy and dummy.
  ///
  /// Source: IUPAC 2016.
  public var mass: Double { data?.mass ?? 0 }

  /// Covalent radius, Å; nil where none is known.
  ///
  /// Source: B. Cordero et al., Dalton Trans. 2008, 2832.
  public var covalentRadius: Double? { data?.covalentRadius }

  /// Oxidation states usual in oxides and halides, commonest first; empty where none is tabulated.
  public var oxidationStates: [Int] { data?.oxidationStates ?? [] }

  /// Whether the commonest oxidation state is negative: oxygen, the halogens, the chalcogens and so on.
  public var isUsualAnion: Bool { (oxidationStates.first ?? 0) < 0 }

  /// Whether several positive oxidation states are usual, so that charge can be balanced by it.
  public var isRedoxActive: Bool { oxidationStates.filter { $0 > 0 }.count > 1 && !isMainGroup }

  /// The symbol.
  public var description: String { symbol }

  /// Orders by atomic number.
  public static func < (left: Element, right: Element) -> Bool {
    left.atomicNumber < right.atomicNumber
  }

  private var data: ElementData? { atomicNumber > 0 ? elementTable[atomicNumber - 1] : nil }

  /// Elements of the s and p blocks; their higher states belong to complex anions or lone pairs.
  private var isMainGroup: Bool {
    switch atomicNumber {
    case 1...20, 31...38, 49...56, 81...88, 113...118: true
    default: false
    }
  }
}

private let numberOfSymbol: [String: Int] = Dictionary(
  uniqueKeysWithValues: elementTable.enumerated().map { ($0.element.symbol, $0.offset + 1) })
