internal import Crystal

extension Structure {
  /// The structure with empty sites after its atoms, each group with a label.
  ///
  /// Atoms without labels get their element as label. Other columns are −1, 0, `-` or true there.
  func addingSites(_ groups: [(label: String, positions: [Fractional])]) -> Structure {
    let added = groups.flatMap(\.positions)
    let labels = (self.labels ?? species.map(\.element.symbol))
    let newLabels = groups.flatMap { group in group.positions.map { _ in group.label } }
    var copy = Structure(
      lattice: lattice, species: species + added.map { _ in .vacancy },
      positions: positions + added, title: title, info: info)
    copy.labels = labels + newLabels
    for column in columns where column.name != Column.Name.label {
      let count = added.count * column.width
      let values: Column.Values =
        switch column.values {
        case .text(let old): .text(old + [String](repeating: "-", count: count))
        case .integer(let old): .integer(old + [Int](repeating: -1, count: count))
        case .real(let old): .real(old + [Double](repeating: 0, count: count))
        case .logical(let old): .logical(old + [Bool](repeating: true, count: count))
        }
      copy.set(Column(column.name, width: column.width, values))
    }
    return copy
  }
}
