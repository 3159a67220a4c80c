internal import Analysis
internal import Crystal

/// Functions of the lag in one trajectory.
struct DiffusionCurves: Sendable {
  /// Time between frames, fs.
  let interval: Double

  /// What is reported, with mean squared displacements in Å².
  let species: [Species]

  /// Collective displacement of the charges and its parts, Å² e², by name; empty without charges.
  let charge: [(name: String, values: [Double])]

  /// How far single ions have moved.
  let distances: [DisplacementDistribution]

  /// The same at many lags, for the non-Gaussian parameter.
  let nonGaussian: [DisplacementDistribution]

  /// Where other ions of the same element are; empty if the cell changes.
  let distinct: [DistinctDistribution]

  /// Mean squared displacements of one element.
  struct Species: Sendable {
    let element: Element
    /// Of single ions, Å².
    let meanSquare: [Double]
    /// Of single ions along x, y and z, Å².
    let axes: [[Double]]
    /// Of all ions together, per ion, Å².
    let collective: [Double]
  }

  /// Width of the bins of distances, Å.
  private static let binWidth = 0.05

  /// Width of the bins of distances between ions, Å.
  private static let pairBinWidth = 0.1

  init(
    _ read: TrajectoryDisplacements, _ whole: DisplacementCorrelations, window: FitWindow,
    groups: [(element: Element, index: Int, ions: [Int])], charges: [Double]?, elements: [Element]
  ) {
    interval = read.interval
    species = groups.map { group in
      Species(
        element: group.element, meanSquare: whole.meanSquare(group.index),
        axes: whole.meanSquaresByAxis[group.index],
        collective: whole.collective[group.index][group.index].map {
          $0 / Double(group.ions.count)
        })
    }
    var charge: [(name: String, values: [Double])] = []
    if let charges {
      let partition = ChargePartition(whole, charges: charges)
      charge.append(("total", partition.total))
      for a in elements.indices {
        charge.append(("\(elements[a]) self", partition.own[a]))
        charge.append(("\(elements[a]) distinct", partition.distinct[a]))
      }
      for pair in partition.cross {
        charge.append(("\(elements[pair.first])-\(elements[pair.second])", pair.values))
      }
    }
    self.charge = charge
    let last = max(1, Int(window.to / read.interval))
    let few = DisplacementDistribution.logarithmicLags(upTo: last, count: 4)
    let many = DisplacementDistribution.logarithmicLags(
      upTo: max(1, read.history.frames / 2), count: 40)
    distances = groups.map {
      DisplacementDistribution(
        read.history, atoms: $0.ions, lags: few, binWidth: DiffusionCurves.binWidth)
    }
    nonGaussian = groups.map {
      DisplacementDistribution(
        read.history, atoms: $0.ions, lags: many, binWidth: DiffusionCurves.binWidth)
    }
    distinct =
      read.cellIsConstant
      ? groups.map {
        DistinctDistribution(
          read.history, start: read.start, centres: $0.ions, others: $0.ions, lags: [0] + few,
          binWidth: DiffusionCurves.pairBinWidth)
      } : []
  }
}
