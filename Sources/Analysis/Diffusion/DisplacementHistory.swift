public import Crystal

/// Displacements of all atoms since the first frame, unwrapped and without drift.
///
/// An atom moves from frame to frame by the least change of its fractional coordinates, taken in the
/// cell of the later frame, so that changes of the cell alone move nothing.
///
/// Reference for variable cells: S. von Bülow, J. T. Bullerjahn, G. Hummer, J. Chem. Phys. 153, 021101
/// (2020).
public struct DisplacementHistory: Sendable {
  /// Number of atoms.
  public let atoms: Int

  /// Number of frames so far.
  public private(set) var frames = 0

  /// Number of steps of single atoms that were so long that their images may be confused.
  public private(set) var doubtfulSteps = 0

  /// The longest path by which the reference of the drift has moved, Å.
  public private(set) var largestDrift = 0.0

  /// Fractional change from which images may be confused.
  public static let doubtfulChange = 0.4

  private let weights: [Double]
  private let totalWeight: Double
  private let isUnwrapped: Bool
  private var previous: [SIMD3<Double>] = []
  private var current: [SIMD3<Double>]

  /// Displacements, Å, frame by frame, x, y, z of each atom; in parts, so that growing copies nothing.
  ///
  /// Single precision resolves 10⁻⁵ Å at 100 Å and halves the memory.
  private var parts: [[Float]] = []

  /// Frames in a part.
  private static let partLength = 256

  /// An empty history.
  ///
  /// - Parameters:
  ///   - atoms: Number of atoms.
  ///   - driftWeights: Weights of the atoms whose mean displacement is taken off, such as masses; all
  ///     zero for none.
  ///   - isUnwrapped: Whether positions carry on across the boundary of the cell.
  public init(atoms: Int, driftWeights: [Double], isUnwrapped: Bool = false) {
    precondition(driftWeights.count == atoms, "one weight per atom")
    self.atoms = atoms
    weights = driftWeights
    totalWeight = driftWeights.reduce(0, +)
    self.isUnwrapped = isUnwrapped
    current = Array(repeating: .zero, count: atoms)
  }

  /// Bytes that a history takes.
  public static func bytes(atoms: Int, frames: Int) -> Int { 12 * atoms * frames }

  /// Adds a frame.
  ///
  /// - Precondition: as many positions as atoms.
  public mutating func append(_ positions: [Fractional], _ lattice: Lattice) {
    precondition(positions.count == atoms, "one position per atom")
    let (a, b, c) = (lattice.a, lattice.b, lattice.c)
    if frames == 0 {
      previous = positions.map(\.components)
    } else {
      for n in 0..<atoms {
        let f = positions[n].components
        var change = f - previous[n]
        if !isUnwrapped { change -= change.rounded(.toNearestOrEven) }
        previous[n] = f
        let limit = DisplacementHistory.doubtfulChange
        if !isUnwrapped,
          change.x.magnitude > limit || change.y.magnitude > limit || change.z.magnitude > limit
        {
          doubtfulSteps += 1
        }
        current[n] += change.x * a + change.y * b + change.z * c
      }
    }
    var drift = SIMD3<Double>()
    if totalWeight > 0 {
      for n in 0..<atoms where weights[n] > 0 { drift += weights[n] * current[n] }
      drift /= totalWeight
      largestDrift = max(largestDrift, length(drift))
    }
    if frames.isMultiple(of: DisplacementHistory.partLength) {
      parts.append([])
      parts[parts.count - 1].reserveCapacity(3 * atoms * DisplacementHistory.partLength)
    }
    let last = parts.count - 1
    for n in 0..<atoms {
      let u = current[n] - drift
      parts[last].append(Float(u.x))
      parts[last].append(Float(u.y))
      parts[last].append(Float(u.z))
    }
    frames += 1
  }

  /// The displacement of an atom since the first frame, Å.
  public func displacement(of atom: Int, at frame: Int) -> SIMD3<Double> {
    let (part, row) = frame.quotientAndRemainder(dividingBy: DisplacementHistory.partLength)
    let start = 3 * (row * atoms + atom)
    let values = parts[part]
    return SIMD3(Double(values[start]), Double(values[start + 1]), Double(values[start + 2]))
  }

  /// The displacements of some atoms in a frame, Å.
  public func displacements(of chosen: [Int], at frame: Int) -> [SIMD3<Double>] {
    let (part, row) = frame.quotientAndRemainder(dividingBy: DisplacementHistory.partLength)
    let values = parts[part]
    return chosen.map { atom in
      let start = 3 * (row * atoms + atom)
      return SIMD3(Double(values[start]), Double(values[start + 1]), Double(values[start + 2]))
    }
  }

  /// Copies one component of the displacements of some atoms over some frames into `series`, Å: all
  /// frames of the first atom, then of the second.
  func gather(
    _ chosen: ArraySlice<Int>, frames range: Range<Int>, axis: Int, into series: inout [Double]
  ) {
    let length = range.count
    for frame in range {
      let (part, row) = frame.quotientAndRemainder(dividingBy: DisplacementHistory.partLength)
      let values = parts[part]
      var target = frame - range.lowerBound
      for atom in chosen {
        series[target] = Double(values[3 * (row * atoms + atom) + axis])
        target += length
      }
    }
  }
}
