import Analysis
import Crystal

/// Time of mean squared displacements over all lags, beside the sum over all pairs of frames.
enum DiffusionBench {
  private static let (atoms, frames) = (1000, 20_000)

  static func rows() throws -> [CellgenBench.Row] {
    let lattice = try Lattice.cubic(25)
    var random = RandomStream(seed: 1, purpose: "walk")
    var history = DisplacementHistory(
      atoms: atoms, driftWeights: Array(repeating: 1, count: atoms))
    var positions = Array(repeating: Fractional(0, 0, 0), count: atoms)
    let reading = CellgenBench.seconds(1) {
      for _ in 0..<frames {
        for n in 0..<atoms {
          let step = SIMD3(random.uniform(), random.uniform(), random.uniform())
          positions[n] = Fractional(positions[n].components + 0.02 * (step - 0.5)).wrapped
        }
        history.append(positions, lattice)
      }
    }
    let groups = [Array(0..<(atoms / 2)), Array((atoms / 2)..<atoms)]
    var check = 0.0
    let fast = CellgenBench.seconds(1) {
      check = DisplacementCorrelations(history, groups: groups).meanSquare(0)[frames / 2]
    }
    // One lag of one group by the plain sum.
    var plain = 0.0
    let slow = CellgenBench.seconds(1) {
      var sum = 0.0
      for origin in 0..<(frames / 2) {
        let before = history.displacements(of: groups[0], at: origin)
        let after = history.displacements(of: groups[0], at: origin + frames / 2)
        for n in groups[0].indices {
          let step = after[n] - before[n]
          sum += dot(step, step)
        }
      }
      plain = sum / Double(frames / 2) / Double(groups[0].count)
    }
    guard (check - plain).magnitude < 1e-6 * plain else { throw InputError("the sums differ") }
    // Lags have all numbers of origins from 1 to the number of frames, the middle one half of them.
    let all = slow * 2 * Double(frames)
    return [
      CellgenBench.Row(
        what: "unwrapping, \(atoms) atoms × \(frames) frames", figure: "\(fixed(reading, 2)) s",
        twin: "", required: ""),
      CellgenBench.Row(
        what: "MSD and MSCD at all \(frames) lags", figure: "\(fixed(fast, 2)) s",
        twin: "all pairs: \(fixed(all, 0)) s (from one lag)", required: "< 5 s"),
    ]
  }
}
