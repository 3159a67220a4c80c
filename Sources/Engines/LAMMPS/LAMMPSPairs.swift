internal import Crystal
internal import Energetics

/// Pair potentials as pair styles of LAMMPS, and as tables where it has none.
///
/// Buckingham, Born-Mayer-Huggins, Morse and Lennard-Jones terms, r⁻⁶, r⁻⁸ and r⁻¹² are exact; the others,
/// and everything that is truncated smoothly, go by tables in steps of r². r⁻¹² is a Lennard-Jones term
/// whose attraction a Buckingham term without repulsion takes away.
///
/// Reference: https://docs.lammps.org/pair_hybrid.html, https://docs.lammps.org/pair_table.html
struct LAMMPSPairs {
  /// The tables as they stand in a file; nil if there are none.
  private(set) var tables: String?

  private let cutoff: Double
  private let truncation: Truncation
  /// Coefficients of a style for a pair of types.
  private struct Row {
    var pair: String
    var style: String
    /// Which of several terms of this style.
    var copy: Int
    var numbers: [Double]
  }
  private var rows: [Row] = []
  /// Names of tables by pair of types.
  private var names: [(pair: String, name: String)] = []
  /// Pairs of types without any term.
  private var absent: [String] = []

  /// Points of a table.
  private let points: Int

  /// Step of r² in tables, Å²: at 1 Å, points are 0.0025 Å apart.
  private static let step = 0.005

  /// Where tables begin, Å.
  ///
  /// LAMMPS ends with an error if atoms come nearer.
  private static let nearest = 0.3

  /// Finds the styles for a model.
  init(_ model: LAMMPSModel) {
    cutoff = model.cutoff
    truncation = model.potentials?.truncation ?? .plain
    let (near, far) = (LAMMPSPairs.nearest * LAMMPSPairs.nearest, cutoff * cutoff)
    points = Int(((far - near) / LAMMPSPairs.step).rounded(.up)) + 1
    let types = model.types
    for (i, first) in types.enumerated() {
      for (j, second) in types.enumerated() where j >= i {
        let pair = "\(i + 1) \(j + 1)"
        guard let potential = model.potentials?.potential(first, second), !potential.terms.isEmpty
        else {
          absent.append(pair)
          continue
        }
        var rest: [PairPotential.Term] = []
        var copies: [String: Int] = [:]
        for term in potential.terms {
          guard truncation != .smooth, let styles = LAMMPSPairs.styles(term) else {
            rest.append(term)
            continue
          }
          for (style, numbers) in styles {
            copies[style, default: 0] += 1
            rows.append(
              Row(pair: pair, style: style, copy: copies[style] ?? 1, numbers: numbers))
          }
        }
        if !rest.isEmpty {
          let name = "PAIR_\(i + 1)_\(j + 1)"
          names.append((pair, name))
          tables = (tables ?? "") + table(name, PairPotential(rest))
        }
      }
    }
  }

  /// The styles that add up to a term, with their coefficients; nil if there are none.
  private static func styles(
    _ term: PairPotential.Term
  ) -> [(style: String, numbers: [Double])]? {
    let w = term.weight
    switch term.form {
    case .buckingham(let amplitude, let range, let dispersion):
      return [("buck", [w * amplitude, range, w * dispersion])]
    case .bornMayerHuggins(let amplitude, let size, let range, let c, let d):
      // LAMMPS adds D/r⁸.
      return [("born", [w * amplitude, range, size, w * c, -w * d])]
    case .morse(let depth, let stiffness, let distance):
      return [("morse", [w * depth, stiffness, distance])]
    case .lennardJones(let depth, let size):
      return [("lj/cut", [w * depth, size])]
    case .inversePower(let coefficient, 6):
      return [("buck", [0, 1, -w * coefficient])]
    case .inversePower(let coefficient, 8):
      return [("born", [0, 1, 1, 0, w * coefficient])]
    case .inversePower(let coefficient, 12):
      return [("lj/cut", [w * coefficient / 4, 1]), ("buck", [0, 1, -w * coefficient])]
    case .inversePower, .screenedCoulomb, .nuclearRepulsion:
      return nil
    }
  }

  /// The lines that choose styles and give their coefficients.
  func lines(isCharged: Bool, tables: String) -> [String] {
    let styles = Set(rows.map(\.style)).sorted()
    let copies = styles.map { style in
      rows.reduce(0) { max($0, $1.style == style ? $1.copy : 0) }
    }
    if isCharged, names.isEmpty, truncation != .smooth, styles.count == 1, copies == [1],
      let zeros = LAMMPSPairs.withCoulomb[styles[0]]
    {
      // One style with both parts takes one pass over the neighbours.
      return ["pair_style \(styles[0])/coul/long \(cutoff)"]
        + absent.map { "pair_coeff \($0) \(zeros)" } + rows.map(coefficients)
        + (truncation == .shifted ? ["pair_modify shift yes"] : [])
    }
    var words: [String] = isCharged ? ["coul/long \(cutoff)"] : []
    for (style, count) in zip(styles, copies) {
      words += [String](repeating: "\(style) \(cutoff)", count: count)
    }
    if !names.isEmpty { words.append("table spline \(points)") }
    var lines = ["pair_style hybrid/overlay " + words.joined(separator: " ")]
    if isCharged {
      lines.append("pair_coeff * * coul/long")
    } else {
      lines += absent.map { "pair_coeff \($0) none" }
    }
    for row in rows {
      let isSingle = zip(styles, copies).contains { $0 == row.style && $1 == 1 }
      let style = isSingle ? row.style : "\(row.style) \(row.copy)"
      lines.append(coefficients(row, style: style))
    }
    lines += names.map { "pair_coeff \($0.pair) table \(tables) \($0.name) \(cutoff)" }
    if truncation == .shifted { lines.append("pair_modify shift yes") }
    return lines
  }

  /// Styles that LAMMPS also has together with the Coulomb part, with coefficients for nothing.
  private static let withCoulomb = ["buck": "0 1 0", "born": "0 1 1 0 0", "lj/cut": "0 1"]

  private func coefficients(_ row: Row) -> String { coefficients(row, style: "") }

  private func coefficients(_ row: Row, style: String) -> String {
    (["pair_coeff", row.pair, style].filter { !$0.isEmpty } + row.numbers.map { "\($0)" })
      .joined(separator: " ")
  }

  /// One table: number, r, energy and force in each line.
  private func table(_ name: String, _ potential: PairPotential) -> String {
    let (shift, tilt): (Double, Double) =
      switch truncation {
      case .plain: (0, 0)
      case .shifted: (potential.energy(cutoff), 0)
      case .smooth: (potential.energy(cutoff), potential.derivative(cutoff))
      }
    let (near, far) = (LAMMPSPairs.nearest * LAMMPSPairs.nearest, cutoff * cutoff)
    var text = "\(name)\nN \(points) RSQ \(LAMMPSPairs.nearest) \(cutoff)\n\n"
    for k in 0..<points {
      let r = (near + (far - near) * Double(k) / Double(points - 1)).squareRoot()
      let energy = potential.energy(r) - shift - (r - cutoff) * tilt
      text += "\(k + 1) \(r) \(energy) \(tilt - potential.derivative(r))\n"
    }
    return text + "\n"
  }
}
