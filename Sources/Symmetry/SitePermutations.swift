public import Crystal

/// The permutations of the sites of a supercell by the symmetry of its parent crystal.
///
/// The group consists of all space-group operations of the parent that map the lattice of the
/// supercell onto itself, modulo translations of the supercell. Every operation is a translation
/// after one of the ``rotations``, so with T translations (parent lattice and centring) permutation
/// number n is
///
///     permutation(n) = translation(n mod T) ∘ representative(n / T)
///
/// and the permutations 0 ..< T are the translations, the identity first.
///
/// Sites are laid out as in `Structure.repeated`: site i of cell k has index i × det S + k, cells in
/// the order of `SupercellMatrix.cells`.
public struct SitePermutations: Sendable {
  /// Number of sites of the supercell, n.
  public let siteCount: Int

  /// Number of permutations; two operations may permute the sites in the same way.
  public let count: Int

  /// Number of pure translations; they are the permutations 0 ..< `translationCount`.
  public let translationCount: Int

  /// The matrix parts W that map the supercell onto itself, acting on columns of fractional
  /// coordinates of the parent; the unit matrix first.
  ///
  /// Permutation n has the matrix part with index n / `translationCount`.
  public let rotations: [IntegerMatrix]

  /// One permutation of all sites for every matrix part: image of each site.
  private let representatives: [[Int32]]

  /// The operations of the parent that stand for the matrix parts, and its centring translations.
  private let turns, shifts: [SymmetryOperation]

  /// The centring translations of the parent cell, as images of its sites.
  private let centrings: [ParentImage]

  private let cells: CellAddition

  /// How an operation acts on the sites of the parent: site i goes to site `site[i]`, and its cell
  /// moves by the lattice point with index `cell[i]`.
  private struct ParentImage {
    var site: [Int]
    var cell: [Int]
  }

  /// The permutations of `parent.repeated(supercell)`.
  ///
  /// - Parameters:
  ///   - parent: The unit cell with all its sites, the empty ones too.
  ///   - types: One number per site of the parent; only sites with the same number can be alike. Nil
  ///     takes the species.
  ///   - supercell: How the parent is repeated.
  ///   - symprec: The distance within which positions count as equal, Å.
  /// - Throws: ``InputError`` if spglib finds no symmetry.
  public init(
    parent: Structure, types: [Int]? = nil, supercell: SupercellMatrix = .identity,
    symprec: Double = SymmetryDataset.defaultSymprec
  ) throws(InputError) {
    let dataset =
      if let types {
        try SymmetryDataset(parent, types: types, symprec: symprec)
      } else {
        try SymmetryDataset(parent, symprec: symprec)
      }
    // Operations are exact for the idealised crystal; sites may be off by symprec at either end.
    try self.init(
      parent: parent, types: types, operations: dataset.operations, supercell: supercell,
      tolerance: max(4 * symprec, 1e-2))
  }

