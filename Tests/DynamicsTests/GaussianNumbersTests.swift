import Crystal
import Dynamics
import Foundation
import Testing

@Suite struct GaussianNumbersTests {
  @Test("numbers have the normal distribution, in the tail too", arguments: [1 as UInt64, 2])
  func distribution(seed: UInt64) {
    let numbers = GaussianNumbers(seed: seed, purpose: "tests")
    var values: [Double] = []
    for step in 0..<100 {
      for index in 0..<2000 {
        let v = numbers.vector(step: step, index: index)
        values += [v.x, v.y, v.z]
      }
    }
    let count = Double(values.count)
    // Five standard errors each.
    #expect(abs(values.reduce(0, +) / count) < 5 / count.squareRoot())
    let second = values.reduce(0) { $0 + $1 * $1 } / count
    #expect(abs(second - 1) < 5 * (2 / count).squareRoot())
    let fourth = values.reduce(0) { $0 + $1 * $1 * $1 * $1 } / count
    #expect(abs(fourth - 3) < 5 * (96 / count).squareRoot())
    for limit in [-3.6, -2, -1, -0.3, 0.1, 0.7, 1.5, 2.5, 3.5] {
      let expected = 0.5 * erfc(-limit / 2.0.squareRoot())
      let found = Double(values.count { $0 < limit }) / count
      let error = (expected * (1 - expected) / count).squareRoot()
      #expect(abs(found - expected) < 5 * error, "\(limit): \(found) \(expected)")
    }
  }

  @Test("a number is that of its step and atom, and of nothing else")
  func keys() {
    let numbers = GaussianNumbers(seed: 1, purpose: "tests")
    let reference = numbers.vector(step: 3, index: 5)
    #expect(GaussianNumbers(seed: 1, purpose: "tests").vector(step: 3, index: 5) == reference)
    for other in [
      numbers.vector(step: 4, index: 5), numbers.vector(step: 3, index: 6),
      GaussianNumbers(seed: 2, purpose: "tests").vector(step: 3, index: 5),
      GaussianNumbers(seed: 1, purpose: "other").vector(step: 3, index: 5),
    ] {
      #expect(other.x != reference.x && other.y != reference.y && other.z != reference.z)
    }
  }
}
