import Crystal
import Foundation
import Search
import Testing

@testable import Workflow

@Suite struct RankRunTests {
  private func specification(
    _ text: String, in folder: String, top: Int = 10
  ) throws -> RankSpecification {
    let path = "\(folder)/problem.yaml"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    var specification = RankSpecification()
    specification.problem.problem = path
    specification.top = top
    return specification
  }

  // 2,357,871 distinct arrangements: branch and bound after a short genetic search.
  private let large = tetrahedra("{8a: {Mg: 16}}", supercell: "2x2x1")

  @Test("the same files for any number of threads and after interruptions")
  func determinism() async throws {
    try await withTemporaryFolder { folder in
      let settings = try specification(large, in: folder)
      var expected: [String: Data]?
      for threads in [1, 3] {
        let place = try OutputFolder("\(folder)/\(threads)")
        let result = try await RankRun(settings)(in: place, threads: threads)
        #expect(result.isProved && result.gap == 0)
        let files = try filesWithoutManifest(place.path)
        #expect(files.keys.contains("report.html") && files.keys.contains("energies.csv"))
        #expect(files == expected ?? files)
        expected = files
      }
      let place = try OutputFolder("\(folder)/stopped")
      var stops = 0
      while true {
        let run = try stops == 0 ? RankRun(settings) : RankRun(resuming: place)
        var asked = 0
        do {
          _ = try await run(
            in: place, threads: 2,
            shouldStop: {
              asked += 1
              return asked > 1 || stops == 0
            })
          break
        } catch is RankRun.Interrupted {
          stops += 1
          #expect(!place.has("energies.csv"))
          try #require(stops < 100)
        }
      }
      #expect(stops > 0)
      #expect(try filesWithoutManifest(place.path) == expected)
      // A proof is final.
      do {
        _ = try RankRun(resuming: place)
        Issue.record("a complete ranking was resumed")
      } catch { #expect("\(error)".contains("complete")) }
    }
  }

  @Test("what was doubtful in a structure is said again after an interruption")
  func warningsOfStructures() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/half.cif"
      try """
      data_half
      _cell_length_a 4.2
      _cell_length_b 4.2
      _cell_length_c 8.4
      _cell_angle_alpha 90
      _cell_angle_beta 90
      _cell_angle_gamma 90
      loop_
      _atom_type_symbol
      _atom_type_oxidation_number
      Mg 0
      O 0
      loop_
      _atom_site_label
      _atom_site_type_symbol
      _atom_site_fract_x
      _atom_site_fract_y
      _atom_site_fract_z
      _atom_site_occupancy
      Mg1 Mg 0 0 0 0.5
      Mg2 Mg 0.5 0.5 0 0.5
      O1 O 0.5 0 0.25 1

      """.write(toFile: path, atomically: true, encoding: .utf8)
      var settings = RankSpecification()
      settings.problem.problem = path
      settings.problem.model = .ewald
      let whole = try OutputFolder("\(folder)/whole")
      let result = try await RankRun(settings)(in: whole, threads: 1)
      #expect(result.run.warnings.contains { $0.contains("oxidation numbers") })
      let stopped = try OutputFolder("\(folder)/stopped")
      await #expect(throws: RankRun.Interrupted.self) {
        _ = try await RankRun(settings)(in: stopped, threads: 1, shouldStop: { true })
      }
      _ = try await RankRun(resuming: stopped)(in: stopped, threads: 1)
      for name in ["report.html", "summary.json", "ranking.csv"] {
        #expect(try stopped.read(name) == whole.read(name))
      }
    }
  }

  @Test("too few nodes leave a gap, which more nodes close")
  func gap() async throws {
    try await withTemporaryFolder { folder in
      var settings = try specification(large, in: folder)
      settings.nodes = 20
      let place = try OutputFolder("\(folder)/rank")
      let first = try await RankRun(settings)(in: place, threads: 2)
      #expect(!first.isProved && first.lowerBound < first.entries[0].energy + 1e-6)
      let run = try RankRun(resuming: place, nodes: 10_000_000)
      let second = try await run(in: place, threads: 2)
      #expect(second.isProved && second.gap == 0)
      // Four times the lowest of one cell, by an independent Ewald sum of all 70 arrangements.
      #expect(abs(second.entries[0].energy + 4 * 1931.742605) < 4e-6)
      #expect(first.lowerBound <= second.entries[0].energy + 1e-6)
      #expect(first.gap + 1e-6 >= first.entries[0].energy - second.entries[0].energy)
    }
  }

  @Test("more than there are: all, and said so")
  func all() async throws {
    try await withTemporaryFolder { folder in
      let settings = try specification(tetrahedra("{8a: {Mg: 4}}"), in: folder, top: 50)
      let run = try RankRun(settings)
      #expect(run.warnings.contains { $0.contains("only 4 distinct arrangements") })
      let result = try await run(in: OutputFolder("\(folder)/rank"), threads: 1)
      #expect(result.entries.count == 4 && result.entries.reduce(0) { $0 + $1.degeneracy } == 70)
      #expect(abs(result.entries[0].energy + 1931.742605) < 1e-6)
      #expect(result.tieRemark == nil)
    }
  }

  // Mg and Zn of equal charge are alike to point charges: many arrangements tie.
  @Test("ties at the end of the list are counted")
  func ties() async throws {
    try await withTemporaryFolder { folder in
      let text = tetrahedra("{8a: {Mg: 1, Zn: 3}}", allowed: "Mg, Zn, Va", supercell: "2x1x1")
      var settings = try specification(text, in: folder, top: 1000)
      let all = try await RankRun(settings)(in: OutputFolder("\(folder)/all"), threads: 2)
      let energies = all.entries.map(\.energy)
      #expect(zip(energies, energies.dropFirst()).allSatisfy { $0 < $1 + 1e-6 })
      let total = all.entries.reduce(0) { $0 + $1.degeneracy }
      #expect("\(total)" == all.run.total)
      for top in [1, 2, 7, 12] {
        settings.top = top
        let some = try await RankRun(settings)(in: OutputFolder("\(folder)/\(top)"), threads: 2)
        let level = energies[top - 1]
        #expect(some.entries == Array(all.entries.prefix(top)))
        #expect(some.ties == energies[top...].count { abs($0 - level) < 1e-6 })
        #expect((some.tieRemark != nil) == (some.ties > 0))
      }
      settings.window = 0.5
      let window = try await RankRun(settings)(in: OutputFolder("\(folder)/window"), threads: 2)
      #expect(window.entries.count == energies.count { $0 <= energies[0] + 0.5 })
      #expect(window.verdict.contains("all distinct arrangements within the window"))
    }
  }
}

@Suite struct CountRunTests {
  @Test("sets of sites with the same label are told apart")
  func equalLabels() throws {
    let text = """
      lattice: [4, 5, 6, 90, 90, 90]
      sites:
        - {label: M, frac: [0, 0, 0], allowed: [Mg, Va]}
        - {label: M, frac: [0.5, 0.5, 0], allowed: [Mn]}
        - {label: O, frac: [0.5, 0, 0.5], allowed: [O]}
        - {label: O, frac: [0, 0.5, 0.5], allowed: [O]}
      supercell: 2x1x1
      counts: {M: {Mg: 1}}
      oxidation: {Mn: integer, Mg: 1}

      """
    let file = try ProblemFile(parsing: text, file: "p.yaml")
    var warnings: [String] = []
    let problem = try #require(try file.countable(&warnings).first)
    let names = problem.countsByPool.map(\.labels)
    #expect(names.count == 2 && Set(names).count == 2)
    #expect(names.allSatisfy { $0.hasPrefix("M") })
  }
}
