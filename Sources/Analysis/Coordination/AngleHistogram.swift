public import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Angles between two bonds of one atom.
public struct AngleHistogram: Hashable, Sendable {
  /// Width of a bin, degrees.
  public static let binWidth = 2.0

  /// Numbers of angles in each bin, from 0 to 180 degrees.
  public private(set) var counts = [Int](repeating: 0, count: 90)

  /// Number of all angles.
  public private(set) var count = 0

  private var sum = 0.0
  private var squares = 0.0

  /// No angle yet.
  public init() {}

  /// Angles between the bonds of the atoms of an element to atoms of two others.
  ///
  /// - Parameters:
  ///   - shells: The neighbours of all atoms.
  ///   - first: One end.
  ///   - centre: The atoms in the middle.
  ///   - second: The other end.
  public init(_ shells: NeighbourShells, _ first: Element, _ centre: Element, _ second: Element) {
    for atom in shells.atoms.indices where shells.atoms[atom] == centre {
      let starts = shells.neighbours(of: atom, first)
      let ends = first == second ? starts : shells.neighbours(of: atom, second)
      for (position, start) in starts.enumerated() {
        for end in first == second ? ends[..<position] : ends[...] { add(start.vector, end.vector) }
      }
    }
  }

  /// Adds the angle between two vectors.
  mutating func add(_ u: SIMD3<Double>, _ v: SIMD3<Double>) {
    let cosine = dot(u, v) / (dot(u, u) * dot(v, v)).squareRoot()
    let angle = acos(max(-1, min(1, cosine))) * 180 / Double.pi
    // A right angle belongs to one bin however its cosine is rounded.
    counts[min(89, Int(angle / AngleHistogram.binWidth + 1e-9))] += 1
    count += 1
    sum += angle
    squares += angle * angle
  }

  /// Mean, degrees; nil without any angle.
  public var mean: Double? { count > 0 ? sum / Double(count) : nil }

  /// Standard deviation, degrees; nil without any angle.
  public var deviation: Double? {
    mean.map { max(0, squares / Double(count) - $0 * $0).squareRoot() }
  }

  /// Middles of the bins, degrees.
  public static let middles = (0..<90).map { (Double($0) + 0.5) * binWidth }

  /// Share of all angles in each bin by its width, per degree.
  ///
  /// The integral is 1; zeros without any angle.
  public var density: [Double] {
    counts.map { Double($0) / (Double(max(1, count)) * AngleHistogram.binWidth) }
  }
}
