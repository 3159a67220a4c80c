internal import Crystal

/// A data file of LAMMPS with the lines of its parts.
///
/// Reference: https://docs.lammps.org/read_data.html
struct LAMMPSDataLines {
  /// One line of the section Atoms.
  struct Atom: Hashable {
    let type: Int
    /// e; 0 for styles without charges.
    let charge: Double
    /// Å, or another unit of length.
    let point: SIMD3<Double>
    let line: Int
  }

  /// Numbers of the header by their words, such as `atoms` or `xlo xhi`.
  private(set) var header: [String: (numbers: [Double], line: Int)] = [:]

  /// The lines of the sections.
  private(set) var sections: [String: Int] = [:]

  /// Atom types with a mass, by their number, with the line.
  private(set) var masses: [Int: Int] = [:]

  private(set) var atoms: [Atom] = []

  /// Number of lines in the section Atoms.
  private(set) var atomLines = 0

  /// The style that stands behind `Atoms`.
  private(set) var style: String?

  /// Types that have pair coefficients here.
  private(set) var pairTypes: Set<Int> = []

  /// Pairs that have pair coefficients here.
  private(set) var pairs: [SIMD2<Int>] = []

  /// Lines that cannot be read.
  private(set) var problems: [(line: Int, message: String)] = []

  /// Whether the numbers of atom types are known; labels are not resolved.
  private(set) var hasLabels = false

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - text: The file.
  ///   - scriptStyle: The atom style of the script, for files that do not name theirs.
  init(_ text: String, scriptStyle: String?) {
    var section = ""
    for (index, line) in LintLines(text).lines.enumerated() where index > 0 {
      let words = lintWords(withoutComment(line, "#"))
      guard let first = words.first else { continue }
      if first.first?.isLetter == true, first.first?.isUppercase == true {
        section = words.joined(separator: " ")
        sections[section] = index + 1
        if section == "Atoms" {
          style = lintWords(line.drop { $0 != "#" }.dropFirst()).first
        }
        if section == "Atom Type Labels" { hasLabels = true }
      } else if section.isEmpty {
        let numbers = words.prefix { NumberReader.real($0) != nil }
        let key = words.dropFirst(numbers.count).joined(separator: " ")
        header[key] = (numbers.compactMap { NumberReader.real($0) }, index + 1)
      } else {
        read(words, section, index + 1, scriptStyle)
      }
    }
  }

  private mutating func read(
    _ words: [String], _ section: String, _ line: Int, _ scriptStyle: String?
  ) {
    switch section {
    case "Masses":
      if let type = Int(words[0]) { masses[type] = line }
    case "Pair Coeffs":
      if let type = Int(words[0]) { pairTypes.insert(type) }
    case "PairIJ Coeffs":
      if words.count > 1, let i = Int(words[0]), let j = Int(words[1]) { pairs.append([i, j]) }
    case "Atoms":
      atomLines += 1
      // Positions of type, charge and coordinates in the line.
      let columns: (type: Int, charge: Int?, x: Int)
      switch style ?? scriptStyle {
      case "atomic": columns = (1, nil, 2)
      case "charge": columns = (1, 2, 3)
      case "molecular", "bond", "angle": columns = (2, nil, 3)
      case "full": columns = (2, 3, 4)
      default: return
      }
      guard words.count >= columns.x + 3 else {
        problems.append(
          (line, "found \(words.count) words, expected \(columns.x + 3) for an atom"))
        return
      }
      let numbers = words[columns.x..<(columns.x + 3)].compactMap { NumberReader.real($0) }
      let charge = columns.charge.map { NumberReader.real(words[$0]) } ?? 0
      guard numbers.count == 3, let charge else {
        problems.append((line, "found a word that is no finite number"))
        return
      }
      guard let type = Int(words[columns.type]) else {
        if !hasLabels { problems.append((line, "found no number of an atom type")) }
        return
      }
      atoms.append(
        Atom(
          type: type, charge: charge, point: SIMD3(numbers[0], numbers[1], numbers[2]), line: line))
    default: break
    }
  }
}
