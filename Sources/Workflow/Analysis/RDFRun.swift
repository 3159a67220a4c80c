internal import Analysis
internal import Crystal
internal import Foundation
public import StructureIO

/// Radial distribution functions and structure factors, from trajectories to a folder of results.
public struct RDFRun {
  /// Settings.
  public let specification: RDFSpecification

  let frames: AveragedFrames
  let pairs: [(Element, Element)]
  private let started = timestamp()

  /// Checks the settings against the files.
  ///
  /// - Parameters:
  ///   - specification: Settings.
  ///   - trajectories: The files, opened.
  /// - Throws: ``InputError`` or ``InputErrors`` with what is wrong.
  public init(_ specification: RDFSpecification, _ trajectories: [Trajectory]) throws {
    try specification.validate()
    self.specification = specification
    frames = try AveragedFrames(trajectories, specification.frames)
    let elements = frames.elements
    if specification.pairs.isEmpty {
      pairs = elements.indices.flatMap { a in elements[a...].map { (elements[a], $0) } }
    } else {
      pairs = try specification.pairs.map { [frames] pair in
        let names = pair.split(separator: "-").map(String.init)
        return (
          try frames.element(names[0], at: "--pairs"), try frames.element(names[1], at: "--pairs")
        )
      }
    }
    let count = PairDistribution.pairs(
      atoms: frames.atomCount, volume: frames.volume, radius: specification.radius)
    guard count <= PairDistribution.mostPairs else {
      let fitting = specification.radius * cbrt(PairDistribution.mostPairs / count)
      throw InputError(
        "\(specification.radius) Å around \(frames.atomCount) atoms are more than a thousand million "
          + "pairs in each frame", at: "--radius",
        hint: "at most \(Int(fitting)) Å for these atoms")
    }
  }

  /// Reads all frames.
  ///
  /// - Parameters:
  ///   - threads: How many count pairs at once; the result does not depend on it.
  ///   - progress: Called after every frame with the number so far.
  /// - Returns: The functions.
  /// - Throws: ``InputError`` with the place of the first mistake.
  public func callAsFunction(threads: Int, progress: (Int) -> Void = { _ in }) throws -> RDFResult {
    var distribution = PairDistribution(
      elements: frames.elements, radius: specification.radius, binWidth: specification.binWidth)
    let warnings = try frames.forEach { frame in
      let count = PairDistribution.pairs(
        atoms: frame.atoms.count, volume: frame.lattice.volume, radius: specification.radius)
      guard count <= PairDistribution.mostPairs else {
        throw InputError(
          "frame \(distribution.frameCount + 1) is too dense for this radius", at: "--radius")
      }
      distribution.add(
        frame.lattice, positions: frame.positions, atoms: frame.atoms, threads: threads)
      progress(distribution.frameCount)
    }
    return RDFResult(
      run: self, distribution: distribution, started: started, readingWarnings: warnings)
  }
}
