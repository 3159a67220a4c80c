internal import Arrangement
public import Crystal
internal import Foundation
public import StructureIO

/// Turns structure files and lists of arrangements into structure files.
public struct Conversion: Sendable {
  /// The file that is read.
  public var input: String

  /// The file that is written, or the folder for one file per structure.
  public var output: String

  /// Numbers of the structures that are wanted, from 1; nil for all.
  public var selection: [ClosedRange<Int>]?

  /// Format of the files in a folder.
  public var format: StructureFormat

  /// What to do about files that exist.
  public var replaces: Bool

  /// How CIF files describe the crystal.
  public var symmetry: Symmetry

  /// How CIF files describe a crystal.
  public enum Symmetry: Sendable {
    /// All atoms of the cell in P 1.
    case none
    /// One atom of each orbit, with the space group that is found within `symprec`, Å.
    case found(symprec: Double)
  }

  /// What a conversion did.
  public struct Result: Sendable {
    /// Number of structures that were written.
    public var structures = 0
    /// What was doubtful in the input or is lost in the output, each once.
    public var warnings: [String] = []
  }

  /// Structures that a folder takes; more are a mistake.
  public static let folderLimit = 10_000

  /// A conversion; see the properties.
  public init(
    input: String, output: String, selection: [ClosedRange<Int>]? = nil,
    format: StructureFormat = .extxyz, replaces: Bool = false, symmetry: Symmetry = .none
  ) {
    self.input = input
    self.output = output
    self.selection = selection
    self.format = format
    self.replaces = replaces
    self.symmetry = symmetry
  }

  /// Reads `1-10,20` as numbers from 1.
  ///
  /// - Throws: ``InputError`` for anything else.
  public static func selection(parsing text: String) throws(InputError) -> [ClosedRange<Int>] {
    var ranges: [ClosedRange<Int>] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let limits = part.split(separator: "-", omittingEmptySubsequences: false)
        .map { NumberReader.integer($0) }
      guard limits.count == 1 || limits.count == 2, let first = limits[0],
        let last = limits[limits.count - 1], first >= 1, first <= last
      else {
        throw InputError(
          "\"\(part)\" is neither a number nor a range", at: "--select",
          hint: "write for example 1-10,20")
      }
      ranges.append(first...last)
    }
    return ranges
  }

  /// Converts, with one structure at a time in memory.
  ///
  /// - Returns: What was written and what is doubtful.
  /// - Throws: ``InputError`` for unreadable input, a selection that matches nothing, or files in the way.
  public func callAsFunction() throws -> Result {
    guard FileManager.default.fileExists(atPath: input) else {
      throw InputError("there is no such file", at: input)
    }
    let single = StructureFormat(fileName: output)
    if FileManager.default.fileExists(atPath: output), !replaces {
      throw InputError(
        "this exists already", at: output,
        hint: "choose another name, or replace it with --force")
    }
    if case .found = symmetry, (single ?? format) != .cif {
      throw InputError("only CIF files have symmetry", at: "--symmetrize", hint: "write a .cif")
    }
    var result = Result()
    var warnings = ConversionWarnings()
    if let single {
      try writeFile(single, &result, &warnings)
    } else {
      try writeFolder(&result, &warnings)
    }
    guard result.structures > 0 else {
      throw InputError("no structure has one of these numbers", at: "--select")
    }
    result.warnings = warnings.all
    return result
  }

  private func writeFile(
    _ single: StructureFormat, _ result: inout Result, _ warnings: inout ConversionWarnings
  ) throws {
    let file = try GrowingFile(output, existing: replaces ? .replace : .keep)
    try forEach { _, reading in
      guard single.holdsFrames || result.structures == 0 else {
        throw InputError(
          "several structures, but this format holds one", at: output,
          hint: "choose one with --select, write .extxyz, or name a folder")
      }
      try file.write(text(reading, single, &warnings))
      result.structures += 1
    }
    if result.structures > 0 { try file.finish() }
  }

  private func writeFolder(
    _ result: inout Result, _ warnings: inout ConversionWarnings
  ) throws {
    let folder = try OutputFolder(output, existing: .use)
    try forEach { id, reading in
      guard result.structures < Conversion.folderLimit else {
        throw InputError(
          "more than \(Conversion.folderLimit) structures for one folder", at: output,
          hint: "choose some with --select, or write one .extxyz file")
      }
      let number = String(id)
      let name = String(repeating: "0", count: max(0, 3 - number.count)) + number
      try folder.write(
        text(reading, format, &warnings), to: "\(name).\(format.fileExtensions[0])")
      result.structures += 1
    }
  }

  /// The text of one structure, and what is lost in it.
  private func text(
    _ reading: StructureReading, _ format: StructureFormat, _ warnings: inout ConversionWarnings
  ) throws -> String {
    warnings.add(reading.warnings)
    warnings.add(format.losses(reading.structure).map { "\(output): \($0)" })
    guard case .found(let symprec) = symmetry else {
      return try StructureFile.text(of: reading.structure, format: format)
    }
    let symmetrized = try Symmetrization(reading.structure, symprec: symprec)
    warnings.add(symmetrized.notes.map { "\(output): \($0)" })
    return try CIF.write(symmetrized.unit)
  }

  private func isWanted(_ id: Int) -> Bool {
    selection.map { ranges in ranges.contains { $0.contains(id) } } ?? true
  }

  /// The wanted structures one after another, by their numbers from 1.
  private func forEach(_ body: (Int, StructureReading) throws -> Void) throws {
    let last = selection?.map(\.upperBound).max() ?? .max
    guard ArrangementReader.isArchive(input) else {
      var frames = try StructureFrames(input)
      var id = 1
      while id <= last {
        if isWanted(id) {
          guard let reading = try frames.next() else { return }
          try body(id, reading)
        } else if try !frames.skip() {
          return
        }
        id += 1
      }
      return
    }
    let reader = try ArrangementReader(input)
    var problems: [String: ArrangementProblem] = [:]
    try reader.forEach(isWanted) { entry in
      try body(entry.id, StructureReading(try reader.structure(entry, &problems)))
      return entry.id < last
    }
  }
}

/// Warnings of many structures, each once, and no more than a screen holds.
private struct ConversionWarnings {
  private var shown: [String] = []
  private var known: Set<String> = []
  private var others = 0

  private static let limit = 20

  mutating func add(_ warnings: [String]) {
    for warning in warnings where !known.contains(warning) {
      guard shown.count < ConversionWarnings.limit else {
        others += 1
        continue
      }
      known.insert(warning)
      shown.append(warning)
    }
  }

  var all: [String] { others == 0 ? shown : shown + ["\(others) more remarks like these"] }
}
