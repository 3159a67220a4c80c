public import Crystal
internal import Foundation

/// A pseudopotential as far as an input depends on it.
public struct Pseudopotential: Codable, Hashable, Sendable {
  /// Name of the file, POTCAR label, or number of electrons `q10` for CP2K.
  public var name: String
  /// Valence electrons; nil if unknown.
  public var valence: Double?
  /// The functional it was made with, as ``Calculation/Functional`` writes it; nil if unknown.
  public var functional: String?
  /// Whether its density needs a higher cutoff than four times that of the waves.
  public var isSoft: Bool
  /// Whether it is a PAW data set.
  public var isPAW: Bool

  /// A pseudopotential of which only the name is known.
  public init(_ name: String) {
    self.name = name
    isSoft = false
    isPAW = false
    // CP2K names its potentials by the number of electrons.
    if name.hasPrefix("q") { valence = NumberReader.real(name.dropFirst()) }
  }

  /// Reads the header of a file in UPF, or in one of the formats of ABINIT.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - name: Its name in inputs.
  /// - Throws: ``InputError`` if it cannot be read.
  init(file path: String, name: String) throws(InputError) {
    self.init(name)
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw InputError("the pseudopotential cannot be read", at: path)
    }
    defer { try? handle.close() }
    let data = (try? handle.read(upToCount: 200_000)) ?? Data()
    let text = String(decoding: data, as: UTF8.self)
    if name.lowercased().hasSuffix(".upf") {
      readUPF(text)
    } else if !name.lowercased().hasSuffix(".xml") {
      readAbinit(text)
    }
  }

  private mutating func readUPF(_ text: String) {
    guard let start = text.range(of: "<PP_HEADER") else { return }
    let header = text[start.upperBound...].prefix(4000)
    func attribute(_ name: String) -> String? {
      guard let place = header.range(of: "\(name)=\"") else { return nil }
      return String(header[place.upperBound...].prefix { $0 != "\"" })
    }
    if let word = attribute("z_valence") {
      valence = word.split(separator: " ").first.flatMap { NumberReader.real($0) }
      isSoft = ["true", "t", ".true."].contains(attribute("is_ultrasoft")?.lowercased() ?? "")
      isPAW = ["true", "t", ".true."].contains(attribute("is_paw")?.lowercased() ?? "")
      isSoft = isSoft || isPAW
      functional = Pseudopotential.functional(attribute("functional") ?? "")
    } else {
      // Version 1: one value and its name a line.
      for line in header.split(whereSeparator: \.isNewline) {
        let words = line.split(separator: " ")
        if line.contains("Z valence") { valence = words.first.flatMap { NumberReader.real($0) } }
        if line.contains("Ultrasoft pseudopotential") { isSoft = true }
        if line.contains("Exchange-Correlation") {
          functional = Pseudopotential.functional(words.prefix(4).joined(separator: " "))
        }
      }
    }
  }

  private mutating func readAbinit(_ text: String) {
    let lines = text.split(separator: "\n", maxSplits: 4, omittingEmptySubsequences: false)
    guard lines.count > 2 else { return }
    let (first, second) = (lines[1].split(separator: " "), lines[2].split(separator: " "))
    if first.count > 1 { valence = NumberReader.real(first[1]) }
    guard second.count > 1, let kind = NumberReader.integer(second[0]),
      let exchange = NumberReader.integer(second[1])
    else { return }
    isPAW = kind == 7
    isSoft = isPAW
    functional =
      switch exchange {
      case 1, 2, 7, -1012, -1009, -20: "LDA"
      case 11, -101130: "PBE"
      case -116133: "PBEsol"
      default: nil
      }
  }

  /// The functional behind the words of Quantum ESPRESSO.
  private static func functional(_ text: String) -> String? {
    let words = text.uppercased().split(separator: " ").joined(separator: " ")
    return switch words {
    case "PZ", "SLA PZ NOGX NOGC", "SLA PW NOGX NOGC", "LDA": "LDA"
    case "PBE", "SLA PW PBE PBE", "SLA PW PBX PBC": "PBE"
    case "PBESOL", "SLA PW PSX PSC": "PBEsol"
    case "SCAN": "SCAN"
    default: nil
    }
  }
}

