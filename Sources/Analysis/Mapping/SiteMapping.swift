public import Crystal

/// The atoms of a relaxed structure on the sites of the crystal that it came from.
///
/// Strain and rotation of the cell and a rigid shift are taken off first. Then atoms and sites are
/// paired so that the sum of the squared displacements is the least possible one,
///
///     Σ |rᵢ − r(site of i)|²          [Å²]
///
/// where an atom without a site counts as one that is displaced by the cutoff. Shift and pairs are
/// found in turns until they agree.
///
/// Conventions: A_relaxed = S A_parent (1 + ε) R, vectors as rows. Of shifts that differ by a lattice
/// translation of the parent the shortest one is taken.
public struct SiteMapping: Sendable {
  /// One entry for every atom of the relaxed structure, in its order; empty sites are left out.
  public let atoms: [MappedAtom]

  /// The parent repeated to the relaxed cell, without strain, every atom on its site and `Va` on the
  /// others; columns `label`, `parent_site`, `cell_index`, and `atom`: index of the atom in the
  /// relaxed structure, −1 on empty sites.
  public let structure: Structure

  /// S: the cell as a supercell of the parent, or of its primitive cell.
  public let supercell: SupercellMatrix

  /// Whether ``supercell`` refers to the primitive cell, because the parent's own has no such supercell.
  public let usesPrimitiveCell: Bool

  /// The strain ε in the frame of the parent: xx, yy, zz, yz, xz, xy; shear as tensor components.
  public let strain: [Double]

  /// The largest modulus of the principal strains.
  public let largestStrain: Double

  /// The angle of the rotation R, degrees.
  public let rotationDegrees: Double

  /// The rigid shift that was taken off, Å, in the frame of the parent.
  public let shift: SIMD3<Double>

  /// Where the atoms' origins are from.
  public let origin: MappingOrigin

  /// Species of each site in the parent, in the order of ``structure``.
  let parentSpecies: [Species]

  /// Rounds of assignment and shift that are enough in practice.
  private static let roundLimit = 6

  /// Shift that is not worth another round, Å.
  private static let shiftTolerance = 1e-5

  /// Name of the column that holds the index of the atom on each site.
  public static let atomColumn = "atom"

  /// Assigns the atoms.
  ///
  /// - Parameters:
  ///   - relaxed: The structure to map; empty sites in it are not looked at.
  ///   - parent: Every site of the crystal with its label, empty ones as `Va`: a unit cell, or a cell
  ///     of the size of the relaxed one.
  ///   - reference: The same atoms before they were relaxed, with labels: the n-th atom of an element
  ///     is taken for the n-th of that element in `relaxed`. Nil takes the labels of `relaxed`, or
  ///     without any those on which the parent holds the elements.
  ///   - specification: How atoms are assigned.
  /// - Throws: ``InputError`` if the parent has no labels, the cells do not fit, or there are more
  ///   atoms than sites for them.
  public init(
    _ relaxed: Structure, parent: Structure, reference: Structure? = nil,
    _ specification: MappingSpecification = MappingSpecification()
  ) throws(InputError) {
    let input = try MappingInput(relaxed, parent: parent, reference: reference, specification)
    let fit = try ParentFit(
      input.atoms, parent: input.parent, isAnion: input.isAnion, labelIsAnion: input.labelIsAnion,
      specification)
    try input.check(fit.sites)
    let matching = fit.matching
    var shift = fit.shift
    var assigned = matching.assignment(without: shift)
    for _ in 0..<SiteMapping.roundLimit where specification.shift == .find {
      let steps = matching.framework.compactMap { assigned[$0]?.displacement }
      guard !steps.isEmpty else { break }
      let step = steps.reduce(.zero, +) / Double(steps.count)
      guard length(step) > SiteMapping.shiftTolerance else { break }
      shift += step
      assigned = matching.assignment(without: shift)
    }
    let labels = fit.sites.labels ?? []
    self.atoms = assigned.indices.map { atom in
      let near = matching.options(
        for: atom, without: shift,
        within: specification.cutoff * SiteMatching.nextSiteReach)
      func place(_ option: (site: Int, displacement: SIMD3<Double>, distance: Double)?)
        -> MappedAtom.Place?
      {
        option.map { .init(site: $0.site, label: labels[$0.site], distance: $0.distance) }
      }
      let own = assigned[atom].flatMap { pair in near.first { $0.site == pair.site } }
      let next = near.first { $0.site != own?.site }
      var isAmbiguous = false
      if let own, let next {
        isAmbiguous = own.distance > specification.ambiguityRatio * next.distance
      }
      return MappedAtom(
        atom: input.indexOfAtom[atom], site: place(own), nextSite: place(next),
        displacement: own?.displacement ?? .zero, origin: input.origins[atom],
        isAmbiguous: isAmbiguous)
    }
    self.structure = SiteMapping.ideal(
      fit.sites, input.atoms, sites: self.atoms.map { $0.site?.site }, input.indexOfAtom)
    self.supercell = fit.match.supercell
    self.usesPrimitiveCell = fit.usesPrimitiveCell
    self.strain = fit.match.strain.voigt
    self.largestStrain = fit.match.largestStrain
    self.rotationDegrees = fit.match.rotationDegrees
    self.shift = shift
    self.origin = input.origin
    self.parentSpecies = fit.sites.species
  }

  /// The atoms on the sites; charges travel with the atoms.
  private static func ideal(
    _ sites: Structure, _ atoms: Structure, sites siteOfAtom: [Int?], _ indexOfAtom: [Int]
  ) -> Structure {
    var species = [Species](repeating: .vacancy, count: sites.count)
    var atomOfSite = [Int](repeating: -1, count: sites.count)
    var charges = [Double](repeating: 0, count: sites.count)
    for (atom, site) in siteOfAtom.enumerated() {
      guard let site else { continue }
      species[site] = atoms.species[atom]
      atomOfSite[site] = indexOfAtom[atom]
      charges[site] = atoms.charges?[atom] ?? 0
    }
    let kept = [Column.Name.label, Column.Name.parentSite, Column.Name.cellIndex]
    var ideal = Structure(
      lattice: sites.lattice, species: species, positions: sites.positions,
      columns: sites.columns.filter { kept.contains($0.name) }, title: atoms.title)
    if atoms.charges != nil { ideal.charges = charges }
    ideal.set(Column(atomColumn, .integer(atomOfSite)))
    return ideal
  }
}
