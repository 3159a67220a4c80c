import Arrangement
import Crystal
import Energetics
import Foundation
import Search

@main struct Main {
  static func time<T>(_ name: String, _ f: () throws -> T) rethrows -> T {
    let t = Date(); let r = try f(); print(name, Date().timeIntervalSince(t)); return r
  }
  static func main() async throws {
    let args = CommandLine.arguments
    let lines = try String(contentsOfFile: "/tmp/explore/sites.txt", encoding: .utf8).split(separator: "\n")
    var labels: [String] = [], pos: [Fractional] = []
    for l in lines { let p = l.split(separator: " "); labels.append(String(p[0])); pos.append(Fractional(Double(p[1])!, Double(p[2])!, Double(p[3])!)) }
    var cell = Structure(lattice: try .cubic(8.5), species: labels.map { _ in Species(.dummy) }, positions: pos)
    cell.labels = labels
    let el = { (s: String) in s == "Va" ? Element.vacancy : Element(symbol: s)! }
    let spec = ProblemSpecification(parent: cell, allowed: labels.map { $0 == "32e" ? [el("O")] : [el("Mg"), el("Zn"), el("Mn"), el("Va")] },
      supercell: try SupercellMatrix(parsing: args[3]), composition: try Composition(parsing: args[1]))
    let problem = try ArrangementProblem(spec)
    print(problem.ledger.rows.map { "\($0.species) \($0.count) \($0.origin)" })
    let space = try time("space") { try SearchSpace(problem, potentials: args[2] == "lc" ? .lewisCatlow : nil) }
    print("scale", space.exchangeScale, "group", space.symmetry.canonicalForm.groupOrder)
    let gens = Int(args[4])!
    for seed in args[6].split(separator: ",").map({ UInt64($0)! }) {
    var par = GeneticAlgorithm.Parameters(); par.refinement = Int(args[5])!
    if args.count > 7 { par.start = .init(rawValue: args[7])! }
    let env = ProcessInfo.processInfo.environment
    if let x = env["X"] { let v = x.split(separator: ",").map { Double($0)! }; par.twoPoint = v[0]; par.uniform = v[1]; par.splice = v[2]; par.mutation = v[3] }
    let ga = GeneticAlgorithm(space: space, parameters: par, seed: seed)
    let t0 = Date()
    var (p, _) = await ga.start(threads: 2)
    print("gen 0", p.members.first!.energy, p.members.last!.energy, "time", Date().timeIntervalSince(t0))
    var origins: [String: Int] = [:]
    for g in 1...gens {
      let before = p.members.first!.energy
      (p, _) = await ga.next(after: p, threads: 2)
      if p.members.first!.energy < before - 1e-6 { origins[p.members.first!.origin, default: 0] += 1 }
      if g % max(1, gens / 10) == 0 { print("gen", g, p.members.first!.energy, p.members.last!.energy, "dup", p.duplicates, "last", p.lastImprovement, "time", Date().timeIntervalSince(t0)) }
    }
    print(origins, problem.occupancy(of: p.members[0].genes).map { o in o.label + " " + o.elements.map { "\($0.element) \($0.count)" }.joined(separator: " ") }, "deg", p.members[0].degeneracy, "e/atom", p.members[0].energy / Double(problem.atomCount))
    }
  }
}
