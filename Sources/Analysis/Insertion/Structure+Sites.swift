internal import Crystal

extension Structure {
  /// The structure with empty sites after its atoms, each group with a label.
  ///
  /// Atoms without labels get their element as label. Other columns get what ``Column/padded(by:)``
  /// gives the sites.
  func addingSites(_ groups: [(label: String, positions: [Fractional])]) -> Structure {
    let added = groups.flatMap(\.positions)
    let labels = (self.labels ?? species.map(\.element.symbol))
    let newLabels = groups.flatMap { group in group.positions.map { _ in group.label } }
    var copy = Structure(
      lattice: lattice, species: species + added.map { _ in .vacancy },
      positions: positions + added, title: title, info: info)
    copy.labels = labels + newLabels
    for column in columns where column.name != Column.Name.label {
      copy.set(column.padded(by: added.count))
    }
    return copy
  }
}
