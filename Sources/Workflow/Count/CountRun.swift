internal import Arrangement
public import BigInt
public import Crystal
internal import Symmetry

/// Counts the arrangements of a problem, without looking at a single one.
public struct CountRun: Sendable {
  /// The numbers for one composition.
  public struct Filling: Sendable {
    /// Composition of the cell.
    public var composition: Composition
    /// Numbers of each element on the sites of each pool, by its labels.
    public var counts: [(labels: String, counts: [(element: Element, count: Int)])]
    /// Charge of the cell, e; nil if charges were left out.
    public var charge: Double?
    /// All arrangements.
    public var total: BigUInt
    /// Those that symmetry tells apart.
    public var distinct: BigUInt
  }

  /// The numbers for all supercells of one index.
  public struct Derivative: Sendable {
    /// Cells in the supercell.
    public var index: Int
    /// Supercells of this index.
    public var supercells: Int
    /// Those that the symmetry of the lattice tells apart.
    public var distinctSupercells: Int
    /// Distinct arrangements in them.
    public var distinct: BigUInt
    /// Distinct arrangements that do not repeat within the supercell.
    public var primitive: BigUInt
  }

  /// The result of a count.
  public struct Result: Sendable {
    /// The numbers of each composition.
    public var fillings: [Filling]
    /// Symmetry operations of the supercell.
    public var operations: Int
    /// Different permutations of the active sites by them.
    public var permutations: Int
    /// Active sites.
    public var siteCount: Int
    /// The supercell.
    public var supercell: SupercellMatrix
    /// The numbers for each index; empty if not asked for.
    public var derivatives: [Derivative]
    /// What the user ought to know.
    public var warnings: [String]
    /// What it would take to do more than count; nil if nothing is to be arranged.
    public var forecast: Forecast?

    /// All arrangements.
    public var total: BigUInt { fillings.reduce(0) { $0 + $1.total } }
    /// All distinct arrangements.
    public var distinct: BigUInt { fillings.reduce(0) { $0 + $1.distinct } }
  }

  /// The problem.
  public let loaded: ProblemChoice.Loaded

  private let specification: CountSpecification

  /// Reads the problem.
  ///
  /// - Throws: ``InputErrors`` with everything that is wrong.
  public init(_ specification: CountSpecification) throws {
    if let upTo = specification.upTo, !(1...64).contains(upTo) {
      throw InputError("\(upTo) cells, expected 1 to 64", at: "--up-to")
    }
    self.specification = specification
    loaded = try specification.problem.load()
  }

  /// Counts.
  ///
  /// - Throws: ``InputErrors`` if no composition fits the cell.
  public func callAsFunction() throws -> Result {
    var warnings = loaded.warnings
    let file = loaded.file
    let fillings = try file.countable(&warnings)
    guard let first = fillings.first, !first.activeSites.isEmpty else {
      throw InputError(
        "every site is fixed: there is nothing to arrange", hint: "allow several species on a site")
    }
    let symmetry = try ProblemSymmetry(first)
    let rows = try fillings.map { problem in
      // Compositions share the group as long as the same sites are active.
      let own =
        problem.allowed == first.allowed ? symmetry : try ProblemSymmetry(problem)
      let count = ArrangementCount(problem, own.permutations)
      return Filling(
        composition: problem.composition, counts: problem.countsByPool,
        charge: problem.ledger.rows.isEmpty ? nil : problem.ledger.totalCharge,
        total: count.total, distinct: count.distinct)
    }
    let derivatives = try specification.upTo.map { try count(upTo: $0, file, &warnings) } ?? []
    let largest = zip(fillings, rows).max { $0.1.distinct < $1.1.distinct }
    let forecast = largest.map { problem, row in
      Forecast(
        problem, symmetry.permutations, distinct: rows.reduce(0) { $0 + $1.distinct },
        largest: row.distinct, threads: specification.threads)
    }
    return Result(
      fillings: rows, operations: symmetry.permutations.count * symmetry.permutations.kernelOrder,
      permutations: symmetry.permutations.count, siteCount: first.activeSites.count,
      supercell: first.supercell, derivatives: derivatives, warnings: warnings,
      forecast: forecast)
  }

  /// Counts in all supercells up to an index.
  private func count(
    upTo limit: Int, _ file: ProblemFile, _ warnings: inout [String]
  ) throws -> [Derivative] {
    var unit = file
    unit.specification.supercell = .identity
    let rotations = try file.parentRotations()
    var rows: [Derivative] = []
    for index in 1...limit {
      let all = DerivativeSupercells.all(index: index).count
      let supercells = try DerivativeSupercells.distinct(index: index, rotations: rotations)
      var row = Derivative(
        index: index, supercells: all, distinctSupercells: supercells.count, distinct: 0,
        primitive: 0)
      for supercell in supercells {
        unit.specification.supercell = supercell
        // A composition fits some indices only.
        var ignored: [String] = []
        guard let fillings = try? unit.countable(&ignored), let first = fillings.first
        else { continue }
        let permutations = try ProblemSymmetry(first).permutations
        for problem in fillings {
          let count = ArrangementCount(problem, permutations)
          row.distinct += count.distinct
          row.primitive += count.primitive
        }
      }
      rows.append(row)
    }
    return rows
  }
}

extension ArrangementProblem {
  /// Numbers of each element on the sites of each pool, by the labels of the sites.
  ///
  /// Pools on sites of the same labels are told apart by their elements, and numbered if these agree, too.
  var countsByPool: [(labels: String, counts: [(element: Element, count: Int)])] {
    var rows = numbersByPool
    let names = rows.map(\.labels)
    for (i, row) in rows.enumerated() where names.count(where: { $0 == row.labels }) > 1 {
      let elements = row.counts.map(\.element.symbol).joined(separator: "/")
      rows[i].labels += " (\(elements))"
    }
    var seen: [String: Int] = [:]
    for (i, row) in rows.enumerated() {
      seen[row.labels, default: 0] += 1
      if let number = seen[row.labels], number > 1 { rows[i].labels += " \(number)" }
    }
    return rows
  }

  private var numbersByPool: [(labels: String, counts: [(element: Element, count: Int)])] {
    let labels = activeLabels
    return pools.map { pool in
      var seen: Set<String> = []
      let names = pool.sites.map { labels[$0] }.filter { seen.insert($0).inserted }
      var numbers: [Element: Int] = [:]
      for (s, count) in pool.counts.enumerated() {
        numbers[species[s].element, default: 0] += count
      }
      return (
        names.joined(separator: "+"),
        elementsToArrange.compactMap { element in
          numbers[element].flatMap { $0 > 0 ? (element, $0) : nil }
        }
      )
    }
  }
}
