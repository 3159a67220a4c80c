internal import Crystal

extension CIFSites {
  /// The columns that say how sites are shared; none for an ordered crystal.
  ///
  /// - Parameters:
  ///   - listed: The site that each atom of the cell is an image of.
  ///   - sharesPoints: Whether points are overfull, so that lines will be asked for.
  /// - Returns: Columns over the atoms of the cell.
  func disorderColumns(_ listed: [Int], sharesPoints: Bool) -> [Column] {
    let isPartial = occupancies.contains { $0 != 1 }
    let hasGroups = !disorderGroups.isEmpty
    guard isPartial || hasGroups || sharesPoints else { return [] }
    var columns: [Column] = []
    if isPartial {
      columns.append(Column(Column.Name.occupancy, .real(listed.map { occupancies[$0] })))
    }
    if isPartial, occupancyUncertainties.contains(where: { $0 != nil }) {
      columns.append(
        Column(
          Column.Name.occupancyUncertainty,
          .real(listed.map { occupancyUncertainties[$0] ?? 0 })))
    }
    if hasGroups {
      columns.append(
        Column(
          Column.Name.disorderAssembly, .text(listed.map { disorderAssemblies[$0] })))
      columns.append(
        Column(Column.Name.disorderGroup, .text(listed.map { disorderGroups[$0] })))
    }
    let lines = loop.lines()
    if let last = rows.last, last < lines.count {
      columns.append(
        Column(Column.Name.fileLine, .integer(listed.map { lines[rows[$0]] })))
    }
    return columns
  }
}
