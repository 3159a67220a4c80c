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

  /// Structures that a folder takes; more are a mistake.
  public static let folderLimit = 10_000

  /// A conversion; see the properties.
  public init(
    input: String, output: String, selection: [ClosedRange<Int>]? = nil,
    format: StructureFormat = .extxyz, replaces: Bool = false
  ) {
    self.input = input
    self.output = output
    self.selection = selection
    self.format = format
    self.replaces = replaces
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

  /// Converts.
  ///
  /// - Returns: The number of structures that were written.
  /// - Throws: ``InputError`` for unreadable input, a selection that matches nothing, or files in the way.
  public func callAsFunction() throws -> Int {
    guard FileManager.default.fileExists(atPath: input) else {
      throw InputError("there is no such file", at: input)
    }
    let single = StructureFormat(fileName: output)
    if FileManager.default.fileExists(atPath: output), !replaces {
      throw InputError(
        "this exists already", at: output, hint: "choose another --out, or replace it with --force")
    }
    let structures = try structures(limit: single == .extxyz ? .max : Conversion.folderLimit)
    guard !structures.isEmpty else {
      throw InputError("no structure has one of these numbers", at: "--select")
    }
    if let single {
      guard single == .extxyz || structures.count == 1 else {
        throw InputError(
          "\(structures.count) structures, but this format holds one", at: output,
          hint: "choose one with --select, write .extxyz, or name a folder")
      }
      let texts = try structures.map { try StructureFile.text(of: $0.structure, format: single) }
      let folder = URL(filePath: output).deletingLastPathComponent().relativePath
      try OutputFolder(folder, existing: .use)
        .write(texts.joined(), to: URL(filePath: output).lastPathComponent)
      return structures.count
    }
    let folder = try OutputFolder(output, existing: .use)
    let digits = max(3, String(structures.map(\.id).max() ?? 1).count)
    for (id, structure) in structures {
      let number = String(id)
      let name = String(repeating: "0", count: max(0, digits - number.count)) + number
      try folder.write(
        StructureFile.text(of: structure, format: format),
        to: "\(name).\(Conversion.suffix(format))")
    }
    return structures.count
  }

  private static func suffix(_ format: StructureFormat) -> String {
    switch format {
    case .extxyz: "extxyz"
    case .cif: "cif"
    case .poscar: "vasp"
    }
  }

  private func isWanted(_ id: Int) -> Bool {
    selection.map { ranges in ranges.contains { $0.contains(id) } } ?? true
  }

  private func structures(limit: Int) throws -> [(id: Int, structure: Structure)] {
    guard ArrangementReader.isArchive(input) else {
      return try StructureFile.readFrames(input).enumerated()
        .filter { isWanted($0.offset + 1) }.map { ($0.offset + 1, $0.element.structure) }
    }
    let reader = try ArrangementReader(input)
    let last = selection?.map(\.upperBound).max() ?? .max
    var problems: [String: ArrangementProblem] = [:]
    var result: [(Int, Structure)] = []
    try reader.forEach(isWanted) { entry in
      guard result.count < limit else {
        throw InputError(
          "more than \(limit) structures for one folder", at: output,
          hint: "choose some with --select, or write one .extxyz file")
      }
      result.append((entry.id, try reader.structure(entry, &problems)))
      return entry.id < last
    }
    return result
  }
}
