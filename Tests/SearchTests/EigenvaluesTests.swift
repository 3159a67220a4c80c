import Testing

@testable import Search

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct EigenvaluesTests {
  // The chain with 2 on the diagonal and -1 beside it: 2 - 2 cos(πk/(n + 1)), k = 1 … n.
  @Test("eigenvalues of a chain", arguments: [1, 2, 3, 10, 60])
  func chain(n: Int) {
    var matrix = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      matrix[i * n + i] = 2
      if i > 0 { matrix[i * n + i - 1] = -1 }
      if i < n - 1 { matrix[i * n + i + 1] = -1 }
    }
    let found = extremeEigenvalues(matrix, n)
    let angle = Double.pi / Double(n + 1)
    #expect(abs(found.smallest - (2 - 2 * cos(angle))) < 1e-12)
    #expect(abs(found.largest - (2 - 2 * cos(angle * Double(n)))) < 1e-12)
  }

  // Ones everywhere but on the diagonal: n - 1 once, -1 otherwise.
  @Test func completeGraph() {
    let n = 7
    let matrix = (0..<(n * n)).map { $0 / n == $0 % n ? 0.0 : 1.0 }
    let found = extremeEigenvalues(matrix, n)
    #expect(abs(found.smallest + 1) < 1e-12 && abs(found.largest - 6) < 1e-12)
  }
}
