internal import Arrangement
internal import Crystal
internal import Foundation

/// Which problem a command works on: a file, and what the command line puts in its place.
public struct ProblemChoice: Codable, Hashable, Sendable {
  /// Path of a problem file or of a structure; nil for the built-in problem.
  public var problem: String?

  /// A supercell that replaces the one of the file: `2x2x1` or nine integers.
  public var supercell: String?

  /// A composition that replaces the one of the file.
  public var composition: String?

  /// An energy model that replaces the one of the file.
  public var model: EnergyModelChoice?

  /// Accept the nearest composition that fits the cell.
  public var round = false

  /// Accept a cell with a net charge.
  public var allowCharge = false

  /// The built-in problem.
  public init() {}

  /// A problem with everything that belongs to it.
  public struct Loaded: Sendable {
    /// The problem, as the command line changed it.
    public var file: ProblemFile
    /// Name of the file for messages and manifests.
    public var name: String
    /// The problem as a file of its own, which gives the same problem again.
    public var text: String
    /// SHA-256 of the file that was read.
    public var digest: String
    /// What was assumed on the way, one sentence each.
    public var notes: [String]
  }

  /// Reads the problem.
  ///
  /// - Throws: ``InputErrors`` with everything that is wrong.
  public func load() throws -> Loaded {
    let name = problem ?? BuiltInProblem.name
    let text = try problem.map { try readText($0) } ?? BuiltInProblem.text
    var file = try ProblemFile(parsing: text, file: problem ?? BuiltInProblem.name)
    try apply(to: &file)
    return Loaded(
      file: file, name: name, text: file.inlineText(), digest: sha256(text), notes: [])
  }

  /// Puts the settings of the command line in place of those of the file.
  func apply(to file: inout ProblemFile) throws {
    if let model { file.energy = model }
    if round { file.specification.rounding = .nearest }
    if allowCharge { file.specification.chargePolicy = .background }
    if let supercell {
      do {
        file.specification.supercell = try SupercellMatrix(parsing: supercell)
      } catch {
        throw error.inside("--supercell")
      }
    }
    if let composition {
      do {
        file.specification.composition = try Composition(parsing: composition)
      } catch {
        throw error.inside("--composition")
      }
      file.specification.counts = []
      file.ranges = []
    }
  }
}
