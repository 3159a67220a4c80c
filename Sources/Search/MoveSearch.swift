internal import Arrangement
internal import Crystal

/// The search for the moves of ``SemiGrandMoves``.
struct MoveSearch {
  typealias Change = SemiGrandMoves.Change

  /// Sites of one pool that allow the same species.
  struct SiteClass: Hashable {
    var pool: Int
    var allowed: UInt32
  }

  private let problem: ArrangementProblem
  private let reservoirs: Set<Element>
  private let charges: [Double]
  private let changes: [Change]
  let classes: [SiteClass]
  let classOfSite: [Int]

  /// Kinds of changes beyond which moves of four sites are too many to try.
  private static let manyChanges = 150

  init(_ problem: ArrangementProblem, reservoirs: Set<Element>) {
    self.problem = problem
    self.reservoirs = reservoirs
    charges = problem.species.map { $0.isVacancy ? 0 : $0.oxidationState ?? 0 }
    var classes: [SiteClass] = []
    var classOfSite = [Int](repeating: 0, count: problem.activeSites.count)
    for (p, pool) in problem.pools.enumerated() {
      for site in pool.sites {
        let candidate = SiteClass(pool: p, allowed: problem.allowed[site])
        if !classes.contains(candidate) { classes.append(candidate) }
        classOfSite[site] = classes.firstIndex(of: candidate) ?? 0
      }
    }
    self.classes = classes
    self.classOfSite = classOfSite
    var changes: [Change] = []
    for (c, siteClass) in classes.enumerated() {
      let species = problem.species.indices.filter { siteClass.allowed >> UInt32($0) & 1 == 1 }
      for from in species {
        for to in species where from != to {
          changes.append(Change(siteClass: c, from: from, to: to))
        }
      }
    }
    self.changes = changes
  }

  /// The moves, smallest first; of a move and its reverse only one.
  func moves() -> [[Change]] {
    var found: [[Int]: (order: Int, changes: [Change])] = [:]
    var order = 0
    var chosen: [Change] = []
    func extend(from start: Int, left: Int) {
      if left == 0 {
        guard isConserving(chosen), isIrreducible(chosen), let net = orientedNet(chosen) else {
          return
        }
        // One of several ways to the same composition: the one that changes fewest elements.
        order += 1
        if let known = found[net], sameElement(known.changes) >= sameElement(chosen) { return }
        found[net] = (found[net]?.order ?? order, chosen)
        return
      }
      for k in start..<changes.count {
        chosen.append(changes[k])
        extend(from: k, left: left - 1)
        chosen.removeLast()
      }
    }
    let largest =
      changes.count > MoveSearch.manyChanges
      ? SemiGrandMoves.largestMove - 1 : SemiGrandMoves.largestMove
    for size in 1...largest { extend(from: 0, left: size) }
    return found.values.sorted { $0.order < $1.order }.map(\.changes)
  }

  /// Whether the charge of the cell and the numbers of all elements without a reservoir are kept.
  private func isConserving(_ set: [Change]) -> Bool {
    let charge = set.reduce(0) { $0 + charges[$1.to] - charges[$1.from] }
    guard charge.magnitude < 1e-9 else { return false }
    return set.allSatisfy { change in
      [change.from, change.to].allSatisfy { species in
        let element = problem.species[species].element
        if element.isVacancy || reservoirs.contains(element) { return true }
        return balance(set, pool: classes[change.siteClass].pool) {
          problem.species[$0].element == element
        } == 0
      }
    }
  }

  /// Gains less losses, in a pool, of the species that satisfy a condition.
  private func balance(_ set: [Change], pool: Int, _ counts: (Int) -> Bool) -> Int {
    set.reduce(0) { sum, change in
      guard classes[change.siteClass].pool == pool else { return sum }
      return sum + (counts(change.to) ? 1 : 0) - (counts(change.from) ? 1 : 0)
    }
  }

  /// Whether no part of the set keeps charge and numbers, and no class both takes and gives a species.
  private func isIrreducible(_ set: [Change]) -> Bool {
    for a in set {
      for b in set where a.siteClass == b.siteClass && a.to == b.from { return false }
    }
    for mask in 1..<((1 << set.count) - 1) {
      let part = set.indices.filter { mask >> $0 & 1 == 1 }.map { set[$0] }
      if isConserving(part) { return false }
    }
    return true
  }

  /// Change of the number of each species in each class if its first entry is positive; nil if it is
  /// negative, and where exchanges within the pools do the same.
  private func orientedNet(_ set: [Change]) -> [Int]? {
    let m = problem.species.count
    let isExchange = set.allSatisfy { change in
      [change.from, change.to].allSatisfy { species in
        balance(set, pool: classes[change.siteClass].pool) { $0 == species } == 0
      }
    }
    if isExchange { return nil }
    var net = [Int](repeating: 0, count: classes.count * m)
    for change in set {
      net[change.siteClass * m + change.from] -= 1
      net[change.siteClass * m + change.to] += 1
    }
    guard let first = net.first(where: { $0 != 0 }), first > 0 else { return nil }
    return net
  }

  private func sameElement(_ set: [Change]) -> Int {
    set.count { problem.species[$0.from].element == problem.species[$0.to].element }
  }

  /// `Va→Mg2+ on 8a, 2 × Mn4+→Mn3+ on 16d`.
  func description(of set: [Change]) -> String {
    let labels = problem.activeLabels
    var parts: [String] = []
    var seen: Set<Change> = []
    for change in set where seen.insert(change).inserted {
      let number = set.count { $0 == change }
      var names: [String] = []
      for (site, siteClass) in classOfSite.enumerated()
      where siteClass == change.siteClass && !names.contains(labels[site]) {
        names.append(labels[site])
      }
      parts.append(
        (number > 1 ? "\(number) × " : "")
          + "\(problem.species[change.from])→\(problem.species[change.to]) on "
          + names.joined(separator: "+"))
    }
    return parts.joined(separator: ", ")
  }
}
