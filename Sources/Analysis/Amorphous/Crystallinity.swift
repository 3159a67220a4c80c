public import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Signs of a crystal in a model that ought to be amorphous.
public struct Crystallinity: Hashable, Sendable {
  /// The largest |Σ exp(ik·r)|²/N² over waves of the cell: 1 for a crystal at rest, about 3/N for a liquid.
  public let largestPeak: Double

  /// Wave number of that peak, Å⁻¹.
  public let peakWaveNumber: Double

  /// Atoms that are within a third of the nearest distance of a site of their species in the parent, as a
  /// fraction; nil without a parent.
  public let siteMemory: Double?

  /// Fraction of atoms near sites by chance: the volume of those spheres over that of the cell.
  public let memoryByChance: Double?

  /// The parent of a model: the crystal that was melted.
  public struct Parent: Sendable {
    /// Fractional positions of its atoms, in the order of the model's.
    public var positions: [Fractional]
    /// The cell.
    public var lattice: Lattice

    /// A parent.
    public init(lattice: Lattice, positions: [Fractional]) {
      self.lattice = lattice
      self.positions = positions
    }
  }

  /// Looks for a crystal.
  ///
  /// - Parameters:
  ///   - lattice: The cell.
  ///   - positions: Any images.
  ///   - atoms: What they are.
  ///   - parent: The crystal that was melted, with as many atoms in the same order; nil for none.
  ///   - largestWaveNumber: Å⁻¹.
  public init(
    _ lattice: Lattice, positions: [Fractional], atoms: [Element], parent: Parent? = nil,
    largestWaveNumber: Double = 4.5
  ) {
    let (peak, wave) = Crystallinity.peak(lattice, positions, largestWaveNumber)
    largestPeak = peak
    peakWaveNumber = wave
    guard let parent, parent.positions.count == positions.count, !positions.isEmpty else {
      siteMemory = nil
      memoryByChance = nil
      return
    }
    (siteMemory, memoryByChance) = Crystallinity.memory(lattice, positions, atoms, parent)
  }

  /// Whether neither sign of a crystal is there.
  ///
  /// Criteria: no peak above 0.1 + 12/N of that of a crystal at rest, and less than half of the atoms above
  /// chance on sites of their species.
  public func isAmorphous(atoms: Int) -> Bool {
    let limit = Crystallinity.peakLimit(atoms)
    guard largestPeak < limit else { return false }
    guard let siteMemory, let memoryByChance else { return true }
    return siteMemory < Crystallinity.memoryLimit(byChance: memoryByChance)
  }

  /// The largest peak of what counts as amorphous.
  public static func peakLimit(_ atoms: Int) -> Double { 0.1 + 12 / Double(max(1, atoms)) }

  /// The largest memory of what counts as amorphous.
  public static func memoryLimit(byChance: Double) -> Double { byChance + 0.5 * (1 - byChance) }

