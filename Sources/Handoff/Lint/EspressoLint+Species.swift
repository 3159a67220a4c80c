internal import Crystal

extension EspressoLint {
  /// Checks that the pseudopotentials are there, and what their headers tell.
  mutating func checkPseudopotentials() {
    let species = deck.species
    for one in species where one.file == nil {
      report.add(
        .pseudoMissing, file, one.line, "\(one.name) has no file of a pseudopotential",
        hint: "name, mass, file: O 15.999 O.upf")
    }
    guard let variable = deck.variable("pseudo_dir") else {
      report.add(
        .pseudoFolder, file, deck.namelists["control"],
        "pseudo_dir is not given: pw.x looks into $ESPRESSO_PSEUDO or ~/espresso/pseudo")
      return
    }
    guard folder.isFolder(variable.value) else {
      report.add(
        .pseudoFolder, file, variable.line,
        "pseudo_dir is \(variable.value), which is not there: pseudopotentials are not checked")
      return
    }
    var functionals: [(name: String, functional: String)] = []
    for one in species {
      guard let name = one.file else { continue }
      let path = "\(variable.value)/\(name)"
      guard let head = folder.head(path, bytes: 1 << 16) else {
        report.add(
          .pseudoMissing, file, one.line, "the pseudopotential \(name) is not in \(variable.value)")
        continue
      }
      guard let header = PseudopotentialHeader(head) else { continue }
      headers[one.name] = header
      if let found = header.element, let element = leadingElement(one.name), found != element {
        report.add(
          .pseudoElement, file, one.line,
          "the pseudopotential \(name) of \(one.name) is for \(found)"
        )
      }
      guard let functional = header.functional, deck.variable("input_dft") == nil else { continue }
      if let first = functionals.first, first.functional != functional {
        report.add(
          .pseudoFunctional, file, one.line,
          "the pseudopotential of \(one.name) is for \(functional), that of \(first.name) for "
            + first.functional)
      }
      functionals.append((one.name, functional))
    }
  }

  /// Checks magnetic moments against spin polarisation and species.
  mutating func checkSpin() {
    let isPolarised = deck.integer("nspin") == 2 || deck.integer("nspin") == 4
    let isFree = deck.isOn("noncolin")
    let moments = deck.all("starting_magnetization")
    let count = deck.integer("ntyp") ?? deck.species.count
    for key in ["starting_magnetization", "hubbard_u", "hubbard_j0", "hubbard_alpha", "angle1"] {
      for variable in deck.all(key) {
        guard let index = variable.indices.first, !(1...max(1, count)).contains(index) else {
          continue
        }
        report.add(
          .speciesIndex, file, variable.line,
          "\(key)(\(index)) is given, but there are \(count) species")
      }
    }
    if !isPolarised, !isFree,
      let moment = moments.first(where: { (NumberReader.real($0.value) ?? 0) != 0 })
    {
      report.add(
        .magmomUnused, file, moment.line,
        "starting_magnetization is given, but nspin is 1: pw.x takes no notice of it",
        hint: "set nspin = 2")
    }
    let isSmeared = deck.text("occupations")?.lowercased() != nil && !isFixed
    let hasTotal = deck.variable("tot_magnetization") != nil
    if isPolarised, isSmeared, moments.isEmpty, !hasTotal {
      report.add(
        .spinStart, file, deck.variable("nspin")?.line,
        "nspin is 2, but neither starting_magnetization nor tot_magnetization is given",
        hint: "starting_magnetization(1) = 0.5 for the first of ATOMIC_SPECIES")
    }
    if isPolarised, isFixed, !hasTotal {
      report.add(
        .smearing, file, deck.variable("nspin")?.line,
        "nspin is 2 with fixed occupations, but tot_magnetization is not given",
        hint: "set occupations = 'smearing' and degauss, or tot_magnetization")
    }
  }

  /// Whether occupations are 0 or 1.
  var isFixed: Bool { (deck.text("occupations")?.lowercased() ?? "fixed") == "fixed" }

  /// Checks occupations against smearing and the number of electrons.
  mutating func checkOccupations() {
    let isSmearing = deck.text("occupations")?.lowercased() == "smearing"
    let width = deck.real("degauss") ?? 0
    if isSmearing, width <= 0 {
      report.add(
        .smearing, file, deck.variable("degauss")?.line ?? deck.variable("occupations")?.line,
        "occupations = 'smearing' without a width", hint: "degauss = 0.01 (Ry)")
    }
    if !isSmearing, let variable = deck.variable("smearing") ?? deck.variable("degauss") {
      report.add(
        .smearingUnused, file, variable.line,
        "\(variable.key) is given, but occupations is "
          + "'\(deck.text("occupations") ?? "fixed")', so that it is not used",
        hint: "set occupations = 'smearing'")
    }
    guard isFixed, deck.integer("nspin") ?? 1 == 1, !deck.isOn("noncolin"),
      let structure = summary.structure, structure.count > 0
    else { return }
    var electrons = -(deck.real("tot_charge") ?? 0)
    for row in deck.card("ATOMIC_POSITIONS")?.rows ?? [] {
      guard let valence = headers[row.words[0]]?.valence else { return }
      electrons += valence
    }
    if electrons == electrons.rounded(), Int(electrons) % 2 != 0 {
      report.add(
        .oddElectrons, file, deck.variable("nat")?.line,
        "\(Int(electrons)) electrons do not fill bands of two each",
        hint: "set occupations = 'smearing', or nspin = 2")
    }
  }

  /// Checks that Hubbard U is given in one style, and switched on.
  mutating func checkHubbard() {
    let old = deck.variables.first {
      $0.key == "lda_plus_u" && incarLogical($0.value) == true || $0.key == "hubbard_u"
    }
    let values = deck.variables.filter {
      ["hubbard_u", "hubbard_v", "hubbard_j0", "hubbard_j", "hubbard_alpha"].contains($0.key)
        && (NumberReader.real($0.value) ?? 0) != 0
    }
    if let card = deck.card("HUBBARD") {
      if let old {
        report.add(
          .hubbardStyles, file, card.line,
          "the card HUBBARD stands beside \(old.key) in &SYSTEM (line \(old.line))",
          hint: "pw.x from 7.1 on takes the card only, earlier versions the variables only")
      }
      let names = deck.species.map(\.name)
      for row in card.rows {
        // `U Fe-3d 5.0`, `V Co-3d O-2p 1 2 0.6`.
        for word in row.words.dropFirst() {
          guard let dash = word.lastIndex(of: "-"), word.first?.isLetter == true else { continue }
          let name = String(word[..<dash])
          guard !names.contains(name) else { continue }
          report.add(
            .speciesUndefined, file, row.line,
            "HUBBARD names \(word), but \(name) is not among the species of ATOMIC_SPECIES "
              + "(\(names.joined(separator: " ")))")
        }
      }
      if card.rows.isEmpty {
        report.add(.hubbardUnused, file, card.line, "the card HUBBARD has no rows")
      }
      return
    }
    if deck.isOn("lda_plus_u"), values.isEmpty {
      report.add(
        .hubbardUnused, file, deck.variable("lda_plus_u")?.line,
        "lda_plus_u is .true., but no Hubbard_U is given or all are 0")
    }
    if !deck.isOn("lda_plus_u"), let first = values.first {
      report.add(
        .hubbardUnused, file, first.line,
        "\(first.key) is given, but lda_plus_u is not .true.: pw.x takes no notice of it")
    }
  }
}
