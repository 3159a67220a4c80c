public import Crystal

/// How densely the Brillouin zone is sampled; every grid contains Γ.
public enum KPointChoice: Codable, Hashable, Sendable {
  /// Γ alone, as for large and amorphous cells.
  case gamma
  /// Points along each reciprocal vector.
  case grid(SIMD3<Int>)
  /// Points per Å⁻¹ of each reciprocal vector without 2π, so n = ⌈density·|b|⌉: the length R of VASP's
  /// automatic mode, Å.
  case density(Double)
  /// Largest distance of points with 2π, Å⁻¹: VASP's KSPACING; the same as a density of 2π/spacing.
  case spacing(Double)

  /// The points along each reciprocal vector of a cell.
  public func grid(_ lattice: Lattice) -> SIMD3<Int> {
    switch self {
    case .gamma: return SIMD3(1, 1, 1)
    case .grid(let grid): return grid
    case .density(let density):
      // |b| = 1/d of the lattice planes. A grid that misses the density by rounding alone is dense enough.
      let points = (density / lattice.planeSpacings - 1e-6).rounded(.up)
      return SIMD3(
        max(1, Int(points.x)), max(1, Int(points.y)), max(1, Int(points.z)))
    case .spacing(let spacing):
      return KPointChoice.density(2 * Double.pi / spacing).grid(lattice)
    }
  }

  /// Reads `gamma`, `4x4x4`, `density 32` or `spacing 0.25`.
  ///
  /// - Throws: ``InputError`` for anything else.
  public init(_ text: String) throws(InputError) {
    let words = text.split(whereSeparator: { $0 == " " || $0 == "=" || $0 == ":" })
    let number = words.count == 2 ? NumberReader.real(words[1]) : nil
    switch words.first?.lowercased() {
    case "gamma" where words.count == 1, "γ" where words.count == 1: self = .gamma
    case "density":
      guard let number, (1...1000).contains(number) else { fallthrough }
      self = .density(number)
    case "spacing":
      guard let number, (0.01...10).contains(number) else { fallthrough }
      self = .spacing(number)
    default:
      let parts = text.split(separator: "x").compactMap { NumberReader.integer($0) }
      guard parts.count == 3, text.filter({ $0 == "x" }).count == 2,
        parts.allSatisfy({ (1...200).contains($0) })
      else {
        throw InputError(
          "\"\(text)\" is no choice of k-points",
          hint:
            "write gamma, 4x4x4, \"density 32\" (points per 1/Å, up to 1000) or \"spacing 0.25\" "
            + "(1/Å with 2π, 0.01 to 10)")
      }
      self = .grid(SIMD3(parts[0], parts[1], parts[2]))
    }
  }

  /// As it is read.
  public var description: String {
    switch self {
    case .gamma: "gamma"
    case .grid(let grid): "\(grid.x)x\(grid.y)x\(grid.z)"
    case .density(let density): "density \(density)"
    case .spacing(let spacing): "spacing \(spacing)"
    }
  }

  /// Reads the text of ``description``.
  public init(from decoder: any Decoder) throws {
    try self.init(decoder.singleValueContainer().decode(String.self))
  }

  /// Writes ``description``.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
