/// Which points of a structure count as sites for more ions.
public struct InsertionSpecification: Hashable, Sendable, Codable {
  /// The ion with its oxidation state, `Mg2+`; nil finds voids by distance alone.
  public var ion: String?

  /// The least distance of a site from any atom, Å.
  public var minimumDistance: Double

  /// The least distance of a site from an atom that is no anion, Å; used if the structure has anions.
  ///
  /// The usual 2.3 Å leaves out sites that share a face with a filled one, such as 16c beside 8a of a
  /// spinel at 1.8 Å; in MgV2O5 glass 2.4 Å still keeps every Mg that 2 Å keeps.
  public var cationDistance: Double

  /// The largest |V − q| / q of the bond-valence sum V of an ion of charge q.
  public var mismatch: Double

  /// Points closer than this are one site, Å.
  public var mergeTolerance: Double

  /// The distance within which positions count as equal when symmetry is looked for, Å.
  public var symprec: Double

  /// The usual choices.
  public init(
    ion: String? = nil, minimumDistance: Double = 1.5, cationDistance: Double = 2.3,
    mismatch: Double = 0.5, mergeTolerance: Double = 0.7, symprec: Double = 0.01
  ) {
    self.ion = ion
    self.minimumDistance = minimumDistance
    self.cationDistance = cationDistance
    self.mismatch = mismatch
    self.mergeTolerance = mergeTolerance
    self.symprec = symprec
  }
}
