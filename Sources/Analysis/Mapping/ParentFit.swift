internal import Crystal
internal import Symmetry

/// The parent repeated to the cell of a relaxed structure, and the rigid shift between them.
struct ParentFit {
  /// The repeated parent, without strain.
  let sites: Structure

  /// Strain, rotation and supercell.
  let match: LatticeMatch

  /// Whether the supercell was made of the primitive cell of the parent.
  let usesPrimitiveCell: Bool

  /// Atoms and sites.
  let matching: SiteMatching

  /// The shift, Å, and the mean squared distance that it leaves, Å².
  let shift: SIMD3<Double>
  let cost: Double

  /// Finds cell and shift; of equally strained cells the one whose sites fit best.
  init(
    _ atoms: Structure, parent: Structure, isAnion: [Bool], labelIsAnion: [String: Bool],
    _ specification: MappingSpecification
  ) throws(InputError) {
    let found = try ParentFit.matches(atoms, parent, isAnion, labelIsAnion, specification)
    var best: ParentFit?
    for match in found.matches.prefix(48) {
      let fit = try ParentFit(
        match, atoms, parent: found.parent, isPrimitive: found.isPrimitive, isAnion, labelIsAnion,
        specification)
      if fit.cost < (best?.cost ?? .infinity) - 1e-6 { best = fit }
    }
    guard let best else { throw InputError("no cell of the parent fits") }
    self = best
  }

  private init(
    _ match: LatticeMatch, _ atoms: Structure, parent: Structure, isPrimitive: Bool,
    _ isAnion: [Bool], _ labelIsAnion: [String: Bool], _ specification: MappingSpecification
  ) throws(InputError) {
    let sites: Structure
    do {
      sites = try parent.repeated(match.supercell)
    } catch {
      throw InputError("\(error)", at: "parent")
    }
    let siteIsAnion = (sites.labels ?? []).map { labelIsAnion[$0] ?? false }
    let matching = SiteMatching(
      lattice: sites.lattice, sites: sites.positions, siteIsAnion: siteIsAnion,
      atoms: atoms.positions, isAnion: isAnion, cutoff: specification.cutoff)
    self.sites = sites
    self.match = match
    self.usesPrimitiveCell = isPrimitive
    self.matching = matching
    switch specification.shift {
    case .none:
      self.shift = .zero
      self.cost = matching.quality(Array(atoms.species.indices), without: .zero).cost
    case .find:
      let framework = isAnion.contains(true)
      let firstCell = stride(from: 0, to: sites.count, by: match.supercell.cellCount)
        .filter { !framework || siteIsAnion[$0] }
      let search = ShiftSearch(matching, parent: parent.lattice, firstCell: firstCell)
      self.shift = search.shift
      self.cost = search.cost
    }
  }

  /// Supercells of the parent, or of its primitive cell if there are none.
  private static func matches(
    _ atoms: Structure, _ parent: Structure, _ isAnion: [Bool], _ labelIsAnion: [String: Bool],
    _ specification: MappingSpecification
  ) throws(InputError) -> (matches: [LatticeMatch], parent: Structure, isPrimitive: Bool) {
    let anions = isAnion.count { $0 }
    func search(_ parent: Structure, _ limit: Double) -> [LatticeMatch] {
      let sites = (parent.labels ?? []).count { labelIsAnion[$0] ?? false }
      // A full framework tells the number of cells whatever the strain.
      var counts: [Int?] = [nil]
      if sites > 0, anions > 0, anions.isMultiple(of: sites) {
        counts.insert(anions / sites, at: 0)
      }
      for orientation in [LatticeMatch.Orientation.same, .any] {
        for cells in counts {
          let found = LatticeMatch.search(
            parent: parent.lattice, relaxed: atoms.lattice, cells: cells, largestStrain: limit,
            orientation: orientation)
          switch orientation {
          case .same: if let first = found.first { return [first] }
          case .any: if !found.isEmpty { return found }
          }
        }
      }
      return []
    }
    let limit = specification.largestStrain
    let direct = search(parent, limit)
    if !direct.isEmpty { return (direct, parent, false) }
    if let primitive = primitiveCell(of: parent), primitive.count < parent.count {
      let found = search(primitive, limit)
      if !found.isEmpty { return (found, primitive, true) }
    }
    let (relaxed, own) = (atoms.lattice.lengths, parent.lattice.lengths)
    func text(_ l: SIMD3<Double>) -> String {
      (0..<3).map { fixed(l[$0], 3) }.joined(separator: ", ")
    }
    let near = search(parent, min(0.4, 2.5 * limit)).first
    let hint =
      if let near {
        "supercell \(near.supercell) would fit with a strain of "
          + "\(fixed(100 * near.largestStrain, 1)) %; raise the limit if that is meant"
      } else {
        "the relaxed cell must be the parent's cell, or a supercell of it; another cell of the same "
          + "crystal can be made with cellgen supercell"
      }
    throw InputError(
      "the relaxed cell (a, b, c = \(text(relaxed)) Å) is no supercell of the parent's "
        + "(\(text(own)) Å) within a strain of \(fixed(100 * limit, 1)) %",
      hint: hint)
  }

  /// The primitive cell of a parent in which sites with different labels or species differ.
  private static func primitiveCell(of parent: Structure) -> Structure? {
    guard let labels = parent.labels else { return nil }
    let kinds = zip(labels, parent.species).map { "\($0) \($1)" }
    let names = Set(kinds).sorted()
    var marked = parent
    for (site, kind) in kinds.enumerated() {
      guard let number = names.firstIndex(of: kind),
        let element = Element(atomicNumber: number + 1)
      else { return nil }
      marked.setSpecies(Species(element), at: site)
    }
    guard var cell = try? CellChoice.primitive(marked) else { return nil }
    for (site, label) in (cell.labels ?? []).enumerated() {
      let kind = names[cell.species[site].element.atomicNumber - 1]
      guard let first = kinds.firstIndex(of: kind), labels[first] == label else { return nil }
      cell.setSpecies(parent.species[first], at: site)
    }
    cell.removeColumn(Column.Name.parentSite)
    cell.removeColumn(Column.Name.cellIndex)
    return cell
  }
}
