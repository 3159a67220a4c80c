internal import Dispatch
public import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Ions with charges and pair potentials: neighbour lists, tables and an Ewald sum on a mesh.
///
///     E = Σ_{i<j} [v(r) + k qᵢqⱼ erfc(αr)/r] + E_mesh - kα/√π Σ qᵢ² - kπQ²/(2Vα²)        [eV]
///
/// What it returns is a function of the configuration alone, bit by bit: not of the number of threads, nor
/// of the configurations before. Positions are rounded to 2⁻⁴⁰ Å, terms of forces and energies to 2⁻³⁴.
@safe public final class ForceField: EnergyModel {
  /// How accurately the long-range part is summed.
  public let electrostatics: Electrostatics

  /// Largest number of threads; no effect on results.
  public var threads: Int

  private let kinds: [Int32]
  private let kindCount: Int
  private let names: [String]
  private let charges: [Double]
  private let cutoff: Double
  private let skin: Double
  private let table: PairTable
  /// Where the table of a pair of kinds begins, -1 for none.
  private let starts: [Int]
  /// Square of the distance below which a pair of kinds is too near, Å².
  private let cores: [Double]
  private let mesh: ParticleMesh?
  private let selfEnergy: Double

  private var list = NeighbourList()
  /// The configuration that the list was made for.
  private var listed: (lattice: Lattice, positions: [SIMD3<Double>])?

  /// Positions in the order of the list, and sums of forces for every thread.
  private var packed: [SIMD4<Double>] = []
  private var sums: [SIMD4<Int64>] = []

  /// Makes a model of given atoms.
  ///
  /// - Parameters:
  ///   - species: The atoms; configurations to be evaluated must have the same.
  ///   - charges: One charge per atom, e.
  ///   - potentials: Short-range interactions; nil for electrostatics alone.
  ///   - electrostatics: How the long-range part is summed.
  ///   - threads: Largest number of threads.
  public init(
    species: [Species], charges: [Double], potentials: PotentialSet?,
    electrostatics: Electrostatics, threads: Int
  ) {
    precondition(species.count == charges.count, "one charge per atom")
    self.electrostatics = electrostatics
    self.threads = max(1, threads)
    self.charges = charges
    cutoff = electrostatics.cutoff
    // A wider skin makes fewer lists and more pairs.
    skin = 1.0
    struct Kind: Hashable {
      var species: Species
      var charge: Double
    }
    var numbers: [Kind: Int32] = [:]
    var list: [Kind] = []
    kinds = zip(species, charges).map { species, charge in
      let kind = Kind(species: species, charge: charge)
      if let number = numbers[kind] { return number }
      list.append(kind)
      numbers[kind] = Int32(list.count - 1)
      return Int32(list.count - 1)
    }
    kindCount = list.count
    names = list.map { "\($0.species)" }
    var table = PairTable(cutoff: cutoff)
    var starts = [Int](repeating: -1, count: list.count * list.count)
    var cores = [Double](repeating: 0, count: list.count * list.count)
    let alpha = electrostatics.splitting
    let truncation = potentials?.truncation ?? .plain
    for (a, first) in list.enumerated() {
      for (b, second) in list.enumerated() where b >= a {
        let short = potentials?.potential(first.species, second.species)
        let product = Constants.coulomb * first.charge * second.charge
        let function = PairFunction(
          short: short, truncation: truncation, cutoff: cutoff, product: product, splitting: alpha)
        guard short != nil || product != 0 else { continue }
        let core = function.core
        let start = table.append(from: core, function.energy)
        for pair in [a * list.count + b, b * list.count + a] {
          starts[pair] = start
          cores[pair] = core * core
        }
      }
    }
    self.table = table
    self.starts = starts
    self.cores = cores
    let squares = charges.reduce(0) { $0 + $1 * $1 }
    selfEnergy = -Constants.coulomb * alpha / Double.pi.squareRoot() * squares
    mesh =
      squares == 0
      ? nil
      : ParticleMesh(
        points: electrostatics.points, order: electrostatics.splineOrder, splitting: alpha)
  }

