internal import Arrangement
internal import Crystal
internal import StructureIO

/// Which problem a command works on: a file, and what the command line puts in its place.
public struct ProblemChoice: Codable, Hashable, Sendable {
  /// Path of a problem file or of a structure; nil for the built-in problem.
  public var problem: String?

  /// A supercell that replaces the one of the file: `2x2x1`, nine integers, or `auto` for a structure
  /// with partial occupancies.
  public var supercell: String?

  /// A composition that replaces the one of the file.
  public var composition: String?

  /// An energy model that replaces the one of the file.
  public var model: EnergyModelChoice?

  /// Accept the nearest composition that fits the cell.
  public var round = false

  /// Accept a cell with a net charge.
  public var allowCharge = false

  /// Oxidation states that replace those of the file, such as `Li=1,Mn=auto`.
  public var oxidation: [String] = []

  /// What occupancies may be off to become whole numbers; nil for what they are known to.
  public var tolerance: Double?

  /// The disorder group of a CIF that is kept; nil refuses alternatives on different positions.
  public var disorderGroup: Int?

  /// Accept partially occupied sites that are too near to be occupied at once.
  public var allowSplitSites = false

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
    /// Doubtful but legal, one sentence each.
    public var warnings: [String]
  }

  /// Reads the problem.
  ///
  /// - Throws: ``InputErrors`` with everything that is wrong.
  public func load() throws -> Loaded {
    if let problem, StructureFormat(fileName: problem) != nil {
      let disordered = try DisorderedProblem(self, path: problem)
      var file = disordered.file
      if composition != nil { try apply(to: &file) }
      return try loaded(
        file, name: problem, digest: sha256(readText(problem)), notes: disordered.notes,
        warnings: disordered.warnings)
    }
    if supercell == "auto" {
      throw InputError(
        "auto needs a structure with partial occupancies", at: "--supercell",
        hint: "write for example 2x2x1")
    }
    let name = problem ?? BuiltInProblem.name
    let text = try problem.map { try readText($0) } ?? BuiltInProblem.text
    var file = try ProblemFile(parsing: text, file: problem ?? BuiltInProblem.name)
    try apply(to: &file)
    return try loaded(file, name: name, digest: sha256(text), notes: [], warnings: [])
  }

  /// A problem and its text.
  ///
  /// Columns of a parent that the text does not hold are left out, so that a run
  /// that is resumed from the text gives the same bytes.
  private func loaded(
    _ file: ProblemFile, name: String, digest: String, notes: [String], warnings: [String]
  ) throws -> Loaded {
    let text = file.inlineText()
    let hasMore = file.specification.parent.columns.contains { $0.name != Column.Name.label }
    return Loaded(
      file: hasMore ? try ProblemFile(parsing: text, file: name) : file, name: name, text: text,
      digest: digest, notes: notes, warnings: warnings)
  }

  /// Puts the settings of the command line in place of those of the file.
  func apply(to file: inout ProblemFile) throws {
    if let model { file.energy = model }
    if round { file.specification.rounding = .nearest }
    if allowCharge { file.specification.chargePolicy = .background }
    for (element, rule) in try oxidationRules() { file.specification.oxidation[element] = rule }
    if let supercell, supercell != "auto" {
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
