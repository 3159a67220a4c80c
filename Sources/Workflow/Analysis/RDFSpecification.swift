public import Analysis
public import Crystal

/// All settings of radial distribution functions and structure factors.
public struct RDFSpecification: Hashable, Codable, Sendable {
  /// Which frames.
  public var frames: FrameSelection

  /// Pairs of elements such as `Mg-O`; empty for all.
  public var pairs: [String] = []

  /// Where the functions end, Å.
  public var radius = 10.0

  /// Width of a bin, Å.
  public var binWidth = 0.05

  /// The largest wave number, Å⁻¹.
  public var largestWavenumber = 20.0

  /// Step of the wave numbers, Å⁻¹.
  public var wavenumberStep = 0.05

  /// How the transform to wave numbers ends.
  public var window = StructureFactor.Window.lorch

  /// The settings for some files.
  public init(files: [String]) { frames = FrameSelection(files: files) }

  /// Checks everything that can be checked without the files.
  ///
  /// - Throws: ``InputErrors`` with all that is wrong.
  public func validate() throws(InputErrors) {
    var problems = frames.problems()
    if !(radius > 0 && radius <= 1000) {
      problems.append(
        InputError("\(radius), expected more than 0 and at most 1000 Å", at: "--radius"))
    }
    if !(binWidth > 0 && binWidth <= 1) {
      problems.append(InputError("\(binWidth), expected more than 0 and at most 1 Å", at: "--bin"))
    } else if radius / binWidth > Double(PairDistribution.mostBins) {
      problems.append(
        InputError(
          "\(binWidth) Å up to \(radius) Å is more than \(PairDistribution.mostBins) bins",
          at: "--bin"))
    }
    if !(wavenumberStep > 0 && wavenumberStep <= 1) {
      problems.append(
        InputError("\(wavenumberStep), expected more than 0 and at most 1 1/Å", at: "--q-step"))
    } else if !(largestWavenumber > wavenumberStep
      && largestWavenumber <= ScatteringTable.largestWavenumber)
    {
      problems.append(
        InputError(
          "\(largestWavenumber), expected more than \(wavenumberStep) and at most "
            + "\(fixed(ScatteringTable.largestWavenumber, 1)) 1/Å, where the form factors end",
          at: "--q-max"))
    } else if largestWavenumber / wavenumberStep > 20_000 {
      problems.append(InputError("\(wavenumberStep) gives more than 20000 points", at: "--q-step"))
    }
    for pair in pairs where pair.split(separator: "-").count != 2 {
      problems.append(InputError("\"\(pair)\" is no pair", at: "--pairs", hint: "such as Mg-O,O-O"))
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
  }
}
