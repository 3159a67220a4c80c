internal import Crystal

/// Checks an input of ABINIT.
///
/// Reference: https://docs.abinit.org/variables
struct AbinitLint {
  let folder: LintFolder
  let file: String
  let deck: AbinitInput
  var report = LintReport()
  private(set) var summary: DeckSummary

  /// Checks a file of a folder.
  init(_ folder: LintFolder, file: String) {
    self.folder = folder
    self.file = file
    deck = AbinitInput(folder.text(file) ?? "")
    summary = DeckSummary(file: file)
    checkFiles()
    checkLists()
    checkPseudopotentials()
    checkElectrons()
    let structure = deck.structure()
    summary.structure = structure
    summary.line = deck.variable("natom")?.line
    summary.charge = deck.real("cellcharge") ?? deck.real("charge") ?? 0
    summary.cutoffEV = deck.variable("ecut").flatMap { ecut in
      guard let value = ecut.numbers.first else { return nil }
      return switch ecut.unit {
      case "ev": value
      case "ry", "rydberg": value * UnitFactor.rydberg
      default: value * UnitFactor.hartree
      }
    }
    summary.isSpinPolarised =
      (deck.integer("nsppol") ?? 1) == 2 || (deck.integer("nspden") ?? 1) > 1
    guard let structure else { return }
    let line = deck.variable("xred", "xcart", "xangst")?.line
    StructureLint.checkDistances(structure, file: file, lineOfAtom: { _ in line }, &report)
    checkKPoints(structure.lattice)
  }

  private mutating func checkFiles() {
    for variable in deck.variables where variable.name == "include" {
      for name in variable.texts {
        if name.split(separator: "/").contains("..") {
          report.add(.leavesFolder, file, variable.line, "\(name) lies above the folder")
        }
        if !folder.isFile(name) {
          report.add(.missingFile, file, variable.line, "the file \(name) is not there")
        }
      }
    }
  }

  /// Checks the lengths of lists.
  private mutating func checkLists() {
    guard !deck.isPartial else { return }
    for name in ["natom", "ntypat", "znucl", "typat"] where deck.variable(name) == nil {
      report.add(.listLength, file, nil, "\(name) is not given")
    }
    let atoms = deck.integer("natom") ?? deck.variable("typat")?.numbers.count ?? 0
    let types = deck.integer("ntypat") ?? deck.variable("znucl")?.numbers.count ?? 0
    let shifts = deck.integer("nshiftk") ?? 1
    let expected: [(name: String, count: Int, rule: LintRule, unit: String)] = [
      ("typat", atoms, .atomCount, "natom = \(atoms)"),
      ("xred", 3 * atoms, .atomCount, "three for each of natom = \(atoms)"),
      ("xcart", 3 * atoms, .atomCount, "three for each of natom = \(atoms)"),
      ("xangst", 3 * atoms, .atomCount, "three for each of natom = \(atoms)"),
      ("znucl", types, .typeCount, "ntypat = \(types)"),
      ("spinat", 3 * atoms, .magmomLength, "three for each of natom = \(atoms)"),
      ("lpawu", types, .hubbardLength, "ntypat = \(types)"),
      ("upawu", types, .hubbardLength, "ntypat = \(types)"),
      ("jpawu", types, .hubbardLength, "ntypat = \(types)"),
      ("acell", 3, .listLength, "3"), ("rprim", 9, .listLength, "9"),
      ("angdeg", 3, .listLength, "3"), ("ngkpt", 3, .listLength, "3"),
      ("kptrlatt", 9, .listLength, "9"),
      ("shiftk", 3 * shifts, .listLength, "three for each of nshiftk = \(shifts)"),
    ]
    for (name, count, rule, unit) in expected {
      guard let variable = deck.variable(name), !variable.isFilled,
        variable.numbers.count != count
      else { continue }
      report.add(
        rule, file, variable.line,
        "\(name) has \(counted(variable.numbers.count, "value")), expected \(unit)")
    }
    if let typat = deck.variable("typat"),
      let wrong = typat.numbers.first(where: { $0 < 1 || $0 > Double(types) })
    {
      report.add(
        .speciesIndex, file, typat.line,
        "typat holds \(fixed(wrong, 0)), but there are \(types) types (ntypat)")
    }
  }

  private mutating func checkKPoints(_ lattice: Lattice) {
    guard !deck.isPartial else { return }
    let points = ["ngkpt", "kptrlatt", "kptrlen", "kpt", "nkpt", "kptbounds"]
    guard deck.variables.contains(where: { points.contains($0.name) }) else {
      if deck.integer("kptopt") != 0 {
        report.add(
          .kpointsMissing, file, nil, "neither ngkpt nor kptrlatt is given",
          hint: "ngkpt 4 4 4, nshiftk 1, shiftk 0 0 0")
      }
      return
    }
    guard let variable = deck.variable("ngkpt"), variable.numbers.count == 3,
      variable.numbers.allSatisfy({ $0 >= 1 && $0 < 1e6 })
    else { return }
    let numbers = variable.numbers.map { Int($0) }
    if let coarse = coarseGrid(SIMD3(numbers[0], numbers[1], numbers[2]), lattice) {
      report.add(.kpointsCoarse, file, variable.line, coarse.message, hint: coarse.hint)
    }
  }

  private mutating func checkElectrons() {
    guard !deck.isPartial else { return }
    if deck.variable("ecut") == nil {
      report.add(
        .cutoffMissing, file, nil, "ecut is not given",
        hint: "take what the pseudopotentials ask for, Ha")
    }
    let criteria = ["toldfe", "toldff", "tolrff", "tolvrs", "tolwfr"].compactMap { name in
      deck.variable(name).flatMap { ($0.numbers.first ?? 0) > 0 ? $0 : nil }
    }
    if criteria.count != 1 {
      report.add(
        .tolerance, file, criteria.dropFirst().first?.line,
        criteria.isEmpty
          ? "none of toldfe, toldff, tolrff, tolvrs, tolwfr is given"
          : "\(criteria.map(\.name).joined(separator: " and ")) are given, expected one of them",
        hint: criteria.isEmpty ? "tolvrs 1.0d-10" : nil)
    }
    let isPolarised = (deck.integer("nsppol") ?? 1) == 2 || (deck.integer("nspden") ?? 1) > 1
    let moments = deck.variable("spinat")
    if isPolarised, moments == nil {
      report.add(
        .spinStart, file, deck.variable("nsppol", "nspden")?.line,
        "spin is polarised, but spinat is not given: ABINIT starts, and stays, without moments")
    }
    if !isPolarised, let moments, moments.numbers.contains(where: { $0 != 0 }) {
      report.add(
        .magmomUnused, file, moments.line,
        "spinat is given, but nsppol and nspden are 1: ABINIT takes no notice of it")
    }
    let isCorrected = (deck.integer("usepawu") ?? 0) != 0
    let u = deck.variable("upawu", "jpawu")
    let hasU = u.map { $0.isFilled || $0.numbers.contains { $0 != 0 } } ?? false
    if isCorrected != hasU, let line = (isCorrected ? deck.variable("usepawu") : u)?.line {
      report.add(
        .hubbardUnused, file, line,
        isCorrected
          ? "usepawu is set, but upawu is not given, or 0"
          : "upawu is given, but usepawu is 0: ABINIT takes no notice of it")
    }
  }
}
