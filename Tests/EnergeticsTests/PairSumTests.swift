import CellgenTestSupport
import Crystal
import Energetics
import Testing

@Suite struct PairSumTests {
  private let species = [("Mg", 2.0), ("O", -2), ("Zn", 2), ("O", -2), ("Mn", 3.25)].compactMap {
    symbol, state in Element(symbol: symbol).map { Species($0, oxidationState: state) }
  }
  private let positions = [
    Fractional(0.05, 0.1, 0.02), Fractional(0.4, 0.15, 1.1), Fractional(0.7, -0.4, 0.3),
    Fractional(0.2, 0.5, 0.6), Fractional(0.55, 0.45, 0.9),
  ]

  private func sum(_ lattice: Lattice, _ positions: [Fractional]) -> PairSum {
    PairSum(
      lattice: lattice, positions: positions, species: species, potentials: .lewisCatlow)
  }

  @Test("the derivative of a pair potential is its slope")
  func derivative() {
    let potential = PairPotential([
      PairPotential.Term(weight: 0.25, amplitude: 22764.3, range: 0.149, dispersion: 27.88),
      PairPotential.Term(weight: 0.75, amplitude: 821.6, range: 0.3242),
    ])
    for r in [1.5, 2.1, 3.7] {
      let h = 1e-5
      let slope = (potential.energy(r + h) - potential.energy(r - h)) / (2 * h)
      #expect(abs(potential.derivative(r) - slope) < 1e-7 * max(1, abs(slope)))
    }
  }

  @Test("forces are the slope of the energy and add up to zero")
  func forces() {
    let here = sum(skewedLattice, positions)
    let h = 1e-5
    for site in positions.indices {
      for axis in 0..<3 {
        func moved(_ step: Double) -> Double {
          var moved = positions
          var cartesian = skewedLattice.cartesian(moved[site]).components
          cartesian[axis] += step
          moved[site] = skewedLattice.fractional(Cartesian(cartesian))
          return sum(skewedLattice, moved).energy
        }
        let slope = (moved(h) - moved(-h)) / (2 * h)
        #expect(abs(here.forces[site][axis] + slope) < 1e-6)
      }
    }
    let total = here.forces.reduce(SIMD3.zero, +)
    #expect(abs(total.x) + abs(total.y) + abs(total.z) < 1e-11)
  }

  @Test("the strain derivative is the slope of the energy")
  func strain() throws {
    let here = sum(skewedLattice, positions)
    let h = 1e-5
    for row in 0..<3 {
      for column in 0...row {
        func strained(_ size: Double) throws -> Double {
          func stretch(_ v: SIMD3<Double>) -> SIMD3<Double> {
            var w = v
            w[row] += 0.5 * size * v[column]
            w[column] += 0.5 * size * v[row]
            return w
          }
          let lattice = try Lattice(
            a: stretch(skewedLattice.a), b: stretch(skewedLattice.b), c: stretch(skewedLattice.c))
          return sum(lattice, positions).energy
        }
        let slope = (try strained(h) - strained(-h)) / (2 * h)
        #expect(abs(here.strainDerivative[row][column] - slope) < 1e-5)
      }
    }
  }

  @Test("a doubled cell has twice the energy")
  func doubled() throws {
    let structure = Structure(lattice: skewedLattice, species: species, positions: positions)
    let larger = try structure.repeated(SupercellMatrix(parsing: "1 1 0 -1 1 0 0 0 1"))
    let sum = PairSum(
      lattice: larger.lattice, positions: larger.positions, species: larger.species,
      potentials: .lewisCatlow)
    #expect(abs(sum.energy / self.sum(skewedLattice, positions).energy - 2) < 1e-12)
  }
}
