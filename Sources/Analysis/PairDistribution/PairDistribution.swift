public import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Partial radial distribution functions of one configuration, or their means over several.
///
///     g_ab(r) = V n_ab(r) / (N_a N_b (4π/3) (r₂³ − r₁³))                              [dimensionless]
///
/// n_ab(r) counts the pairs of an atom a and any image of an atom b with a distance in the bin r₁ ≤ r < r₂.
///
/// Conventions: N_b is the number of all atoms b also where a is one of them, so that the integral of
/// 4πr² g N_b/V is the number of neighbours; g tends to 1 at large r but for terms of 1/N.
public struct PairDistribution: Sendable {
  /// The elements, by atomic number.
  public let elements: [Element]

  /// Width of a bin, Å.
  public let binWidth: Double

  /// Number of bins.
  public let binCount: Int

  /// For each frame: g of each pair (a ≤ b) and bin, then pairs per N_a N_b, then atoms of each element, then
  /// the inverse volume.
  private var blocks: FrameBlocks

  /// The most pairs of atoms within the radius that one configuration may have.
  public static let mostPairs = 1e9

  /// The most bins.
  public static let mostBins = 20_000

  /// No configuration yet.
  ///
  /// - Parameters:
  ///   - elements: Those that occur.
  ///   - radius: Where the functions end, Å.
  ///   - binWidth: Å.
  public init(elements: [Element], radius: Double = 8, binWidth: Double = 0.05) {
    let elements = Set(elements).sorted()
    self.elements = elements
    self.binWidth = binWidth
    binCount = max(1, Int((radius / binWidth - 1e-9).rounded(.up)))
    let pairs = elements.count * (elements.count + 1) / 2
    blocks = FrameBlocks(width: 2 * pairs * binCount + elements.count + 1)
  }

  /// About how many pairs of atoms lie within a radius of each other.
  public static func pairs(atoms: Int, volume: Double, radius: Double) -> Double {
    let density = Double(atoms) / volume
    return 0.5 * Double(atoms) * density * 4 * Double.pi / 3 * radius * radius * radius
  }

  /// Adds a configuration.
  ///
  /// - Parameters:
  ///   - lattice: The cell.
  ///   - positions: Any images.
  ///   - atoms: What they are; others than those of ``elements`` are left out.
  ///   - threads: How many work at once; the result does not depend on it.
  /// - Precondition: not more than ``mostPairs``.
  public mutating func add(
    _ lattice: Lattice, positions: [Fractional], atoms: [Element], threads: Int = 1
  ) {
    precondition(
      PairDistribution.pairs(
        atoms: positions.count, volume: lattice.volume, radius: Double(binCount) * binWidth)
        <= 1.01 * PairDistribution.mostPairs, "too many pairs")
    let numberOfElement = Dictionary(uniqueKeysWithValues: zip(elements, elements.indices))
    let kindOfAtom = atoms.map { numberOfElement[$0] }
    let used = atoms.indices.filter { kindOfAtom[$0] != nil }
    let kinds = kindOfAtom.compactMap { $0 }
    let counts = PairCounts(
      lattice: lattice, positions: used.map { positions[$0] }, kinds: kinds,
      kindCount: elements.count, binWidth: binWidth, binCount: binCount, threads: threads)
    var numbers = [Double](repeating: 0, count: elements.count)
    for kind in kinds { numbers[kind] += 1 }
    var (functions, perPair): ([Double], [Double]) = ([], [])
    for (a, b) in pairs {
      let product = numbers[a] * numbers[b]
      for (bin, count) in counts.pairs(a, b).enumerated() {
        let share = product > 0 ? Double(count) / product : 0
        perPair.append(share)
        functions.append(share * lattice.volume / shell(bin))
      }
    }
    blocks.add(functions + perPair + numbers + [1 / lattice.volume])
  }

  /// Number of configurations.
  public var frameCount: Int { blocks.frameCount }

