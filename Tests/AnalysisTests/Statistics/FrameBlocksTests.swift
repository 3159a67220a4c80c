import Crystal
import Testing

@testable import Analysis

@Suite struct FrameBlocksTests {
  /// Numbers that follow each other: x' = 0.9 x + noise.
  private func series(_ count: Int, memory: Double) -> [Double] {
    var random = RandomStream(seed: 2, purpose: "frames")
    var x = 0.0
    return (0..<count).map { _ in
      x = memory * x + (1 - memory * memory).squareRoot() * (random.uniform() - 0.5)
      return x
    }
  }

  @Test(
    "the mean is that of all frames, however many there are", arguments: [1, 3, 128, 129, 1000])
  func mean(count: Int) {
    var blocks = FrameBlocks(width: 2)
    let values = series(count, memory: 0)
    for value in values { blocks.add([value, 1]) }
    let expected = values.reduce(0, +) / Double(count)
    #expect(abs(blocks.mean[0] - expected) < 1e-12 && blocks.mean[1] == 1)
    #expect(blocks.frameCount == count)
  }

  @Test("ten frames in ten blocks: the textbook standard error")
  func standardError() throws {
    var blocks = FrameBlocks(width: 1)
    for value in 1...10 { blocks.add([Double(value)]) }
    let errors = try #require(blocks.estimate(blocks: 10) { $0 }.errors)
    // Variance 55/6 of 1 … 10, over ten.
    #expect(abs(errors[0] - (55.0 / 6 / 10).squareRoot()) < 1e-12)
    let pairs = try #require(blocks.estimate(blocks: 5) { $0 }.errors)
    #expect(abs(pairs[0] - 2.0.squareRoot()) < 1e-12)
  }

  @Test("frames that are alike have larger errors than their scatter says")
  func correlation() throws {
    func error(memory: Double, blocks count: Int) throws -> Double {
      var blocks = FrameBlocks(width: 1)
      for value in series(12_800, memory: memory) { blocks.add([value]) }
      return try #require(blocks.estimate(blocks: count) { $0 }.errors?.first)
    }
    let scatter = (1.0 / 12 / 12_800).squareRoot()
    #expect(abs(try error(memory: 0, blocks: 64) / scatter - 1) < 0.3)
    // √((1 + m)/(1 − m)) times the error of independent frames.
    #expect(abs(try error(memory: 0.9, blocks: 64) / scatter / 19.0.squareRoot() - 1) < 0.3)
  }
}
