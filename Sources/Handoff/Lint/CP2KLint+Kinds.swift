internal import Crystal

extension CP2KLint {
  /// Checks basis sets and potentials of the kinds, and the number of electrons.
  mutating func checkKinds(_ structure: Structure) {
    let kinds = deck.all("FORCE_EVAL/SUBSYS/KIND")
    let byName = Dictionary(kinds.map { ($0.parameter.uppercased(), $0) }) { first, _ in first }
    // Electrons of the kinds that tell them, and the kinds that have been looked at.
    var (charges, seen): ([String: Int], Set<String>) = ([:], [])
    var electrons: Double? = 0
    for (n, atom) in atoms.enumerated() where n < structure.count {
      if seen.insert(atom.key).inserted {
        if let kind = byName[atom.key]
          ?? byName[structure.species[n].element.symbol.uppercased()] ?? byName["DEFAULT"]
        {
          charges[atom.key] = checkKind(kind, structure.species[n].element)
        } else {
          report.add(
            .speciesUndefined, file, atom.line,
            "there is no &KIND \(atom.key) in &SUBSYS, so that atom \(n + 1) has no basis set")
        }
      }
      electrons = charges[atom.key].flatMap { charge in electrons.map { $0 + Double(charge) } }
    }
    for kind in kinds {
      if let keyword = kind.keyword("MAGNETIZATION"), !isSpinPolarised {
        report.add(
          .magmomUnused, file, keyword.line,
          "MAGNETIZATION is given, but &DFT has no UKS: CP2K takes no notice of it",
          hint: "set UKS .TRUE. and MULTIPLICITY in &DFT")
      }
    }
    if let electrons { checkMultiplicity(electrons - (summary.charge ?? 0)) }
  }

  /// Checks one kind; the electrons of an atom, nil if they are not told.
  private mutating func checkKind(_ kind: CP2KInput.Section, _ element: Element) -> Int? {
    if kind.isOn("GHOST") { return 0 }
    let prefix = "\(kind.path)/"
    // `BASIS_SET ORB NAME` or `BASIS_SET NAME`; other types are for auxiliary sets.
    let basis = kind.keywords.first {
      ["BASIS_SET", "BASIS"].contains($0.key)
        && ($0.words.count == 1 || $0.words.first?.uppercased() == "ORB")
    }
    let potential = kind.keyword("POTENTIAL", "POT")
    let hasOwn = deck.sections.filter { $0.path.hasPrefix(prefix) }.map(\.path)
    if basis == nil, !hasOwn.contains(prefix + "BASIS") {
      report.add(
        .kindIncomplete, file, kind.line, "&KIND \(kind.parameter) has no BASIS_SET")
    }
    if potential == nil, !hasOwn.contains(prefix + "POTENTIAL") {
      report.add(
        .kindIncomplete, file, kind.line, "&KIND \(kind.parameter) has no POTENTIAL")
    }
    let basisCharge = basis.flatMap {
      lookUp(
        $0, element, files: ["BASIS_SET_FILE_NAME", "BASIS_SET_FILENAME"], "BASIS_SET",
        .basisUnknown)
    }
    let charge = potential.flatMap {
      lookUp(
        $0, element, files: ["POTENTIAL_FILE_NAME", "POTENTIAL_FILENAME"], "POTENTIAL",
        .potentialUnknown)
    }
    if let basis, let basisCharge, let charge, basisCharge != charge {
      report.add(
        .basisElectrons, file, basis.line,
        "the basis set \(basis.words.last ?? "") of \(kind.parameter) is for \(basisCharge) "
          + "electrons, the potential \(potential?.words.last ?? "") for \(charge)",
        hint: "take both with the same -q")
    }
    return charge
  }

  /// Looks up a name in its files; the number of electrons it is for, nil if that is not told.
  private mutating func lookUp(
    _ keyword: CP2KInput.Keyword, _ element: Element, files: [String], _ fallback: String,
    _ rule: LintRule
  ) -> Int? {
    guard let name = keyword.words.last, name.uppercased() != "ALL" else { return nil }
    let named = (dft?.keywords ?? []).filter { files.contains($0.key) }
    var isComplete = true
    var places: [(file: String, line: Int?)] = named.map {
      (unquoted($0.words.last ?? ""), $0.line)
    }
    if places.isEmpty { places = [(fallback, nil)] }
    for (file, line) in places {
      guard let names = folder.cp2kData.names(in: file, of: folder) else {
        isComplete = false
        if folder.cp2kData.isInstalled() {
          report.add(
            .missingFile, self.file, line,
            "the file \(file) is neither here nor among the data of "
              + "CP2K", hint: "see $CP2K_DATA_DIR")
        }
        continue
      }
      if let aliases = names.aliases(element: element.symbol, name: name) {
        return (aliases + [name]).lazy.compactMap(electrons).first
      }
    }
    if isComplete {
      report.add(
        rule, file, keyword.line,
        "\(name) for \(element) is not in "
          + places.map(\.file).joined(separator: ", "))
    }
    return electrons(name)
  }

  /// 10 of `GTH-PBE-q10`.
  private func electrons(_ name: String) -> Int? {
    name.uppercased().split(separator: "-").last { $0.hasPrefix("Q") }
      .flatMap { Int($0.dropFirst()) }
  }

  private mutating func checkMultiplicity(_ electrons: Double) {
    guard electrons == electrons.rounded(), electrons.magnitude < 1e9 else { return }
    let count = Int(electrons)
    let keyword = dft?.keyword("MULTIPLICITY", "MULTIP")
    let given = keyword?.words.first.flatMap { NumberReader.integer($0) }
    if !isSpinPolarised {
      if count % 2 != 0 {
        report.add(
          .oddElectrons, file, dft?.line,
          "\(count) electrons do not fill orbitals of two each, and &DFT has no UKS",
          hint: "set UKS .TRUE.")
      }
    } else if let given, given > 0, (count + given) % 2 == 0 {
      report.add(
        .multiplicity, file, keyword?.line,
        "MULTIPLICITY is \(given), but \(count) electrons give an "
          + "\(count % 2 == 0 ? "odd" : "even") one")
    }
  }
}
