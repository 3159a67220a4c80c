internal import Crystal
internal import StructureIO

/// A structure file that is analysed: its atoms without empty sites, and what the manifest says of it.
struct AnalysedStructure {
  /// The file.
  let path: String

  /// Its atoms.
  let structure: Structure

  /// What the reader remarks.
  let warnings: [String]

  /// SHA-256 of the file, by name.
  let inputs: [String: String]

  /// - Throws: ``InputError`` if the file cannot be read or holds no atoms.
  init(_ path: String) throws(InputError) {
    let reading = try StructureFile.read(path)
    self.path = path
    structure = reading.structure.withoutVacancies()
    warnings = reading.warnings
    inputs = [path: sha256(try readText(path))]
    guard structure.count > 0 else {
      throw InputError("the structure has no atoms, expected at least one", at: path)
    }
  }

  /// The elements that occur, by atomic number.
  var elements: [Element] { Set(structure.species.map(\.element)).sorted() }

  /// Numbers by symbol as numbers by element.
  ///
  /// - Parameters:
  ///   - values: What was given.
  ///   - option: The option, for messages.
  ///   - range: What is accepted.
  ///   - unit: Of the numbers, for messages.
  /// - Returns: The numbers.
  /// - Throws: ``InputError`` for symbols of elements that do not occur, and for numbers out of range.
  func byElement(
    _ values: [String: Double], option: String, range: ClosedRange<Double>, unit: String
  ) throws(InputError) -> [Element: Double] {
    var found: [Element: Double] = [:]
    for (symbol, value) in values.sorted(by: { $0.key < $1.key }) {
      let element = try self.element(symbol, option: option)
      guard range.contains(value) else {
        throw InputError(
          "\(value) for \(symbol), expected \(range.lowerBound) to \(range.upperBound) \(unit)",
          at: option)
      }
      found[element] = value
    }
    return found
  }

  /// The element with a symbol.
  ///
  /// - Throws: ``InputError`` if there is none in the structure.
  func element(_ symbol: String, option: String) throws(InputError) -> Element {
    guard let element = elements.first(where: { $0.symbol == symbol }) else {
      let near = nearestMatch(to: symbol, among: elements.map(\.symbol))
      throw InputError(
        "there is no \(symbol) in \(path)", at: option,
        hint: near.map { "did you mean \($0)?" }
          ?? "its elements are \(elements.map(\.symbol).joined(separator: ", "))")
    }
    return element
  }
}
