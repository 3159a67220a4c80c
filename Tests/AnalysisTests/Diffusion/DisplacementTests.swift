import CellgenTestSupport
import Crystal
import Foundation
import Testing

@testable import Analysis

@Suite struct DisplacementTests {
  /// The history of Cartesian positions in a cell; `history[frame][atom]`.
  private func history(
    _ frames: [[[Double]]], _ lattice: Lattice, driftWeights: [Double]? = nil,
    isUnwrapped: Bool = false
  ) -> DisplacementHistory {
    var history = DisplacementHistory(
      atoms: frames[0].count,
      driftWeights: driftWeights ?? Array(repeating: 0, count: frames[0].count),
      isUnwrapped: isUnwrapped)
    for frame in frames {
      history.append(
        frame.map { lattice.fractional(Cartesian($0[0], $0[1], $0[2])) }, lattice)
    }
    return history
  }

  /// Mean squares by summing over all pairs of frames.
  private func direct(_ history: DisplacementHistory, _ atoms: [Int], lag: Int) -> (
    mean: Double, collective: Double
  ) {
    var (square, collective) = (0.0, 0.0)
    for origin in 0..<(history.frames - lag) {
      var sum = SIMD3<Double>()
      for atom in atoms {
        let step =
          history.displacement(of: atom, at: origin + lag)
          - history.displacement(of: atom, at: origin)
        square += dot(step, step)
        sum += step
      }
      collective += dot(sum, sum)
    }
    let origins = Double(history.frames - lag)
    return (square / origins / Double(atoms.count), collective / origins)
  }

  @Test("integer trajectories give the exact means for every lag")
  func integerTrajectories() throws {
    let cases = try ReferenceCases.read()
    let plain = cases.two_ions_six_frames
    let large = try Lattice.cubic(1000)
    let small = try Lattice.cubic(cases.wrapped_in_box_6.box)
    for (history, results) in [
      (history(plain.trajectory, large), plain.results),
      (history(cases.wrapped_in_box_6.trajectory_wrapped, small), cases.wrapped_in_box_6.results),
    ] {
      let atoms = Array(0..<history.atoms)
      let correlations = DisplacementCorrelations(history, groups: [atoms])
      for expected in results {
        let mean = correlations.meanSquare(0)[expected.lag]
        let collective = correlations.collective[0][0][expected.lag] / Double(atoms.count)
        #expect((mean - expected.MSD).magnitude < 1e-10)
        #expect((collective - expected.MSCD_over_N).magnitude < 1e-10)
      }
      #expect(history.doubtfulSteps == 0)
    }
  }

  @Test("random walkers give the exact sums, in a cell of any size, wrapped or not")
  func walkers() throws {
    let walkers = try ReferenceCases.read().lcg_walkers_A
    let steps: [[Double]] = [
      [1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1],
    ]
    var state = walkers.seed
    var place = Array(repeating: [0.0, 0, 0], count: walkers.N)
    var frames = [place]
    for _ in 1..<walkers.T {
      for walker in 0..<walkers.N {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let step = steps[Int((state >> 33) % 6)]
        for axis in 0..<3 { place[walker][axis] += step[axis] }
      }
      frames.append(place)
    }
    #expect(Array(place.prefix(3)) == walkers.final_positions_first3)
    #expect(place.flatMap { $0 }.reduce(0) { $0 + $1.magnitude } == walkers.checksum_sum_abs_final)
    let wrapped = frames.map { frame in frame.map { $0.map { $0 - 4 * ($0 / 4).rounded(.down) } } }
    let histories = [
      history(frames, try Lattice.cubic(1000)), history(wrapped, try Lattice.cubic(4)),
      history(frames, try Lattice.cubic(4), isUnwrapped: true),
    ]
    for history in histories {
      let correlations = DisplacementCorrelations(history, groups: [Array(0..<walkers.N)])
      for expected in walkers.results {
        let origins = Double(walkers.T - expected.lag)
        let sum = correlations.meanSquare(0)[expected.lag] * origins * Double(walkers.N)
        let collective = correlations.collective[0][0][expected.lag] * origins
        let (a, b) = (
          expected.sum_over_origins_and_ions_of_squared_displacement,
          expected.sum_over_origins_of_squared_collective_displacement
        )
        #expect((sum - a).magnitude < 1e-9 * a, "\(expected.lag)")
        #expect((collective - b).magnitude < 1e-9 * b, "\(expected.lag)")
      }
    }
  }

  /// Atoms that jump about in a skewed cell.
  private func jittering(atoms: Int, frames: Int, seed: UInt64) -> [[[Double]]] {
    var random = RandomStream(seed: seed, purpose: "jitter")
    var place = (0..<atoms).map { _ in (0..<3).map { _ in 6 * random.uniform() } }
    return (0..<frames).map { _ in
      for atom in 0..<atoms {
        for axis in 0..<3 { place[atom][axis] += 0.8 * (random.uniform() - 0.45) }
      }
      return place
    }
  }

