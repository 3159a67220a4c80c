internal import Arrangement
internal import Crystal
internal import Foundation

/// Reads lists of arrangements in either format back into structures.
struct ArrangementReader {
  /// One arrangement of a list.
  struct Entry {
    var id: Int
    var supercell: SupercellMatrix?
    var composition: String
    var degeneracy: Int
    var spaceGroup: String
    var species: [UInt8]
  }

  private let path: String
  private let file: ProblemFile
  private let data: Data
  private let layout: Layout

  private enum Layout {
    /// Column numbers by name, and where the rows begin.
    case csv([String: Int], start: Int)
    /// Cases with their problems and numbers of records, space groups, and where the records begin.
    case compact([(ArrangementArchive.Case, Int)], [String], start: Int)
  }

  /// Whether a file is a list of arrangements, by its first bytes.
  static func isArchive(_ path: String) -> Bool {
    guard let handle = FileHandle(forReadingAtPath: path),
      let head = try? handle.read(upToCount: 64)
    else { return false }
    let text = String(decoding: head, as: UTF8.self)
    return text.hasPrefix("# cellgen") || text.hasPrefix(ArrangementArchive.signature)
  }

  /// Opens a list.
  ///
  /// - Throws: ``InputError`` if it is damaged or incomplete.
  init(_ path: String) throws {
    self.path = path
    do {
      data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    } catch {
      throw InputError("cannot be read: \(reason(error))", at: path)
    }
    let head = ArrangementArchive.signature + "\n"
    if data.starts(with: Data(head.utf8)) {
      (file, layout) = try ArrangementReader.compact(data, path, start: head.utf8.count)
    } else {
      (file, layout) = try ArrangementReader.csv(data, path)
    }
  }

  private static func csv(_ data: Data, _ path: String) throws -> (ProblemFile, Layout) {
    var lines: [String] = []
    var start = 0
    while start < data.count {
      let end = data[start...].firstIndex(of: 10) ?? data.count
      let line = String(decoding: data[start..<end], as: UTF8.self)
      start = min(end + 1, data.count)
      if line.hasPrefix("#| ") {
        lines.append(String(line.dropFirst(3)))
      } else if !line.hasPrefix("#") {
        let names = line.split(separator: ",").map(String.init)
        let columns = Dictionary(
          names.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { a, _ in a })
        guard columns["id"] != nil, columns["composition"] != nil, columns["occupancy"] != nil
        else {
          throw InputError(
            "this is not a list of arrangements: no columns id, composition and occupancy",
            at: path)
        }
        let problem = try ProblemFile(
          parsing: lines.joined(separator: "\n"), file: path)
        return (problem, .csv(columns, start: start))
      }
    }
    throw InputError("the list has no rows", at: path)
  }

  private static func compact(
    _ data: Data, _ path: String, start: Int
  ) throws -> (ProblemFile, Layout) {
    let ending = Data("\n\(ArrangementArchive.ending)".utf8)
    let incomplete = InputError(
      "the list is not complete", at: path, hint: "go on with cellgen enumerate --resume \(path)")
    guard let headerEnd = data[start...].firstIndex(of: 10), data.suffix(ending.count) == ending
    else { throw incomplete }
    let header = try JSONDecoder().decode(
      ArrangementArchive.Header.self, from: data[start..<headerEnd])
    // The line before the ending tells the length of the footer.
    let body = data.dropLast(ending.count)
    guard let lengthStart = body.lastIndex(of: 10),
      let length = Int(String(decoding: body[(lengthStart + 1)...], as: UTF8.self)),
      length > 0, length <= lengthStart
    else { throw incomplete }
    let footer = try JSONDecoder().decode(
      ArrangementArchive.Footer.self, from: data[(lengthStart - length)..<lengthStart])
    let records = header.cases.enumerated().map { index, item in
      (item, index < footer.records.count ? footer.records[index] : 0)
    }
    return (
      try ProblemFile(parsing: header.problem, file: path),
      .compact(records, footer.space_groups, start: headerEnd + 1)
    )
  }

  /// Calls `body` with each arrangement whose number is wanted, in order, until it returns false.
  func forEach(_ isWanted: (Int) -> Bool, _ body: (Entry) throws -> Bool) throws {
    switch layout {
    case .csv(let columns, let start):
      try forEachRow(columns, start, isWanted, body)
    case .compact(let cases, let groups, let start):
      var (offset, id) = (start, 0)
      for (item, count) in cases {
        let problem = try self.problem(item)
        let bits = ArrangementArchive.bits(problem)
        let width = ArrangementArchive.recordBytes(problem)
        for _ in 0..<count {
          id += 1
          defer { offset += width }
          guard isWanted(id) else { continue }
          let entry = record(
            data[offset..<(offset + width)], bits, problem, groups, id)
          guard try body(entry) else { return }
        }
      }
    }
  }

