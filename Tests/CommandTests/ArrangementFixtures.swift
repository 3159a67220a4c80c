/// A spinel with a = 8.5 Å and u = 0.2625 whose 8a sites are arranged, as a problem file.
///
/// - Parameters:
///   - counts: What stands after `counts:`.
///   - allowed: On 8a.
///   - manganese: Oxidation state of Mn.
func tetrahedra(
  _ counts: String = "{8a: {Mg: 4}}", allowed: String = "Mg, Va", manganese: String = "auto"
) -> String {
  """
  lattice: 8.5
  spacegroup: Fd-3m
  origin: 2
  sites:
    - {label: 8a,  frac: [0.125, 0.125, 0.125], allowed: [\(allowed)]}
    - {label: 16d, frac: [0.5, 0.5, 0.5], allowed: [Mn]}
    - {label: 32e, frac: [0.2625, 0.2625, 0.2625], allowed: [O]}
  counts: \(counts)
  oxidation: {Mg: 2, O: -2, Mn: \(manganese)}
  energy: ewald

  """
}

/// Problem files that no command on arrangements accepts, with words of the message.
let badProblems: [(problem: String, message: String)] = [
  (tetrahedra("{8a: {Mg: 9}}"), "9 Mg do not fit on 8 sites"),
  (tetrahedra("{8a: {Mg: -1}}"), "expected 0 or more"),
  (tetrahedra("{8a: {Zn: 4}}"), "Zn is counted but not allowed there"),
  (tetrahedra("{8b: {Mg: 4}}"), "did you mean 8a?"),
  (tetrahedra("{16d: {Mn: 4}}"), "all sites of 16d are fixed"),
  (tetrahedra(allowed: ""), "nothing may occupy this site"),
  (tetrahedra(allowed: ""), "with Va for a site that may be empty"),
  (tetrahedra(allowed: "Mg, Zn, Va"), "give numbers for all but one"),
  (tetrahedra("{8a: {Mg: 2.5}}"), "2.5"),
  (tetrahedra("{8a: {Mg: 8..2}}"), "is not a range of numbers"),
  (tetrahedra("{8a: {Mg: 4..}}"), "such as 0..8"),
]
