internal import Analysis
internal import Crystal

/// Diffusion coefficients at several temperatures, read from a table.
struct ArrheniusTable {
  /// The points in cm²/s.
  let points: [ArrheniusFit.Point]

  /// Reads a CSV table with the columns `T_K`, `D_cm2_s` and, if there are errors, `D_error_cm2_s`.
  ///
  /// - Throws: ``InputError`` with the line of a mistake.
  init(_ path: String) throws {
    let text = try readText(path)
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    var columns: (temperature: Int, value: Int, error: Int?)?
    var points: [ArrheniusFit.Point] = []
    for (index, line) in lines.enumerated() {
      let place = "\(path):\(index + 1)"
      if line.allSatisfy(\.isWhitespace) || line.hasPrefix("#") { continue }
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
        .map { String($0).trimmingSpaces }
      guard let found = columns else {
        let names = cells.map { $0.replacing("\u{FEFF}", with: "") }
        guard let temperature = names.firstIndex(of: "T_K"),
          let value = names.firstIndex(of: "D_cm2_s")
        else {
          throw InputError(
            "found the columns \(names.joined(separator: ", "))", at: place,
            hint: "expected T_K, D_cm2_s and perhaps D_error_cm2_s")
        }
        columns = (temperature, value, names.firstIndex(of: "D_error_cm2_s"))
        continue
      }
      func number(_ column: Int, _ name: String) throws(InputError) -> Double {
        guard cells.indices.contains(column), let value = NumberReader.real(cells[column]) else {
          throw InputError(
            "\(name) is \"\(cells.indices.contains(column) ? cells[column] : "")\", expected a finite "
              + "number", at: place)
        }
        return value
      }
      let point = ArrheniusFit.Point(
        temperature: try number(found.temperature, "T_K"),
        diffusivity: try number(found.value, "D_cm2_s"),
        error: try found.error.flatMap {
          cells.indices.contains($0) && cells[$0].isEmpty ? nil : try number($0, "D_error_cm2_s")
        })
      guard point.temperature > 0, point.diffusivity > 0, point.error ?? 1 > 0 else {
        throw InputError("found a value that is not above 0", at: place)
      }
      points.append(point)
    }
    guard columns != nil else { throw InputError("the table is empty", at: path) }
    self.points = points
  }
}

extension String {
  /// The text without spaces at both ends.
  fileprivate var trimmingSpaces: String {
    let start = drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}
