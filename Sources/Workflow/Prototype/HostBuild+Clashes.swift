internal import Building
internal import Crystal

extension HostBuild {
  /// Two cations, or two anions, that are closer than this cannot both be there, Å.
  static let closestAlike = 1.8

  /// A cation and an anion that are closer than this cannot both be there, Å.
  static let closestBond = 1.3

  /// Atoms beyond which pairs are not searched.
  private static let mostAtoms = 3000

  /// Atoms that sit too close to each other, as on neighbouring sites that exclude each other.
  var clashWarnings: [String] {
    var warnings: [String] = []
    let sites = crystal.prototype.sites
    let labels = host.labels ?? []
    func atoms(_ label: String) -> [Int] {
      labels.indices.filter { labels[$0] == label && !host.species[$0].isVacancy }
    }
    for (index, site) in sites.enumerated() {
      for other in sites[index...] {
        let limit = site.role == other.role ? HostBuild.closestAlike : HostBuild.closestBond
        guard let shell = crystal.row(of: site.label)?.shell(of: other.label),
          shell.distance < limit
        else { continue }
        let (first, second) = (atoms(site.label), atoms(other.label))
        guard !first.isEmpty, !second.isEmpty, first.count + second.count < HostBuild.mostAtoms
        else { continue }
        var pairs = 0
        var nearest = Double.infinity
        for i in first {
          for j in second where site.label != other.label || i < j {
            let distance = host.lattice.distance(host.positions[i], host.positions[j])
            guard distance < limit else { continue }
            pairs += 1
            nearest = min(nearest, distance)
          }
        }
        if pairs > 0 {
          warnings.append(
            "\(pairs) pair\(pairs == 1 ? "" : "s") of atoms on \(site.label) and \(other.label) as "
              + "close as \(fixed(nearest, 2)) Å: these sites exclude each other; arrange them with rank "
              + "or ga, or try another seed")
        }
      }
    }
    return warnings
  }
}
