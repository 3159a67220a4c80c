public import Crystal

extension InsertionHull {
  /// Indices of all stable phases, also those on a line between two corners.
  public var stable: [Int] { phases.indices.filter { phases[$0].isStable } }

  /// The voltage profile along chosen phases, on or above the hull.
  ///
  /// - Parameter path: Indices of phases with distinct x, in any order.
  /// - Returns: nil if the ion has no reference energy.
  /// - Throws: ``InputError`` if there are fewer than two phases, or two have the same x.
  public func voltages(along path: [Int]) throws(InputError) -> VoltageProfile? {
    guard path.count > 1, Set(path.map { phases[$0].x }).count == path.count else {
      throw InputError("a voltage profile needs two or more phases, each with another x")
    }
    return VoltageProfile(
      through: path.map {
        VoltageProfile.Point(phase: $0, x: phases[$0].x, energy: phases[$0].energy)
      }, ion: ion)
  }

  /// What each metastable phase costs against the plateau, x rising.
  public var overpotentials: [Overpotential] {
    phases.indices.filter { !phases[$0].isStable }.map { index in
      let phase = phases[index]
      func loss(_ corner: Int?) -> Double? {
        corner.map {
          let width = (phase.x.doubleValue - phases[$0].x.doubleValue).magnitude
          return phase.energyAboveHull / (Double(ion.valence) * width)
        }
      }
      return Overpotential(
        phase: index, fromBelow: loss(corners.last { phases[$0].x < phase.x }),
        fromAbove: loss(corners.first { phases[$0].x > phase.x }))
    }
  }

  /// The corner with the fewest ions.
  public var chargedEnd: Phase { phases[corners[0]] }

  /// The corner with the most ions.
  public var dischargedEnd: Phase { phases[corners[corners.count - 1]] }

  /// The capacity between the fewest and the most ions.
  ///
  /// - Parameter basis: Which state mass and volume are taken of.
  /// - Returns: Per mass, and per volume if the entry of that state has one.
  public func capacity(basis: CapacityBasis = .discharged) -> Capacity {
    capacity(upTo: dischargedEnd.x, basis: basis)
  }

  /// The capacity from the fewest ions up to a content of ions.
  ///
  /// - Parameters:
  ///   - x: Ions per host formula unit.
  ///   - basis: Which state mass and volume are taken of, always with the fewest or the most ions.
  /// - Returns: Per mass, and per volume if the entry of that state has one.
  public func capacity(upTo x: Rational, basis: CapacityBasis = .discharged) -> Capacity {
    let end = basis == .discharged ? dischargedEnd : chargedEnd
    return Capacity(
      electrons: Double(ion.valence) * (x.doubleValue - chargedEnd.x.doubleValue),
      mass: host.mass + end.x.doubleValue * ion.element.mass,
      volume: end.entry.volumePerAtom.map { $0 * end.atoms }, basis: basis)
  }

  /// Energy stored between the fewest and the most ions, per mass.
  ///
  /// - Parameter basis: Which state the mass is taken of.
  /// - Returns: Mean voltage times capacity, Wh/kg; nil without voltages.
  public func specificEnergy(basis: CapacityBasis = .discharged) -> Double? {
    voltages.map { $0.mean * capacity(basis: basis).gravimetric }
  }

  /// Energy stored between the fewest and the most ions, per volume.
  ///
  /// - Parameter basis: Which state the volume is taken of.
  /// - Returns: Mean voltage times capacity, Wh/L; nil without voltages or volume.
  public func energyDensity(basis: CapacityBasis = .discharged) -> Double? {
    guard let voltages, let volumetric = capacity(basis: basis).volumetric else { return nil }
    return voltages.mean * volumetric
  }

  /// What is doubtful about the data, or missing for more results.
  public var notes: [Note] {
    var notes: [Note] = []
    if ion.energyPerAtom == nil { notes.append(.noIonReference(ion.element)) }
    if chargedEnd.x > .zero { notes.append(.noEmptyHost(host: host, least: chargedEnd.x)) }
    notes += (voltages?.negativeSteps ?? []).map(Note.negativeVoltage)
    if corners.count == 2, phases.count > 2 { notes.append(.noStableMixture) }
    return notes
  }

  /// Something that a reader of the results should know.
  public enum Note: Hashable, Sendable, CustomStringConvertible {
    /// There are no voltages, because the energy of the pure ion is unknown.
    case noIonReference(Element)

    /// The host without ions is not among the entries; capacities start at the least content.
    case noEmptyHost(host: Composition, least: Rational)

    /// Ions do not go in by themselves.
    case negativeVoltage(VoltageProfile.Step)

    /// No phase between both ends is stable.
    case noStableMixture

    /// The note as a sentence.
    public var description: String {
      switch self {
      case .noIonReference(let element):
        "no voltages: add a row of pure \(element), or give its reference energy in eV/atom"
      case .noEmptyHost(let host, let least):
        "there is no row of the empty host \(host); the reference with the fewest ions is x = "
          + "\(least), and capacities start there"
      case .negativeVoltage(let step):
        "the voltage from x = \(step.xFrom) to \(step.xTo) is negative: \(fixed(step.voltage, 3)) V"
      case .noStableMixture:
        "no phase between both ends is stable: a single plateau"
      }
    }
  }
}
