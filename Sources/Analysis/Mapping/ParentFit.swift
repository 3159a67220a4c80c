internal import Crystal
internal import Symmetry

/// The parent repeated to the cell of a relaxed structure, and the rigid shift between them.
struct ParentFit {
  /// The repeated parent, without strain.
  let sites: Structure

  /// Strain, rotation and supercell.
  let match: ParentCell

  /// Whether the supercell was made of the primitive cell of the parent.
  let usesPrimitiveCell: Bool

  /// Atoms and sites.
  let matching: SiteMatching

  /// The shift, Å, and the mean squared distance that it leaves, Å².
  let shift: SIMD3<Double>
  let cost: Double

  /// Mean squared distance from the nearest sites that needs no other try, Å².
  private static let goodCost = 0.35

  /// Above this the atoms are as far from the sites as anywhere, Å².
  private static let hopelessCost = 0.72

  /// Cells that differ by more than a small rotation are only looked for up to this strain, since
  /// there are too many of them.
  private static let turnedLimit = 0.07

  /// Cells that are tried in the same orientation, and in any.
  private static let trialLimits = (same: 30, any: 200)

  /// Finds cell and shift.
  ///
  /// A large cell has many matches with little strain that have nothing to do with the crystal, so
  /// matches are tried, those with the least strain first, until the atoms lie near sites.
  init(
    _ atoms: Structure, parent: Structure, isAnion: [Bool], labelIsAnion: [String: Bool],
    _ specification: MappingSpecification
  ) throws(InputError) {
    var best: ParentFit?
    var tried: Set<[SIMD3<Int>]> = []
    let limit = specification.largestStrain
    let limits = [0.02, 0.04, ParentFit.turnedLimit].filter { $0 < limit } + [limit]
    search: for isPrimitive in [false, true] {
      guard let parent = isPrimitive ? ParentFit.primitiveCell(of: parent) : parent else { break }
      let sites = (parent.labels ?? []).count { labelIsAnion[$0] ?? false }
      let anions = isAnion.count { $0 }
      // A full framework tells the number of cells whatever the strain.
      var counts: [Int?] = [nil]
      if sites > 0, anions > 0, anions.isMultiple(of: sites) {
        counts.insert(anions / sites, at: 0)
      }
      for orientation in [ParentCell.Orientation.same, .any] {
        tried = []
        let trialLimit =
          orientation == .same ? ParentFit.trialLimits.same : ParentFit.trialLimits.any
        let (counts, limits) =
          orientation == .same
          ? (counts, limits)
          : (Array(counts.prefix(1)), limits.filter { $0 <= ParentFit.turnedLimit })
        for (cells, limit) in counts.flatMap({ cells in limits.map { (cells, $0) } }) {
          let matches = ParentCell.search(
            parent: parent.lattice, relaxed: atoms.lattice, cells: cells, largestStrain: limit,
            orientation: orientation)
          for match in matches where tried.count < trialLimit {
            guard tried.insert(match.supercell.matrix.rows).inserted else { continue }
            let fit = try ParentFit(
              match, atoms, parent: parent, isPrimitive: isPrimitive, isAnion, labelIsAnion,
              specification)
            if fit.cost < (best?.cost ?? .infinity) - 1e-6 { best = fit }
            if fit.cost < ParentFit.goodCost { break search }
          }
        }
      }
    }
    guard let best else {
      throw ParentFit.noMatch(atoms.lattice, parent.lattice, specification)
    }
    guard best.cost < ParentFit.hopelessCost else {
      throw InputError(
        "the atoms are \(fixed(best.cost.squareRoot(), 2)) Å from the nearest sites (root mean square), "
          + "expected less than \(fixed(ParentFit.hopelessCost.squareRoot(), 2)) Å",
        hint: "was the relaxed structure made from this parent, and is its cell right?")
    }
    self = best
  }

  private init(
    _ match: ParentCell, _ atoms: Structure, parent: Structure, isPrimitive: Bool,
    _ isAnion: [Bool], _ labelIsAnion: [String: Bool], _ specification: MappingSpecification
  ) throws(InputError) {
    let sites: Structure
    var parent = parent
    if match.supercell != .identity {
      // Indices of a parent that is a supercell itself would not be unique.
      parent.removeColumn(Column.Name.parentSite)
      parent.removeColumn(Column.Name.cellIndex)
    }
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

  /// Says why no supercell fits.
  private static func noMatch(
    _ relaxed: Lattice, _ parent: Lattice, _ specification: MappingSpecification
  ) -> InputError {
    let limit = specification.largestStrain
    func text(_ l: SIMD3<Double>) -> String {
      (0..<3).map { fixed(l[$0], 3) }.joined(separator: ", ")
    }
    let near = ParentCell.search(
      parent: parent, relaxed: relaxed, cells: nil, largestStrain: min(0.4, 2.5 * limit),
      orientation: .same
    ).first
    let hint =
      if let near {
        "supercell \(near.supercell) would fit with a strain of "
          + "\(fixed(100 * near.largestStrain, 1)) %; raise the limit if that is meant"
      } else {
        "the relaxed cell must be the parent's cell, or a supercell of it; another cell of the same "
          + "crystal can be made with cellgen supercell"
      }
    return InputError(
      "the relaxed cell (a, b, c = \(text(relaxed.lengths)) Å) is no supercell of the parent's "
        + "(\(text(parent.lengths)) Å) within a strain of \(fixed(100 * limit, 1)) %",
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
    guard var cell = try? CellChoice.primitive(marked), cell.count < parent.count else {
      return nil
    }
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
