internal import Crystal

/// What `cellgen density` is to do.
public struct DensitySpecification: Codable, Hashable, Sendable {
  /// Trajectories, all in supercells of the same parent.
  public var trajectories: [String] = []

  /// Frames to leave out at the beginning.
  public var skip = 0

  /// Use each such frame.
  public var every = 1

  /// Species of the atom types of a LAMMPS dump.
  public var types: [String] = []

  /// The elements whose densities are wanted.
  public var species: [String] = []

  /// Cell with every site and its label, which the density is folded back to.
  public var parent: String

  /// Largest distance of grid points, Å.
  public var spacing = 0.2

  /// Standard deviation of the Gaussian, Å.
  public var width = 0.2

  /// Densities whose contours are drawn and at which sites are joined, Å⁻³; empty for a tenth of the
  /// largest density.
  public var levels: [Double] = []

  /// Planes, such as `c=0.125`; empty for one through the largest density, normal to c.
  public var slices: [String] = []

  /// Largest distance of two neighbouring sites, Å.
  public var reach = 2.5

  /// The defaults for a parent.
  public init(parent: String) { self.parent = parent }

  /// Checks what can be checked without the files.
  ///
  /// - Throws: ``InputErrors`` with all problems.
  public func validate() throws {
    var problems: [InputError] = []
    func check(_ isGood: Bool, _ option: String, _ found: String, _ expected: String) {
      if !isGood { problems.append(InputError("\(found), expected \(expected)", at: option)) }
    }
    check(!species.isEmpty, "--species", "no element", "such as Mg or Mg,Zn")
    for name in species where Element(symbol: name) == nil {
      problems.append(
        InputError(
          "\"\(name)\" is no element", at: "--species", hint: "write symbols such as Mg"))
    }
    check(spacing > 0, "--spacing", "\(spacing)", "more than 0 Å")
    check(width >= 0 && width <= 5, "--width", "\(width)", "0 to 5 Å")
    check(
      width == 0 || width >= 0.5 * spacing, "--width", "\(width) Å",
      "0 or at least half the grid spacing of \(spacing) Å")
    check(reach > 0 && reach <= 20, "--reach", "\(reach)", "more than 0 Å and at most 20 Å")
    for level in levels { check(level > 0, "--levels", "\(level)", "more than 0 per Å³") }
    for slice in slices where DensitySlice(slice) == nil {
      problems.append(
        InputError("\"\(slice)\", expected a plane such as c=0.125", at: "--slices"))
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
  }
}

/// A plane normal to a reciprocal vector: all points with one fractional coordinate.
struct DensitySlice: Hashable {
  /// 0, 1 or 2 for a, b or c.
  let axis: Int
  /// The fractional coordinate.
  let fraction: Double

  init(axis: Int, fraction: Double) {
    self.axis = axis
    self.fraction = fraction
  }

  /// Reads `c=0.125`.
  init?(_ text: String) {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let axis = ["a", "b", "c"].firstIndex(of: String(parts[0])),
      let fraction = NumberReader.real(parts[1]) ?? NumberReader.rational(parts[1])?.doubleValue
    else { return nil }
    self.axis = axis
    self.fraction = fraction
  }

  /// The plane in a file name and a heading: `c=0.125`.
  var name: String {
    var text = fixed(fraction, 4)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return "\(["a", "b", "c"][axis])=\(text)"
  }
}
