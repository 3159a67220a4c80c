internal import Analysis
internal import Crystal
internal import Foundation
internal import StructureIO

/// Occupancies of labelled sites, from structure files to a folder of results.
public struct SitesRun {
  /// Settings.
  public let specification: SitesSpecification

  private let started = timestamp()

  /// Checks the settings.
  ///
  /// - Throws: ``InputErrors`` with what is wrong.
  public init(_ specification: SitesSpecification) throws {
    try specification.validate()
    self.specification = specification
  }

  /// Reads all structures.
  ///
  /// - Returns: What sits where.
  /// - Throws: ``InputError`` with the place of the first mistake.
  public func callAsFunction() throws -> SitesResult {
    var warnings: [String] = []
    func read(_ reading: StructureReading) -> Structure {
      warnings += reading.warnings
      return reading.structure
    }
    let parent = try specification.parent.map { read(try StructureFile.read($0)) }
    var structures: [LabelledStructure] = []
    for file in specification.files {
      var frames = try StructureFrames(file)
      var found: [LabelledStructure] = []
      while let reading = try frames.next() {
        let number = found.count + 1
        do {
          found.append(
            try labelled(
              read(reading), parent, name: SitesRun.name(of: file), frame: number, &warnings))
        } catch let error as InputError {
          throw error.inside(number > 1 ? "\(file), frame \(number)" : file)
        }
      }
      if found.count == 1 { found[0].frame = nil }
      structures += found
    }
    var inputs: [String: String] = [:]
    for file in specification.files + (specification.parent.map { [$0] } ?? []) {
      inputs[file] = try sha256(ofFile: file)
    }
    return SitesResult(
      specification: specification, structures: structures, inputs: inputs, started: started,
      warnings: orderedSet(warnings))
  }

  private static func name(of file: String) -> String {
    let name = URL(filePath: file).lastPathComponent
    let stem = URL(filePath: file).deletingPathExtension().lastPathComponent
    return stem.isEmpty ? name : stem
  }

  /// The different texts in the order in which they first appear.
  private func orderedSet(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }

  private func labelled(
    _ structure: Structure, _ parent: Structure?, name: String, frame: Int,
    _ warnings: inout [String]
  ) throws -> LabelledStructure {
    var sites = structure
    var inversion: Double?
    if let parent {
      let mapping = try SiteMapping(structure, parent: parent, specification.mapping)
      let lost = mapping.unassigned.count
      if lost > 0 {
        warnings.append("\(name): \(lost) of \(structure.count) atoms are on no site of the parent")
      }
      sites = mapping.structure
      inversion = mapping.degreeOfInversion
    }
    guard let labels = sites.labels else {
      throw InputError(
        "the atoms have no labels", hint: "give --parent, a structure with every site and its label"
      )
    }
    if parent == nil, !sites.species.contains(where: \.isVacancy) {
      warnings.append(
        "\(name) has no empty sites: shares are those of the atoms; --parent knows the empty ones")
    }
    let fillings = LabelFilling.all(labels, sites.species)
    if parent == nil || !specification.inverted.isEmpty {
      inversion = LabelFilling.degreeOfInversion(
        fillings, inverted: specification.inverted.isEmpty ? nil : Set(specification.inverted))
    }
    return LabelledStructure(
      name: name, frame: frame, composition: sites.composition, fillings: fillings,
      inversion: inversion, groups: try groups(sites, labels, fillings))
  }

  /// Short-range order on the labels that hold several species, or on those that are asked for.
  private func groups(
    _ sites: Structure, _ labels: [String], _ fillings: [LabelFilling]
  ) throws -> [LabelledStructure.Group] {
    guard specification.shells > 0 else { return [] }
    for label in specification.orderedLabels where !labels.contains(label) {
      throw InputError(
        "there are no sites \(label)", at: "--on",
        hint: "there are \(fillings.map(\.label).joined(separator: ", "))")
    }
    let choices =
      specification.orderedLabels.isEmpty
      ? fillings.filter { $0.atoms.count + ($0.empty > 0 ? 1 : 0) > 1 }.map { [$0.label] }
      : [specification.orderedLabels]
    return try choices.map { choice in
      let chosen = labels.indices.filter { choice.contains(labels[$0]) }
      let order = try WarrenCowley(
        sites.lattice, positions: chosen.map { sites.positions[$0] },
        contents: chosen.map { sites.species[$0].element }, shellCount: specification.shells)
      return LabelledStructure.Group(labels: choice.joined(separator: "+"), order: order)
    }
  }
}

/// One structure with what sits on its sites.
struct LabelledStructure {
  /// Sites whose short-range order was looked at.
  struct Group {
    var labels: String
    var order: WarrenCowley
  }

  var name: String
  /// Number of the frame in its file; nil for the only one.
  var frame: Int?
  var composition: Composition
  var fillings: [LabelFilling]
  var inversion: Double?
  var groups: [Group]

  init(
    name: String, frame: Int, composition: Composition, fillings: [LabelFilling],
    inversion: Double?, groups: [Group]
  ) {
    self.name = name
    self.frame = frame
    self.composition = composition
    self.fillings = fillings
    self.inversion = inversion
    self.groups = groups
  }

  /// Its name, with the number of its frame where there are several.
  var title: String { frame.map { "\(name)#\($0)" } ?? name }
}