  /// The strongest wave that fits into the cell.
  private static func peak(
    _ lattice: Lattice, _ positions: [Fractional], _ largest: Double
  ) -> (Double, Double) {
    let n = positions.count
    guard n > 0 else { return (0, 0) }
    let lengths = lattice.lengths
    let range = (0..<3).map { Int(largest * lengths[$0] / (2 * Double.pi)) }
    let reciprocal = lattice.reciprocal
    // cos and sin of 2π h x for one axis and h = 0, 1, …
    let tables = (0..<3).map { axis in
      (0...range[axis]).map { h in
        positions.map { p -> SIMD2<Double> in
          let turns = Double(h) * p.components[axis]
          let angle = 2 * Double.pi * (turns - turns.rounded())
          return SIMD2(cos(angle), sin(angle))
        }
      }
    }
    func wave(_ axis: Int, _ h: Int, _ i: Int) -> SIMD2<Double> {
      let w = tables[axis][abs(h)][i]
      return h < 0 ? SIMD2(w.x, -w.y) : w
    }
    var best = (0.0, 0.0)
    var plane = [SIMD2<Double>](repeating: .zero, count: n)
    for h in 0...range[0] {
      for k in (h == 0 ? 0 : -range[1])...range[1] {
        for i in 0..<n {
          let (a, b) = (wave(0, h, i), wave(1, k, i))
          plane[i] = SIMD2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x)
        }
        for l in (h == 0 && k == 0 ? 1 : -range[2])...max(range[2], 1) where abs(l) <= range[2] {
          let vector =
            Double(h) * reciprocal.a + Double(k) * reciprocal.b + Double(l) * reciprocal.c
          let number = length(vector)
          guard number <= largest else { continue }
          var (re, im) = (0.0, 0.0)
          for i in 0..<n {
            let (a, b) = (plane[i], wave(2, l, i))
            re += a.x * b.x - a.y * b.y
            im += a.x * b.y + a.y * b.x
          }
          let strength = (re * re + im * im) / Double(n * n)
          if strength > best.0 { best = (strength, number) }
        }
      }
    }
    return best
  }

  /// Atoms on sites of their species, after the mean shift is taken out.
  private static func memory(
    _ lattice: Lattice, _ positions: [Fractional], _ atoms: [Element], _ parent: Parent
  ) -> (Double, Double) {
    let everything = NeighbourGrid(
      lattice: parent.lattice, positions: parent.positions, radius: 6)
    let nearest =
      parent.positions.first.map { first in
        everything.neighbours(of: first, within: 6).first { $0.distance > 0.1 }?.distance ?? 2
      } ?? 2
    let radius = nearest / 3
    var shift = SIMD3<Double>.zero
    for (now, before) in zip(positions, parent.positions) {
      let step = now.components - before.components
      shift += step - step.rounded(.toNearestOrEven)
    }
    shift /= Double(positions.count)
    var (near, spheres) = (0, 0.0)
    for element in Set(atoms) {
      let sites = atoms.indices.filter { atoms[$0] == element }
      let grid = NeighbourGrid(
        lattice: parent.lattice, positions: sites.map { parent.positions[$0] }, radius: radius)
      for i in sites {
        let place = Fractional(positions[i].components - shift)
        if grid.nearest(to: place, within: radius) != nil { near += 1 }
      }
      let sphere = 4 * Double.pi / 3 * radius * radius * radius
      spheres +=
        min(1, Double(sites.count) * sphere / parent.lattice.volume) * Double(sites.count)
    }
    return (Double(near) / Double(positions.count), spheres / Double(positions.count))
  }
}

/// The largest sphere that holds no atom's centre.
///
/// - Parameters:
///   - lattice: The cell.
///   - positions: Any images.
///   - spacing: Of the points that are tried, Å.
/// - Returns: Its radius, Å, exact to about the spacing; 12 Å for anything larger.
public func largestVoid(_ lattice: Lattice, positions: [Fractional], spacing: Double = 0.8)
  -> Double
{
  let limit = 12.0
  guard !positions.isEmpty else { return limit }
  let grid = NeighbourGrid(lattice: lattice, positions: positions, radius: limit)
  let steps = (0..<3).map { max(1, Int((lattice.lengths[$0] / spacing).rounded(.up))) }
  var largest = 0.0
  for x in 0..<steps[0] {
    for y in 0..<steps[1] {
      for z in 0..<steps[2] {
        let point = Fractional(
          Double(x) / Double(steps[0]), Double(y) / Double(steps[1]), Double(z) / Double(steps[2]))
        // Most points have an atom nearer than the best so far.
        if grid.nearest(to: point, within: min(limit, max(largest, 2))) != nil {
          if largest >= 2 { continue }
          largest = max(
            largest, grid.nearest(to: point, within: 2)?.distance ?? 2)
        } else {
          largest = grid.nearest(to: point, within: limit)?.distance ?? limit
        }
      }
    }
  }
  return largest
}
