import Crystal
import Foundation
import Testing

@testable import Workflow

@Suite struct EnumerateRunTests {
  /// Rows of a CSV list, without its head.
  private func rows(_ path: String) throws -> [[String]] {
    try readText(path).split(separator: "\n").filter { !$0.hasPrefix("#") }.dropFirst()
      .map { $0.split(separator: ",").map(String.init) }
  }

  private func specification(
    _ text: String, in folder: String, _ format: ArrangementArchive.Format = .csv
  ) throws -> EnumerateSpecification {
    let path = "\(folder)/problem.yaml"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    var specification = EnumerateSpecification()
    specification.problem.problem = path
    specification.format = format
    return specification
  }

  /// Lists with a stop after every `stride` asks, and resumes until the list is complete.
  private func listWithStops(
    _ specification: EnumerateSpecification, to path: String, every stride: Int
  ) async throws -> (result: EnumerateRun.Result, stops: Int) {
    var stops = 0
    while true {
      let run = try stops == 0 ? EnumerateRun(specification) : EnumerateRun(resuming: path)
      var asked = 0
      do {
        let result = try await run(
          to: path, resume: stops > 0, threads: 1 + stops % 3,
          shouldStop: {
            asked += 1
            return asked == stride
          })
        return (result, stops)
      } catch is EnumerateRun.Interrupted {
        stops += 1
        #expect(!FileManager.default.fileExists(atPath: path), "a list that is not complete")
        try #require(stops < 200)
      }
    }
  }

  // 24 sites, 11 Mg and 1 Zn: 24 × C(23, 11) arrangements; more than ten segments.
  private let long = tetrahedra("{8a: {Mg: 11, Zn: 1}}", allowed: "Mg, Zn, Va", supercell: "3x1x1")

  @Test("the same bytes for any number of threads and after interruptions")
  func determinism() async throws {
    for format in ArrangementArchive.Format.allCases {
      try await withTemporaryFolder { folder in
        let settings = try specification(long, in: folder, format)
        var expected: Data?
        for threads in [1, 2, 5] {
          let path = "\(folder)/\(threads).list"
          let result = try await EnumerateRun(settings)(to: path, threads: threads)
          #expect(result.isComplete && "\(result.degeneracySum)" == "32449872")
          let data = try #require(FileManager.default.contents(atPath: path))
          #expect(data == expected ?? data, "\(format), \(threads) threads")
          expected = data
        }
        let path = "\(folder)/stopped.list"
        let (result, stops) = try await listWithStops(settings, to: path, every: 2)
        #expect(stops > 3 && result.isComplete)
        #expect("\(result.degeneracySum)" == "32449872")
        #expect(FileManager.default.contents(atPath: path) == expected, "\(format)")
        // Nothing else is left behind.
        #expect(try filesWithoutManifest(folder).keys.filter { $0.contains("stopped") }.count == 1)
      }
    }
  }