  /// Evaluates a configuration.
  ///
  /// - Parameter configuration: The atoms that the model was made for.
  /// - Returns: Energy, forces and derivative by strain.
  /// - Throws: ``ForceFieldError`` for another number of atoms, and for atoms that are too near to each
  ///   other for the potential.
  public func evaluate(_ configuration: Configuration) throws -> Evaluation {
    let n = kinds.count
    guard configuration.positions.count == n else {
      throw ForceFieldError.atomCount(configuration.positions.count, expected: n)
    }
    let lattice = try configuration.lattice.onGrid
    let positions = configuration.positions.map(ExactSum.rounded)
    guard positions.allSatisfy({ $0.x.isFinite && $0.y.isFinite && $0.z.isFinite }) else {
      throw ForceFieldError.notFinite
    }
    if needsList(lattice, positions) { makeList(lattice, positions) }

    var result = Evaluation.zero(n)
    let fractions = positions.map { lattice.fractional(Cartesian($0)).components }
    let inside = fractions.map { $0.rounded(.down) }
    try addPairs(lattice, positions, inside, to: &result)
    guard let mesh else { return result }

    let wave = mesh.evaluate(
      lattice,
      fractions: zip(fractions, inside).map { f, n in
        let inside = f - n
        // A coordinate just below zero may round up to one.
        return inside.replacing(with: 0, where: inside .>= SIMD3(repeating: 1))
      }, charges: charges, threads: threads)
    let charge = charges.reduce(0, +)
    let alpha = electrostatics.splitting
    let background =
      -0.5 * Constants.coulomb * Double.pi * charge * charge / (lattice.volume * alpha * alpha)
    result.energy += wave.energy + selfEnergy + background
    for i in 0..<n { result.forces[i] += wave.forces[i] }
    for row in 0..<3 {
      result.strainDerivative[row] += wave.strain[row]
      result.strainDerivative[row][row] -= background
    }
    return result
  }

  /// Adds the sum over pairs.
  private func addPairs(
    _ lattice: Lattice, _ positions: [SIMD3<Double>], _ inside: [SIMD3<Double>],
    to result: inout Evaluation
  ) throws {
    let n = positions.count
    let parts = list.parts
    for k in 0..<n {
      let cell = SIMD3<Double>(list.cells[k])
      let r = positions[Int(list.order[k])]
      packed[k] = SIMD4(r - (cell.x * lattice.a + cell.y * lattice.b + cell.z * lattice.c), 0)
    }
    let shifts = list.images.map {
      Double($0.x) * lattice.a + Double($0.y) * lattice.b + Double($0.z) * lattice.c
    }
    let kindsInOrder = list.order.map { kinds[Int($0)] }
    var partial = [PairKernelResult](repeating: PairKernelResult(), count: parts.count)
    let (images, starts, cores, table, kindCount) = (list.images, starts, cores, table, kindCount)
    unsafe packed.withUnsafeBufferPointer { packed in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        unsafe partial.withUnsafeMutableBufferPointer { partial in
          guard let first = packed.baseAddress, let firstSum = sums.baseAddress else { return }
          nonisolated(unsafe) let (atoms, quanta, results) = unsafe (first, firstSum, partial)
          DispatchQueue.concurrentPerform(iterations: parts.count) { part in
            let forces = unsafe quanta + part &* n
            unsafe forces.update(repeating: .zero, count: n)
            unsafe results[part] = sumPairs(
              parts[part], images: images, shifts: shifts, positions: atoms, kinds: kindsInOrder,
              kindCount: kindCount, starts: starts, cores: cores, table: table, forces: forces)
          }
        }
      }
    }
    if let pair = partial.compactMap(\.tooNear).first {
      let (i, j) = (Int(list.order[Int(pair.first)]), Int(list.order[Int(pair.second)]))
      let (a, b) = (Int(kinds[i]), Int(kinds[j]))
      throw ForceFieldError.tooNear(
        min(i, j), max(i, j), "\(names[a])-\(names[b])", cores[a * kindCount + b].squareRoot())
    }