/// A folder with pseudopotentials, from which the file of an element is found by its name.
public struct PseudopotentialFolder: Sendable {
  /// The folder, absolute.
  public let path: String

  /// Files by element symbol.
  private let files: [String: [String]]

  private static let endings: [SimulationCode: [String]] = [
    .qe: ["upf"],
    .abinit: ["psp8", "hgh", "abinit", "paw", "pspnc", "fhi", "xml", "upf", "psml"],
  ]

  /// Lists the files for a code.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - code: For which code.
  /// - Throws: ``InputError`` if it is no folder, or has no pseudopotential for the code.
  public init(_ path: String, code: SimulationCode) throws(InputError) {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw InputError("this is no folder that can be read", at: path)
    }
    self.path = URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
    let endings = PseudopotentialFolder.endings[code] ?? []
    var files: [String: [String]] = [:]
    for name in names.sorted() {
      let parts = name.lowercased().split(separator: ".")
      guard let last = parts.last, endings.contains(String(last)) else { continue }
      // 12mg.10.hgh, Mg.pbe-n-kjpaw.UPF, mg_pbe_v1.4.upf
      let symbol = name.drop(while: \.isNumber).prefix(while: \.isLetter)
      guard
        let element = Element(
          symbol: symbol.prefix(1).uppercased() + symbol.dropFirst().lowercased())
      else { continue }
      files[element.symbol, default: []].append(name)
    }
    guard !files.isEmpty else {
      throw InputError(
        "there is no pseudopotential for \(code.title) in this folder", at: path,
        hint: "expected files such as "
          + (code == .qe ? "Mg.pbe-n-kjpaw_psl.1.0.0.UPF" : "Mg.psp8 or 12mg.10.hgh"))
    }
    self.files = files
  }

  /// The pseudopotential of an element.
  ///
  /// - Parameters:
  ///   - element: Which element.
  ///   - functional: The one that is wanted: of several files that one counts that was made with it.
  ///   - name: A file that was named; nil to choose.
  /// - Returns: What its header says.
  /// - Throws: ``InputError`` if there is none, or several among which only the user can choose.
  public func pseudopotential(
    _ element: Element, functional: Calculation.Functional, named name: String?
  ) throws(InputError) -> Pseudopotential {
    if let name {
      guard !name.contains("/"), FileManager.default.fileExists(atPath: "\(path)/\(name)") else {
        throw InputError(
          "there is no pseudopotential \(name)", at: path,
          hint: files[element.symbol].map {
            "for \(element) there are \($0.joined(separator: ", "))"
          })
      }
      return try Pseudopotential(file: "\(path)/\(name)", name: name)
    }
    guard let names = files[element.symbol] else {
      throw InputError(
        "there is no pseudopotential for \(element)", at: path,
        hint: "add one, or name it with --pseudopotential \(element)=FILE")
    }
    var found: [Pseudopotential] = []
    for name in names { found.append(try Pseudopotential(file: "\(path)/\(name)", name: name)) }
    let fitting = found.filter { $0.functional == functional.rawValue }
    if fitting.count == 1 { return fitting[0] }
    if found.count == 1 { return found[0] }
    let choice = (fitting.isEmpty ? found : fitting).map(\.name)
    throw InputError(
      "there are \(choice.count) pseudopotentials for \(element)"
        + (fitting.isEmpty ? ", none of them made with \(functional.rawValue)" : ""), at: path,
      hint: "choose with --pseudopotential \(element)=\(choice[0]); there are "
        + choice.prefix(8).joined(separator: ", "))
  }
}
