internal import Arrangement
public import Building
public import Crystal
internal import StructureIO

/// A crystal in a supercell, filled with its species, with the files that other programs and the
/// searches go on from.
public struct HostBuild: Sendable {
  /// The verb that builds it, `prototype`.
  public let command: String

  /// The crystal as it was asked for, oxidation states included.
  public let definition: PrototypeDefinition

  /// The checked unit cell.
  public let crystal: PrototypeCrystal

  /// The supercell.
  public let supercell: SupercellMatrix

  /// Supercell and seed as they were asked for.
  public let filling: SupercellFilling

  /// Numbers of atoms on each label, in the order of the labels.
  public let counts: [SiteCount]

  /// Every site of the supercell with what sits on it; empty sites are kept as vacancies.
  public let host: Structure

  /// Edges, Å, and angles, degrees, of the unit cell: a, b, c, α, β, γ.
  public let edges: [Double]

  /// What was chosen, one sentence each.
  public private(set) var notes: [String]

  /// What is doubtful: roundings, a net charge and atoms too close, one sentence each.
  public private(set) var warnings: [String] = []

  /// The arrangement problem; nil for metals, and where the charges are not known.
  let problem: HostProblem?

  /// Builds a crystal.
  ///
  /// - Parameters:
  ///   - command: The verb.
  ///   - definition: The crystal with its numbers.
  ///   - oxidation: Oxidation states by element symbol, e.
  ///   - filling: The supercell and how it is filled.
  ///   - notes: What was chosen before, one sentence each.
  /// - Throws: ``InputError`` or ``InputErrors`` for numbers that no such crystal has, or fractions
  ///   that do not fit the cell.
  init(
    command: String, _ definition: PrototypeDefinition, oxidation: [String: Double],
    filling: SupercellFilling, notes: [String] = []
  ) throws {
    let balance = try OxidationBalance(definition, given: oxidation)
    self.command = command
    self.definition = balance.definition
    self.filling = filling
    crystal = try PrototypeCrystal(self.definition.prototype())
    edges = try self.definition.shape().sixParameters(self.definition.lattice)
    supercell = try filling.supercellMatrix(sitesPerCell: crystal.unitCell.count)
    counts = try crystal.counts(
      cells: supercell.cellCount, rounding: filling.round ? .nearest : .refuse)
    host = try crystal.structure(supercell: supercell, counts: counts, seed: filling.seed)
    self.notes = notes + balance.notes
    do {
      problem = try HostProblem(
        crystal, edges: edges, supercell: supercell, host: host, balanced: balance.balanced)
      self.notes += problem?.notes ?? []
    } catch  where HostBuild.charge(of: host) == nil {
      problem = nil
      self.notes.append("no problem.yaml: the species have no oxidation states")
    }
    try checkProblem()
    warnings = roundingWarnings + chargeWarnings + clashWarnings
  }

  /// Compares the sites of the problem file, as it is read, with those of the supercell.
  private func checkProblem() throws(InputError) {
    guard let read = problem?.problem.structure else { return }
    let isSame =
      read.count == host.count && read.labels == host.labels
      && zip(read.positions, host.positions).allSatisfy { a, b in
        host.lattice.distance(a, b) < HostBuild.agreement
      }
    guard isSame else { throw InputError("the problem file does not give back the sites") }
  }

  /// Distance below which two sites are the same, Å.
  private static let agreement = 1e-6

  private var roundingWarnings: [String] {
    var labels: [String] = []
    for count in counts where count.isRounded && !labels.contains(count.label) {
      labels.append(count.label)
    }
    let multiple = crystal.smallestMultiple
    return labels.map { label in
      let own = counts.filter { $0.label == label }
      let steps = own.filter(\.isRounded).map {
        "\(fixed($0.exact.doubleValue, 4)) \($0.species) became \($0.count)"
      }
      return "rounded on \(label), \(own.reduce(0) { $0 + $1.count }) sites: "
        + steps.joined(separator: ", ")
        + (multiple.map { "; whole numbers need a multiple of \($0) cells" } ?? "")
    }
  }

  private var chargeWarnings: [String] {
    guard let charge = totalCharge, charge.magnitude > 1e-6 else { return [] }
    return [
      "the charges add up to \(charge > 0 ? "+" : "")\(fixed(charge, 3)) e in \(atomCount) atoms; the "
        + "problem compensates them by a uniform background"
    ]
  }

  /// Net charge, e; nil if some species has no oxidation state.
  public var totalCharge: Double? { HostBuild.charge(of: host) }

  private static func charge(of host: Structure) -> Double? {
    var charge = 0.0
    for species in host.species where !species.isVacancy {
      guard let state = species.oxidationState else { return nil }
      charge += state
    }
    // Thirds of a charge do not add up to exact zero.
    return charge.magnitude < 1e-9 ? 0 : charge
  }

  /// Number of atoms.
  public var atomCount: Int { host.species.count { !$0.isVacancy } }

  /// The composition of the supercell, cations before anions in the order of the labels.
  public var formula: Composition {
    let species = definition.sites.flatMap { $0.shares.map(\.species) }.filter { !$0.isVacancy }
    var order: [Element] = []
    let anions = species.filter { ($0.oxidationState ?? 0) < 0 }
    for element in (species.filter { !anions.contains($0) } + anions).map(\.element)
    where !order.contains(element) {
      order.append(element)
    }
    let composition = host.composition
    return (try? Composition(order.map { ($0, composition[$0]) })) ?? composition
  }

  /// Whether some label is shared by several species, so that the seed matters.
  var isRandom: Bool {
    crystal.prototype.sites.contains { site in
      counts.count { $0.label == site.label && $0.count > 0 } > 1
    }
  }

  /// The arrangement problem as it stands in `problem.yaml`.
  public var problemText: String? { problem?.text }

  /// Names and texts of the files, the manifest aside.
  ///
  /// - Throws: ``InputError`` for what a format cannot hold.
  func files() throws -> [(name: String, text: String)] {
    var titled = host
    titled.title = "\(definition.name) \(supercell)"
    let structures = [
      ("host.extxyz", try StructureFile.text(of: titled, format: .extxyz)),
      ("host.cif", try StructureFile.text(of: titled, format: .cif)),
      ("host.vasp", try StructureFile.text(of: titled, format: .poscar)),
    ]
    return (problemText.map { [("problem.yaml", $0)] } ?? []) + structures
  }

  /// Writes all files.
  ///
  /// - Parameters:
  ///   - folder: Where they go.
  ///   - specification: What was asked for, for the manifest.
  ///   - inputs: SHA-256 of the files that were read, by name.
  ///   - started: When the work began, ISO 8601.
  /// - Returns: Names of the files.
  /// - Throws: ``InputError`` if one cannot be written.
  @discardableResult
  public func write(
    to folder: OutputFolder, specification: some Codable & Sendable, inputs: [String: String] = [:],
    started: String
  ) throws -> [String] {
    let manifest = Manifest(
      cellgen: cellgenVersion, command: command, specification: specification, seed: filling.seed,
      inputs: inputs, started: started, finished: timestamp())
    let files = [(OutputFolder.manifestName, try jsonText(manifest))] + (try files())
    for (name, text) in files { try folder.write(text, to: name) }
    return files.map(\.0)
  }
}
