public import Crystal

/// The stability of a host at every content of ions, per host formula unit, and its voltages.
///
/// With x ions per host formula unit and energies E(x) of one host formula unit with its ions,
///
///     ΔE(x) = E(x) - [(x_max - x) E(x_min) + (x - x_min) E(x_max)] / (x_max - x_min)
///
/// in eV per host formula unit. Values per atom are those values divided by the number of atoms of
/// the host formula unit with its ions; energies per atom are never interpolated.
///
/// Conventions: the host is what remains without the ion, with the smallest whole numbers; the
/// references are the lowest entries with the fewest and with the most ions. Rows of the pure ion
/// give its reference energy and are no phases of the host.
public struct InsertionHull: Sendable {
  /// An entry with some content of ions.
  public struct Phase: Sendable {
    /// The entry.
    public let entry: EnergyEntry

    /// Ions per host formula unit.
    public let x: Rational

    /// Atoms of a host formula unit with its ions.
    public let atoms: Double

    /// Energy of a host formula unit with its ions, eV.
    public let energy: Double

    /// Energy of formation from both ends, eV per host formula unit.
    public let formationEnergy: Double

    /// Energy above the hull, eV per host formula unit, ≥ 0.
    public let energyAboveHull: Double

    /// What it decomposes into; fractions of the host formula units.
    public let decomposition: [PhaseDiagram.Product]

    /// Whether the energy above the hull per atom is within the tolerance.
    public let isStable: Bool

    /// Energy of formation from both ends, eV/atom.
    public var formationEnergyPerAtom: Double { formationEnergy / atoms }

    /// Energy above the hull, eV/atom, ≥ 0.
    public var energyAboveHullPerAtom: Double { energyAboveHull / atoms }
  }

  /// How much the voltage differs from the plateau if a metastable phase forms instead.
  ///
  ///     η = E_hull / (z |x - x_neighbour|)          [V]
  ///
  /// with E_hull per host formula unit.
  public struct Overpotential: Hashable, Sendable {
    /// Index of the metastable phase.
    public let phase: Int

    /// Loss on the way from the next corner of the hull with fewer ions, V; nil if there is none.
    public let fromBelow: Double?

    /// Loss on the way from the next corner of the hull with more ions, V; nil if there is none.
    public let fromAbove: Double?
  }

  /// The ion.
  public let ion: WorkingIon

  /// The host formula unit without ions.
  public let host: Composition

  /// The phases, x rising, then energy rising.
  public let phases: [Phase]

  /// Indices of the corners of the hull, x rising.
  public let corners: [Int]

  /// The profile along the corners of the hull; nil if the ion has no reference energy.
  public let voltages: VoltageProfile?

  /// Builds the hull.
  ///
  /// - Parameters:
  ///   - entries: The host with different contents of ions, and perhaps the pure ion.
  ///   - ion: The working ion; nil for the one whose amount varies.
  ///   - valence: Electrons per ion; nil for the usual oxidation state.
  ///   - reference: Energy of the pure ion, eV/atom; nil for the lowest entry of the pure element.
  ///   - tolerance: Largest energy above the hull of a stable phase, eV/atom.
  /// - Throws: ``InputErrors`` that name the entries with another host, or what is missing.
  public init(
    _ entries: [EnergyEntry], ion: Element? = nil, valence: Int? = nil, reference: Double? = nil,
    tolerance: Double = 1e-9
  ) throws(InputErrors) {
    do throws(InputError) {
      let element: Element
      if let ion { element = ion } else { element = try WorkingIon.detected(among: entries) }
      let metal = entries.filter { $0.formula.elements == [element] }.map(\.energyPerAtom).min()
      self.ion = try WorkingIon(element, valence: valence, energyPerAtom: reference ?? metal)
    } catch {
      throw InputErrors([error])
    }
    let (host, split) = try InsertionHull.split(entries, ion: self.ion.element)
    self.host = host
    let hostAtoms = host.atomCount
    let contents = split.map(\.x)
    guard let least = contents.min(), let most = contents.max(), least < most else {
      throw InputErrors([
        InputError(
          "all entries have the same content of \(self.ion.element)",
          hint: "add rows of \(host) with other contents; both ends are the references")
      ])
    }
    let energies = split.map { entry, x in entry.energyPerAtom * (hostAtoms + x.doubleValue) }
    let ends = [least, most].map { end in
      zip(contents, energies).reduce(Double.infinity) { $1.0 == end ? min($0, $1.1) : $0 }
    }
    let (low, width) = (least.doubleValue, most.doubleValue - least.doubleValue)
    let formation = zip(contents, energies).map { x, energy in
      if x == least { return energy - ends[0] }
      if x == most { return energy - ends[1] }
      let share = (x.doubleValue - low) / width
      return energy - (1 - share) * ends[0] - share * ends[1]
    }
    let order = split.indices.sorted {
      (contents[$0], energies[$0], split[$0].entry.id)
        < (contents[$1], energies[$1], split[$1].entry.id)
    }
    let atoms = order.map { hostAtoms + contents[$0].doubleValue }
    let hull: LowerHull
    do throws(InputError) {
      hull = try LowerHull(
        coordinates: order.flatMap { index in
          let share = (contents[index].doubleValue - low) / width
          return [1 - share, share]
        },
        energies: order.map { formation[$0] }, names: order.map { split[$0].entry.id },
        components: 2, tolerance: tolerance * hostAtoms,
        roundoff: 1e-14 * energies.reduce(1) { max($0, $1.magnitude) })
    } catch {
      throw InputErrors([error])
    }
    phases = order.enumerated().map { position, index in
      Phase(
        entry: split[index].entry, x: contents[index], atoms: atoms[position],
        energy: energies[index], formationEnergy: formation[index],
        energyAboveHull: hull.energyAboveHull[position],
        decomposition: hull.decomposition[position].map {
          PhaseDiagram.Product(phase: $0.point, fraction: $0.weight)
        },
        isStable: hull.isStable[position])
    }
    corners = hull.vertices
    voltages = VoltageProfile(
      through: corners.map { [phases] in
        VoltageProfile.Point(phase: $0, x: phases[$0].x, energy: phases[$0].energy)
      }, ion: self.ion)
  }

  /// The entries that are no pure ion, with their contents of ions in the common host.
  private static func split(
    _ entries: [EnergyEntry], ion: Element
  ) throws(InputErrors) -> (host: Composition, split: [(entry: EnergyEntry, x: Rational)]) {
    var split: [(entry: EnergyEntry, x: Rational)] = []
    var host: (fraction: HostFraction, entry: EnergyEntry)?
    var problems: [InputError] = []
    for entry in entries where entry.formula.elements != [ion] {
      do throws(InputError) {
        let fraction = try HostFraction(entry.formula, ion: ion)
        if let host, host.fraction.ratios != fraction.ratios {
          throw InputError(
            "without \(ion), \(entry.formula) is \(fraction.host), but \(host.entry.id) is "
              + "\(host.fraction.host)",
            hint: "use rows of one host only, or another working ion")
        }
        if host == nil { host = (fraction, entry) }
        split.append((entry, fraction.content))
      } catch {
        problems.append(error.inside("entry \(entry.id)"))
      }
    }
    guard let host, problems.isEmpty else {
      throw InputErrors(
        problems.isEmpty
          ? [InputError("no entry contains a host for \(ion)", hint: "add rows of the host")]
          : problems)
    }
    return (host.fraction.host, split)
  }
}
