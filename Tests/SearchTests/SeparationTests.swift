import Arrangement
import Crystal
import Search
import Testing

/// Ions that must not be near each other.
@Suite struct SeparationTests {
  @Test("the lowest without near ions is that of brute force", arguments: 0..<40 as Range<UInt64>)
  func bruteForce(seed: UInt64) async throws {
    let plain = try randomSpace(seed: seed)
    let problem = plain.problem
    let positions = problem.activeSites.map { problem.structure.positions[$0] }
    let vacancy = problem.species.firstIndex { $0.isVacancy } ?? 99
    let sites = problem.allowed.indices.filter {
      vacancy < 32 && problem.allowed[$0] >> vacancy & 1 == 1
    }
    func distance(_ i: Int, _ j: Int) -> Double {
      problem.structure.lattice.distance(positions[i], positions[j])
    }
    let pairs = sites.flatMap { j in sites.filter { $0 < j }.map { ($0, j) } }
    guard let nearest = pairs.map(distance).min() else { return }
    let separation = 1.02 * nearest
    let space = try SearchSpace(problem, potentials: nil, separation: separation)
    let bare = try SearchSpace(problem, potentials: nil)
    let excluded = pairs.filter { distance($0, $1) < separation }
    #expect(!excluded.isEmpty)
    func isKept(_ arrangement: [UInt8]) -> Bool {
      excluded.allSatisfy { Int(arrangement[$0]) == vacancy || Int(arrangement[$1]) == vacancy }
    }
    for arrangement in allArrangements(problem).prefix(200) where isKept(arrangement) {
      #expect((space.energy(arrangement) - bare.energy(arrangement)).magnitude < 1e-9)
    }
    let best = try #require(await ranked(space, .count(1)).list.wanted.first)
    let kept = allArrangements(problem).filter(isKept).map(bare.energy).min()
    if let kept {
      #expect((best.energy - kept).magnitude < 1e-7)
      #expect(isKept(best.arrangement))
    } else {
      #expect(!isKept(best.arrangement))
    }
    #expect(space.exchangeScale == bare.exchangeScale)
  }
}
