import CellgenTestSupport
import Foundation
import Handoff

/// The folders with outputs of real programs, and those of VASP, which follow its layout.
let resultsFolder = dataFolder().appending(path: "results").path()

/// What is read from the folder of a calculation.
func result(in name: String, of code: SimulationCode? = nil) throws -> CalculationResult {
  let folder = ResultFolder(name.hasPrefix("/") ? name : "\(resultsFolder)/\(name)")
  guard let output = ResultReader.output(in: folder, of: code) else {
    throw CocoaError(.fileNoSuchFile)
  }
  return try ResultReader.read(output, in: folder)
}

/// What is read from a copy of a folder after changes to its files.
///
/// - Parameters:
///   - name: The folder.
///   - keeping: Files of it that are copied; nil for all.
///   - change: Gets name and text of each file, and returns the new text.
func changedResult(
  _ name: String, keeping: [String]? = nil, adding: [String: String] = [:],
  _ change: (String, String) -> String = { $1 }
) throws -> CalculationResult {
  let copy = FileManager.default.temporaryDirectory
    .appending(path: "results-\(ProcessInfo.processInfo.globallyUniqueString)")
  defer { try? FileManager.default.removeItem(at: copy) }
  try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
  for file in ResultFolder("\(resultsFolder)/\(name)").files
  where keeping?.contains(file) ?? true {
    let text = try String(contentsOfFile: "\(resultsFolder)/\(name)/\(file)", encoding: .utf8)
    try Data(change(file, text).utf8).write(to: copy.appending(path: file))
  }
  for (file, text) in adding { try Data(text.utf8).write(to: copy.appending(path: file)) }
  return try result(in: copy.path())
}

/// A text up to where a mark begins for the n-th time, from 1.
func cut(_ text: String, before mark: String, occurrence: Int = 1) -> String {
  text.components(separatedBy: mark).prefix(occurrence).joined(separator: mark)
}

/// Whether two numbers agree; false without the first one.
func agree(_ a: Double?, _ b: Double, within tolerance: Double = 1e-6) -> Bool {
  a.map { ($0 - b).magnitude <= tolerance } ?? false
}