  @Test("the fast sums are the plain ones, for odd numbers of frames and parts of them too")
  func twins() {
    for (frames, seed) in [(2, 1), (3, 2), (37, 3), (300, 4)] as [(Int, UInt64)] {
      let history = history(jittering(atoms: 5, frames: frames, seed: seed), skewedLattice)
      let groups = [[0, 2], [1, 3, 4]]
      let correlations = DisplacementCorrelations(history, groups: groups)
      for lag in 1..<frames {
        for (index, group) in groups.enumerated() {
          let plain = direct(history, group, lag: lag)
          #expect((correlations.meanSquare(index)[lag] - plain.mean).magnitude < 1e-9)
          #expect((correlations.collective[index][index][lag] - plain.collective).magnitude < 1e-8)
        }
        let all = direct(history, [0, 1, 2, 3, 4], lag: lag).collective
        let sum = (0..<2).reduce(0.0) { sum, a in
          sum + (0..<2).reduce(0.0) { $0 + correlations.collective[a][$1][lag] }
        }
        #expect((all - sum).magnitude < 1e-8)
      }
      #expect(correlations.meanSquare(0)[0] == 0)
    }
    let long = jittering(atoms: 3, frames: 600, seed: 9)
    let part = DisplacementCorrelations(
      history(long, skewedLattice), groups: [[0, 1, 2]], frames: 250..<540)
    let alone = DisplacementCorrelations(
      history(Array(long[250..<540]), skewedLattice), groups: [[0, 1, 2]])
    for lag in 0..<290 {
      #expect((part.meanSquare(0)[lag] - alone.meanSquare(0)[lag]).magnitude < 1e-3)
    }
  }

  @Test("wrapping, a rotation and the order of the atoms change nothing")
  func invariance() throws {
    let frames = jittering(atoms: 4, frames: 50, seed: 5)
    let reference = DisplacementCorrelations(
      history(frames, skewedLattice), groups: [[0, 1], [2, 3]])
    func expectSame(_ other: DisplacementCorrelations) {
      for group in 0..<2 {
        for lag in 1..<50 {
          let (a, b) = (reference.meanSquare(group)[lag], other.meanSquare(group)[lag])
          #expect((a - b).magnitude < 1e-4 * (1 + a))
          let (c, d) = (
            reference.collective[0][group][lag], other.collective[0][group][lag]
          )
          #expect((c - d).magnitude < 1e-4 * (1 + c.magnitude))
        }
      }
    }
    let wrapped = frames.map { frame in
      frame.map { point -> [Double] in
        let f = skewedLattice.fractional(Cartesian(point[0], point[1], point[2])).wrapped
        let r = skewedLattice.cartesian(f).components
        return [r.x, r.y, r.z]
      }
    }
    expectSame(
      DisplacementCorrelations(history(wrapped, skewedLattice), groups: [[0, 1], [2, 3]]))
    // A cyclic exchange of the axes is a rotation.
    func turned(_ v: SIMD3<Double>) -> SIMD3<Double> { SIMD3(v.z, v.x, v.y) }
    let turnedLattice = try Lattice(
      a: turned(skewedLattice.a), b: turned(skewedLattice.b), c: turned(skewedLattice.c))
    expectSame(
      DisplacementCorrelations(
        history(frames.map { $0.map { [$0[2], $0[0], $0[1]] } }, turnedLattice),
        groups: [[0, 1], [2, 3]]))
    expectSame(
      DisplacementCorrelations(
        history(frames.map { [$0[3], $0[1], $0[2], $0[0]] }, skewedLattice),
        groups: [[3, 1], [2, 0]]))
  }

  @Test("a rigid flight has the Haven ratio 1/N, and nothing is left without the drift")
  func rigidFlight() throws {
    let frames = (0..<40).map { frame in
      (0..<5).map { atom in
        [0.3, -0.4, 1.2].enumerated().map { Double(atom) + Double(frame) * $1 }
      }
    }
    let lattice = try Lattice.cubic(1000)
    let moving = DisplacementCorrelations(history(frames, lattice), groups: [[0, 1, 2, 3, 4]])
    for lag in 1..<40 {
      let square = 1.69 * Double(lag * lag)
      #expect((moving.meanSquare(0)[lag] - square).magnitude < 1e-4 * square)
      #expect((moving.collective[0][0][lag] / 5 - 5 * square).magnitude < 5e-4 * square)
    }
    let held = history(frames, lattice, driftWeights: [1, 2, 3, 4, 5])
    #expect((held.largestDrift - 1.3 * 39).magnitude < 1e-9)
    let still = DisplacementCorrelations(held, groups: [[0, 1, 2, 3, 4]])
    #expect(still.meanSquare(0).allSatisfy { $0 < 1e-8 })
    #expect(still.collective[0][0].allSatisfy { $0 < 1e-8 })
  }

  @Test("opposite steps of pairs leave no collective displacement")
  func oppositePairs() throws {
    let walk = jittering(atoms: 3, frames: 60, seed: 8)
    let frames = walk.map { frame in frame + frame.map { $0.map { 100 - $0 } } }
    let correlations = DisplacementCorrelations(
      history(frames, try Lattice.cubic(1000)), groups: [Array(0..<6)])
    for lag in 1..<60 {
      #expect(correlations.collective[0][0][lag] < 1e-8)
      #expect(correlations.meanSquare(0)[lag] > 0.01)
    }
  }

  @Test("a breathing cell moves nothing; steps of half a cell are counted as doubtful")
  func cells() throws {
    var breathing = DisplacementHistory(atoms: 1, driftWeights: [0])
    for frame in 0..<30 {
      breathing.append(
        [Fractional(0.9, 0.9, 0.9)], try Lattice.cubic(10 + 0.01 * Double(frame % 7)))
    }
    #expect(breathing.displacement(of: 0, at: 29) == .zero)
    let far = history([[[0, 0, 0]], [[4.5, 0, 0]], [[0, 0, 0]]], try Lattice.cubic(10))
    #expect(far.doubtfulSteps == 2)
    let near = history([[[0, 0, 0]], [[3.5, 0, 0]], [[0, 0, 0]]], try Lattice.cubic(10))
    #expect(near.doubtfulSteps == 0)
  }
}
