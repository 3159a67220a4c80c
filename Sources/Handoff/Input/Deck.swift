public import Crystal
public import Engines

/// The input of one calculation: the files of its folder.
public struct Deck: Sendable {
  /// A file.
  public struct File: Hashable, Sendable {
    /// Its name in the folder.
    public var name: String
    /// What it holds.
    public var text: String
  }

  /// The files.
  public var files: [File]
  /// The atoms in the order of the input, with all their columns.
  public var structure: Structure
  /// What the energy depends on.
  public var settings: CalculationSettings
  /// The program and its arguments.
  public var command: [String]
  /// Sum of the oxidation states, e; nil if an atom has none.
  public var charge: Double?
  /// What deserves attention, one sentence each.
  public var notes: [String]

  /// What a deck is written from besides the structure; the same for all structures of a run.
  public struct Setup: Sendable {
    /// The program.
    public var code: SimulationCode
    /// What is calculated.
    public var calculation: Calculation
    /// The templates of the code by file name.
    public var templates: [String: DeckTemplate]
    /// The pseudopotential of each element, by symbol.
    public var pseudopotentials: [String: Pseudopotential]
    /// The folder of the pseudopotentials, absolute; nil leaves it to the code's own default.
    public var pseudopotentialFolder: String?
    /// POTCAR texts by label; empty to leave them to the user.
    public var potcars: [String: String]
    /// Name of the interactions, for LAMMPS alone.
    public var modelName: String

    /// What a deck is written from.
    public init(
      code: SimulationCode, calculation: Calculation, templates: [String: DeckTemplate],
      pseudopotentials: [String: Pseudopotential] = [:], pseudopotentialFolder: String? = nil,
      potcars: [String: String] = [:], modelName: String = ""
    ) {
      self.code = code
      self.calculation = calculation
      self.templates = templates
      self.pseudopotentials = pseudopotentials
      self.pseudopotentialFolder = pseudopotentialFolder
      self.potcars = potcars
      self.modelName = modelName
    }

    /// A template with its places filled.
    func rendered(
      _ name: String, _ values: [String: DeckTemplate.Value]
    ) throws(InputError) -> String {
      guard let template = templates[name] else {
        preconditionFailure("no template \(name) for \(code)")
      }
      return try template.rendered(values)
    }

    /// The pseudopotential of an element.
    func pseudopotential(_ element: Element) throws(InputError) -> Pseudopotential {
      guard let found = pseudopotentials[element.symbol] else {
        throw InputError(
          "no pseudopotential of \(code.title) for \(element) in the preset \(calculation.preset)",
          hint: code == .vasp || code == .cp2k
            ? "name it with --pseudopotential \(element)=\(code == .cp2k ? "q10" : "\(element)_pv")"
            : "give --pseudopotentials FOLDER, or name it with --pseudopotential \(element)=FILE")
      }
      return found
    }
  }

  /// Writes the input of a structure for a code.
  ///
  /// - Parameters:
  ///   - structure: The structure; vacancies are left out.
  ///   - title: One line that names it.
  ///   - setup: Everything else.
  ///   - model: The interactions, for LAMMPS alone.
  /// - Throws: ``InputError`` or ``InputErrors`` for structures that cannot be calculated, elements without
  ///   pseudopotential or U, and templates with mistakes.
  public init(
    _ structure: Structure, title: String, setup: Setup, model: LAMMPSModel? = nil
  ) throws {
    let title = Deck.cleaned(title)
    if setup.code == .lammps {
      guard let model else { preconditionFailure("LAMMPS needs interactions") }
      self = try LAMMPSDeck.deck(structure, title: title, setup: setup, model: model)
      return
    }
    var named = structure
    if named.title.isEmpty { named.title = title }
    let atoms = try DeckAtoms(named, setup.calculation)
    self =
      switch setup.code {
      case .vasp: try VASPDeck.deck(atoms, title: title, setup: setup)
      case .qe: try EspressoDeck.deck(atoms, title: title, setup: setup)
      case .cp2k: try CP2KDeck.deck(atoms, title: title, setup: setup)
      case .abinit: try AbinitDeck.deck(atoms, title: title, setup: setup)
      case .lammps: preconditionFailure("handled above")
      }
  }

