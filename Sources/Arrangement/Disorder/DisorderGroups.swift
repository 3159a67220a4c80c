internal import Crystal

/// What disorder groups of a file mean for single sites.
///
/// Atoms of different groups of one assembly exclude one another. Alternatives on one position are a
/// mixed site; alternatives on different positions are more than single sites can hold, unless one
/// group is chosen.
struct DisorderGroups {
  /// The atoms that are left.
  private(set) var atoms: [DisorderedAtom]

  /// What was done, one sentence each.
  private(set) var notes: [String] = []

  /// What single sites do not know of, one sentence each.
  private(set) var warnings: [String] = []

  /// Applies a choice, or refuses what needs one.
  ///
  /// - Parameters:
  ///   - atoms: All atoms.
  ///   - choice: The group that is kept; nil keeps all that can be kept.
  ///   - lattice: The cell.
  ///   - distance: Atoms nearer than this share a position, Å.
  ///   - problems: Takes what must be refused.
  init(
    _ atoms: [DisorderedAtom], choice: Int?, lattice: Lattice, distance: Double,
    _ problems: inout DisorderProblems
  ) {
    self.atoms = atoms
    let assemblies = distinct(atoms.filter { $0.group != nil }.map(\.assembly)).sorted()
    if let choice {
      guard !assemblies.isEmpty else {
        problems.report(
          "disorder group \(choice) is chosen, but the structure has no disorder groups", at: nil)
        return
      }
      for assembly in assemblies {
        choose("\(choice)", in: assembly, lattice, distance, &problems)
      }
    } else {
      let clusters = DisorderedSite.clusters(atoms, lattice: lattice, distance: distance)
      for assembly in assemblies { check(assembly, clusters, &problems) }
    }
  }

  private func groups(of assembly: String) -> [String] {
    distinct(atoms.filter { $0.assembly == assembly }.compactMap(\.group)).sorted()
  }

  private static func name(_ assembly: String) -> String {
    assembly.isEmpty ? "" : " of assembly \(assembly)"
  }

  /// Keeps one group of an assembly, and scales it up to be there always.
  private mutating func choose(
    _ group: String, in assembly: String, _ lattice: Lattice, _ distance: Double,
    _ problems: inout DisorderProblems
  ) {
    let known = groups(of: assembly)
    guard known.contains(group) else {
      problems.report(
        "there is no disorder group \(group)\(DisorderGroups.name(assembly))",
        at: atoms.first { $0.assembly == assembly && $0.group != nil },
        hint: "groups are \(known.joined(separator: ", "))")
      return
    }
    let kept = atoms.filter { $0.assembly == assembly && $0.group == group }
    let clusters = DisorderedSite.clusters(kept, lattice: lattice, distance: distance)
    let fullest = clusters.map { $0.reduce(0) { $0 + kept[$1].occupancy } }.max() ?? 1
    let left = atoms.filter { $0.assembly == assembly && $0.group != nil && $0.group != group }
    atoms.removeAll { $0.assembly == assembly && $0.group != nil && $0.group != group }
    let scale = fullest > 0 && fullest < 1 ? 1 / fullest : 1
    if scale > 1 {
      for n in atoms.indices where atoms[n].assembly == assembly && atoms[n].group == group {
        // Scaling must neither add digits nor take them away.
        let tolerance = atoms[n].tolerance
        atoms[n].uncertainty = atoms[n].occupancy == fullest ? nil : tolerance * scale
        atoms[n].occupancy = atoms[n].occupancy == fullest ? 1 : atoms[n].occupancy * scale
      }
    }
    var note = "disorder group \(group)\(DisorderGroups.name(assembly)) is kept"
    if scale > 1 { note += ", its occupancies divided by \(shortest(fullest)) to be there always" }
    if !left.isEmpty {
      note += "; left out: \(distinct(left.map(\.name)).joined(separator: ", "))"
    }
    notes.append(note)
  }

  /// Refuses alternatives that are not all on the same positions.
  private mutating func check(
    _ assembly: String, _ clusters: [[Int]], _ problems: inout DisorderProblems
  ) {
    var clusterOfAtom = [Int](repeating: 0, count: atoms.count)
    for (n, cluster) in clusters.enumerated() {
      for atom in cluster { clusterOfAtom[atom] = n }
    }
    let known = groups(of: assembly)
    let place = DisorderGroups.name(assembly)
    func members(_ group: String) -> [Int] {
      atoms.indices.filter { atoms[$0].assembly == assembly && atoms[$0].group == group }
    }
    func names(_ group: String) -> String {
      distinct(members(group).map { problems.name(atoms[$0]) }).joined(separator: ", ")
    }
    for group in known where group.hasPrefix("-") {
      warnings.append(
        "disorder group \(group)\(place) (\(names(group))) excludes its own images by symmetry; "
          + "single sites do not know that, and arrangements may have both")
    }
    guard known.count > 1 else { return }
    let positions = known.map { Set(members($0).map { clusterOfAtom[$0] }) }
    guard positions.allSatisfy({ $0 == positions[0] }) else {
      let list = known.map { "\($0) (\(names($0)))" }.joined(separator: " and ")
      problems.report(
        "disorder groups \(list)\(place) are alternatives on different positions, which sites that "
          + "are filled one by one cannot hold",
        at: members(known[0]).first.map { atoms[$0] },
        hint: "choose the group that is kept (disorder group "
          + "\(known.joined(separator: " or "))), or remove the rows of all groups but one")
      return
    }
    if positions[0].count > 1, distinct(members(known[0]).map { atoms[$0].rowKey }).count > 1 {
      warnings.append(
        "disorder groups \(known.joined(separator: ", "))\(place) share their positions; each "
          + "position is filled by itself, not all of a group together")
    }
  }
}
