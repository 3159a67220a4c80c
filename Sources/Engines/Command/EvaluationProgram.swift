internal import Crystal
internal import Energetics
internal import Foundation
internal import StructureIO

/// What a ``CommandEngine`` runs once per structure: how its input is written and its output is read.
protocol EvaluationProgram {
  /// Writes the input.
  ///
  /// - Parameters:
  ///   - configuration: What is to be evaluated.
  ///   - folder: Of this copy of the program; files of its evaluations before are still there.
  ///   - client: The number of the copy, from 1.
  /// - Returns: A line for `/bin/sh`.
  /// - Throws: What makes the input impossible to write.
  func prepare(_ configuration: Configuration, in folder: String, client: Int) throws -> String

  /// What the program found, once it has ended with 0.
  ///
  /// - Throws: ``InputError`` for output that is missing or makes no sense.
  func result(in folder: String, for configuration: Configuration) throws -> CommandResult

  /// What went wrong in the words of the program, from what it printed; nil if it did not say.
  func complaint(in log: String) -> String?
}

/// A program that reads extxyz and writes extxyz or JSON.
struct TemplateProgram: EvaluationProgram {
  let template: CommandTemplate

  func prepare(_ configuration: Configuration, in folder: String, client: Int) throws -> String {
    let (input, output) = ("\(folder)/in.extxyz", path(folder))
    try? FileManager.default.removeItem(atPath: output)
    try FileManager.default.createDirectory(
      atPath: "\(folder)/scratch", withIntermediateDirectories: true)
    let lattice = configuration.lattice
    let structure = Structure(
      lattice: lattice, species: configuration.species.map { Species($0.element) },
      positions: configuration.positions.map { lattice.fractional(Cartesian($0)) })
    try Data(ExtendedXYZ.write(structure).utf8).write(to: URL(filePath: input))
    return template.filled([
      "in": input, "out": output, "folder": "\(folder)/scratch", "client": "\(client)",
    ])
  }

  func result(in folder: String, for configuration: Configuration) throws -> CommandResult {
    guard let data = FileManager.default.contents(atPath: path(folder)) else {
      throw InputError("it wrote no {out}")
    }
    return try CommandResult(String(decoding: data, as: UTF8.self), for: configuration)
  }

  func complaint(in log: String) -> String? { nil }

  private func path(_ folder: String) -> String { "\(folder)/out.extxyz" }
}
