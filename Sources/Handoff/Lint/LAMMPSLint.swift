internal import Crystal
internal import StructureIO

/// Checks a script of LAMMPS and the data file that it reads.
///
/// Reference: https://docs.lammps.org
struct LAMMPSLint {
  let folder: LintFolder
  let file: String
  let script: LAMMPSScript
  var report = LintReport()
  var summary: DeckSummary

  /// The data file and its name, if the script reads one that is there.
  let data: LAMMPSDataLines?
  let dataFile: String

  /// Number of atom types, nil if it is not known.
  private(set) var types: Int?

  /// Checks a file of a folder.
  init(_ folder: LintFolder, file: String) {
    self.folder = folder
    self.file = file
    let script = LAMMPSScript(folder, file: file)
    self.script = script
    let read = script.last("read_data")
    dataFile = read.map { $0.words.count > 1 ? $0.words[1] : "" } ?? ""
    let text = dataFile.isEmpty ? nil : folder.text(dataFile)
    data = text.map {
      LAMMPSDataLines($0, scriptStyle: script.last("atom_style")?.words.dropFirst().first)
    }
    summary = DeckSummary(file: data == nil ? file : dataFile)
    summary.settingsFile = file
    checkFiles(read)
    checkUnits()
    types = countTypes(read)
    if let data {
      checkData(data)
      summary.line = data.header["atoms"]?.line
      summary.structure = text.flatMap { try? LAMMPSData.read($0, source: dataFile).structure }
      if let structure = summary.structure, data.atoms.count == structure.count {
        // Structures are in the order of the numbers of the atoms; lines are not always.
        let isSorted = data.atoms.count == data.atomLines
        StructureLint.checkDistances(
          structure, file: dataFile, lineOfAtom: { isSorted ? data.atoms[$0].line : nil }, &report)
      }
    }
    checkPairs()
  }

  private mutating func checkFiles(_ read: LAMMPSScript.Command?) {
    for command in script.commands where ["include", "read_data"].contains(command.name) {
      if command.words.count > 1, command.words[1].split(separator: "/").contains("..") {
        report.add(
          .leavesFolder, command.file, command.line, "\(command.words[1]) lies above the folder")
      }
    }
    for (name, command) in script.missing {
      report.add(.missingFile, command.file, command.line, "the file \(name) is not there")
    }
    if let read, data == nil, !read.hasVariables {
      report.add(
        .missingFile, read.file, read.line,
        dataFile.isEmpty ? "read_data without a file" : "the data file \(dataFile) is not there")
    }
  }

  private mutating func checkUnits() {
    guard script.last("units") == nil, script.last("read_restart") == nil else { return }
    report.add(
      .units, file, nil, "units are not given: LAMMPS takes lj, without units",
      hint: "units metal, before all else")
  }

  private func countTypes(_ read: LAMMPSScript.Command?) -> Int? {
    if let data {
      guard let count = data.header["atom types"]?.numbers.first, count < 1e6 else { return nil }
      var extra = 0
      if let words = read?.words, let position = words.firstIndex(of: "extra/atom/types"),
        position + 1 < words.count
      {
        extra = Int(words[position + 1]) ?? 0
      }
      return Int(count) + extra
    }
    return script.last("create_box").flatMap { $0.words.count > 1 ? Int($0.words[1]) : nil }
  }

  /// Checks the pair style against coefficients and the sum of long-range forces.
  private mutating func checkPairs() {
    guard let pair = script.last("pair_style"), pair.words.count > 1 else { return }
    let words = Array(pair.words.dropFirst())
    let long = words.first { $0.contains("/long") || $0.contains("/msm") }
    let kspace = script.commands.last { $0.name == "kspace_style" }
    let isOn = kspace.map { $0.words.count > 1 && $0.words[1] != "none" } ?? false
    if let long, !isOn, !pair.hasVariables {
      report.add(
        .kspace, pair.file, pair.line, "pair_style \(long) needs a kspace_style",
        hint: "kspace_style pppm 1.0e-5")
    }
    if long == nil, isOn, let kspace, !pair.hasVariables {
      report.add(
        .kspace, kspace.file, kspace.line,
        "kspace_style \(kspace.words[1]), but pair_style \(words[0]) has no long-range part")
    }
    if long != nil, isOn, let kspace, let data, !data.atoms.isEmpty,
      data.atoms.allSatisfy({ $0.charge == 0 }),
      !script.commands.contains(where: { $0.name == "set" && $0.words.contains("charge") })
    {
      report.add(
        .kspace, kspace.file, kspace.line,
        "kspace_style \(kspace.words[1]), but all charges in \(dataFile) are 0")
    }
    checkCoefficients(pair, Set(words))
  }

  private mutating func checkCoefficients(_ pair: LAMMPSScript.Command, _ styles: Set<String>) {
    guard let types, types <= 1000, let data, !data.hasLabels else { return }
    let commands = script.all("pair_coeff")
    guard !pair.hasVariables, !commands.contains(where: \.hasVariables), !styles.contains("none")
    else { return }
    var isSet = [Bool](repeating: false, count: types * types)
    func mark(_ i: Int, _ j: Int) {
      guard (1...types).contains(i), (1...types).contains(j) else { return }
      isSet[(min(i, j) - 1) * types + max(i, j) - 1] = true
    }
    for command in commands where command.words.count > 2 {
      guard let first = range(command.words[1], types), let second = range(command.words[2], types)
      else {
        report.add(
          .pairCoefficients, command.file, command.line,
          "found \(command.words[1]) \(command.words[2]), expected atom types from 1 to \(types)")
        return
      }
      for i in first { for j in second { mark(i, j) } }
    }
    for type in data.pairTypes { mark(type, type) }
    for pair in data.pairs { mark(pair.x, pair.y) }
    // These styles mix the coefficients of unlike types from those of like ones.
    let mixes = styles.allSatisfy { word in
      word.first?.isLetter != true
        || LAMMPSLint.mixing.contains {
          word.hasPrefix($0)
        }
    }
    var missing: [String] = []
    for i in 1...max(1, types) {
      for j in i...max(i, types) where !isSet[(i - 1) * types + j - 1] && (i == j || !mixes) {
        missing.append("\(i)-\(j)")
      }
    }
    guard !missing.isEmpty else { return }
    report.add(
      .pairCoefficients, pair.file, pair.line,
      "no pair coefficients for the atom types \(missing.prefix(6).joined(separator: ", "))"
        + (missing.count > 6 ? " and \(missing.count - 6) more pairs" : ""),
      hint: "pair_coeff, also for pairs that only Coulomb forces act between")
  }

  /// Beginnings of the names of styles that mix coefficients, and of those that join styles.
  private static let mixing = [
    "lj/", "mie/", "nm/", "coul/", "zbl", "yukawa", "soft", "gauss", "colloid", "eam", "hybrid",
  ]

  /// The atom types of `2`, `*`, `2*`, `*3`, `2*4`; nil for anything else.
  private func range(_ word: String, _ types: Int) -> ClosedRange<Int>? {
    let parts = word.split(separator: "*", omittingEmptySubsequences: false)
    guard parts.count <= 2 else { return nil }
    let low = parts[0].isEmpty ? 1 : Int(parts[0])
    let high = parts.count == 1 ? low : parts[1].isEmpty ? types : Int(parts[1])
    guard let low, let high, low >= 1, high <= types, low <= high,
      parts.count == 2 || !parts[0].isEmpty
    else { return nil }
    return low...high
  }
}
