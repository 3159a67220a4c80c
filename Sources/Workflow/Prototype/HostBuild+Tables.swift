internal import Arrangement
internal import Building
internal import Crystal
internal import Report

extension HostBuild {
  /// The results as they are printed on a terminal.
  public var text: String {
    let width = summary.reduce(0) { max($0, $1.key.count) }
    let lines = summary.map { "\($0.key.padded(to: width))  \($0.value)\n" }
    return [siteTable.text, neighbourTable.text, lines.joined()].joined(separator: "\n")
  }

  /// The sites with what sits there.
  var siteTable: Table {
    let cells = supercell.cellCount
    let name = cells == 1 ? "unit cell" : "supercell \(supercell), \(cells) cells"
    let numbers =
      latticeNumbers.map { "\($0.name) = \($0.value)\($0.unit)" }
      + definition.parameters.map { "\($0.name) = \($0.value)" }
    var table = Table(
      title: "\(definition.title), \(groupText), \(numbers.joined(separator: ", ")), \(name)",
      columns: [
        "site", "per cell", "in all", "symmetry", "position", "coordination", "in the host",
        "allowed",
      ])
    for row in crystal.siteTable {
      let x = row.representative.components
      table.append([
        row.label, "\(row.multiplicity)", "\(row.multiplicity * cells)", row.siteSymmetry,
        [x.x, x.y, x.z].map(coordinateText).joined(separator: " "), coordinationText(row),
        occupants(row.label).map { "\($0.count) \($0.species)" }.joined(separator: ", "),
        allowed(row).joined(separator: " "),
      ])
    }
    return table
  }

  /// Nearest neighbours of each label.
  var neighbourTable: Table { crystal.neighbourTable }

  /// Totals, the problem, the source and the checks.
  var summary: [(key: String, value: String)] {
    var lines = [
      (
        "host",
        "\(formula), \(atomCount) atoms on \(host.count) sites"
          + (isRandom ? ", mixed sites at random, seed \(filling.seed)" : "")
      ), ("volume", "\(fixed(host.lattice.volume, 3)) Å³"),
      ("charge", totalCharge.map { "\(fixed($0, 3)) e" } ?? "not defined (no oxidation states)"),
    ]
    for ratio in definition.ratios {
      guard let value = ratio.value(definition.lattice) else { continue }
      lines.append((ratio.name, fixed(value, 4)))
    }
    if let problem {
      let units = problem.problem.formulaUnits ?? 1
      lines += [
        (
          "problem",
          "\(problem.composition), \(units) formula unit\(units == 1 ? "" : "s"), "
            + "\(problem.problem.activeSites.count) sites to arrange"
        ), ("energy", "\(problem.file.energy.rawValue): \(problem.file.energy.caveat)"),
      ]
    }
    let status = definition.status == .refined ? "" : " (defaults: relax before use)"
    lines += [
      ("source", definition.source + status), ("verified", checks.joined(separator: "; ")),
    ]
    return lines
  }

  /// What was compared, one phrase each.
  var checks: [String] {
    ["multiplicities, site symmetries and space group (spglib)", "distances"]
      + (problem == nil ? [] : ["problem.yaml gives back all sites"])
  }

  /// `Fd-3m (227), origin choice 2`.
  private var groupText: String {
    let origin = definition.originChoice.map { ", origin choice \($0)" } ?? ""
    return "\(crystal.spaceGroupSymbol) (\(crystal.spaceGroupNumber))\(origin)"
  }

  /// The free lattice parameters with their units, in their usual order.
  var latticeNumbers: [(name: String, value: Double, unit: String)] {
    LatticeShape.allParameters.compactMap { name in
      definition.lattice[name].map { (name, $0, name.count == 1 ? " Å" : "°") }
    }
  }

  /// What sits on a label, vacancies included.
  func occupants(_ label: String) -> [SiteCount] {
    counts.filter { $0.label == label && $0.count > 0 }
  }

  /// What may sit on a label in the problem.
  func allowed(_ row: SiteTableRow) -> [String] {
    HostProblem.allowed(row, problem?.composition ?? formula).map(\.symbol)
  }
}