  /// The permutations by operations that are given.
  ///
  /// - Parameters:
  ///   - parent: The unit cell with all its sites, the empty ones too.
  ///   - types: One number per site of the parent; only sites with the same number can be alike. Nil
  ///     takes the species.
  ///   - operations: A group of operations of the parent, modulo its lattice translations.
  ///   - supercell: How the parent is repeated.
  ///   - tolerance: Largest distance between a mapped site and the site that it falls on, Å.
  /// - Throws: ``InputError`` if the operations are not a group, or do not map sites onto sites.
  public init(
    parent: Structure, types: [Int]? = nil, operations: [SymmetryOperation],
    supercell: SupercellMatrix = .identity, tolerance: Double = 1e-2
  ) throws(InputError) {
    precondition(types?.count ?? parent.count == parent.count, "one type per site")
    for (site, position) in parent.positions.enumerated() {
      guard (0..<3).allSatisfy({ position.components[$0].magnitude < 1e6 }) else {
        throw InputError("site \(site + 1) has a fractional coordinate that is not a usable number")
      }
    }
    let cosets = try SitePermutations.cosets(operations)
    let kept = cosets.rotations.indices.filter {
      supercell.isMapped(ontoItselfBy: cosets.rotations[$0])
    }
    let cells = CellAddition(supercell)
    let matcher = SiteMatcher(parent: parent, types: types, tolerance: tolerance)
    func image(_ operation: SymmetryOperation) throws(InputError) -> ParentImage {
      let match = try matcher.images(under: operation)
      return ParentImage(site: match.sites, cell: match.translations.map(cells.index))
    }
    var centrings: [ParentImage] = []
    for operation in cosets.translations { centrings.append(try image(operation)) }
    var representatives: [[Int32]] = []
    for coset in kept {
      let operation = cosets.representatives[coset]
      let parentImage = try image(operation)
      let turned = cells.points.map { cells.index($0.turned(by: operation.rotation)) }
      var images: [Int32] = []
      images.reserveCapacity(parent.count * cells.count)
      for i in 0..<parent.count {
        let base = parentImage.site[i] * cells.count
        let row = cells.sums(with: parentImage.cell[i])
        for k in turned { images.append(Int32(base) + row[k]) }
      }
      representatives.append(images)
    }
    self.siteCount = parent.count * cells.count
    self.translationCount = centrings.count * cells.count
    self.count = kept.count * centrings.count * cells.count
    self.rotations = kept.map { cosets.rotations[$0] }
    self.representatives = representatives
    self.turns = kept.map { cosets.representatives[$0] }
    self.shifts = cosets.translations
    self.centrings = centrings
    self.cells = cells
  }

  /// The indices of the pure translations, a subgroup.
  public var translations: Range<Int> { 0..<translationCount }

  /// The image of every site under one permutation.
  ///
  /// - Parameter index: 0 ..< ``count``; 0 is the identity.
  /// - Returns: n sites; an atom on site s moves to site `result[s]`.
  /// - Complexity: O(n).
  public func permutation(_ index: Int) -> [Int] {
    precondition((0..<count).contains(index), "no such permutation")
    let translation = translationImages(index % translationCount)
    return representatives[index / translationCount].map { Int(translation[Int($0)]) }
  }

  /// The operation that permutes the sites in this way, in the basis of the parent.
  ///
  /// - Parameter index: 0 ..< ``count``; 0 is the identity.
  /// - Returns: One of the operations that do so; others differ by translations of the supercell.
  public func operation(_ index: Int) -> SymmetryOperation {
    precondition((0..<count).contains(index), "no such operation")
    let turn = turns[index / translationCount]
    let translation = index % translationCount
    let cell = cells.points[translation % cells.count]
    let shift = shifts[translation / cells.count].translation
    return SymmetryOperation(
      rotation: turn.rotation,
      translation: turn.translation + shift
        + SIMD3(Double(cell.x), Double(cell.y), Double(cell.z)))
  }

  /// The sites grouped into orbits of the whole group, each ascending, in the order of their first
  /// sites.
  public var orbits: [[Int]] {
    // Lattice translations make all copies of a parent site alike, so the parent's sites decide.
    let cellCount = cells.count
    let parentCount = siteCount / cellCount
    var orbitOfParentSite = [Int](repeating: -1, count: parentCount)
    var orbits: [[Int]] = []
    for start in 0..<parentCount where orbitOfParentSite[start] < 0 {
      var members = [start]
      orbitOfParentSite[start] = orbits.count
      var next = 0
      while next < members.count {
        let site = members[next]
        next += 1
        let images =
          centrings.map { $0.site[site] }
          + representatives.map { Int($0[site * cellCount]) / cellCount }
        for image in images where orbitOfParentSite[image] < 0 {
          orbitOfParentSite[image] = orbits.count
          members.append(image)
        }
      }
      orbits.append(
        members.sorted().flatMap { Array(($0 * cellCount)..<(($0 + 1) * cellCount)) })
    }
    return orbits
  }

