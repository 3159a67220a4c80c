internal import Crystal

extension VASPLint {
  /// Checks the number of magnetic moments.
  mutating func checkMoments(_ structure: Structure) {
    guard let line = incar.line("MAGMOM"), let moments = incar.numbers("MAGMOM") else { return }
    let isFree = incar.isOn("LNONCOLLINEAR") || incar.isOn("LSORBIT")
    let expected = isFree ? 3 * structure.count : structure.count
    if moments.count != expected {
      report.add(
        .magmomLength, "INCAR", line,
        "MAGMOM has \(counted(moments.count, "value")) for \(counted(structure.count, "atom"))"
          + (isFree ? ", expected three per atom (\(expected))" : ""),
        hint: "values follow the order of the atoms in POSCAR; 4*0.6 stands for four")
    }
    if !isFree, incar.integer("ISPIN", default: 1) == 1, moments.contains(where: { $0 != 0 }) {
      report.add(
        .magmomUnused, "INCAR", line, "MAGMOM is given, but ISPIN is 1: VASP takes no notice of it",
        hint: "set ISPIN = 2")
    }
  }

  /// Checks the table of Hubbard U.
  ///
  /// - Parameter species: Elements of the groups of atoms, as VASP counts species.
  mutating func checkHubbard(species: [Element]) {
    var tables: [String: [Double]] = [:]
    for tag in ["LDAUL", "LDAUU", "LDAUJ"] {
      guard let values = incar.numbers(tag) else { continue }
      tables[tag] = values
      if values.count != species.count {
        report.add(
          .hubbardLength, "INCAR", incar.line(tag),
          "\(tag) has \(counted(values.count, "value")) for the \(species.count) species of POSCAR "
            + "(\(species.map(\.symbol).joined(separator: " ")))", hint: "one value per species")
      }
    }
    let u = tables["LDAUU"] ?? []
    let j = tables["LDAUJ"] ?? []
    let corrected = zip(species, 0...).filter { _, k in
      (k < u.count ? u[k] : 0) != 0 || (k < j.count ? j[k] : 0) != 0
    }
    guard incar.isOn("LDAU") else {
      if !corrected.isEmpty {
        report.add(
          .hubbardUnused, "INCAR", incar.line("LDAUU"),
          "LDAUU is given, but LDAU is not .TRUE.: VASP takes no notice of it",
          hint: "set LDAU = .TRUE.")
      }
      return
    }
    if corrected.isEmpty {
      report.add(
        .hubbardUnused, "INCAR", incar.line("LDAU"),
        "LDAU is .TRUE., but all U are 0 or missing", hint: "give LDAUL, LDAUU and LDAUJ")
      return
    }
    var needed = 0
    for (element, k) in corrected {
      guard let l = tables["LDAUL"].flatMap({ k < $0.count ? Int(max(-9, min(9, $0[k]))) : nil })
      else { continue }
      needed = max(needed, l == 3 ? 6 : l == 2 ? 4 : 0)
      let problem: String?
      switch l {
      case -1: problem = "LDAUL is -1, so that its U is not used"
      case 2 where !element.hasDElectrons: problem = "it has no d electrons (LDAUL 2)"
      case 3 where !element.hasFElectrons: problem = "it has no f electrons (LDAUL 3)"
      default: problem = nil
      }
      if let problem {
        report.add(
          .hubbardElement, "INCAR", incar.line("LDAUU"),
          "\(element) (species \(k + 1)) has U = \(fixed(k < u.count ? u[k] : 0, 2)) eV, but "
            + problem, hint: "values follow the order of the species in POSCAR")
      }
    }
    let given = incar.integer("LMAXMIX", default: 2)
    if given < needed {
      report.add(
        .lmaxmix, "INCAR", incar.line("LMAXMIX") ?? incar.line("LDAU"),
        "LMAXMIX is \(given), expected \(needed) with U on \(needed == 6 ? "f" : "d") shells",
        hint: "set LMAXMIX = \(needed), or the density converges badly and restarts are wrong")
    }
  }
}

extension Element {
  /// Whether d electrons are in the valence or just below: from scandium on, without the next s blocks.
  var hasDElectrons: Bool {
    atomicNumber >= 21 && ![37, 38, 55, 56, 87, 88].contains(atomicNumber)
  }

  /// Whether f electrons are in the valence or just below: from lanthanum on, without the next s block.
  var hasFElectrons: Bool { (57...80).contains(atomicNumber) || atomicNumber >= 89 }

  /// Whether it has no metallic form in which ions would give their electrons to a common band.
  var isNonMetal: Bool {
    [1, 2, 5, 6, 7, 8, 9, 10, 14, 15, 16, 17, 18, 33, 34, 35, 36, 52, 53, 54, 85, 86]
      .contains(atomicNumber)
  }
}
