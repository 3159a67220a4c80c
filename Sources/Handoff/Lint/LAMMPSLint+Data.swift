internal import Crystal

extension LAMMPSLint {
  /// Checks the data file.
  mutating func checkData(_ data: LAMMPSDataLines) {
    for (line, message) in data.problems.prefix(5) {
      report.add(.unreadable, dataFile, line, message)
    }
    checkStyle(data)
    if let (numbers, line) = data.header["atoms"], let count = numbers.first,
      count != Double(data.atomLines)
    {
      report.add(
        .atomCount, dataFile, line,
        "\(fixed(count, 0)) atoms are announced, but the section Atoms has "
          + counted(data.atomLines, "line"))
    }
    let types = types ?? 0
    if let wrong = data.atoms.first(where: { $0.type < 1 || $0.type > types }) {
      report.add(
        .typeCount, dataFile, wrong.line,
        "an atom of type \(wrong.type), but there are \(counted(types, "atom type"))")
    }
    let hasMasses = script.last("mass") != nil
    if !hasMasses, !data.hasLabels, types > 0, types < 1000 {
      let missing = (1...types).filter { data.masses[$0] == nil }
      if !missing.isEmpty, data.sections["Atoms"] != nil {
        report.add(
          .speciesUndefined, dataFile, data.sections["Masses"] ?? data.header["atom types"]?.line,
          "no mass of the atom types \(missing.map(String.init).joined(separator: ", "))")
      }
    }
    checkBox(data)
    checkCharges(data)
  }

  private mutating func checkStyle(_ data: LAMMPSDataLines) {
    guard let command = script.last("atom_style"), command.words.count > 1, !command.hasVariables
    else { return }
    if let style = data.style, style != command.words[1], command.words[1] != "hybrid" {
      report.add(
        .atomStyle, command.file, command.line,
        "atom_style is \(command.words[1]), but the atoms in \(dataFile) are of the style \(style)")
    }
  }

  private mutating func checkBox(_ data: LAMMPSDataLines) {
    func limits(_ key: String) -> SIMD2<Double>? {
      guard let numbers = data.header[key]?.numbers, numbers.count == 2 else { return nil }
      return SIMD2(numbers[0], numbers[1])
    }
    guard let x = limits("xlo xhi"), let y = limits("ylo yhi"), let z = limits("zlo zhi") else {
      return
    }
    let (lx, ly) = (x.y - x.x, y.y - y.x)
    let isAllowed = script.all("box").contains {
      $0.words.dropFirst().starts(with: ["tilt", "large"])
    }
    if let (tilt, line) = data.header["xy xz yz"], tilt.count == 3, !isAllowed {
      // LAMMPS itself lets half of the box pass with some room for rounding.
      let room = 1e-6
      for (name, value, edge, axis) in [
        ("xy", tilt[0], lx, "x"), ("xz", tilt[1], lx, "x"), ("yz", tilt[2], ly, "y"),
      ] where value.magnitude > (0.5 + room) * edge {
        report.add(
          .tiltLarge, dataFile, line,
          "the tilt factor \(name) is \(fixed(value, 4)), more than half of the box along \(axis) "
            + "(\(fixed(edge, 4)))",
          hint:
            "box tilt large before read_data, or add multiples of lattice vectors; versions from "
            + "2022 on take it")
      }
    }
    let boundary = script.last("boundary")?.words.dropFirst() ?? []
    let edges = [x, y, z]
    for (axis, word) in boundary.prefix(3).enumerated() where word.contains("f") {
      guard
        let outside = data.atoms.first(where: {
          $0.point[axis] < edges[axis].x || $0.point[axis] > edges[axis].y
        })
      else { continue }
      report.add(
        .outsideBox, dataFile, outside.line,
        "an atom at \(["x", "y", "z"][axis]) = \(outside.point[axis]) outside of the box, which is "
          + "not periodic there")
    }
  }

  private mutating func checkCharges(_ data: LAMMPSDataLines) {
    var charges = data.atoms.map(\.charge)
    for command in script.all("set") {
      guard let position = command.words.firstIndex(of: "charge") else { continue }
      guard command.words.count > position + 1, command.words[1] == "type",
        let type = Int(command.words[2]),
        let charge = NumberReader.real(command.words[position + 1])
      else {
        summary.charge = nil
        return
      }
      for (n, atom) in data.atoms.enumerated() where atom.type == type { charges[n] = charge }
    }
    let sum = charges.reduce(0, +)
    // Models of variable charges find them later.
    guard sum.magnitude > 1e-6,
      !script.commands.contains(where: {
        $0.name == "fix" && $0.words.contains { $0.hasPrefix("qeq") }
      })
    else { return }
    summary.charge = nil
    report.add(
      .notNeutral, dataFile, data.sections["Atoms"],
      "the charges add up to \(fixed(sum, 6)) e, expected 0",
      hint: "Ewald sums of charged cells hold a background that has no physical meaning")
  }
}
