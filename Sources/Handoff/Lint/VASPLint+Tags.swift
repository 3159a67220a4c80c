internal import Crystal

extension VASPLint {
  /// What a tag takes.
  private enum Kind {
    case integer(Set<Int>?)
    case positive
    case real
    case logical
  }

  /// Tags whose values are checked one by one.
  private static let kinds: [String: Kind] = [
    "ISPIN": .integer([1, 2]), "ISMEAR": .integer(nil), "NSW": .integer(nil),
    "IBRION": .integer([-1, 0, 1, 2, 3, 5, 6, 7, 8, 11, 12, 40, 44]),
    "ISIF": .integer(Set(0...8)), "NELM": .integer(nil), "NELMIN": .integer(nil),
    "LMAXMIX": .integer(nil), "LORBIT": .integer(nil), "ICHARG": .integer(nil),
    "ISTART": .integer([0, 1, 2, 3]), "ISYM": .integer([-1, 0, 1, 2, 3]), "IVDW": .integer(nil),
    "LDAUTYPE": .integer([1, 2, 3, 4]), "NBANDS": .integer(nil), "NCORE": .integer(nil),
    "NPAR": .integer(nil), "KPAR": .integer(nil), "NEDOS": .integer(nil), "NUPDOWN": .real,
    "ENCUT": .positive, "EDIFF": .positive, "SIGMA": .positive, "KSPACING": .positive,
    "NELECT": .positive, "SYMPREC": .positive, "EDIFFG": .real, "POTIM": .real, "PSTRESS": .real,
    "AEXX": .real, "HFSCREEN": .real, "TEBEG": .real, "TEEND": .real, "LWAVE": .logical,
    "LCHARG": .logical, "LDAU": .logical, "LASPH": .logical, "LHFCALC": .logical,
    "ADDGRID": .logical, "LSORBIT": .logical, "LNONCOLLINEAR": .logical, "KGAMMA": .logical,
    "LVTOT": .logical, "LVHAR": .logical, "LELF": .logical, "LAECHG": .logical,
  ]

  /// Checks that the tags are known, stand there once, and have values of their kind.
  mutating func checkTags() {
    if let open = incar.open {
      report.add(.incarSyntax, "INCAR", open.line, "\(open.tag) begins here and does not end")
    }
    for (line, text) in incar.skipped {
      report.add(
        .incarSyntax, "INCAR", line, "\"\(text.prefix(40))\" has no =, so that VASP skips it",
        hint: "write TAG = value, or # before a remark")
    }
    var lines: [String: Int] = [:]
    for entry in incar.entries {
      if let first = lines[entry.tag] {
        report.add(
          .incarDuplicate, "INCAR", entry.line,
          "\(entry.tag) is given in line \(first) already; VASP takes the first, other programs the "
            + "last")
        continue
      }
      lines[entry.tag] = entry.line
      if !entry.tag.contains("/"), !incarTags.contains(entry.tag) {
        report.add(
          .incarUnknown, "INCAR", entry.line, "\(entry.tag) is no tag of VASP that is known here",
          hint: nearestMatch(to: entry.tag, among: incarTags.sorted()).map { "did you mean \($0)?" }
        )
      }
      checkValue(entry)
    }
  }

  private mutating func checkValue(_ entry: IncarFile.Entry) {
    guard let kind = VASPLint.kinds[entry.tag] else { return }
    let word = lintWords(entry.value).first ?? ""
    let expected: String
    switch kind {
    case .integer(let allowed):
      if let value = incarInteger(word), allowed?.contains(value) ?? true { return }
      expected =
        allowed.map { "one of \($0.sorted().map(String.init).joined(separator: ", "))" }
        ?? "an integer"
    case .positive:
      if let value = NumberReader.real(word), value > 0 { return }
      expected = "a positive number"
    case .real:
      if NumberReader.real(word) != nil { return }
      expected = "a number"
    case .logical:
      if incarLogical(word) != nil { return }
      expected = ".TRUE. or .FALSE."
    }
    report.add(
      .incarValue, "INCAR", entry.line,
      "\(entry.tag) is \(word.isEmpty ? "empty" : "\"\(word)\""), expected \(expected)")
  }
}
