public import Arrangement
internal import Crystal

/// What a linear model of the energy sees of an arrangement.
///
/// In this order: the lattice energy E, eV; the numbers of every species on the sites of every label;
/// the numbers of pairs of species in the shells of every pair of labels (see ``ShellTable``). All are
/// the same for symmetry copies.
public struct PairFeatures: Sendable {
  /// The arrangements and their lattice energies.
  public let space: SearchSpace

  private let table: ShellTable

  /// Features with a number of shells per pair of labels.
  ///
  /// - Throws: ``InputError`` if there are no pairs.
  public init(_ space: SearchSpace, shellCount: Int = ShellTable.defaultShellCount) throws {
    self.space = space
    table = try ShellTable(space.problem, shellCount: shellCount)
  }

  /// The features of an arrangement.
  ///
  /// - Parameter arrangement: Species index of each active site.
  /// - Returns: As many numbers for every arrangement.
  public func callAsFunction(_ arrangement: [UInt8]) -> [Double] {
    let m = space.problem.species.count
    var numbers = [Double](repeating: 0, count: table.groups.count * m)
    for (site, species) in arrangement.enumerated() {
      numbers[table.groupOfSite[site] * m + Int(species)] += 1
    }
    let counts = PairCounts(table: table, speciesCount: m, arrangement: arrangement)
    for (k, shell) in table.shells.enumerated() {
      for s in 0..<m {
        for t in (shell.first == shell.second ? s : 0)..<m {
          numbers.append(Double(counts.count(k, s, t)))
        }
      }
    }
    return [space.energy(arrangement)] + numbers
  }
}
