internal import Analysis
internal import Building
internal import Crystal
internal import StructureIO

/// Voronoi volumes, free volume and voids of a structure.
public struct VolumeAnalysis {
  /// Settings.
  public let specification: VolumeSpecification

  /// What is doubtful, one sentence each.
  public let warnings: [String]

  let input: AnalysedStructure
  let started = timestamp()

  /// Volume of the cell of every atom, Å³.
  let volumes: [Double]

  /// Number of faces of every cell that are larger than ``VolumeAnalysis/faceFraction`` of its surface.
  let faceCounts: [Int]

  /// The volumes by element.
  let statistics: [VolumeStatistics]

  /// The free volume with its references; nil without any.
  let free: (value: FreeVolume, references: [Element: Double], ion: VolumeStatistics?)?

  /// Radii of the spheres between the atoms' centres, Å, in rising order.
  let voids: [Double]

  /// What a probe finds; nil without one.
  let probe: ProbeVolume?

  /// Smaller faces are counted as corners: thermal motion makes and removes them.
  static let faceFraction = 0.005

  /// Reads and analyses a structure.
  ///
  /// - Throws: ``InputError`` or ``InputErrors`` with what is wrong.
  public init(_ specification: VolumeSpecification) throws {
    try specification.validate()
    let input = try AnalysedStructure(specification.structure)
    let structure = input.structure
    self.specification = specification
    self.input = input
    var warnings = input.warnings
    let radii = try VolumeAnalysis.radii(specification, input)
    let plain: VoronoiTessellation
    let cells: [VoronoiTessellation.Cell]
    do {
      plain = try VoronoiTessellation(lattice: structure.lattice, positions: structure.positions)
      cells =
        specification.weighting == .plain
        ? plain.cells
        : try VoronoiTessellation(
          lattice: structure.lattice, positions: structure.positions, radii: radii
        ).cells
    } catch {
      throw error.inside(specification.structure)
    }
    volumes = cells.map(\.volume)
    faceCounts = cells.map { cell in
      let surface = cell.faces.reduce(0) { $0 + $1.area }
      return cell.faces.count { $0.area > VolumeAnalysis.faceFraction * surface }
    }
    let vanished = volumes.count { $0 == 0 }
    if vanished > 0 {
      warnings.append("\(vanished) atoms have no radical cell: they lie inside of larger ones")
    }
    statistics = VolumeStatistics.byElement(volumes, structure.species.map(\.element))
    free = try VolumeAnalysis.freeVolume(specification, input, statistics, &warnings)
    let voids = voidRadii(structure.lattice, positions: structure.positions, tessellation: plain)
    self.voids = voids
    probe = try specification.probe.map { radius in
      try ProbeVolume(
        structure, radii: radii, probe: radius, spacing: specification.spacing,
        largestVoid: voids.last ?? 0)
    }
    self.warnings = warnings
  }

  /// The radius of every atom, Å: given ones, else ionic ones; empty if none are needed.
  private static func radii(
    _ specification: VolumeSpecification, _ input: AnalysedStructure
  ) throws(InputError) -> [Double] {
    guard specification.weighting == .radical || specification.probe != nil else { return [] }
    let given = try input.byElement(
      specification.radii, option: "--radius", range: 0...5, unit: "Å")
    var radii: [Double] = []
    for species in input.structure.species {
      guard let radius = given[species.element] ?? ionicRadius(species) else {
        throw InputError(
          "no ionic radius is tabulated for \(species.element)", at: "--radius",
          hint: "give one, such as --radius \(species.element)=1.2")
      }
      radii.append(radius)
    }
    return radii
  }

  private static func freeVolume(
    _ specification: VolumeSpecification, _ input: AnalysedStructure,
    _ statistics: [VolumeStatistics], _ warnings: inout [String]
  ) throws(InputError) -> (
    value: FreeVolume, references: [Element: Double], ion: VolumeStatistics?
  )? {
    var references = try input.byElement(
      specification.references, option: "--reference", range: 0.1...1000, unit: "Å³")
    let ion: VolumeStatistics?
    if let symbol = specification.ion {
      let element = try input.element(symbol, option: "--ion")
      ion = statistics.first { $0.element == element }
    } else {
      ion = statistics.filter { workingIons.contains($0.element.symbol) }.max {
        ($0.count, $1.element) < ($1.count, $0.element)
      }
    }
    if references.isEmpty {
      guard input.elements.contains(.oxygen) else { return nil }
      references = [.oxygen: FreeVolume.oxideInMagnesia]
      if specification.weighting == .radical {
        warnings.append(
          "the reference of O is a plain volume; give one of a radical cell with --reference O=…")
      }
    }
    let value = FreeVolume(
      statistics, cellVolume: input.structure.lattice.volume, references: references)
    return (value, references, ion)
  }

  /// Ions whose vacancies are counted unless another one is named.
  private static let workingIons: Set = ["Li", "Na", "K", "Mg", "Ca", "Zn", "Al"]
}
