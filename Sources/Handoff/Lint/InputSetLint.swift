internal import Crystal

/// Checks the input sets of one folder.
public enum InputSetLint {
  /// The findings in a folder, and the programs that its inputs are for.
  ///
  /// - Parameter folder: A folder; one of cellgen's is also compared with its record.
  /// - Returns: The decks, none if the folder holds no input, and the findings by file and line.
  public static func check(_ folder: LintFolder) -> (decks: [InputDeck], findings: [LintFinding]) {
    var decks = InputDeck.decks(in: folder)
    var report = LintReport()
    var record: RecordLint?
    if RecordLint.isOwn(folder) {
      let own = RecordLint(folder)
      if let code = own.record?.code, !decks.contains(where: { $0.code == code }) {
        report.add(
          .missingFile, code.inputFile, nil,
          "there is no \(code.inputFile), the input of \(code.title)")
        decks.append(InputDeck(code: code, file: code.inputFile))
      }
      record = own
    }
    for deck in decks where folder.isFile(deck.file) || deck.code == .vasp {
      let (findings, summary) = check(deck, folder)
      findings.forEach { report.add($0) }
      if deck.code == record?.record?.code { record?.check(summary) }
      guard let charge = summary.charge else { continue }
      // Oxidation states stand in the deck itself, or in the structure that it was made from.
      let atoms = record?.structure ?? summary.structure
      if let atoms {
        StructureLint.checkCharge(
          charge, of: atoms, file: summary.file, line: summary.line, &report)
      }
    }
    record?.report.findings.forEach { report.add($0) }
    return (decks, report.sorted)
  }

  private static func check(
    _ deck: InputDeck, _ folder: LintFolder
  ) -> (findings: [LintFinding], summary: DeckSummary) {
    switch deck.code {
    case .vasp:
      let lint = VASPLint(folder)
      return (lint.report.findings, lint.summary)
    case .qe:
      let lint = EspressoLint(folder, file: deck.file)
      return (lint.report.findings, lint.summary)
    case .cp2k:
      let lint = CP2KLint(folder, file: deck.file)
      return (lint.report.findings, lint.summary)
    case .abinit:
      let lint = AbinitLint(folder, file: deck.file)
      return (lint.report.findings, lint.summary)
    case .lammps:
      let lint = LAMMPSLint(folder, file: deck.file)
      return (lint.report.findings, lint.summary)
    }
  }
}
