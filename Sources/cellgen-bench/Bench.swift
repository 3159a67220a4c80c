import Crystal
import Energetics
import Foundation

@main struct Main {
  static func time<T>(_ name: String, _ f: () throws -> T) rethrows -> T {
    let t = Date(); let r = try f(); print(name, Date().timeIntervalSince(t)); return r
  }
  static func main() throws {
    let args = CommandLine.arguments
    let nMg = Int(args[1])!
    let a = Double(args[2])!
    let lines = try String(contentsOfFile: "/tmp/explore/sites.txt", encoding: .utf8).split(separator: "\n")
    var labels: [String] = [], pos: [Fractional] = []
    for l in lines { let p = l.split(separator: " "); labels.append(String(p[0])); pos.append(Fractional(Double(p[1])!, Double(p[2])!, Double(p[3])!)) }
    var cell = Structure(lattice: try .cubic(a), species: labels.map { _ in Species(.dummy) }, positions: pos)
    cell.labels = labels
    let sc = try SupercellMatrix(parsing: "3x3x3")
    let big = try cell.repeated(sc)
    // primitive translations: cells x fcc centring
    let idx = sc.indexing(); let cells = sc.cells
    var trans: [[Int]] = []
    let cent: [SIMD3<Double>] = [SIMD3(0,0,0), SIMD3(0,0.5,0.5), SIMD3(0.5,0,0.5), SIMD3(0.5,0.5,0)]
    for c in cent {
      var map: [(Int, SIMD3<Int>)] = []
      for p in pos {
        let q = p.components + c
        for (k, r) in pos.enumerated() {
          let d = q - r.components; let dr = d.rounded(.toNearestOrEven)
          if length(d - dr) < 1e-6 { map.append((k, SIMD3(Int(dr.x), Int(dr.y), Int(dr.z)))); break }
        }
      }
      for t in cells {
        var perm = [Int](repeating: 0, count: big.count)
        for (b, (k, s)) in map.enumerated() { for (ci, cc) in cells.enumerated() { perm[b * 27 + ci] = k * 27 + idx(cc &+ t &+ s) } }
        trans.append(perm)
      }
    }
    let q = (6.0 * 288 - 2 * 288 - 2 * Double(nMg)) / 288
    let species = [Species("Mg2+")!, Species("Zn2+")!, Species(Element(symbol: "Mn")!, oxidationState: q), .vacancy]
    let fixed: [Species?] = big.labels!.map { $0 == "32e" ? Species("O2-")! : nil }
    let pot: PotentialSet? = args[3] == "lc" ? .lewisCatlow : nil
    let table = time("table") { InteractionTable(lattice: big.lattice, positions: big.positions, fixedSpecies: fixed, species: species, translations: trans, potentials: pot) }
    let actLabels = zip(big.labels!, fixed).filter { $0.1 == nil }.map(\.0)
    let n = table.siteCount
    var arr: [UInt8] = Array(repeating: 0, count: nMg) + Array(repeating: 1, count: 288) + Array(repeating: 2, count: 288)
    arr += Array(repeating: 3, count: n - arr.count)
    var stream = RandomStream(seed: 1, purpose: "x"); stream.shuffle(&arr)
    var s = LatticeState(table: table, arrangement: arr)
    time("100 energies") { for _ in 0..<100 { s.refresh() } }
    let rules = ExchangeRules(pools: [(0..<n).map(Int32.init)], allowed: Array(repeating: 15, count: n))
    print("E", s.energy, "cell const", table.constant)
    let natoms = Double(864 + 576 + nMg)
    if args[4] == "fold" {
      // active-site translations
      var act: [Int] = [], inv = [Int](repeating: -1, count: big.count)
      for i in 0..<big.count where fixed[i] == nil { inv[i] = act.count; act.append(i) }
      let tr = trans.map { p in act.map { inv[p[$0]] } }
      let key = Dictionary(uniqueKeysWithValues: tr.enumerated().map { ($0.element[0], $0.offset) })
      let nt = tr.count
      var mul = [[Int]](repeating: [Int](repeating: 0, count: nt), count: nt)
      for a in 0..<nt { for b in 0..<nt { mul[a][b] = key[tr[a][tr[b][0]]]! } }
      func closure(_ gens: [Int]) -> Set<Int> {
        var s: Set<Int> = [key[0]!]; var front = Array(s)
        while let x = front.popLast() { for g in gens { let y = mul[x][g]; if s.insert(y).inserted { front.append(y) } } }
        return s
      }
      var subs: Set<Set<Int>> = []
      for a in 0..<nt { subs.insert(closure([a])) }
      for _ in 0..<2 { for s in subs { for a in 0..<nt where !s.contains(a) { subs.insert(closure(Array(s) + [a])) } } }
      print("subgroups", subs.count)
      var best = 0.0
      var results: [(Double, Int, Set<Int>, Int)] = []
      let t0 = Date()
      let counts = [nMg, 288, 288]
      let budget = Int(args[7])!
      for (si, s) in subs.sorted(by: { ($0.count, $0.sorted().map(String.init).joined(separator: ",")) < ($1.count, $1.sorted().map(String.init).joined(separator: ",")) }).enumerated() {
        let g = s.count
        if g < Int(args[8])! || counts.contains(where: { $0 % g != 0 }) { continue }
        var orb = [Int](repeating: -1, count: n); var c = 0
        for i in 0..<n where orb[i] < 0 { for h in s { orb[tr[h][i]] = c }; c += 1 }
        let ft = table.folded(orbitOfSite: orb, order: g)
        var arr2: [UInt8] = Array(repeating: 0, count: nMg / g) + Array(repeating: 1, count: 288 / g) + Array(repeating: 2, count: 288 / g)
        arr2 += Array(repeating: 3, count: c - arr2.count)
        let r2 = ExchangeRules(pools: [(0..<c).map(Int32.init)], allowed: Array(repeating: 15, count: c))
        for k in 0..<Int(args[9])! {
          var stream = RandomStream(seed: UInt64(k), purpose: "fold", generation: si)
          var ar = arr2; stream.shuffle(&ar)
          var st = LatticeState(table: ft, arrangement: ar)
          st.metropolis(proposals: budget, start: Double(args[5])!, end: Double(args[6])!, rules: r2, using: &stream)
          st.refresh()
          let e = st.energy * Double(g)
          if e < best { best = e; print("new best", e, "g", g, "sites", c, "time", Date().timeIntervalSince(t0)) }
          results.append((e, g, s, k))
        }
      }
      var byg: [Int: Double] = [:]
      for r in results { byg[r.1] = min(byg[r.1] ?? 0, r.0) }
      print(byg.sorted { $0.key < $1.key }, "total time", Date().timeIntervalSince(t0), "runs", results.count)
      return
    }
    for (k, steps) in args[4].split(separator: ",").map({ Int($0)! }).enumerated() {
      var st = s
      var stream = RandomStream(seed: UInt64(k), purpose: "anneal")
      let t = Date()
      let acc = st.metropolis(proposals: steps, start: Double(args[5])!, end: Double(args[6])!, rules: rules, using: &stream)
      let dt = Date().timeIntervalSince(t)
      let e = st.energy; st.refresh()
      var occ: [String: [Int]] = [:]
      for i in 0..<n { occ[actLabels[i], default: [0,0,0,0]][Int(st.arrangement[i])] += 1 }
      print(steps, "E", st.energy, e - st.energy, "eV/atom", st.energy / natoms, "acc", acc, "time", dt, "rate", Double(steps)/dt/1e6, occ.sorted{$0.key<$1.key})
    }
  }
}
