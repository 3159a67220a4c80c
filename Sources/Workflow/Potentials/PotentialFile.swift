internal import Crystal
public import Energetics
internal import Yams

/// A set of potentials as it stands in a YAML file.
///
///     name: mine
///     title: "what it is for"
///     source: "where the numbers come from"
///     cutoff: 10                        # Å
///     truncation: shifted               # plain (default), shifted or smooth
///     charges: {Mg: 1.2, O: -1.2}       # e; or formal: the oxidation states
///     pairs:
///       Mg O: {buckingham: {A: 929.69, rho: 0.29909}}                          # eV, Å, eV·Å⁶
///       O O: {morse: {D: 0.042395, a: 1.379316, r0: 3.618701}, power: {C: 22, n: 12}}
///
/// Forms: `buckingham` {A, rho, C}, `bmh` {A, sigma, rho, C, D}, `morse` {D, a, r0}, `lj` {epsilon, sigma},
/// `power` {C, n}, `screened_coulomb` {A, rho} and `zbl: true`; several of one pair add up.
public struct PotentialFile: Sendable {
  /// The potentials.
  public let set: PotentialSet

  /// What the set is for.
  public let title: String

  /// How far the numbers can be trusted; empty if the file does not say.
  public let status: String

  /// The text of the file.
  public let text: String

  private static let keys = [
    "name", "title", "source", "status", "cutoff", "truncation", "charges", "pairs",
  ]

  /// Reads a set.
  ///
  /// - Parameters:
  ///   - text: The YAML text.
  ///   - file: Its name, for messages.
  /// - Throws: ``InputErrors`` with everything that is wrong.
  public init(parsing text: String, file: String) throws {
    var reader = YAMLReader(file: file)
    guard let root = reader.document(text) else { throw InputErrors(reader.problems) }
    let entries = reader.mapping(root, "", keys: PotentialFile.keys)
    func node(_ key: String) -> Node? { entries.first { $0.0 == key }?.1 }
    for key in ["name", "source", "cutoff", "charges", "pairs"] where node(key) == nil {
      reader.report("no \(key)", at: root, "", "a set of potentials needs the key \(key)")
    }
    let name = node("name").flatMap { reader.text($0, "name") } ?? ""
    let cutoff = node("cutoff").flatMap { reader.real($0, "cutoff") } ?? 10
    if !PotentialFile.cutoffs.contains(cutoff) {
      reader.report(
        "cutoff \(cutoff), expected \(PotentialFile.cutoffs.lowerBound) to "
          + "\(PotentialFile.cutoffs.upperBound) Å", at: node("cutoff"), "cutoff", nil)
    }
    var truncation = Truncation.plain
    if let value = node("truncation"), let word = reader.text(value, "truncation") {
      if let known = Truncation(rawValue: word) {
        truncation = known
      } else {
        reader.report(
          "unknown truncation \"\(word)\"", at: value, "truncation",
          "expected \(Truncation.allCases.map(\.rawValue).joined(separator: ", "))")
      }
    }
    let charges = node("charges").map { reader.potentialCharges($0) } ?? [:]
    let pairs = node("pairs").map { reader.potentialPairs($0) } ?? []
    title = node("title").flatMap { reader.text($0, "title") } ?? name
    status = node("status").flatMap { reader.text($0, "status") } ?? ""
    let source = node("source").flatMap { reader.text($0, "source") } ?? ""
    guard reader.problems.isEmpty else { throw InputErrors(reader.problems) }
    self.text = text
    set = PotentialSet(
      name: name, source: source, cutoff: cutoff, charges: charges, truncation: truncation,
      pairs: pairs)
  }

  /// Cutoffs that are not taken for a mistake, Å.
  static let cutoffs = 2.0...40
}

extension YAMLReader {
  /// `formal`, or charges by species.
  fileprivate mutating func potentialCharges(_ node: Node) -> [Species: Double] {
    if node.scalar != nil {
      if node.scalar?.string != "formal" {
        report(
          "expected formal or charges by element", at: node, "charges",
          "write charges: {Mg: 1.2, O: -1.2}")
      }
      return [:]
    }
    var charges: [Species: Double] = [:]
    for (name, value) in mapping(node, "charges", keys: nil) {
      guard let species = potentialSpecies(name, value, "charges"),
        let charge = real(value, "charges: \(name)")
      else { continue }
      if charge.magnitude > 10 {
        report("charge \(charge), expected -10 to 10 e", at: value, "charges: \(name)", nil)
      }
      charges[species] = charge
    }
    return charges
  }

