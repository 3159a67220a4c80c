internal import Analysis
internal import Crystal

/// The conductivity at the temperature of a trajectory, mS/cm.
struct ConductivityResult: Sendable {
  /// All elements and their charges, e.
  let elements: [Element]
  let charges: [Double]
  /// Of independent ions by Nernst and Einstein: the self parts of the collective conductivity.
  let nernstEinstein: [DiffusionOfTrajectory.Value]
  /// distinct_a.
  let distinct: [DiffusionOfTrajectory.Value]
  /// cross_ab for a < b, with absolute charges.
  let cross: [(first: Int, second: Int, value: DiffusionOfTrajectory.Value)]
  /// Of the collective displacement of all charges.
  let total: DiffusionOfTrajectory.Value

  /// Sum of the parts of independent ions.
  var independent: Double { nernstEinstein.reduce(0) { $0 + $1.value } }

  /// σ(independent) / σ(collective), nil if there is none.
  var haven: Double? {
    total.value.magnitude > 1e-9 * independent.magnitude ? independent / total.value : nil
  }

  /// nil without a temperature or charges.
  init?(
    _ elements: [Element], _ read: TrajectoryDisplacements, _ fits: LagFits, temperature: Double?,
    _ specification: DiffusionSpecification, _ path: String, _ warnings: inout [String]
  ) throws(InputError) {
    guard let temperature else {
      if !specification.charges.isEmpty {
        throw InputError(
          "a conductivity needs the temperature", at: "--charges", hint: "give --temperature [K]")
      }
      return nil
    }
    for name in specification.charges.keys.sorted()
    where !elements.contains(where: { $0.symbol == name }) {
      throw InputError(
        "\(name) is not in \(path)", at: "--charges",
        hint: "its elements are \(elements.map(\.symbol).joined(separator: ", "))")
    }
    let found = elements.map { element -> Double? in
      if let given = specification.charges[element.symbol] { return given }
      let states = read.start.species.filter { $0.element == element }.compactMap(\.oxidationState)
      let atoms = read.start.species.count { $0.element == element }
      return states.count == atoms ? states.reduce(0, +) / Double(atoms) : nil
    }
    let missing = zip(elements, found).filter { $0.1 == nil }.map(\.0)
    guard missing.isEmpty else {
      let example = missing.map { "\($0)=\($0.oxidationStates.first ?? 1)" }.joined(separator: ",")
      let problem = InputError(
        "nothing tells the charge of \(missing.map(\.symbol).joined(separator: ", "))", at: path,
        hint: "for the conductivity, give it such as --charges \(example)")
      if specification.charges.isEmpty {
        warnings.append("\(problem.description.replacing("\nhint: ", with: "; "))")
        return nil
      }
      throw problem
    }
    let charges = found.compactMap { $0 }
    let counts = fits.whole.sizes
    let net = zip(charges, counts).reduce(0) { $0 + $1.0 * Double($1.1) }
    if net.magnitude > 1e-6 {
      warnings.append(
        "\(path): the charges add up to \(fixed(net, 3)) e per cell, so that the collective conductivity "
          + "depends on what is held in place (--drift)")
    }
    self.elements = elements
    self.charges = charges
    func conductivity(
      _ function: (DisplacementCorrelations) -> [Double]
    ) throws(InputError) -> DiffusionOfTrajectory.Value {
      // The fit divides by 6, Einstein's relation does so as well.
      let (fit, error) = try fits.fit(function)
      func converted(_ diffusivity: Double) -> Double {
        IonicConductivity.einstein(
          slope: 6 * diffusivity, volume: read.volume, temperature: temperature)
      }
      return .init(value: converted(fit.value), error: error.map(converted))
    }
    var distinct: [DiffusionOfTrajectory.Value] = []
    var independent: [DiffusionOfTrajectory.Value] = []
    var cross: [(first: Int, second: Int, value: DiffusionOfTrajectory.Value)] = []
    for a in elements.indices {
      distinct.append(try conductivity { ChargePartition($0, charges: charges).distinct[a] })
      let (fit, error) = try fits.fit { $0.meanSquare(a) }
      func converted(_ diffusivity: Double) -> Double {
        IonicConductivity.nernstEinstein(
          diffusivity: diffusivity, charge: charges[a], ions: counts[a], volume: read.volume,
          temperature: temperature)
      }
      independent.append(.init(value: converted(fit.value), error: error.map(converted)))
      for b in elements.indices where b > a {
        let size = (charges[a] * charges[b]).magnitude
        cross.append((a, b, try conductivity { $0.collective[a][b].map { size * $0 } }))
      }
    }
    self.distinct = distinct
    self.cross = cross
    nernstEinstein = independent
    total = try conductivity { ChargePartition($0, charges: charges).total }
  }
}
