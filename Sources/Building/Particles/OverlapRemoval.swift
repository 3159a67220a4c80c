/// Which atoms to remove so that no two that are left are too near, in whole neutral groups.
///
/// One atom of every pair has to go, and of each element a whole number of times what a group has. The
/// number of groups is raised until a greedy choice of atoms fits: the atom in most pairs first, and if
/// an element is used up, its partners. What the groups hold besides is taken nearest to the faces.
struct OverlapRemoval: Sendable {
  /// Whether each atom goes.
  let isRemoved: [Bool]

  /// Number of groups that are removed.
  let groups: Int

  /// No choice of atoms does with fewer groups.
  let leastGroups: Int

  /// Largest part of the atoms that may be removed.
  static let limit = 0.25

  /// Chooses atoms; nil if more than ``limit`` of them would have to go.
  ///
  /// - Parameters:
  ///   - pairs: Pairs of atoms that are too near.
  ///   - kinds: Element of each atom, an index into `group`.
  ///   - group: Atoms of each element in a group.
  ///   - depths: Of each atom below the face of its particle, Å.
  init?(pairs: [(Int, Int)], kinds: [Int], group: [Int], depths: [Double]) {
    var partners: [Int: [Int]] = [:]
    for (i, j) in pairs {
      partners[i, default: []].append(j)
      partners[j, default: []].append(i)
    }
    let least = OverlapRemoval.leastGroups(pairs, kinds, group)
    let most = Int(OverlapRemoval.limit * Double(kinds.count)) / max(1, group.reduce(0, +))
    var (found, groups): (Set<Int>?, Int) = (nil, least)
    while found == nil, groups <= most {
      let numbers = group.map { $0 * groups }
      found =
        OverlapRemoval.cover(partners, kinds, numbers, sparing: false)
        ?? OverlapRemoval.cover(partners, kinds, numbers, sparing: true)
      if found == nil { groups += 1 }
    }
    guard let found else { return nil }
    var isRemoved = kinds.map { _ in false }
    var left = group.map { $0 * groups }
    for atom in found {
      isRemoved[atom] = true
      left[kinds[atom]] -= 1
    }
    for atom in kinds.indices.sorted(by: { (depths[$0], $0) < (depths[$1], $1) })
    where !isRemoved[atom] && left[kinds[atom]] > 0 {
      isRemoved[atom] = true
      left[kinds[atom]] -= 1
    }
    self.isRemoved = isRemoved
    self.groups = groups
    self.leastGroups = least
  }

  /// One atom of every pair, no more of each element than `numbers`; nil if none is found.
  ///
  /// If it is `sparing`, atoms of an element of which little is left are taken later.
  private static func cover(
    _ partners: [Int: [Int]], _ kinds: [Int], _ numbers: [Int], sparing: Bool
  ) -> Set<Int>? {
    var left = numbers
    var open = partners.mapValues(\.count)
    var chosen: Set<Int> = []
    let atoms = partners.keys.sorted()
    func take(_ atom: Int) {
      chosen.insert(atom)
      left[kinds[atom]] -= 1
      open[atom] = 0
      for partner in partners[atom] ?? [] where !chosen.contains(partner) {
        open[partner, default: 0] -= 1
      }
    }
    while true {
      var best: (atom: Int, score: Double)?
      var forced: Int?
      for atom in atoms {
        guard let degree = open[atom], degree > 0 else { continue }
        let kind = kinds[atom]
        if left[kind] == 0 {
          forced = partners[atom]?.first { !chosen.contains($0) }
          break
        }
        let share = Double(left[kind]) / Double(max(1, numbers[kind]))
        let score = sparing ? share * Double(degree) : Double(degree) + 0.5 * share
        if score > best?.score ?? 0 { best = (atom, score) }
      }
      if let forced {
        guard left[kinds[forced]] > 0 else { return nil }
        take(forced)
      } else if let best {
        take(best.atom)
      } else {
        return chosen
      }
    }
  }

  /// A lower bound on the number of groups.
  ///
  /// Of pairs without a common atom every one needs an atom of its own. For each set of elements such
  /// pairs within the set are counted and compared with what a group has of the set.
  private static func leastGroups(_ pairs: [(Int, Int)], _ kinds: [Int], _ group: [Int]) -> Int {
    var least = pairs.isEmpty ? 0 : 1
    for set in 1..<(1 << min(group.count, 10)) {
      var used: Set<Int> = []
      var count = 0
      for (i, j) in pairs where set >> kinds[i] & 1 == 1 && set >> kinds[j] & 1 == 1 {
        guard !used.contains(i), !used.contains(j) else { continue }
        used.formUnion([i, j])
        count += 1
      }
      let held = group.indices.reduce(0) { set >> $1 & 1 == 1 ? $0 + group[$1] : $0 }
      if held > 0 { least = max(least, (count + held - 1) / held) }
    }
    return least
  }
}
