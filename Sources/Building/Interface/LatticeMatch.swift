internal import Crystal

/// A common cell of two surfaces: supercells of both with nearly equal vectors.
public struct LatticeMatch: Hashable, Sendable {
  /// Vectors of the film's supercell as multiples of its own, row by row.
  public let film: [Int]

  /// Vectors of the substrate's supercell as multiples of its own, row by row.
  public let substrate: [Int]

  /// Area of the substrate's supercell, Å².
  public let area: Double

  /// Cells of the film and of the substrate in the common cell.
  public let cells: SIMD2<Int>

  /// Mean size of the two principal strains that take the film onto the substrate.
  public let meanStrain: Double

  /// These strains, the smaller first; negative means that the film is compressed.
  public let principalStrains: SIMD2<Double>

  /// Angle by which the film is turned, degrees, counterclockwise.
  public let twistDegrees: Double

  let filmMatrix: PlaneMatrix
  let substrateMatrix: PlaneMatrix
}

/// The search for common cells of two lattices in a plane.
///
/// All superlattices of both up to an area are reduced and compared; of each pair the basis of the
/// film is chosen that strains it least. A match is listed only if no smaller one has as little strain.
///
/// Reference: A. Zur and T. C. McGill, J. Appl. Phys. 55, 378 (1984).
struct LatticeMatching {
  let film: PlaneLattice
  let substrate: PlaneLattice
  let maximumArea: Double

  /// The reduced superlattices of each index, index − 1.
  private let filmCells: [[PlaneMatrix]]
  private let substrateCells: [[PlaneMatrix]]

  /// Superlattices of one lattice that are not taken for a mistake.
  private static let indexLimit = 400

  init(film: PlaneLattice, substrate: PlaneLattice, maximumArea: Double) throws(InputError) {
    guard maximumArea.isFinite, maximumArea >= max(film.area, substrate.area) else {
      throw InputError(
        "a largest area of \(maximumArea) Å², but the cells have \(fixed(film.area, 2)) and "
          + "\(fixed(substrate.area, 2)) Å²", at: "area", hint: "allow a larger area")
    }
    func cells(_ lattice: PlaneLattice) throws(InputError) -> [[PlaneMatrix]] {
      let most = Int(maximumArea / lattice.area + 1e-9)
      guard most <= LatticeMatching.indexLimit else {
        throw InputError(
          "\(maximumArea) Å² hold \(most) cells, expected at most \(LatticeMatching.indexLimit)",
          at: "area", hint: "allow a smaller area")
      }
      return (1...most).map { index in
        PlaneMatrix.hermiteForms(index: index).map {
          lattice.superlattice($0).reduction() * $0
        }
      }
    }
    self.film = film
    self.substrate = substrate
    self.maximumArea = maximumArea
    self.filmCells = try cells(film)
    self.substrateCells = try cells(substrate)
  }

  /// Changes of basis that take reduced vectors to others that are reduced, or nearly so.
  private static let bases: [PlaneMatrix] = {
    var list: [PlaneMatrix] = []
    let range = [0, 1, -1]
    for a in range {
      for b in range {
        for c in range {
          for d in range where a * d - b * c == 1 { list.append(PlaneMatrix(a, b, c, d)) }
        }
      }
    }
    return list.sorted { $0 == .identity && $1 != .identity }
  }()

  /// Matches with a mean strain up to a limit, the smallest area first, each with less strain than
  /// all before.
  func matches(within limit: Double) -> [LatticeMatch] {
    var front: [LatticeMatch] = []
    for (index, cells) in substrateCells.enumerated() {
      let area = Double(index + 1) * substrate.area
      let least = front.last.map { min($0.meanStrain - 1e-7, limit) } ?? limit
      if let match = best(cells, area: area, within: least) { front.append(match) }
    }
    return front
  }

  /// The match of least strain on one of some superlattices of the substrate of the same area.
  private func best(
    _ cells: [PlaneMatrix], area: Double, within limit: Double
  ) -> LatticeMatch? {
    // Both principal stretches lie in 1 ± 2 × mean strain, so areas and shortest vectors do as well.
    let (low, high) = (max(0.05, 1 - 2 * limit), 1 + 2 * limit)
    let first = Int((area / (high * high) / film.area).rounded(.up))
    let last = min(Int(area / (low * low) / film.area), filmCells.count)
    guard max(first, 1) <= last else { return nil }
    var (found, strain): ((PlaneMatrix, PlaneMatrix, PlaneMap)?, Double) = (nil, limit)
    for filmCell in filmCells[(max(first, 1) - 1)..<last].joined() {
      let f = film.superlattice(filmCell)
      let (fa, fb) = ((f.a * f.a).sum(), (f.b * f.b).sum())
      for cell in cells {
        let s = substrate.superlattice(cell)
        let (ra, rb) = ((s.a * s.a).sum() / fa, (s.b * s.b).sum() / fb)
        guard ra >= low * low * 0.999, ra <= high * high * 1.001, rb >= low * low * 0.999,
          rb <= high * high * 1.001
        else { continue }
        for basis in LatticeMatching.bases {
          let map = PlaneMap(from: f.superlattice(basis), to: s)
          let own = map.meanStrain
          // Of equal strains the smallest twist is the simplest.
          let isBetter =
            own < strain - 1e-9
            || own <= strain + 1e-9
              && (found.map { map.twistDegrees.magnitude < $0.2.twistDegrees.magnitude - 1e-6 }
                ?? (own <= limit))
          guard isBetter else { continue }
          (found, strain) = ((basis * filmCell, cell, map), min(own, strain))
        }
      }
    }
    guard let (filmMatrix, cell, map) = found else { return nil }
    let (f, s) = (filmMatrix, cell)
    return LatticeMatch(
      film: [f.aa, f.ab, f.ba, f.bb], substrate: [s.aa, s.ab, s.ba, s.bb], area: area,
      cells: SIMD2(f.determinant, s.determinant), meanStrain: map.meanStrain,
      principalStrains: map.principalStrains, twistDegrees: map.twistDegrees, filmMatrix: f,
      substrateMatrix: s)
  }

  /// The match of least strain at all, up to a mean strain of one half.
  func nearest() -> LatticeMatch? {
    for limit in [0.1, 0.2, 0.35, 0.5] {
      if let match = matches(within: limit).last { return match }
    }
    return nil
  }
}
