import Arrangement
import CellgenTestSupport
import Crystal
import Energetics
import Search
import Testing

/// A small cell whose arrangements can all be counted: labels A and B with four sites each, fixed
/// anions, no symmetry.
struct SmallCell {
  var allowed: (a: [String], b: [String])
  var counts: [ProblemSpecification.LabelCounts] = []
  var composition: String?
  var anions = 3
  var oxidation: [String: ProblemSpecification.OxidationRule] = [:]
  var potentials: PotentialSet?

  func space() throws -> SearchSpace {
    var stream = RandomStream(seed: 11, purpose: "small cell")
    var parent = Structure(
      lattice: skewedLattice, species: (0..<(8 + anions)).map { _ in Species(.dummy) },
      positions: (0..<(8 + anions)).map { i in
        let grid = SIMD3(Double(i % 3) / 3, Double(i / 3 % 3) / 3, Double(i / 9) / 2)
        let noise = SIMD3(stream.uniform(), stream.uniform(), stream.uniform())
        return Fractional(grid + 0.1 * noise)
      })
    parent.labels = (0..<(8 + anions)).map { $0 < 4 ? "A" : $0 < 8 ? "B" : "O" }
    let lists = try [allowed.a.map(element), allowed.b.map(element)]
    var rules: [Element: ProblemSpecification.OxidationRule] = [:]
    for (symbol, rule) in oxidation { rules[try element(symbol)] = rule }
    let problem = try ArrangementProblem(
      ProblemSpecification(
        parent: parent,
        allowed: (0..<(8 + anions)).map { $0 < 4 ? lists[0] : $0 < 8 ? lists[1] : [.oxygen] },
        composition: composition.map { try Composition(parsing: $0) },
        formulaUnits: composition == nil ? nil : 1, counts: counts, oxidation: rules,
        chargePolicy: .background))
    return try SearchSpace(problem, potentials: potentials)
  }

  /// Two Mg and two Zn on both labels; the cations of the pool also meet at short range.
  static func mixed() throws -> SmallCell {
    let ions = try ["Mg", "Zn"].map { Species(try element($0), oxidationState: 2) }
    return SmallCell(
      allowed: (["Mg", "Zn", "Va"], ["Mg", "Zn", "Va"]), composition: "Mg2Zn2O3",
      oxidation: ["Mg": .fixed(2), "Zn": .fixed(2)],
      potentials: PotentialSet(
        name: "pair", source: "made up", cutoff: 6,
        pairs: [
          .init(ions[0], ions[1], PairPotential.Term(amplitude: 300, range: 0.5)),
          .init(ions[0], ions[0], PairPotential.Term(amplitude: 150, range: 0.6)),
        ]))
  }

  /// Mg on half of A, B filled with Mn3+ and Mn4+; each Mg that enters makes two Mn3+.
  static func redox() throws -> SmallCell {
    SmallCell(
      allowed: (["Mg", "Va"], ["Mn"]), counts: [.init(label: "A", counts: [try element("Mg"): 2])],
      anions: 9, oxidation: ["Mg": .fixed(2), "Mn": .integer, "O": .fixed(-2)])
  }

  /// Li+, Mg2+, Zn2+ and vacancies on both labels, Zn on A only: two classes in one pool.
  static func exchange() throws -> SmallCell {
    SmallCell(
      allowed: (["Li", "Mg", "Zn", "Va"], ["Li", "Mg", "Va"]), composition: "Li2MgZnO3",
      oxidation: ["Li": .fixed(1), "Mg": .fixed(2), "Zn": .fixed(2)])
  }
}

/// All arrangements of a problem with the weights of an ensemble.
struct ExactEnsemble {
  let space: SearchSpace
  let arrangements: [[UInt8]]
  let energies: [Double]
  /// E - Σ μ N.
  let grandEnergies: [Double]

  /// Without chemical potentials the numbers of every pool are kept; with them the charge of the cell
  /// and, in every pool, the numbers of all other elements.
  init(_ space: SearchSpace, chemicalPotentials: [Element: Double] = [:]) {
    let problem = space.problem
    let m = problem.species.count
    let charges = problem.species.map { $0.oxidationState ?? 0 }
    var stream = RandomStream(seed: 1, purpose: "exact ensemble")
    let start = problem.randomArrangement(using: &stream)
    func signature(_ arrangement: [UInt8]) -> [Double] {
      var numbers = problem.pools.flatMap { pool in
        (0..<m).map { s in Double(pool.sites.count { Int(arrangement[$0]) == s }) }
      }
      if chemicalPotentials.isEmpty { return numbers }
      numbers = problem.pools.flatMap { pool in
        problem.elementsToArrange.filter { !$0.isVacancy && chemicalPotentials[$0] == nil }
          .map { e in
            Double(pool.sites.count { problem.species[Int(arrangement[$0])].element == e })
          }
      }
      return numbers + [arrangement.reduce(0) { $0 + charges[Int($1)] }]
    }
    let expected = signature(start)
    var found: [[UInt8]] = []
    var arrangement = start
    func place(_ site: Int) {
      if site == arrangement.count {
        if signature(arrangement) == expected { found.append(arrangement) }
        return
      }
      for s in 0..<m where problem.allowed[site] >> UInt32(s) & 1 == 1 {
        arrangement[site] = UInt8(s)
        place(site + 1)
      }
    }
    place(0)
    self.space = space
    arrangements = found
    energies = found.map { space.energy($0) }
    grandEnergies = zip(found, energies).map { arrangement, energy in
      energy
        - arrangement.reduce(0) {
          $0 + (chemicalPotentials[problem.species[Int($1)].element] ?? 0)
        }
    }
  }

  /// ⟨value⟩ at a temperature, K.
  func mean(_ temperature: Double, _ value: (Int) -> Double) -> Double {
    let lowest = grandEnergies.min() ?? 0
    var (sum, weights) = (0.0, 0.0)
    for k in arrangements.indices {
      let weight = boltzmannFactor(grandEnergies[k] - lowest, temperature)
      sum += weight * value(k)
      weights += weight
    }
    return sum / weights
  }

  func heatCapacity(_ temperature: Double) -> Double {
    let energy = mean(temperature) { grandEnergies[$0] }
    let variance = mean(temperature) { k in
      (grandEnergies[k] - energy) * (grandEnergies[k] - energy)
    }
    return variance / (Constants.boltzmann * temperature * temperature)
  }
}
