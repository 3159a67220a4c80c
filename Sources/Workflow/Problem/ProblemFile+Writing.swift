internal import Arrangement
internal import Crystal
internal import Foundation

extension ProblemFile {
  /// Writes the problem as a file of its own.
  ///
  /// - Throws: ``InputError`` if the file exists and is not to be replaced, or cannot be written.
  func write(to path: String, replaces: Bool) throws(InputError) {
    if FileManager.default.fileExists(atPath: path), !replaces {
      throw InputError(
        "the file exists", at: path, hint: "choose another --out, or replace it with --force")
    }
    do {
      try Data(inlineText().utf8).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw InputError("cannot be written: \(reason(error))", at: path)
    }
  }

  /// The problem as a file of its own, with every site of the parent listed.
  ///
  /// Reading it gives the same problem to the last bit, without the parent file or the space group.
  func inlineText() -> String {
    let specification = self.specification
    func numbers(_ v: SIMD3<Double>) -> String { "[\(v.x), \(v.y), \(v.z)]" }
    let lattice = specification.parent.lattice
    let labels = specification.parent.labels ?? []
    var lines = [
      "lattice: [\(lattice.vectors.map(numbers).joined(separator: ", "))]", "sites:",
    ]
    for (i, position) in specification.parent.positions.enumerated() {
      let allowed = specification.allowed[i].map(\.symbol).joined(separator: ", ")
      let label = labels.isEmpty ? "" : "label: \"\(labels[i])\", "
      lines.append("  - {\(label)frac: \(numbers(position.components)), allowed: [\(allowed)]}")
    }
    let rows = specification.supercell.matrix.rows.map { "[\($0.x), \($0.y), \($0.z)]" }
    lines.append("supercell: [\(rows.joined(separator: ", "))]")
    if let composition = specification.composition { lines.append("composition: \(composition)") }
    if let units = specification.formulaUnits { lines.append("formula_units: \(units)") }
    lines += countLines
    if !specification.oxidation.isEmpty {
      let rules = specification.oxidation.sorted { $0.key < $1.key }.map { element, rule in
        switch rule {
        case .fixed(let state): "\(element): \(state)"
        case .auto: "\(element): auto"
        case .integer: "\(element): integer"
        }
      }
      lines.append("oxidation: {\(rules.joined(separator: ", "))}")
    }
    lines.append("energy: \(energy.rawValue)")
    if specification.rounding == .nearest { lines.append("round: true") }
    if specification.chargePolicy == .background { lines.append("allow_charge: true") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Exact numbers and ranges, label by label.
  private var countLines: [String] {
    if ranges.contains(where: { $0.label == nil }) { return ["counts: all"] }
    let exact = specification.counts
    var labels = exact.map(\.label)
    for range in ranges {
      if let label = range.label, !labels.contains(label) { labels.append(label) }
    }
    guard !labels.isEmpty else { return [] }
    return ["counts:"]
      + labels.map { label in
        let own = ranges.filter { $0.label == label }
        if own.contains(where: { $0.element == nil }) { return "  \"\(label)\": all" }
        let numbers = (exact.first { $0.label == label }?.counts ?? [:]).map {
          ($0.key, "\($0.value)")
        }
        let limits = own.compactMap { range in
          range.element.map { ($0, "\(range.numbers.lowerBound)..\(range.numbers.upperBound)") }
        }
        let entries = (numbers + limits).sorted { $0.0 < $1.0 }.map { "\($0.0): \($0.1)" }
        return "  \"\(label)\": {\(entries.joined(separator: ", "))}"
      }
  }
}