  /// Middles of the bins, Å.
  public var distances: [Double] { (0..<binCount).map { (Double($0) + 0.5) * binWidth } }

  /// Upper ends of the bins, Å.
  public var upperEnds: [Double] { (1...binCount).map { Double($0) * binWidth } }

  /// g of two elements, one value per bin; zeros for elements that do not occur.
  public func values(_ first: Element, _ second: Element) -> [Double] {
    estimate(blocks: 0) { $0.function(first, second) }.values
  }

  /// What follows from the functions, with standard errors from blocks of configurations.
  ///
  /// - Parameters:
  ///   - count: Number of blocks.
  ///   - quantity: Values from the mean functions.
  /// - Returns: The values and their errors; no errors for one configuration.
  public func estimate(
    blocks count: Int, _ quantity: (Means) -> [Double]
  ) -> (values: [Double], errors: [Double]?) {
    blocks.estimate(blocks: count) { quantity(Means(distribution: self, values: $0)) }
  }

  /// Pairs a ≤ b in the order in which they are stored.
  private var pairs: [(Int, Int)] {
    elements.indices.flatMap { a in (a..<elements.count).map { (a, $0) } }
  }

  /// Volume of the shell of a bin, Å³.
  private func shell(_ bin: Int) -> Double {
    let (inner, outer) = (Double(bin) * binWidth, Double(bin + 1) * binWidth)
    return 4 * Double.pi / 3 * (outer * outer * outer - inner * inner * inner)
  }

  /// The functions of all configurations or of a block of them.
  public struct Means {
    fileprivate let distribution: PairDistribution
    fileprivate let values: [Double]

    private var pairCount: Int {
      distribution.elements.count * (distribution.elements.count + 1) / 2
    }

    private func start(_ first: Element, _ second: Element) -> Int? {
      let elements = distribution.elements
      guard let a = elements.firstIndex(of: first), let b = elements.firstIndex(of: second)
      else { return nil }
      let (low, high) = (min(a, b), max(a, b))
      return (low * elements.count - low * (low - 1) / 2 + high - low) * distribution.binCount
    }

    private func column(_ first: Element, _ second: Element, offset: Int) -> [Double] {
      guard let start = start(first, second) else {
        return [Double](repeating: 0, count: distribution.binCount)
      }
      return Array(values[(offset + start)..<(offset + start + distribution.binCount)])
    }

    /// Mean number of atoms of an element.
    public func number(_ element: Element) -> Double {
      guard let index = distribution.elements.firstIndex(of: element) else { return 0 }
      return values[2 * pairCount * distribution.binCount + index]
    }

    /// Atoms in a volume, Å⁻³.
    public var density: Double {
      distribution.elements.reduce(0) { $0 + number($1) } * values[values.count - 1]
    }

    /// The fraction of the atoms that are of an element.
    public func fraction(_ element: Element) -> Double {
      let all = distribution.elements.reduce(0) { $0 + number($1) }
      return all > 0 ? number(element) / all : 0
    }

    /// g of two elements, one value per bin.
    public func function(_ first: Element, _ second: Element) -> [Double] {
      column(first, second, offset: 0)
    }

    /// g of all atoms whatever they are, Σ c_a c_b g_ab, one value per bin.
    public var total: [Double] {
      var sum = [Double](repeating: 0, count: distribution.binCount)
      for a in distribution.elements {
        for b in distribution.elements {
          let weight = fraction(a) * fraction(b)
          for (bin, value) in function(a, b).enumerated() { sum[bin] += weight * value }
        }
      }
      return sum
    }

    /// Mean number of atoms of the second element around one of the first, up to the upper end of each bin.
    public func runningNumber(of second: Element, around first: Element) -> [Double] {
      let partners = number(second)
      var sum = 0.0
      return column(first, second, offset: pairCount * distribution.binCount).map {
        sum += $0 * partners
        return sum
      }
    }
  }
}