  /// The action of the group on some of the sites, without repetitions.
  ///
  /// - Parameter sites: Sites that the group maps among themselves, such as all sites on which
  ///   species are exchanged; the table uses positions in this list.
  /// - Returns: Each different permutation of the sites once, translations first.
  /// - Throws: ``InputError`` if an operation maps one of them onto another site, or if the table
  ///   would not fit into memory.
  public func table(of sites: [Int]) throws(InputError) -> PermutationTable {
    let entries = count.multipliedReportingOverflow(by: sites.count)
    guard !entries.overflow, entries.partialValue <= PermutationTable.entryLimit,
      sites.count <= Int(UInt16.max)
    else {
      throw InputError(
        "\(count) symmetry operations on \(sites.count) sites do not fit into memory",
        hint: "use a smaller supercell")
    }
    var positionOfSite = [Int](repeating: -1, count: siteCount)
    for (position, site) in sites.enumerated() { positionOfSite[site] = position }
    func restricted(_ images: [Int32]) throws(InputError) -> [UInt16] {
      var row: [UInt16] = []
      row.reserveCapacity(sites.count)
      for site in sites {
        let position = positionOfSite[Int(images[site])]
        guard position >= 0 else {
          throw InputError(
            "symmetry maps site \(site + 1) onto site \(images[site] + 1), which is not among the "
              + "sites chosen",
            hint: "choose all equivalent sites together")
        }
        row.append(UInt16(position))
      }
      return row
    }
    var shifts: [[UInt16]] = []
    for index in 0..<translationCount { shifts.append(try restricted(translationImages(index))) }
    var turns: [[UInt16]] = []
    for images in representatives { turns.append(try restricted(images)) }
    return PermutationTable(sites: sites, turns: turns, shifts: shifts)
  }

  /// The image of every site under translation number `index`.
  private func translationImages(_ index: Int) -> [Int32] {
    let centring = centrings[index / cells.count]
    let shift = cells.sums(with: index % cells.count)
    var images: [Int32] = []
    images.reserveCapacity(siteCount)
    for i in centring.site.indices {
      let base = Int32(centring.site[i] * cells.count)
      let row = cells.sums(with: Int(shift[centring.cell[i]]))
      for k in 0..<cells.count { images.append(base + row[k]) }
    }
    return images
  }

  /// Operations sorted into cosets of the translations.
  private struct Cosets {
    /// The translations, the identity first.
    var translations: [SymmetryOperation]
    /// The matrix parts, the unit matrix first.
    var rotations: [IntegerMatrix]
    /// One operation for every matrix part.
    var representatives: [SymmetryOperation]
  }

  private static func cosets(_ operations: [SymmetryOperation]) throws(InputError) -> Cosets {
    var cosetOfRotation: [IntegerMatrix: Int] = [.identity: 0]
    var cosets: [[SymmetryOperation]] = [[]]
    for operation in operations {
      if let coset = cosetOfRotation[operation.rotation] {
        cosets[coset].append(operation)
      } else {
        cosetOfRotation[operation.rotation] = cosets.count
        cosets.append([operation])
      }
    }
    // The identity first: the translation that is nearest to a lattice point.
    func size(_ operation: SymmetryOperation) -> Double {
      let w = operation.translation
      let rest = w - w.rounded(.toNearestOrEven)
      return dot(rest, rest)
    }
    let identity = cosets[0].indices.min { size(cosets[0][$0]) < size(cosets[0][$1]) }
    guard let identity, size(cosets[0][identity]) < 1e-4,
      cosets.allSatisfy({ $0.count == cosets[0].count })
    else {
      throw InputError("the symmetry operations are not a group")
    }
    cosets[0].swapAt(0, identity)
    cosets[0][0] = .identity
    return Cosets(
      translations: cosets[0], rotations: cosets.map { $0[0].rotation },
      representatives: cosets.map { $0[0] })
  }
}
