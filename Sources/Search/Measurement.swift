internal import Arrangement
internal import Crystal

/// Which quantities are measured after each round, and where they stand in a ``BlockSeries``.
///
/// In this order: Ω and Ω², means over the sweeps of the round, E likewise, the number of atoms in
/// the cell, the fraction of the sites of each label with each species, the composition of the pool
/// of each group of shells, and P(s, t) of every term of the short-range order.
struct Measurement: Sendable {
  /// Labels in the order of the sites, with their active sites.
  let labels: [(name: String, sites: [Int])]

  /// Number of species.
  private let speciesCount: Int

  /// Whether each species is an atom.
  private let isAtom: [Bool]

  /// Atoms on fixed sites.
  private let fixedAtoms: Int

  let order: WarrenCowley?

  /// Positions of the quantities.
  static let (grandEnergy, grandEnergySquared, energy, atoms) = (0, 1, 2, 3)
  private static let firstOccupancy = 4

  /// Number of quantities.
  let width: Int
  private let firstComposition: Int
  private let firstPair: Int

  /// Means over the sweeps of a round, relative to the reference, eV per cell.
  struct EnergySums {
    private var (count, energy, grand, squares) = (0.0, 0.0, 0.0, 0.0)

    mutating func add(energy: Double, grandEnergy: Double) {
      count += 1
      self.energy += energy
      grand += grandEnergy
      squares += grandEnergy * grandEnergy
    }

    var means: [Double] { [grand / count, squares / count, energy / count] }
  }

  init(_ problem: ArrangementProblem, order: WarrenCowley?) {
    let names = problem.activeLabels
    var labels: [(name: String, sites: [Int])] = []
    for (site, name) in names.enumerated() {
      if let position = labels.firstIndex(where: { $0.name == name }) {
        labels[position].sites.append(site)
      } else {
        labels.append((name, [site]))
      }
    }
    self.labels = labels
    self.order = order
    speciesCount = problem.species.count
    isAtom = problem.species.map { !$0.isVacancy }
    fixedAtoms = problem.fixedSpecies.count { $0.map { !$0.isVacancy } ?? false }
    firstComposition = Measurement.firstOccupancy + labels.count * speciesCount
    firstPair = firstComposition + (order?.table.groups.count ?? 0) * speciesCount
    width = firstPair + (order?.terms.count ?? 0)
  }

  /// Position of the fraction of a label's sites that have a species.
  func occupancy(label: Int, species: Int) -> Int {
    Measurement.firstOccupancy + label * speciesCount + species
  }

  /// Position of the composition of the pool of a group.
  func composition(group: Int, species: Int) -> Int {
    firstComposition + group * speciesCount + species
  }

  /// Position of the pair fraction of a term.
  func pairFraction(term: Int) -> Int { firstPair + term }

  /// All quantities of an arrangement.
  func row(_ arrangement: [UInt8], _ energies: EnergySums) -> [Double] {
    var row = energies.means
    row.reserveCapacity(width)
    row.append(Double(fixedAtoms + arrangement.count { isAtom[Int($0)] }))
    for label in labels {
      var numbers = [Int](repeating: 0, count: speciesCount)
      for site in label.sites { numbers[Int(arrangement[site])] += 1 }
      for number in numbers { row.append(Double(number) / Double(label.sites.count)) }
    }
    if let order {
      row += order.compositions(of: arrangement)
      row += order.fractions(
        PairCounts(table: order.table, speciesCount: speciesCount, arrangement: arrangement))
    }
    return row
  }
}
