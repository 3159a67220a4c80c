internal import Crystal

extension AbinitLint {
  /// Checks that the pseudopotentials are there, one for each type and of its element.
  mutating func checkPseudopotentials() {
    guard !deck.isPartial else { return }
    guard let variable = deck.variable("pseudos") else {
      report.add(
        .pseudoFolder, file, nil, "pseudos is not given: pseudopotentials are not checked",
        hint: "pseudos \"Mg.psp8, O.psp8\" in the order of znucl")
      return
    }
    let names = variable.texts.flatMap { $0.split(separator: ",") }.map(trimmedText)
    let charges = deck.variable("znucl")?.numbers ?? []
    if names.count != charges.count {
      report.add(
        .typeCount, file, variable.line,
        "pseudos names \(counted(names.count, "file")) for \(counted(charges.count, "type")) "
          + "(znucl)")
    }
    let directory = deck.variable("pp_dirpath")
    let path = directory?.texts.first ?? ""
    // ABINIT puts in the value of `$NAME`, which only it knows.
    if path.contains("$") { return }
    if let directory, !path.isEmpty, !folder.isFolder(path) {
      report.add(
        .pseudoFolder, file, directory.line,
        "pp_dirpath is \(path), which is not there: pseudopotentials are not checked")
      return
    }
    for (name, charge) in zip(names, charges) {
      let full =
        path.isEmpty || name.hasPrefix("/")
        ? name : path.hasSuffix("/") ? path + name : "\(path)/\(name)"
      guard let head = folder.head(full, bytes: 1 << 16) else {
        report.add(.pseudoMissing, file, variable.line, "the pseudopotential \(full) is not there")
        continue
      }
      guard let header = PseudopotentialHeader(head), let found = header.element,
        found.atomicNumber != Int(charge)
      else { continue }
      report.add(
        .pseudoElement, file, variable.line,
        "the pseudopotential \(name) is for \(found), but znucl has \(fixed(charge, 0)) in its place",
        hint: "files stand in the order of znucl")
    }
  }
}