  private func record(
    _ bytes: Data, _ bits: Int, _ problem: ArrangementProblem, _ groups: [String], _ id: Int
  ) -> Entry {
    var species: [UInt8] = []
    for site in 0..<problem.activeSites.count {
      var value = 0
      for bit in 0..<bits {
        let position = site * bits + bit
        let byte = bytes[bytes.startIndex + position / 8]
        value |= Int(byte >> UInt8(position % 8) & 1) << bit
      }
      species.append(UInt8(value))
    }
    let tail = Array(bytes.suffix(6))
    let degeneracy = (0..<4).reduce(0) { $0 | Int(tail[$1]) << (8 * $1) }
    let group = Int(tail[4]) | Int(tail[5]) << 8
    return Entry(
      id: id, supercell: problem.supercell, composition: "\(problem.composition)",
      degeneracy: degeneracy, spaceGroup: group < groups.count ? groups[group] : "?",
      species: species)
  }

  private func forEachRow(
    _ columns: [String: Int], _ start: Int, _ isWanted: (Int) -> Bool,
    _ body: (Entry) throws -> Bool
  ) throws {
    var offset = start
    while offset < data.count {
      let end = data[offset...].firstIndex(of: 10) ?? data.count
      let cells = String(decoding: data[offset..<end], as: UTF8.self)
        .split(separator: ",", omittingEmptySubsequences: false)
      offset = min(end + 1, data.count)
      func cell(_ name: String) -> String? {
        columns[name].flatMap { $0 < cells.count ? String(cells[$0]) : nil }
      }
      guard let text = cell("id"), let id = Int(text), let occupancy = cell("occupancy") else {
        throw InputError("a row without id and occupancy", at: path)
      }
      guard isWanted(id) else { continue }
      let species = try occupancy.utf8.map { character throws(InputError) -> UInt8 in
        guard let index = ArrangementArchive.characters.firstIndex(of: character) else {
          throw InputError("\"\(occupancy)\" is not an occupancy", at: "\(path): id \(id)")
        }
        return UInt8(index)
      }
      let entry = Entry(
        id: id, supercell: try cell("supercell").map { try SupercellMatrix(parsing: $0) },
        composition: cell("composition") ?? "", degeneracy: Int(cell("degeneracy") ?? "") ?? 0,
        spaceGroup: cell("space_group") ?? "?", species: species)
      guard try body(entry) else { return }
    }
  }

  /// The structure of an arrangement, without its empty sites.
  func structure(_ entry: Entry, _ known: inout [String: ArrangementProblem]) throws -> Structure {
    let key = "\(entry.supercell.map { "\($0)" } ?? "") \(entry.composition)"
    if known[key] == nil {
      var file = file
      if let supercell = entry.supercell { file.specification.supercell = supercell }
      var warnings: [String] = []
      known[key] = try file.countable(&warnings)
        .first { "\($0.composition)" == entry.composition }
    }
    guard let problem = known[key], entry.species.count == problem.activeSites.count,
      entry.species.allSatisfy({ $0 < problem.species.count })
    else {
      throw InputError(
        "arrangement \(entry.id) does not belong to the problem of the list", at: path)
    }
    var structure = problem.structure(of: entry.species).withoutVacancies()
    structure.title = entry.composition
    structure.info = [
      Structure.InfoEntry("id", "\(entry.id)"),
      Structure.InfoEntry("degeneracy", "\(entry.degeneracy)"),
      Structure.InfoEntry("space_group", entry.spaceGroup),
    ]
    return structure.groupedBySpecies()
  }

  private func problem(_ item: ArrangementArchive.Case) throws -> ArrangementProblem {
    var file = file
    let s = item.supercell
    guard s.count == 9 else { throw InputError("the list is damaged", at: path) }
    file.specification.supercell = try SupercellMatrix(
      IntegerMatrix(
        rows: [SIMD3(s[0], s[1], s[2]), SIMD3(s[3], s[4], s[5]), SIMD3(s[6], s[7], s[8])]))
    var warnings: [String] = []
    let problems = try file.countable(&warnings)
    guard
      let problem = problems.first(where: { ArrangementArchive.Case.counts($0) == item.counts }),
      problem.species.map(\.description) == item.species
    else { throw InputError("the list does not fit its problem", at: path) }
    return problem
  }
}