  /// Writes the input for the search of a path with the nudged elastic band method.
  ///
  /// - Parameters:
  ///   - path: The images, without vacancies; their cells must be the same.
  ///   - title: One line that names it.
  ///   - setup: Everything else; VASP and Quantum ESPRESSO.
  /// - Throws: As for a single structure.
  public init(path: ImagePath, title: String, setup: Setup) throws {
    precondition(setup.code == .vasp || setup.code == .qe, "no paths for \(setup.code)")
    let title = Deck.cleaned(title)
    let atoms = try DeckAtoms(path.structures[0], setup.calculation)
    let images = path.structures.map { $0.selecting(atoms.order) }
    self =
      setup.code == .vasp
      ? try VASPDeck.deck(atoms, title: title, setup: setup, path: images)
      : try EspressoDeck.deck(atoms, title: title, setup: setup, path: images)
  }

  /// A deck.
  init(
    files: [File], structure: Structure, settings: CalculationSettings, command: [String],
    charge: Double?, notes: [String]
  ) {
    self.files = files
    self.structure = structure
    self.settings = settings
    self.command = command
    self.charge = charge
    self.notes = notes
  }

  /// A deck of a code that calculates electrons.
  init(
    _ files: [File], _ atoms: DeckAtoms, _ setup: Setup, cutoff: Double? = nil,
    notes: [String] = []
  ) {
    self.files = files
    structure = atoms.structure
    command = setup.code.command
    charge = atoms.charge
    self.notes = notes
    let calculation = setup.calculation
    settings = CalculationSettings()
    settings.code = setup.code
    settings.functional = calculation.functional.rawValue
    settings.dispersion = calculation.dispersion.rawValue
    settings.cutoffEV = cutoff ?? calculation.cutoff
    settings.hubbardEV = zip(atoms.structure.species, atoms.hubbard).reduce(into: [:]) {
      if $1.1 != 0 { $0[$1.0.element.symbol] = $1.1 }
    }
    settings.pseudopotentials = atoms.elements.reduce(into: [:]) {
      $0[$1.symbol] = setup.pseudopotentials[$1.symbol]?.name
    }
    settings.isSpinPolarised = atoms.isSpinPolarised
  }

  /// A title that no code mistakes for something else: one line of plain characters.
  private static func cleaned(_ text: String) -> String {
    let plain = text.map { character -> Character in
      character.isASCII
        && (character.isLetter || character.isNumber || " _-+.,/()".contains(character))
        ? character : "_"
    }
    return plain.isEmpty ? "cellgen" : String(String(plain).prefix(60))
  }
}

/// Numbers as all codes read them.
func deckNumber(_ value: Double) -> String {
  value == value.rounded(.toNearestOrEven) && value.magnitude < 1e9 ? "\(Int(value))" : "\(value)"
}

/// A number that a unit was changed of, with as many digits as it deserves.
func deckNumber(_ value: Double, digits: Int) -> String {
  guard value != 0 else { return "0" }
  // A power of ten keeps small tolerances and large cutoffs equally precise.
  let size = Int(value.magnitude.exponentOfTen)
  var scale = 1.0
  for _ in 0..<max(0, digits - 1 - size) { scale *= 10 }
  return deckNumber((value * scale).rounded(.toNearestOrEven) / scale)
}

extension Double {
  /// ⌊log₁₀⌋ of a positive number.
  fileprivate var exponentOfTen: Int {
    var (value, exponent) = (self, 0)
    while value >= 10 { (value, exponent) = (value / 10, exponent + 1) }
    while value < 1 { (value, exponent) = (value * 10, exponent - 1) }
    return exponent
  }
}

/// Words with repetitions shortened as VASP and ABINIT write them: `4*0.6 2*5`.
func shortened(_ words: [String]) -> String {
  var parts: [String] = []
  var index = 0
  while index < words.count {
    var end = index
    while end < words.count, words[end] == words[index] { end += 1 }
    parts.append(end - index > 1 ? "\(end - index)*\(words[index])" : words[index])
    index = end
  }
  return parts.joined(separator: " ")
}

/// Three numbers.
func deckVector(_ v: SIMD3<Double>) -> String { "\(v.x) \(v.y) \(v.z)" }

/// Three integers.
func deckVector(_ v: SIMD3<Int>) -> String { "\(v.x) \(v.y) \(v.z)" }
