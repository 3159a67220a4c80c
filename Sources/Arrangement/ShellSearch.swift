internal import Crystal

/// All pairs of active sites within a distance, and how they fall into shells.
struct ShellSearch {
  /// Pairs of sites by pair of groups: first site, second site, distance.
  private var pairs: [[(distance: Double, first: Int32, second: Int32)]]
  private let groupPairs: [(Int, Int)]

  /// A shell before it is numbered: positions in the sorted pairs of its pair of groups.
  struct Shell {
    var groupPair: Int
    var range: Range<Int>
  }

  /// Collects pairs from each site of the first group to each image of a site of the second.
  init(
    _ problem: ArrangementProblem, _ groups: [ShellTable.Group], radius: Double
  ) throws(InputError) {
    let lattice = problem.structure.lattice
    let n = Double(problem.activeSites.count)
    // Sites have a volume of their own: an estimate of the pairs that will be kept.
    let expected = n * n / lattice.volume * 4.2 * radius * radius * radius
    guard expected < Double(ShellTable.pairLimit) else {
      throw InputError(
        "shells up to \(fixed(radius, 1)) Å have too many pairs", at: "cutoff",
        hint: "ask for fewer shells or a smaller cutoff")
    }
    let points = lattice.latticePoints(within: radius)
    let images = points.map {
      Double($0.x) * lattice.a + Double($0.y) * lattice.b + Double($0.z) * lattice.c
    }
    let positions = problem.activeSites.map { problem.structure.positions[$0].components }
    var groupPairs: [(Int, Int)] = []
    var pairs: [[(distance: Double, first: Int32, second: Int32)]] = []
    for a in groups.indices {
      for b in a..<groups.count {
        var list: [(distance: Double, first: Int32, second: Int32)] = []
        for i in groups[a].sites {
          for j in groups[b].sites {
            var f = positions[j] - positions[i]
            f -= f.rounded(.toNearestOrEven)
            let d = lattice.cartesian(Fractional(f)).components
            for (point, image) in zip(points, images) where i != j || point != .zero {
              let r = d + image
              let r2 = dot(r, r)
              if r2 <= radius * radius { list.append((r2.squareRoot(), Int32(i), Int32(j))) }
            }
          }
        }
        list.sort { ($0.distance, $0.first, $0.second) < ($1.distance, $1.first, $1.second) }
        groupPairs.append((a, b))
        pairs.append(list)
      }
    }
    self.groupPairs = groupPairs
    self.pairs = pairs
  }

  /// The whole shells within a radius, for each pair of groups.
  func shells(radius: Double, tolerance: Double) -> [[Shell]] {
    pairs.enumerated().map { groupPair, list in
      var shells: [Shell] = []
      var start = 0
      for k in list.indices {
        let isLast = k + 1 == list.count
        if !isLast && list[k + 1].distance - list[k].distance <= tolerance { continue }
        // Pairs just beyond the radius could belong to the last shell.
        if list[k].distance <= radius {
          shells.append(Shell(groupPair: groupPair, range: start..<(k + 1)))
        }
        start = k + 1
      }
      return shells
    }
  }

  /// Numbers the shells and lists the neighbours of every site.
  func table(
    _ kept: [Shell], siteCount: Int
  ) -> (shells: [ShellTable.Shell], offsets: [Int32], neighbours: [ShellTable.Neighbour]) {
    var lists = [[ShellTable.Neighbour]](repeating: [], count: siteCount)
    let shells = kept.enumerated().map { index, shell in
      let list = pairs[shell.groupPair]
      let (a, b) = groupPairs[shell.groupPair]
      // Sorted by sites, so that images of one pair stand side by side.
      let members = list[shell.range].sorted { ($0.first, $0.second) < ($1.first, $1.second) }
      func add(_ site: Int32, _ neighbour: Int32, _ side: ShellTable.Side) {
        let last = lists[Int(site)].count - 1
        if last >= 0, lists[Int(site)][last].site == neighbour,
          lists[Int(site)][last].shell == Int32(index)
        {
          lists[Int(site)][last].multiplicity += 1
        } else {
          lists[Int(site)].append(
            ShellTable.Neighbour(
              site: neighbour, shell: Int32(index), multiplicity: 1,
              side: site == neighbour ? .itself : side))
        }
      }
      for pair in members { add(pair.first, pair.second, a == b ? .both : .first) }
      if a != b { for pair in members { add(pair.second, pair.first, .second) } }
      let sum = members.reduce(0) { $0 + $1.distance }
      return ShellTable.Shell(
        distance: sum / Double(members.count), first: a, second: b, pairs: members.count)
    }
    var offsets: [Int32] = [0]
    for list in lists { offsets.append(offsets[offsets.count - 1] + Int32(list.count)) }
    return (shells, offsets, lists.flatMap { $0 })
  }
}
