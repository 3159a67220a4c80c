internal import Crystal

/// One atom of a structure with partial occupancies: a species on a position.
struct DisorderedAtom {
  /// Index in the structure.
  var index: Int
  var species: Species
  var position: Fractional

  /// Fraction of the equivalent positions that it occupies.
  var occupancy: Double

  /// Standard uncertainty of the occupancy, where one is known.
  var uncertainty: Double?

  /// Label in the file, `Li1`.
  var fileLabel: String?

  /// Wyckoff label, `16d`.
  var wyckoff: String?

  /// Line in the file, from 1.
  var line: Int?

  /// Disorder assembly and group, where the file names them.
  var assembly = ""
  var group: String?

  /// What to call the atom in messages: its label, or its number and element.
  var name: String { fileLabel ?? "atom \(index + 1) (\(species.element))" }

  /// Whether anything but its species tells the atom from others.
  var isNamed: Bool { fileLabel != nil || wyckoff != nil || line != nil }

  /// What the atoms of one row of a file have in common.
  var rowKey: String {
    line.map { "line \($0)" }
      ?? "\(fileLabel ?? "")|\(wyckoff ?? "")|\(group ?? "")|\(contentKey)"
  }

  /// Species and occupancy.
  var contentKey: String { "\(species) \(occupancy)" }

  /// How far the occupancy may be from the true one.
  ///
  /// The standard uncertainty, where it is known; otherwise half a unit of the last digit that is
  /// printed, so that 0.33 and 0.3333 stand for 1/3. Zeros at the end do not count as digits, and 0.5
  /// is known to ``mostTolerance``, not to 0.05.
  var tolerance: Double {
    if let uncertainty { return uncertainty }
    if occupancy == 1 { return DisorderedAtom.leastTolerance }
    let text = "\(occupancy)"
    guard !text.contains("e"), let point = text.firstIndex(of: ".") else {
      return DisorderedAtom.leastTolerance
    }
    var half = 0.5
    for _ in 0..<(text.distance(from: point, to: text.endIndex) - 1) { half /= 10 }
    return min(DisorderedAtom.mostTolerance, max(DisorderedAtom.leastTolerance, half))
  }

  /// Half a unit of the second digit: no occupancy is known less well, unless the file says so.
  static let mostTolerance = 0.005

  /// Rounding of floating-point numbers.
  static let leastTolerance = 1e-6
}

/// Problems that were found in a structure, each once, with the places of its rows.
struct DisorderProblems {
  /// The name of the file in messages.
  let source: String?
  private(set) var errors: [InputError] = []
  private var seen: Set<String> = []

  /// Lines are those of a CIF; a file of another format that carries them has others.
  private let showsLines: Bool

  init(source: String?) {
    self.source = source
    showsLines = source.map { $0.lowercased().hasSuffix(".cif") } ?? true
  }

  /// Where the row of an atom stands.
  func place(_ atom: DisorderedAtom) -> String? {
    guard showsLines, let line = atom.line else { return source }
    return source.map { "\($0):\(line)" } ?? "line \(line)"
  }

  /// The name of an atom with its line, `Li1 (line 12)`.
  func name(_ atom: DisorderedAtom) -> String {
    showsLines ? atom.line.map { "\(atom.name) (line \($0))" } ?? atom.name : atom.name
  }

  mutating func report(
    _ message: String, at atom: DisorderedAtom?, hint: String? = nil, key: String? = nil
  ) {
    guard seen.insert(key ?? message).inserted else { return }
    errors.append(InputError(message, at: atom.flatMap { place($0) } ?? source, hint: hint))
  }

  func throwIfAny() throws(InputErrors) {
    if !errors.isEmpty { throw InputErrors(errors) }
  }
}

extension DisorderedAtom {
  /// The atoms of a structure with what its columns say of their occupancies.
  ///
  /// - Throws: ``InputErrors`` for columns of the wrong type and occupancies outside 0 to 1.
  static func read(
    _ structure: Structure, _ problems: inout DisorderProblems
  ) throws(InputErrors) -> [DisorderedAtom] {
    let occupancies = reals(Column.Name.occupancy, structure, &problems)
    let uncertainties = reals(Column.Name.occupancyUncertainty, structure, &problems)
    try problems.throwIfAny()
    let fileLabels = words(Column.Name.fileLabel, structure)
    let groups = words(Column.Name.disorderGroup, structure)
    let assemblies = words(Column.Name.disorderAssembly, structure)
    let wyckoff = structure.labels
    var lines: [Int]?
    if let column = structure[column: Column.Name.fileLine], column.width == 1,
      case .integer(let values) = column.values
    {
      lines = values
    }
    var atoms: [DisorderedAtom] = []
    for n in 0..<structure.count {
      var atom = DisorderedAtom(
        index: n, species: structure.species[n], position: structure.positions[n],
        occupancy: occupancies?[n] ?? 1)
      if let su = uncertainties?[n], su > 0 { atom.uncertainty = su }
      atom.fileLabel = fileLabels?[n]
      if let label = wyckoff?[n], label != "?" { atom.wyckoff = label }
      atom.line = lines?[n]
      if let group = groups?[n], group != ".", group != "0" {
        atom.group = group
        let assembly = assemblies?[n] ?? "."
        atom.assembly = assembly == "." ? "" : assembly
      }
      if !atom.position.components.isUsable {
        problems.report("the position of \(atom.name) is no usable number", at: atom)
      }
      if !(atom.occupancy >= 0 && atom.occupancy <= 1 + leastTolerance) {
        problems.report(
          "occupancy of \(atom.name) is \(atom.occupancy), expected 0 to 1", at: atom,
          hint: atom.occupancy >= 2 && atom.occupancy <= 100 ? "write 83.6 % as 0.836" : nil,
          key: "occupancy \(atom.rowKey)")
      }
      atoms.append(atom)
    }
    try problems.throwIfAny()
    return atoms
  }

  private static func words(_ name: String, _ structure: Structure) -> [String]? {
    guard let column = structure[column: name], column.width == 1 else { return nil }
    return switch column.values {
    case .text(let words): words
    case .integer(let numbers): numbers.map { "\($0)" }
    default: nil
    }
  }

  private static func reals(
    _ name: String, _ structure: Structure, _ problems: inout DisorderProblems
  ) -> [Double]? {
    guard let column = structure[column: name] else { return nil }
    switch column.values {
    case .real(let values) where column.width == 1: return values
    case .integer(let values) where column.width == 1: return values.map(Double.init)
    default:
      problems.report("column \(name) is not one number per atom", at: nil)
      return nil
    }
  }
}

extension SIMD3<Double> {
  /// Whether every component is a number that can be a fractional coordinate.
  fileprivate var isUsable: Bool { (0..<3).allSatisfy { self[$0].magnitude < 1e6 } }
}
