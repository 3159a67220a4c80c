internal import Crystal
internal import StructureIO

/// Checks an input of CP2K.
///
/// Reference: https://manual.cp2k.org
struct CP2KLint {
  let folder: LintFolder
  let file: String
  let deck: CP2KInput
  var report = LintReport()
  private(set) var summary: DeckSummary

  /// Kind of each atom with the lines of the atoms.
  let atoms: [CP2KInput.Keyword]

  /// The section of density functional theory, nil if the method is another one.
  let dft: CP2KInput.Section?

  /// Checks a file of a folder.
  init(_ folder: LintFolder, file: String) {
    self.folder = folder
    self.file = file
    let text = folder.text(file) ?? ""
    let deck = CP2KInput(text)
    self.deck = deck
    summary = DeckSummary(file: file)
    let coordinates = deck.section("FORCE_EVAL/SUBSYS/COORD")
    atoms = (coordinates?.keywords ?? []).filter { $0.key != "SCALED" && $0.key != "UNIT" }
    let method = deck.section("FORCE_EVAL")?.keyword("METHOD")?.words.first?.uppercased()
    dft =
      ["QUICKSTEP", "QS"].contains(method ?? "QS") ? deck.section("FORCE_EVAL/DFT") : nil
    if let problem = deck.problem {
      report.add(.sections, file, problem.line, problem.message)
      return
    }
    let isComplete = checkFiles()
    if isComplete {
      do {
        summary.structure = try CP2K.read(text, source: file).structure
      } catch {
        report.add(error, file)
      }
    }
    summarise(coordinates)
    if let structure = summary.structure {
      let lines = atoms.map(\.line)
      StructureLint.checkDistances(
        structure, file: file, lineOfAtom: { $0 < lines.count ? lines[$0] : nil }, &report)
      if dft != nil { checkKPoints(structure.lattice) }
      if usesGaussians { checkKinds(structure) }
    }
  }

  private mutating func summarise(_ coordinates: CP2KInput.Section?) {
    summary.line = coordinates?.line
    guard let dft else { return }
    summary.charge = dft.keyword("CHARGE")?.words.first.flatMap { NumberReader.real($0) } ?? 0
    summary.isSpinPolarised = isSpinPolarised
    summary.cutoffEV = deck.section("FORCE_EVAL/DFT/MGRID")?.keyword("CUTOFF").flatMap { keyword in
      // `[eV] 4000` gives a unit; without one it is Ry.
      switch keyword.words.count == 2 ? keyword.words[0].uppercased() : "[RY]" {
      case "[RY]":
        keyword.words.last.flatMap { NumberReader.real($0) }.map { $0 * UnitFactor.rydberg }
      case "[EV]": keyword.words.last.flatMap { NumberReader.real($0) }
      default: nil
      }
    }
  }

  /// Whether alpha and beta electrons differ.
  var isSpinPolarised: Bool {
    ["UKS", "LSD", "SPIN_POLARIZED", "UNRESTRICTED_KOHN_SHAM"].contains {
      dft?.isOn($0) ?? false
    }
  }

  /// Whether electrons are described by a basis of Gaussians, for which kinds need basis sets.
  private var usesGaussians: Bool {
    guard dft != nil, !deck.isPreprocessed else { return false }
    let method = deck.section("FORCE_EVAL/DFT/QS")?.keyword("METHOD")?.words.first?.uppercased()
    return ["GPW", "GAPW", "GAPW_XC"].contains(method ?? "GPW")
  }

  /// Checks files that are included; whether the atoms stand in this one.
  private mutating func checkFiles() -> Bool {
    var files = deck.includes
    var isComplete = true
    let topology = deck.section("FORCE_EVAL/SUBSYS/TOPOLOGY")
    if let keyword = topology?.keyword("COORD_FILE_NAME", "COORDINATE"),
      let name = keyword.words.first
    {
      isComplete = false
      if keyword.key == "COORD_FILE_NAME" { files.append((unquoted(name), keyword.line)) }
    }
    for (name, line) in files where !name.contains("$") {
      if name.split(separator: "/").contains("..") {
        report.add(.leavesFolder, file, line, "\(name) lies above the folder")
      }
      if !folder.isFile(name) {
        report.add(.missingFile, file, line, "the file \(name) is not there")
      }
    }
    return isComplete && deck.includes.isEmpty && !deck.isPreprocessed
  }

  private mutating func checkKPoints(_ lattice: Lattice) {
    let periodic = deck.section("FORCE_EVAL/SUBSYS/CELL")?.keyword("PERIODIC")?.words.first
    guard periodic?.uppercased() ?? "XYZ" == "XYZ" else { return }
    let section = deck.section("FORCE_EVAL/DFT/KPOINTS")
    let scheme = section?.keyword("SCHEME")
    var grid: SIMD3<Int>? = SIMD3(1, 1, 1)
    switch scheme?.words.first?.uppercased() {
    case "MONKHORST-PACK", "MACDONALD":
      let numbers =
        scheme?.words.dropFirst().prefix(3).compactMap { NumberReader.integer($0) } ?? []
      grid = numbers.count == 3 ? SIMD3(numbers[0], numbers[1], numbers[2]) : nil
    case "GENERAL": grid = nil
    default: break
    }
    if let grid, let coarse = coarseGrid(grid, lattice) {
      report.add(
        .kpointsCoarse, file, scheme?.line ?? deck.section("FORCE_EVAL/SUBSYS/CELL")?.line,
        coarse.message,
        hint: section == nil ? "a larger cell, or &KPOINTS: \(coarse.hint)" : coarse.hint)
    }
  }
}