  /// Terms by pairs of species.
  fileprivate mutating func potentialPairs(_ node: Node) -> [PotentialSet.Pair] {
    var pairs: [PotentialSet.Pair] = []
    for (name, value) in mapping(node, "pairs", keys: nil) {
      let path = "pairs: \(name)"
      let parts = name.split(separator: " ")
      guard parts.count == 2 else {
        report("\"\(name)\" is no pair", at: value, "pairs", "write two species: Mg O")
        continue
      }
      let species = parts.compactMap { potentialSpecies(String($0), value, path) }
      guard species.count == 2 else { continue }
      let isTwin = pairs.contains {
        [$0.first, $0.second] == species || [$0.second, $0.first] == species
      }
      if isTwin {
        report("the pair is given twice", at: value, path, nil)
      }
      var terms: [PairPotential.Term] = []
      var isSingleSource = false
      let forms = ["buckingham", "bmh", "morse", "lj", "power", "screened_coulomb", "zbl"]
      for (form, numbers) in mapping(value, path, keys: forms + ["single_source"]) {
        let place = "\(path): \(form)"
        switch form {
        case "single_source": isSingleSource = logical(numbers, place) ?? false
        case "zbl":
          if logical(numbers, place) ?? false {
            terms.append(
              .init(
                .nuclearRepulsion(
                  first: species[0].element.atomicNumber, second: species[1].element.atomicNumber)))
          }
        default: if let term = pairForm(form, numbers, place) { terms.append(.init(term)) }
        }
      }
      pairs.append(.init(species[0], species[1], terms: terms, isSingleSource: isSingleSource))
    }
    return pairs
  }

  private mutating func pairForm(_ form: String, _ node: Node, _ path: String) -> PairForm? {
    let names: [String: (needed: [String], optional: [String])] = [
      "buckingham": (["A", "rho"], ["C"]), "bmh": (["A", "sigma", "rho"], ["C", "D"]),
      "morse": (["D", "a", "r0"], []), "lj": (["epsilon", "sigma"], []), "power": (["C", "n"], []),
      "screened_coulomb": (["A", "rho"], []),
    ]
    guard let names = names[form] else { return nil }
    var values: [String: Double] = [:]
    for (key, number) in mapping(node, path, keys: names.needed + names.optional) {
      values[key] = real(number, "\(path): \(key)")
    }
    let missing = names.needed.filter { values[$0] == nil }
    guard missing.isEmpty else {
      report("no \(missing.joined(separator: ", "))", at: node, path, nil)
      return nil
    }
    func value(_ key: String) -> Double { values[key] ?? 0 }
    for length in ["rho", "sigma", "r0"] where values[length] != nil && value(length) <= 0 {
      report("\(length) is \(value(length)), expected more than 0 Å", at: node, path, nil)
      return nil
    }
    switch form {
    case "buckingham":
      return .buckingham(amplitude: value("A"), range: value("rho"), dispersion: value("C"))
    case "bmh":
      return .bornMayerHuggins(
        amplitude: value("A"), size: value("sigma"), range: value("rho"), dispersion6: value("C"),
        dispersion8: value("D"))
    case "morse":
      return .morse(depth: value("D"), stiffness: value("a"), distance: value("r0"))
    case "lj": return .lennardJones(depth: value("epsilon"), size: value("sigma"))
    case "screened_coulomb":
      return .screenedCoulomb(amplitude: value("A"), range: value("rho"))
    default:
      guard let power = Int(exactly: value("n")), (1...30).contains(power) else {
        report("n is \(value("n")), expected a whole number from 1 to 30", at: node, path, nil)
        return nil
      }
      return .inversePower(coefficient: value("C"), power: power)
    }
  }

  private mutating func potentialSpecies(
    _ name: String, _ node: Node, _ path: String
  ) -> Species? {
    guard let species = Species(name), !species.isVacancy else {
      report(
        "\"\(name)\" is no species", at: node, path, "write an element, or an ion such as Fe3+")
      return nil
    }
    return species
  }
}