    var energy: Int64 = 0
    var imageForces = [SIMD4<Int64>](repeating: .zero, count: 3)
    for part in partial {
      energy &+= part.energy
      for axis in 0..<3 { imageForces[axis] &+= part.imageForces[axis] }
    }
    for k in 0..<n {
      var sum = sums[k]
      for part in 1..<parts.count { sum &+= sums[part * n + k] }
      let i = Int(list.order[k])
      result.forces[i] = ExactSum.value(sum)
      // From the cell of the list to the cell of the atom now.
      let moved = SIMD3<Int64>(inside[i]) &- SIMD3<Int64>(truncatingIfNeeded: list.cells[k])
      if moved != .zero {
        for axis in 0..<3 { imageForces[axis] &-= SIMD4(repeating: moved[axis]) &* sum }
      }
    }
    result.energy += ExactSum.value(energy)
    // ∂E/∂ε = -Σ F ⊗ r over atoms + Σ F ⊗ T over segments.
    var strain = [SIMD3<Double>](repeating: .zero, count: 3)
    for i in 0..<n {
      let m = inside[i]
      let r = positions[i] - (m.x * lattice.a + m.y * lattice.b + m.z * lattice.c)
      let force = result.forces[i]
      for row in 0..<3 { strain[row] -= force[row] * r }
    }
    for (axis, vector) in lattice.vectors.enumerated() {
      let force = ExactSum.value(imageForces[axis])
      for row in 0..<3 { strain[row] += force[row] * vector }
    }
    for row in 0..<3 {
      for column in 0..<3 {
        result.strainDerivative[row][column] += 0.5 * (strain[row][column] + strain[column][row])
      }
    }
  }

  /// Whether a pair may have come within the cutoff that is not in the list.
  private func needsList(_ lattice: Lattice, _ positions: [SIMD3<Double>]) -> Bool {
    guard let listed else { return true }
    guard list.parts.count == threads else { return true }
    var cellMove = 0.0
    if listed.lattice != lattice {
      for image in list.images {
        let n = SIMD3<Double>(image)
        let move =
          n.x * (lattice.a - listed.lattice.a) + n.y * (lattice.b - listed.lattice.b)
          + n.z * (lattice.c - listed.lattice.c)
        cellMove = max(cellMove, length(move))
      }
    }
    let allowed = 0.5 * (skin - cellMove)
    guard allowed > 0 else { return true }
    let square = allowed * allowed
    let (da, db, dc) = (
      lattice.a - listed.lattice.a, lattice.b - listed.lattice.b, lattice.c - listed.lattice.c
    )
    for k in positions.indices {
      let i = Int(list.order[k])
      let n = SIMD3<Double>(list.cells[k])
      let d = positions[i] - listed.positions[i] - (n.x * da + n.y * db + n.z * dc)
      if d.x * d.x + d.y * d.y + d.z * d.z > square { return true }
    }
    return false
  }

  private func makeList(_ lattice: Lattice, _ positions: [SIMD3<Double>]) {
    list = NeighbourList(
      lattice: lattice, positions: positions, kinds: kinds, kindCount: kindCount,
      cutoff: cutoff + skin, partCount: threads)
    listed = (lattice, positions)
    packed = [SIMD4<Double>](repeating: .zero, count: positions.count)
    sums = [SIMD4<Int64>](repeating: .zero, count: positions.count * threads)
  }
}

/// Why a force field cannot evaluate a configuration.
public enum ForceFieldError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The model was made for another number of atoms.
  case atomCount(Int, expected: Int)
  /// A coordinate is not a number.
  case notFinite
  /// Two atoms, counted from 0, are nearer than the distance, Å, to which their potential makes sense.
  case tooNear(Int, Int, String, Double)

  /// What happened, atoms counted from 1.
  public var description: String {
    switch self {
    case .atomCount(let count, let expected): "\(count) atoms, expected \(expected)"
    case .notFinite: "a coordinate is not a number"
    case .tooNear(let first, let second, let pair, let distance):
      "atoms \(first + 1) and \(second + 1), \(pair), are nearer than \(fixed(distance, 2)) Å, "
        + "where their potential ends"
    }
  }
}

extension Lattice {
  /// The lattice with vectors rounded as positions are.
  fileprivate var onGrid: Lattice {
    get throws {
      try Lattice(a: ExactSum.rounded(a), b: ExactSum.rounded(b), c: ExactSum.rounded(c))
    }
  }
}
