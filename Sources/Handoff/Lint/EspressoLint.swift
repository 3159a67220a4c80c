internal import Crystal
internal import StructureIO

/// Checks an input of pw.x.
///
/// Reference: https://www.quantum-espresso.org/Doc/INPUT_PW.html
struct EspressoLint {
  let folder: LintFolder
  let file: String
  let deck: EspressoInput
  var report = LintReport()
  private(set) var summary: DeckSummary

  /// The headers of the pseudopotentials that are there, by the name of the species.
  var headers: [String: PseudopotentialHeader] = [:]

  /// Checks a file of a folder.
  init(_ folder: LintFolder, file: String) {
    self.folder = folder
    self.file = file
    let text = folder.text(file) ?? ""
    deck = EspressoInput(text)
    summary = DeckSummary(file: file)
    checkNamelists()
    let isConsistent = checkCounts()
    checkPseudopotentials()
    // Atoms by Wyckoff positions are multiplied by pw.x itself.
    if isConsistent, deck.variable("space_group") == nil {
      do {
        summary.structure = try Espresso.read(text, source: file).structure
      } catch {
        report.add(error, file)
      }
    }
    let atoms = deck.card("ATOMIC_POSITIONS")
    summary.line = atoms?.line
    summary.charge = deck.real("tot_charge") ?? 0
    summary.cutoffEV = deck.real("ecutwfc").map { $0 * UnitFactor.rydberg }
    summary.isSpinPolarised = deck.integer("nspin") == 2 || deck.isOn("noncolin")
    for species in deck.species {
      if let element = leadingElement(species.name), let file = species.file {
        summary.pseudopotentials[element.symbol] = file
      }
    }
    if let structure = summary.structure {
      let rows = atoms?.rows ?? []
      StructureLint.checkDistances(
        structure, file: file, lineOfAtom: { $0 < rows.count ? rows[$0].line : nil }, &report)
      checkKPoints(structure.lattice)
    }
    checkCutoffs()
    checkSpin()
    checkHubbard()
    checkOccupations()
  }

  private mutating func checkNamelists() {
    for (name, line) in deck.unended {
      report.add(
        .namelist, file, line, "the namelist &\(name.uppercased()) does not end",
        hint: "add a line /")
    }
    var needed = ["control", "system", "electrons"]
    let calculation = deck.text("calculation") ?? "scf"
    if ["relax", "md", "vc-relax", "vc-md"].contains(calculation) { needed.append("ions") }
    if ["vc-relax", "vc-md"].contains(calculation) { needed.append("cell") }
    for name in needed where deck.namelists[name] == nil && deck.unended.isEmpty {
      report.add(
        .namelist, file, deck.variable("calculation")?.line,
        "there is no namelist &\(name.uppercased()), which calculation = '\(calculation)' needs",
        hint: "add &\(name.uppercased()) and a line /, even without variables between")
    }
    for variable in deck.variables {
      guard let known = espressoVariables[variable.namelist], !known.contains(variable.key) else {
        continue
      }
      let others = espressoVariables.keys.sorted().filter {
        espressoVariables[$0]?.contains(variable.key) == true
      }
      report.add(
        .unknownVariable, file, variable.line,
        "\(variable.key) is no variable of &\(variable.namelist.uppercased()) that is known here",
        hint: others.first.map { "it belongs into &\($0.uppercased())" }
          ?? nearestMatch(to: variable.key, among: known.sorted()).map { "did you mean \($0)?" })
    }
  }

  /// Checks numbers of atoms and species, and their names; whether the atoms can be read.
  private mutating func checkCounts() -> Bool {
    var isConsistent = true
    let (species, atoms) = (deck.species, deck.card("ATOMIC_POSITIONS")?.rows ?? [])
    if let count = deck.integer("nat"), count != atoms.count {
      isConsistent = false
      report.add(
        .atomCount, file, deck.variable("nat")?.line,
        "nat is \(count), but ATOMIC_POSITIONS has \(counted(atoms.count, "atom"))")
    }
    if let count = deck.integer("ntyp"), count != species.count {
      report.add(
        .typeCount, file, deck.variable("ntyp")?.line,
        "ntyp is \(count), but ATOMIC_SPECIES has \(species.count) species")
    }
    let names = species.map(\.name)
    var used: Set<String> = []
    for row in atoms where used.insert(row.words[0]).inserted && !names.contains(row.words[0]) {
      isConsistent = false
      report.add(
        .speciesUndefined, file, row.line,
        "the species \(row.words[0]) is not among those of ATOMIC_SPECIES "
          + "(\(names.joined(separator: " ")))",
        hint: nearestMatch(to: row.words[0], among: names).map { "did you mean \($0)?" })
    }
    for one in species where !used.contains(one.name) {
      report.add(.speciesUnused, file, one.line, "no atom is of the species \(one.name)")
    }
    return isConsistent
  }

  private mutating func checkKPoints(_ lattice: Lattice) {
    guard let card = deck.card("K_POINTS") else {
      report.add(
        .kpointsMissing, file, nil, "there is no card K_POINTS",
        hint: "K_POINTS automatic, and below it a line such as 4 4 4 0 0 0")
      return
    }
    var grid: SIMD3<Int>?
    var line = card.line
    if card.option == "gamma" {
      grid = SIMD3(1, 1, 1)
    } else if card.option == "automatic", let row = card.rows.first {
      let numbers = row.words.prefix(3).compactMap { NumberReader.integer($0) }
      line = row.line
      if numbers.count == 3, numbers.allSatisfy({ $0 > 0 }) {
        grid = SIMD3(numbers[0], numbers[1], numbers[2])
      } else {
        report.add(
          .unreadable, file, line,
          "found \"\(row.words.joined(separator: " "))\", expected three positive integers and a "
            + "shift, such as 4 4 4 0 0 0")
      }
    }
    if let grid, let coarse = coarseGrid(grid, lattice) {
      report.add(.kpointsCoarse, file, line, coarse.message, hint: coarse.hint)
    }
  }

  private mutating func checkCutoffs() {
    guard let cutoff = deck.real("ecutwfc"), cutoff > 0 else {
      report.add(
        .cutoffMissing, file, deck.variable("ecutwfc")?.line ?? deck.namelists["system"],
        "ecutwfc is not given", hint: "take what the pseudopotentials ask for, Ry")
      return
    }
    let ratio = (deck.real("ecutrho") ?? 4 * cutoff) / cutoff
    let soft = deck.species.first { headers[$0.name]?.isUltrasoft == true }
    if ratio < (soft == nil ? 4 : 8) - 1e-6 {
      report.add(
        .densityCutoff, file, deck.variable("ecutrho")?.line ?? deck.variable("ecutwfc")?.line,
        "ecutrho is \(fixed(ratio, 1)) ecutwfc"
          + (deck.variable("ecutrho") == nil ? " by default" : "") + ", expected at least "
          + (soft.map { "8 for the ultrasoft or PAW potential of \($0.name)" } ?? "4"))
    }
  }
}
