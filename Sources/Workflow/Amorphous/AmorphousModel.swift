internal import Analysis
internal import Crystal
internal import Report
internal import StructureIO

/// What one melt-quenched model looks like.
public struct AmorphousModel {
  /// Its name within the run; empty for the only one.
  public let name: String

  /// The file with the structure.
  public let file: String

  private let doubtsOnTheWay: [String]
  let structure: Structure
  let folder: OutputFolder
  let distribution: PairDistribution
  let orders: [Neighbourhood]
  let crystallinity: Crystallinity
  let void: Double
  /// Lines of the log: time in fs, temperature in K, potential energy in eV, density in g/cm³.
  let log: [(time: Double, temperature: Double, energy: Double, density: Double)]

  /// The neighbours of one element around another, up to the first minimum of g(r).
  struct Neighbourhood {
    let order: LocalOrder
    let neighbour: Element
    let shell: PairDistribution.FirstShell
    var centre: Element { order.centre }
  }

  /// Looks at a model.
  ///
  /// - Parameters:
  ///   - name: Its name.
  ///   - folder: Where its files are.
  ///   - file: Its structure.
  ///   - start: The structure that was melted.
  ///   - doubtsOnTheWay: What was doubtful while it was made.
  /// - Throws: ``InputError`` if a file cannot be read.
  init(
    name: String, folder: OutputFolder, file: String, start: String, doubtsOnTheWay: [String]
  ) throws {
    self.name = name
    self.doubtsOnTheWay = doubtsOnTheWay
    self.file = file
    self.folder = folder
    let structure = try StructureFile.read(file).structure
    self.structure = structure
    let (positions, atoms) = AmorphousModel.atoms(structure)
    var distribution = PairDistribution(elements: Array(Set(atoms)))
    distribution.add(structure.lattice, positions: positions, atoms: atoms)
    self.distribution = distribution
    let anions = Set(
      structure.species.filter { ($0.oxidationState ?? 0) < 0 || $0.element.isUsualAnion }
        .map(\.element))
    var orders: [Neighbourhood] = []
    for cation in distribution.elements where !anions.contains(cation) {
      for anion in distribution.elements where anions.contains(anion) {
        guard let shell = distribution.firstShell(cation, anion) else { continue }
        let neighbours = NeighbourShells(
          structure.lattice, positions: positions, atoms: atoms,
          cutoffs: [.init(cation.symbol, anion.symbol, shell.end)])
        orders += [(cation, anion), (anion, cation)].map { centre, neighbour in
          Neighbourhood(
            order: LocalOrder(neighbours, centre: centre, neighbours: [neighbour]),
            neighbour: neighbour, shell: shell)
        }
      }
    }
    self.orders = orders
    crystallinity = try AmorphousModel.crystallinity(structure, start: start)
    void = largestVoid(structure.lattice, positions: positions)
    log = try folder.read(MeltFiles.logName).split(separator: "\n").dropFirst().compactMap { line in
      let words = line.split(separator: ",")
      let numbers = words.dropFirst().map { NumberReader.real(String($0)) ?? .nan }
      return numbers.count == 9 ? (numbers[1], numbers[2], numbers[3], numbers[8]) : nil
    }
  }

  private static func atoms(_ structure: Structure) -> ([Fractional], [Element]) {
    let sites = structure.species.indices.filter { !structure.species[$0].isVacancy }
    return (
      sites.map { structure.positions[$0] }, sites.map { structure.species[$0].element }
    )
  }

  /// Signs of the crystal that was melted.
  static func crystallinity(_ structure: Structure, start: String) throws -> Crystallinity {
    let (positions, atoms) = AmorphousModel.atoms(structure)
    let before = try StructureFile.read(start).structure
    let (parentPositions, parentAtoms) = AmorphousModel.atoms(before)
    let parent =
      parentAtoms == atoms
      ? Crystallinity.Parent(lattice: before.lattice, positions: parentPositions) : nil
    return Crystallinity(structure.lattice, positions: positions, atoms: atoms, parent: parent)
  }

  /// The signs in words, with the limits that they are compared with.
  static func describe(_ order: Crystallinity, atoms: Int) -> String {
    var text =
      "strongest wave \(fixed(order.largestPeak, 3)) of a crystal's (amorphous below "
      + "\(fixed(Crystallinity.peakLimit(atoms), 3))) at \(fixed(order.peakWaveNumber, 2)) 1/Å"
    if let memory = order.siteMemory, let chance = order.memoryByChance {
      text +=
        "; \(fixed(100 * memory, 1)) % of the atoms on sites of the start (amorphous below "
        + "\(fixed(100 * Crystallinity.memoryLimit(byChance: chance), 1)) %)"
    }
    return text
  }

  var atomCount: Int { structure.species.count { !$0.isVacancy } }

  /// g/cm³.
  var density: Double {
    structure.species.reduce(0) { $0 + $1.element.mass }
      / (structure.lattice.volume * UnitFactor.gramPerCubicCentimetre)
  }

  /// Whether it is amorphous by the stated criteria.
  public var isAmorphous: Bool { crystallinity.isAmorphous(atoms: atomCount) }

  /// What is doubtful.
  public var doubts: [String] {
    var doubts = doubtsOnTheWay
    if !isAmorphous {
      doubts.append(
        "not amorphous: \(AmorphousModel.describe(crystallinity, atoms: atomCount))")
    }
    if void > AmorphousModel.largestUsualVoid {
      doubts.append(
        "there is a void of radius \(fixed(void, 1)) Å; densify at pressure, or start at a higher "
          + "density")
    }
    for around in orders where !around.centre.isUsualAnion {
      let histogram = around.order.histogram
      let alone = histogram.first ?? 0
      let all = histogram.reduce(0, +)
      let mean = around.order.meanNumber
      if mean > 13 {
        doubts.append(
          "\(around.centre) has \(fixed(mean, 1)) \(around.neighbour) around it on average")
      }
      let others = orders.filter { $0.centre == around.centre && $0.neighbour != around.neighbour }
      if others.isEmpty, Double(alone) > 0.02 * Double(all) {
        doubts.append("\(alone) of \(all) \(around.centre) have no \(around.neighbour) around them")
      }
    }
    return doubts
  }

  /// Å.
  private static let largestUsualVoid = 4.0
}
