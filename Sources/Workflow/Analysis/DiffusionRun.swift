internal import Crystal
internal import Analysis

/// The analysis of diffusion: from trajectories, or from a table of coefficients.
public struct DiffusionRun: Sendable {
  /// What is to be done.
  public let specification: DiffusionSpecification

  /// A run that has been checked.
  ///
  /// - Throws: ``InputErrors`` with all problems of the specification.
  public init(_ specification: DiffusionSpecification) throws {
    try specification.validate()
    self.specification = specification
  }

  /// Reads and analyses.
  ///
  /// - Parameter progress: Called with a sentence before each trajectory.
  /// - Returns: All results, of which nothing is written yet.
  /// - Throws: ``InputError`` with the place of a mistake in a file, or the option that is wrong.
  public func callAsFunction(progress: (String) -> Void = { _ in }) throws -> DiffusionResult {
    if let table = specification.table {
      let fit = try ArrheniusFit(ArrheniusTable(table).points)
      return DiffusionResult(
        specification: specification, trajectories: [],
        arrhenius: [.init(name: "D", fit: fit)], warnings: [])
    }
    var warnings: [String] = []
    var trajectories: [DiffusionOfTrajectory] = []
    for (index, path) in specification.trajectories.enumerated() {
      progress("Reading \(path)")
      let result = try DiffusionOfTrajectory(
        path, temperature: specification.temperature(of: index), specification)
      trajectories.append(result)
      warnings += result.warnings
    }
    return DiffusionResult(
      specification: specification, trajectories: trajectories,
      arrhenius: try arrhenius(trajectories, &warnings), warnings: warnings)
  }

  /// Fits over temperatures of all elements that diffuse at two of them or more.
  private func arrhenius(
    _ trajectories: [DiffusionOfTrajectory], _ warnings: inout [String]
  ) throws -> [DiffusionResult.Arrhenius] {
    guard Set(trajectories.compactMap(\.temperature)).count > 1 else { return [] }
    let elements = Set(trajectories.flatMap { $0.species.map(\.element) }).sorted()
    var fits: [DiffusionResult.Arrhenius] = []
    for element in elements {
      var points: [ArrheniusFit.Point] = []
      var left = 0
      for trajectory in trajectories {
        guard let temperature = trajectory.temperature,
          let species = trajectory.species.first(where: { $0.element == element })
        else { continue }
        // A slope of vibrations is no diffusion coefficient.
        guard species.regime == .diffusive else {
          left += 1
          continue
        }
        let unit = Diffusivity.squareCentimetresPerSecond
        points.append(
          .init(
            temperature: temperature, diffusivity: unit * species.tracer.value,
            error: species.tracer.error.map { unit * $0 }))
      }
      guard Set(points.map(\.temperature)).count > 1 else { continue }
      if left > 0 {
        warnings.append(
          "the Arrhenius fit of \(element) leaves out \(left) trajectories in which it does not diffuse"
        )
      }
      fits.append(.init(name: element.symbol, fit: try ArrheniusFit(points)))
    }
    return fits
  }
}
