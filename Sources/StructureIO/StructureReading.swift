public import Crystal

/// What a file gave: a structure, and remarks on what was doubtful in it.
public struct StructureReading: Hashable, Sendable {
  /// The structure.
  public var structure: Structure

  /// Doubtful but legal input, one sentence each, with its place; to be shown to the user.
  public var warnings: [String]

  /// A structure with remarks.
  public init(_ structure: Structure, warnings: [String] = []) {
    self.structure = structure
    self.warnings = warnings
  }
}
