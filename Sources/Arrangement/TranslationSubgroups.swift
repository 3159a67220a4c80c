internal import Symmetry

/// The subgroups of the translations of a supercell that count in a Möbius inversion.
///
/// The Möbius function μ(1, H) of a finite abelian group is zero unless H is a product of elementary
/// abelian groups Cₚʳ, each of which contributes (-1)ʳ p^(r(r-1)/2) (P. Hall, Proc. London Math. Soc.
/// 40, 468, 1936).
struct TranslationSubgroups {
  /// Subgroups with a Möbius function that is not zero, the trivial one first.
  let weighted: [Subgroup]

  /// A subgroup by generators.
  struct Subgroup: Sendable {
    /// Indices of permutations.
    var generators: [Int]
    /// μ(1, H).
    var moebius: Int
  }

  init(_ table: PermutationTable) {
    let count = table.translationCount
    var indexOfPermutation: [ArraySlice<UInt16>: Int] = [:]
    for t in 0..<count { indexOfPermutation[table.permutation(t)] = t }
    func product(_ s: Int, _ t: Int) -> Int {
      let (a, b) = (table.permutation(s), table.permutation(t))
      let image = b.map { a[a.startIndex + Int($0)] }
      return indexOfPermutation[ArraySlice(image)] ?? 0
    }
    let products = (0..<count).map { s in (0..<count).map { product(s, $0) } }
    func order(_ t: Int) -> Int {
      var (power, order) = (t, 1)
      while power != 0 {
        power = products[power][t]
        order += 1
      }
      return order
    }
    let orders = (0..<count).map(order)
    let prime = (1..<max(1, count)).filter { t in
      orders[t] > 1 && (2..<orders[t]).allSatisfy { orders[t] % $0 != 0 }
    }

    // Grow subgroups by one element of prime order at a time; each is found once by its elements.
    struct Grown {
      var elements: [Int]
      var generators: [Int]
      var ranks: [Int: Int]
    }
    var found: [Grown] = [Grown(elements: [0], generators: [], ranks: [:])]
    var seen: Set<[Int]> = [[0]]
    var next = 0
    while next < found.count {
      let base = found[next]
      next += 1
      for t in prime where !base.elements.contains(t) {
        var elements: Set<Int> = Set(base.elements)
        var power = t
        for _ in 1..<orders[t] {
          for element in base.elements { elements.insert(products[element][power]) }
          power = products[power][t]
        }
        let sorted = elements.sorted()
        guard seen.insert(sorted).inserted else { continue }
        found.append(
          Grown(
            elements: sorted, generators: base.generators + [t],
            ranks: base.ranks.merging([orders[t]: 1], uniquingKeysWith: +)))
      }
    }
    weighted = found.map { subgroup in
      let moebius = subgroup.ranks.reduce(1) { product, entry in
        let (p, rank) = entry
        let power = (0..<(rank * (rank - 1) / 2)).reduce(1) { value, _ in value * p }
        return product * (rank % 2 == 0 ? power : -power)
      }
      return Subgroup(generators: subgroup.generators, moebius: moebius)
    }
  }
}
