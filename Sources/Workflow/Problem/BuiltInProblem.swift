/// The problem that a search uses when it is given none: Mg0.5ZnMnO3 on the 3×3×3 spinel cell.
///
/// 864 O on 32e and 1,080 cation sites 8a, 16c and 16d, each of which may take Mg, Zn, Mn or stay
/// empty: the host of R. Nakahara et al., Zn-Assisted Mg Ion Transport in Spinel Oxide Cathodes. The
/// cell edge is that of cellgen's spinel default, not a published one.
public enum BuiltInProblem {
  /// Its name in messages.
  public static let name = "built-in problem"

  /// What it is, for the first line of a run.
  public static let summary =
    "Mg0.5ZnMnO3 on the 3x3x3 spinel cell (1,080 cation sites and 864 O)"

  /// Its problem file.
  public static let text = """
    # MgxZnMnO3: Mg, Zn, Mn and vacancies on the cation sites of a spinel.
    lattice: [[8.5, 0, 0], [0, 8.5, 0], [0, 0, 8.5]]
    spacegroup: Fd-3m
    origin: 2
    sites:
      - {label: 8a,  frac: [0.125, 0.125, 0.125], allowed: [Mg, Zn, Mn, Va]}
      - {label: 16c, frac: [0, 0, 0], allowed: [Mg, Zn, Mn, Va]}
      - {label: 16d, frac: [0.5, 0.5, 0.5], allowed: [Mg, Zn, Mn, Va]}
      - {label: 32e, frac: [0.2625, 0.2625, 0.2625], allowed: [O]}
    supercell: 3x3x3
    composition: Mg0.5ZnMnO3
    oxidation: {Mg: 2, Zn: 2, Mn: auto, O: -2}
    energy: lattice

    """
}
