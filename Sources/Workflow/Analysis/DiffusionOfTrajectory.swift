internal import Analysis
internal import Crystal
internal import StructureIO

/// The diffusion in one trajectory.
public struct DiffusionOfTrajectory: Sendable {
  /// The file.
  let path: String
  /// K, if known.
  let temperature: Double?
  let frames: Int
  /// Time between frames, fs.
  let interval: Double
  /// Mean volume of the cell, Å³.
  let volume: Double
  let window: FitWindow
  /// Number of parts of the trajectory that the errors are from; 0 if it is too short.
  let blocks: Int
  let species: [SpeciesDiffusion]
  let conductivity: ConductivityResult?
  /// Functions of the lag, for tables and figures.
  let curves: DiffusionCurves
  let jumps: [SpeciesJumps]
  /// Fast and slow ions; none if the cell changes or nothing diffuses.
  let mobility: [FastSlowIons]
  /// What was doubtful.
  let warnings: [String]

  /// A number with its standard deviation over blocks.
  struct Value: Sendable {
    var value: Double
    var error: Double?
  }

  /// Displacement below which an ion has not left its site, Å².
  static let vibration = 0.5

  /// Slopes of ln MSD over ln lag that count as diffusion.
  static let diffusiveSlopes = 0.8...1.2

  init(
    _ path: String, temperature: Double?, _ specification: DiffusionSpecification
  ) throws {
    let read = try TrajectoryDisplacements(path, specification)
    let elements = try Self.elements(read.start, specification, path)
    let window = try specification.window(duration: read.duration, interval: read.interval)
    // Charges of all ions count in the conductivity, also of those that are not reported.
    let all = Set(read.start.species.map(\.element)).sorted()
    let groups = all.map { element in
      read.start.species.indices.filter { read.start.species[$0].element == element }
    }
    let whole = DisplacementCorrelations(read.history, groups: groups)
    let blockLength = Int((1.25 * window.to / read.interval).rounded(.up)) + 1
    let count = min(10, read.history.frames / blockLength)
    let blocks = count < 3 ? 0 : count
    let parts = (0..<blocks).map { block in
      DisplacementCorrelations(
        read.history, groups: groups,
        frames: (block * read.history.frames / blocks)..<((block + 1) * read.history.frames / blocks)
      )
    }
    let fits = LagFits(whole: whole, parts: parts, interval: read.interval, window: window)
    var warnings = read.warnings
    if blocks == 0 {
      warnings.append(
        "\(path): no errors, because the trajectory is shorter than four times the longest lag of the "
          + "fit, \(fixed(window.to / 1000, 3)) ps; shorten it with --fit-to")
    }
    let reported = all.indices.filter { elements.contains(all[$0]) }
    species = try reported.map { group in
      try SpeciesDiffusion(all[group], ions: groups[group].count, group: group, fits)
    }
    warnings += Self.doubts(species, path, window, isChosen: !specification.species.isEmpty)
    conductivity = try ConductivityResult(
      all, read, fits, temperature: temperature, specification, path, &warnings)
    curves = DiffusionCurves(
      read, whole, window: window, groups: reported.map { (all[$0], $0, groups[$0]) },
      charges: conductivity?.charges, elements: all)
    jumps = try SpeciesJumps.count(
      read, reported.map { (all[$0], groups[$0]) }, specification, path, &warnings)
    mobility =
      read.cellIsConstant
      ? zip(reported, species).filter { $1.regime == .diffusive }.map { group, species in
        FastSlowIons(species.element, ions: groups[group], read)
      } : []
    self.path = path
    self.temperature = temperature
    frames = read.history.frames
    interval = read.interval
    volume = read.volume
    self.window = window
    self.blocks = blocks
    self.warnings = warnings
  }

  /// The elements to report.
  private static func elements(
    _ start: Structure, _ specification: DiffusionSpecification, _ path: String
  ) throws(InputError) -> Set<Element> {
    let present = Set(start.species.map(\.element))
    if specification.species.isEmpty { return present }
    var chosen: Set<Element> = []
    for name in specification.species {
      guard let element = Element(symbol: name), present.contains(element) else {
        throw InputError(
          "\(name) is not in \(path)", at: "--species",
          hint: "its elements are \(present.sorted().map(\.symbol).joined(separator: ", "))")
      }
      chosen.insert(element)
    }
    return chosen
  }

  /// What is said of species that do not diffuse: of all chosen ones, or if there is no other.
  private static func doubts(
    _ species: [SpeciesDiffusion], _ path: String, _ window: FitWindow, isChosen: Bool
  ) -> [String] {
    guard isChosen || species.allSatisfy({ $0.regime != .diffusive }) else { return [] }
    let end = fixed(window.to / 1000, 3)
    return species.compactMap { species in
      switch species.regime {
      case .diffusive: nil
      case .vibration:
        "\(path): \(species.element) has moved by \(fixed(species.meanSquareAtEnd, 4)) Å² (mean square) "
          + "at \(end) ps, no more than by vibration: its D* says nothing"
      case .other:
        "\(path): the displacement of \(species.element) does not grow as in diffusion: log-log slope "
          + "\(species.logSlope.map { fixed($0, 2) } ?? "unknown"), expected 1; try another window with "
          + "--fit-from and --fit-to"
      }
    }
  }
}
