internal import Building
internal import Crystal
internal import Report

extension PrototypeCrystal {
  /// Nearest neighbours of each label, distances in Å.
  var neighbourTable: Table {
    let labels = siteTable.map(\.label)
    var table = Table(
      title: "Nearest neighbours of each kind: distance in Å (number)", columns: ["site"] + labels)
    for row in siteTable {
      table.append(
        [row.label]
          + labels.map { label in
            row.shell(of: label).map { "\(fixed($0.distance, 3)) (\($0.count))" } ?? "-"
          })
    }
    return table
  }
}
