import CellgenTestSupport
import Crystal
import Dynamics
import Energetics
import Testing

/// Atoms that do not interact.
final class IdealGas: EnergyModel {
  func evaluate(_ configuration: Configuration) -> Evaluation {
    .zero(configuration.positions.count)
  }
}

/// Each atom on a spring of constant `k`, eV/Å², to its own place, which follows the cell.
final class Springs: EnergyModel {
  private let places: [Fractional]
  private let k: Double

  init(_ configuration: Configuration, k: Double) {
    places = configuration.positions.map { configuration.lattice.fractional(Cartesian($0)) }
    self.k = k
  }

  func evaluate(_ configuration: Configuration) -> Evaluation {
    var result = Evaluation.zero(configuration.positions.count)
    for (i, position) in configuration.positions.enumerated() {
      let d = position - configuration.lattice.cartesian(places[i]).components
      result.energy += 0.5 * k * dot(d, d)
      result.forces[i] = -k * d
      for row in 0..<3 { result.strainDerivative[row] += k * d[row] * d }
    }
    return result
  }
}

/// Smooth pairs of finite range: v = A u⁶ - B u⁴ with u = 1 - r/R, three times differentiable at R.
///
/// Minimum at 3 Å, 0.2 eV deep. Cells have planes at least 3 Å apart.
final class SmoothPairs: EnergyModel {
  private let range = 4.5
  private let (repulsion, attraction) = (291.6, 291.6 / 6)

  /// Distance of the minimum, Å.
  static let distance = 3.0

  /// Second derivative at the minimum, (30 A u⁴ - 12 B u²)/R² with u = 1/3, eV/Å².
  static let curvature = 291.6 * (30.0 / 81 - 2.0 / 9) / (4.5 * 4.5)

  func evaluate(_ configuration: Configuration) -> Evaluation {
    let lattice = configuration.lattice
    var result = Evaluation.zero(configuration.positions.count)
    for i in configuration.positions.indices {
      for j in 0...i {
        let d = configuration.positions[i] - configuration.positions[j]
        var f = lattice.fractional(Cartesian(d)).components
        f -= f.rounded(.toNearestOrEven)
        for k in 0..<27 where i != j || k != 13 {
          let image = SIMD3(Double(k / 9 - 1), Double(k / 3 % 3 - 1), Double(k % 3 - 1))
          let r = lattice.cartesian(Fractional(f + image)).components
          let length = length(r)
          guard length < range else { continue }
          let u = 1 - length / range
          let weight = i == j ? 0.5 : 1
          result.energy += weight * (repulsion * u * u - attraction) * u * u * u * u
          let slope =
            -weight * (6 * repulsion * u * u - 4 * attraction) * u * u * u / (range * length)
          if i != j {
            result.forces[i] -= slope * r
            result.forces[j] += slope * r
          }
          for row in 0..<3 { result.strainDerivative[row] += slope * r[row] * r }
        }
      }
    }
    return result
  }
}

/// A face-centred cubic crystal of argon-like atoms, 3.0 Å apart, displaced at random.
///
/// - Parameters:
///   - cells: Cubic cells along each axis.
///   - displacement: Standard deviation along each axis, Å.
///   - seed: Of the displacements.
func crystal(cells: Int = 2, displacement: Double = 0, seed: UInt64 = 1) throws -> Configuration {
  let a = SmoothPairs.distance * 2.0.squareRoot()
  var random = RandomStream(seed: seed, purpose: "dynamics tests")
  var positions: [SIMD3<Double>] = []
  for k in 0..<(cells * cells * cells) {
    let cell = SIMD3(Double(k / cells / cells), Double(k / cells % cells), Double(k % cells))
    for corner in [SIMD3(0, 0, 0), SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0)] {
      let step = SIMD3(random.uniform(), random.uniform(), random.uniform()) - 0.5
      positions.append(a * (cell + corner) + displacement * 12.0.squareRoot() * step)
    }
  }
  return Configuration(
    lattice: try .cubic(a * Double(cells)),
    species: [Species](repeating: Species(try element("Ar")), count: positions.count),
    positions: positions)
}

/// Twelve atoms without symmetry in a triclinic cell, some outside of it.
func skewedAtoms() throws -> Configuration {
  var random = RandomStream(seed: 5, purpose: "dynamics tests")
  let kinds = ["Mg", "O", "Zn"]
  let places = (0..<12).map { (k: Int) -> Fractional in
    let place = SIMD3(Double(k % 3) / 3, Double(k / 3 % 2) / 2, Double(k / 6) / 2)
    let step = SIMD3(random.uniform(), random.uniform(), random.uniform())
    return Fractional(place + 0.08 * step + (k == 4 ? SIMD3(1, 0, -1) : .zero))
  }
  let a = 1.3
  let lattice = try Lattice(
    a: a * skewedLattice.a, b: a * skewedLattice.b, c: a * skewedLattice.c)
  return Configuration(
    lattice: lattice, species: try (0..<12).map { Species(try element(kinds[$0 % 3])) },
    positions: places.map { lattice.cartesian($0).components })
}

func element(_ symbol: String) throws -> Element { try #require(Element(symbol: symbol)) }

/// Rocksalt MgO of edge `a`, Å, with the published rigid-ion model.
func magnesia(a: Double) throws -> (configuration: Configuration, model: DirectSum) {
  let magnesium = Species(try element("Mg"), oxidationState: 2)
  let oxide = Species(.oxygen, oxidationState: -2)
  let corners: [SIMD3<Double>] = [
    .zero, SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0),
  ]
  let places = corners + corners.map { $0 + SIMD3(0.5, 0, 0) }
  return (
    Configuration(
      lattice: try .cubic(a),
      species: [Species](repeating: magnesium, count: 4) + [Species](repeating: oxide, count: 4),
      positions: places.map { a * $0 }),
    DirectSum(
      charges: [2, 2, 2, 2, -2, -2, -2, -2], potentials: .lewisCatlow, accuracy: 1e-10)
  )
}
