internal import Analysis
internal import Crystal

/// Where an ion could be by its bond valence, and whether such places are connected.
struct BondValenceMapResult {
  /// Settings.
  let settings: BondValenceSpecification.Map

  /// The ion with its oxidation state.
  let ion: Species

  /// What the sum should be.
  let valence: Double

  /// The bonds, by anion.
  let bonds: [(anion: Element, bond: BondValence)]

  /// The sums at the points.
  let map: BondValenceMap

  /// Points that suit the ion, by region.
  let clusters: PeriodicClusters

  /// Number of points that are far enough from all atoms.
  let allowedCount: Int

  /// Number of those that suit the ion.
  let selectedCount: Int

  /// The least tolerance with which the regions go on in 1, 2 and 3 dimensions; nil where none does.
  let thresholds: [Double?]

  /// Smallest and largest sum at points that are far enough from all atoms; nil without any.
  let range: ClosedRange<Double>?

  /// - Throws: ``InputError`` for an ion or bonds that there are not, and a grid that is too large.
  init(
    _ structure: Structure, charges: [Double], table: BondValenceTable, cutoff: Double,
    _ settings: BondValenceSpecification.Map
  ) throws(InputError) {
    let ion = try BondValenceMapResult.ion(settings.ion)
    let valence = settings.valence ?? ion.oxidationState ?? 0
    var bonds: [(anion: Element, bond: BondValence)] = []
    var ions: [BondValenceMap.CounterIon] = []
    for (species, (position, charge)) in zip(structure.species, zip(structure.positions, charges))
    where charge < 0 {
      if !bonds.contains(where: { $0.anion == species.element }) {
        bonds.append((species.element, try table.bond(cation: ion, anion: species.element)))
      }
      let own = bonds.first { $0.anion == species.element }
      guard let own else { continue }
      ions.append(BondValenceMap.CounterIon(position: position, bond: own.bond))
    }
    guard !ions.isEmpty else {
      throw InputError(
        "there are no anions for \(ion) to bond to, expected some with a negative charge",
        at: "--charges")
    }
    let grid: PeriodicGrid
    do {
      if let n = settings.grid, n.count == 3 {
        grid = try PeriodicGrid(
          lattice: structure.lattice, divisions: SIMD3(n[0], n[1], n[2]))
      } else {
        grid = try PeriodicGrid(lattice: structure.lattice, spacing: settings.spacing)
      }
      // Sums, mismatches, and what the search for connections keeps of every allowed point.
      try checkMemory(grid, bytesPerPoint: 70)
    } catch {
      throw error.inside(settings.grid == nil ? "--spacing" : "--grid")
    }
    let map = BondValenceMap(
      grid: grid, counterIons: ions, atoms: structure.positions, cutoff: cutoff,
      exclusion: settings.exclusion)
    let selection = map.selection(valence: valence, tolerance: settings.tolerance)
    self.settings = settings
    self.ion = ion
    self.valence = valence
    self.bonds = bonds
    self.map = map
    clusters = PeriodicClusters(divisions: grid.divisions, isMember: selection)
    allowedCount = map.isAllowed.count { $0 }
    selectedCount = selection.count { $0 }
    thresholds = percolationThresholds(
      divisions: grid.divisions, keys: map.mismatches(valence: valence), isAllowed: map.isAllowed)
    var (least, most) = (Double.infinity, -Double.infinity)
    for point in map.values.indices where map.isAllowed[point] {
      least = min(least, map.values[point])
      most = max(most, map.values[point])
    }
    range = least <= most ? least...most : nil
  }

  /// The ion with the oxidation state that was written, or the usual one.
  private static func ion(_ text: String) throws(InputError) -> Species {
    guard var species = Species(text), !species.isVacancy else {
      throw InputError("\"\(text)\" is no cation", at: "--map", hint: "write Mg or Mg2+")
    }
    if species.oxidationState == nil {
      species.oxidationState = species.element.oxidationStates.first { $0 > 0 }.map(Double.init)
    }
    guard let state = species.oxidationState, state > 0 else {
      throw InputError(
        "\(text) has no usual positive oxidation state", at: "--map",
        hint: "write it with the ion, such as \(species.element)2+")
    }
    return species
  }

  /// Part of the cell that suits the ion.
  var selectedFraction: Double { Double(selectedCount) / Double(map.grid.count) }

  /// Part of the cell that is far enough from all atoms.
  var allowedFraction: Double { Double(allowedCount) / Double(map.grid.count) }

  /// Part of the cell that suits the ion and lies in regions that go through the crystal.
  var percolatingFraction: Double {
    let points = clusters.clusters.filter { $0.dimensions > 0 }.reduce(0) { $0 + $1.pointCount }
    return Double(points) / Double(map.grid.count)
  }

  /// |v − V| at every point; V itself, as if there were no bonds, where an atom is too near.
  var mismatches: [Double] {
    map.values.indices.map { point in
      map.isAllowed[point] ? (map.values[point] - valence).magnitude : valence
    }
  }

  /// Part of the cell with a mismatch below each of some tolerances.
  func fractions(below tolerances: [Double]) -> [Double] {
    var counts = [Int](repeating: 0, count: tolerances.count)
    for point in map.values.indices where map.isAllowed[point] {
      let mismatch = (map.values[point] - valence).magnitude
      for (index, tolerance) in tolerances.enumerated() where mismatch < tolerance {
        counts[index] += 1
      }
    }
    return counts.map { Double($0) / Double(map.grid.count) }
  }
}
