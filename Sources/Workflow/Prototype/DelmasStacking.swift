/// Stackings of slabs MX2 after Delmas: coordination of the ion (O octahedral, P prismatic, T
/// tetrahedral) and number of slabs per cell.
public enum DelmasStacking: String, Hashable, Codable, Sendable, CaseIterable {
  /// R-3m, as LiCoO2.
  case o3 = "O3"
  /// P6_3mc.
  case o2 = "O2"
  /// P6_3/mmc, as Na0.7CoO2.
  case p2 = "P2"
  /// R3m.
  case p3 = "P3"
  /// P-3m1, as LiTiS2.
  case o1 = "O1"
  /// P-3m1 with tetrahedral ions, as 1T-Li2NiO2.
  case t1 = "T1"

  /// The stacking with a name, in capitals or not; nil if there is none.
  init?(named name: some StringProtocol) { self.init(rawValue: name.uppercased()) }
}
