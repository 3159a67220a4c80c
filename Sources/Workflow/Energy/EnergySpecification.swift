public import Crystal
public import Engines

/// Which energy of which structure.
public struct EnergySpecification: Hashable, Codable, Sendable {
  /// The structure file.
  public var structure: String

  /// The energy model: `ewald`, `lattice`, `universal`, a set of potentials or a file.
  public var model = EnergyModelChoice.ewald.rawValue

  /// Charges by element, `Mg=2,O=-2`; nil takes them from the file.
  public var charges: String?

  /// Cutoff of pair terms, Å; nil takes that of the model.
  public var cutoff: Double?

  /// Accuracy of forces where the atoms move, in units of 14.4 eV/Å; nil takes the usual one.
  public var accuracy: Double?

  /// The engine that takes the place of the model; nil for a built-in model.
  public var engine: EngineSpecification?

  /// A structure with the default model.
  public init(structure: String) {
    self.structure = structure
  }

  /// Checks everything that can be checked without the file.
  ///
  /// - Throws: ``InputErrors`` with all that is wrong.
  public func validate() throws(InputErrors) {
    var problems: [InputError] = []
    let names = ForceFieldSetup.modelNames
    if !names.contains(model.lowercased()), !PotentialLibrary.isFile(model) {
      problems.append(
        InputError(
          "unknown energy model \"\(model)\"", at: "model",
          hint: nearestMatch(to: model, among: names).map { "did you mean \($0)?" }
            ?? "models are \(names.joined(separator: ", ")) and files *.yaml"))
    }
    if let cutoff, !PotentialFile.cutoffs.contains(cutoff) {
      problems.append(
        InputError(
          "\(cutoff), expected \(PotentialFile.cutoffs.lowerBound) to "
            + "\(PotentialFile.cutoffs.upperBound) Å", at: "cutoff"))
    }
    if let accuracy, !(1e-8...1e-2).contains(accuracy) {
      problems.append(InputError("\(accuracy), expected 1e-8 to 1e-2", at: "accuracy"))
    }
    if let engine, !engine.usesModel, charges != nil {
      problems.append(
        InputError("charges are for the built-in models, this engine takes none", at: "charges"))
    }
    do {
      try engine?.validate()
      _ = try chargesByElement()
    } catch {
      problems += error.problems
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
  }

  /// The charges that were given, e; empty if there are none.
  ///
  /// `X` stands for dummy atoms.
  ///
  /// - Throws: ``InputErrors`` with all parts that are no charges.
  func chargesByElement() throws(InputErrors) -> [Element: Double] {
    guard let charges else { return [:] }
    var values: [Element: Double] = [:]
    var problems: [InputError] = []
    for part in charges.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false)
        .map { $0.filter { !$0.isWhitespace } }
      guard sides.count == 2 else {
        problems.append(
          InputError(
            "\"\(part)\" is no charge of an element", at: "charges", hint: "write Mg=2,O=-2"))
        continue
      }
      guard let element = sides[0] == "X" ? .dummy : Element(symbol: sides[0]) else {
        let near = nearestMatch(to: sides[0], among: Element.all.map(\.symbol))
        problems.append(
          InputError(
            "there is no element \"\(sides[0])\"", at: "charges",
            hint: near.map { "did you mean \($0)?" }))
        continue
      }
      let number = sides[1].hasPrefix("+") ? String(sides[1].dropFirst()) : sides[1]
      guard let value = NumberReader.real(number),
        value.magnitude <= EnergySpecification.largestCharge
      else {
        problems.append(
          InputError(
            "\"\(sides[1])\" is no charge of \(element), expected a number of e of at most "
              + "\(Int(EnergySpecification.largestCharge))", at: "charges"))
        continue
      }
      if values[element] != nil {
        problems.append(InputError("\(element) is given twice", at: "charges"))
      }
      values[element] = value
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
    return values
  }

  /// The charges of elements that occur in a structure, e.
  ///
  /// - Throws: ``InputErrors`` with all parts that are no charges.
  func charges(of structure: Structure) throws(InputErrors) -> [Element: Double] {
    let elements = Set(structure.species.map(\.element))
    return try chargesByElement().filter { elements.contains($0.key) }
  }

  /// Larger charges are taken for a mistake, e.
  private static let largestCharge = 100.0
}
