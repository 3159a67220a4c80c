public import Building
public import Crystal
internal import Arrangement
internal import StructureIO

/// A spinel in a supercell, with the files that other programs and `ga` go on from.
public struct SpinelBuild: Sendable {
  /// What was asked for.
  public let specification: SpinelBuildSpecification

  /// The checked unit cell.
  public let spinel: Spinel

  /// The supercell.
  public let supercell: SupercellMatrix

  /// Every site of the supercell with what sits on it; empty sites are kept as vacancies.
  public let host: Structure

  /// The arrangement problem.
  let problem: SpinelProblem

  /// The arrangement problem as it stands in `problem.yaml`.
  public var problemText: String { problem.text }

  /// What had to be chosen, one sentence each.
  public var notes: [String] { problem.notes }

  /// Builds a spinel.
  ///
  /// - Throws: ``InputError`` or ``InputErrors`` for parameters that no spinel has, or a composition
  ///   that does not fit the cell.
  public init(_ specification: SpinelBuildSpecification) throws {
    self.specification = specification
    spinel = try Spinel(specification.spinel)
    supercell = try specification.supercellMatrix(sitesPerCell: spinel.unitCell.count)
    host = try spinel.structure(supercell: supercell, seed: specification.seed)
    problem = try SpinelProblem(spinel, supercell: supercell, host: host)
    try checkProblem()
  }

  /// Compares the sites of the problem file, as it is read, with those of the supercell.
  private func checkProblem() throws(InputError) {
    let read = problem.problem.structure
    let isSame =
      read.count == host.count && read.labels == host.labels
      && zip(read.positions, host.positions).allSatisfy { a, b in
        host.lattice.distance(a, b) < SpinelBuild.agreement
      }
    guard isSame else { throw InputError("the problem file does not give back the sites") }
  }

  /// Distance below which two sites are the same, Å.
  private static let agreement = 1e-6

  /// Whether some label is shared by several species, so that the seed matters.
  var isRandom: Bool {
    occupants.contains { $0.occupants.count > 1 }
  }

  /// The composition of the host, the anion last.
  var formula: Composition { SpinelBuild.anionLast(host.composition, spinel.specification) }

  /// A composition in the order A, B or that of the host species, the anion last.
  static func anionLast(
    _ composition: Composition, _ specification: SpinelSpecification
  ) -> Composition {
    let cations = [specification.speciesA, specification.speciesB].compactMap { $0 }
    let names = (cations.isEmpty ? specification.hostSpecies : cations) + [specification.anion]
    var order: [Element] = []
    for element in names.compactMap({ Species($0)?.element }) where !order.contains(element) {
      order.append(element)
    }
    return (try? Composition(order.map { ($0, composition[$0]) })) ?? composition
  }

  /// What sits on each label, in the order of the site table.
  var occupants: [(label: String, occupants: [(species: Species, count: Int)])] {
    let labels = host.labels ?? []
    var counts: [String: [Species: Int]] = [:]
    for (label, species) in zip(labels, host.species) {
      counts[label, default: [:]][species, default: 0] += 1
    }
    return spinel.siteTable.map { row in
      (row.label, (counts[row.label] ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }
  }

  /// Names and texts of the files, the manifest aside.
  ///
  /// - Throws: ``InputError`` for what a format cannot hold.
  func files() throws -> [(name: String, text: String)] {
    var titled = host
    titled.title = "\(spinel.unitCell.title) \(supercell)"
    return [
      ("problem.yaml", problem.text),
      ("host.extxyz", try StructureFile.text(of: titled, format: .extxyz)),
      ("host.cif", try StructureFile.text(of: titled, format: .cif)),
      ("host.vasp", try StructureFile.text(of: titled, format: .poscar)),
    ]
  }

  /// Writes all files.
  ///
  /// - Parameters:
  ///   - folder: Where they go.
  ///   - started: When the work began, ISO 8601.
  /// - Returns: Names of the files.
  /// - Throws: ``InputError`` if one cannot be written.
  @discardableResult
  public func write(to folder: OutputFolder, started: String) throws -> [String] {
    let manifest = Manifest(
      cellgen: cellgenVersion, command: "spinel", specification: specification,
      seed: specification.seed, inputs: [:], started: started, finished: timestamp())
    let files = [(OutputFolder.manifestName, try jsonText(manifest))] + (try files())
    for (name, text) in files { try folder.write(text, to: name) }
    return files.map(\.0)
  }
}