  @Test("a stop at the end of a composition does not list it again")
  func stopBetweenCases() async throws {
    for format in ArrangementArchive.Format.allCases {
      try await withTemporaryFolder { folder in
        let settings = try specification(tetrahedra("all"), in: folder, format)
        let whole = "\(folder)/whole.list"
        let result = try await EnumerateRun(settings)(to: whole, threads: 2)
        #expect(result.written == 16 && "\(result.degeneracySum)" == "256")
        let path = "\(folder)/stopped.list"
        let (stopped, stops) = try await listWithStops(settings, to: path, every: 1)
        #expect(stops == 9 && stopped.written == 16 && "\(stopped.degeneracySum)" == "256")
        #expect(
          FileManager.default.contents(atPath: path) == FileManager.default.contents(atPath: whole))
      }
    }
  }

  @Test("a limit cuts the whole list short")
  func limit() async throws {
    try await withTemporaryFolder { folder in
      var settings = try specification(tetrahedra("all"), in: folder)
      _ = try await EnumerateRun(settings)(to: "\(folder)/all.csv", threads: 2)
      let all = try rows("\(folder)/all.csv")
      for limit in [1, 5, 16, 40] {
        settings.limit = limit
        let path = "\(folder)/\(limit).csv"
        let result = try await EnumerateRun(settings)(to: path, threads: 2)
        #expect(result.written == min(limit, 16) && result.isComplete == (limit >= 16))
        #expect(try rows(path) == Array(all.prefix(limit)))
      }
    }
  }

  // 1, 1, 2, 2, 4, 2, 2, 1, 1 distinct arrangements with 0 … 8 Mg.
  @Test("a sample is drawn from the arrangements of all compositions together")
  func sample() async throws {
    try await withTemporaryFolder { folder in
      var settings = try specification(tetrahedra("all"), in: folder)
      settings.sample = 8
      var drawn: [String: Int] = [:]
      for seed: UInt64 in 0..<60 {
        settings.seed = seed
        let path = "\(folder)/sample.csv"
        let result = try await EnumerateRun(settings)(to: path, threads: 1)
        #expect(result.written == 8 && !result.isComplete)
        let found = try rows(path).map { "\($0[1]) \($0[4])" }
        #expect(Set(found).count == 8)
        for name in found { drawn[name, default: 0] += 1 }
      }
      // Each of 16 with probability 1/2: 30 ± 3.9.
      #expect(drawn.count == 16)
      #expect(drawn.values.allSatisfy { (14...46).contains($0) }, "\(drawn)")
      settings.sample = 16
      let result = try await EnumerateRun(settings)(to: "\(folder)/whole.csv", threads: 1)
      #expect(result.written == 16 && result.isComplete && "\(result.degeneracySum)" == "256")
    }
  }

  // 2, 2, 6, 19 colourings of face-centred cubic superlattices of 1 … 4 cells that do not repeat, pure
  // ones included (G. L. W. Hart and R. W. Forcade, Phys. Rev. B 77, 224115, 2008, with colours told
  // apart).
  @Test("derivative structures: no arrangement twice, none that repeats")
  func derivatives() async throws {
    try await withTemporaryFolder { folder in
      let text = """
        lattice: [[0, 2, 2], [2, 0, 2], [2, 2, 0]]
        sites:
          - {label: M, frac: [0, 0, 0], allowed: [Cu, Au]}
        counts: all

        """
      var settings = try specification(text, in: folder)
      settings.upTo = 4
      let run = try EnumerateRun(settings)
      #expect("\(run.distinct)" == "29")
      let result = try await run(to: "\(folder)/all.csv", threads: 2)
      #expect(result.written == 29)
      let all = try rows("\(folder)/all.csv")
      #expect(Set(all.map { [$0[1], $0[2], $0[5]] }).count == 29)
      let cells = all.map { $0[5].count }
      #expect((1...4).map { n in cells.count { $0 == n } } == [2, 2, 6, 19])
    }
  }

  @Test("what cannot be resumed is refused")
  func refusals() async throws {
    try await withTemporaryFolder { folder in
      let settings = try specification(long, in: folder)
      let path = "\(folder)/list.csv"
      func message() -> String {
        do {
          _ = try EnumerateRun(resuming: path)
          return ""
        } catch { return "\(error)" }
      }
      #expect(message().contains("no enumeration to resume"))
      await #expect(throws: EnumerateRun.Interrupted.self) {
        _ = try await EnumerateRun(settings)(to: path, threads: 1, shouldStop: { true })
      }
      // The list was cut since: it cannot be made whole.
      let handle = try FileHandle(forWritingTo: URL(filePath: "\(path).partial"))
      try handle.truncate(atOffset: 100)
      try handle.close()
      let run = try EnumerateRun(resuming: path)
      await #expect(throws: InputError.self) {
        _ = try await run(to: path, resume: true, threads: 1)
      }
      try "{}".write(toFile: "\(path).progress", atomically: true, encoding: .utf8)
      #expect(message().contains("not the progress"))
      // A new list has nothing to do with the progress of the old one.
      let result = try await EnumerateRun(settings)(to: path, threads: 2)
      #expect(result.isComplete && message().contains("the list is complete"))
    }
  }
}
