internal import Crystal

/// The symmetry operations that a CIF block gives, or names.
///
/// In this order: operations, Hall symbol, Hermann-Mauguin symbol, number. A symbol or number that
/// leaves the origin open is refused.
struct CIFSymmetry {
  let operations: [SymmetryOperation]
  private(set) var warnings: [String] = []

  init(_ block: CIFBlock, lattice: Lattice) throws(InputError) {
    let name = block.value(
      "_space_group_name_h-m_alt", "_symmetry_space_group_name_h-m", "_space_group_name_h-m_ref",
      "_space_group_name_h-m_full", "_space_group_name_h-m")
    if let column = block.column(
      "_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz", "_space_group_symop_xyz")
    {
      operations = try CIFSymmetry.operations(column)
      check(name: name, lattice: lattice, place: column.place)
      return
    }
    if let hall = block.value("_space_group_name_hall", "_symmetry_space_group_name_hall") {
      let symbol = hall.text.split { $0 == "_" || $0.isWhitespace }.joined(separator: " ")
      guard let group = TabulatedGroup(hall: symbol) else {
        throw InputError("\(quotedForMessage(hall.text)) is no Hall symbol", at: hall.place)
      }
      operations = group.operations
      check(name: name, lattice: lattice, place: hall.place)
      return
    }
    if let name {
      guard let group = CIFSymmetry.group(named: name.text, lattice: lattice) else {
        throw InputError(
          "\(quotedForMessage(name.text)) is no space group that is known", at: name.place,
          hint: "write the symbol as in 'F d -3 m :2', or add the operations as a loop of "
            + "_space_group_symop_operation_xyz")
      }
      if group.setting == "1" || group.setting == "2" {
        guard CIFSymmetry.normalized(name.text).contains(":") else {
          throw CIFSymmetry.ambiguity(group, found: quotedForMessage(name.text), at: name.place)
        }
      }
      operations = group.operations
      return
    }
    if let number = block.value("_space_group_it_number", "_symmetry_int_tables_number") {
      guard let value = NumberReader.integer(number.text), let group = TabulatedGroup(number: value)
      else {
        throw InputError(
          "space group number \(quotedForMessage(number.text)), expected 1 to 230", at: number.place
        )
      }
      if ["1", "2"].contains(group.setting) {
        throw CIFSymmetry.ambiguity(group, found: "the number \(value)", at: number.place)
      }
      if group.setting == "H" || group.setting == "R" {
        let chosen = TabulatedGroup(name: group.name, lattice: lattice) ?? group
        operations = chosen.operations
      } else {
        operations = group.operations
      }
      if value > 2 {
        warnings.append(
          "\(number.place): only the number \(value) of the space group is given; taken as "
            + "\(group.name) in its standard setting")
      }
      return
    }
    operations = [SymmetryOperation(elements: [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0])]
    warnings.append(
      "\(block.source): no symmetry is given; the atoms are taken to be all there are")
  }

  /// The operations in a loop; the identity comes first, also if it is missing.
  private static func operations(_ column: CIFColumn) throws(InputError) -> [SymmetryOperation] {
    guard column.rows <= operationLimit else {
      throw InputError(
        "\(column.rows) symmetry operations, expected at most \(operationLimit)", at: column.place)
    }
    let identity = SymmetryOperation(elements: [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0])
    var operations = [identity]
    var known: Set = [identity]
    for row in 0..<column.rows {
      guard let operation = SymmetryOperation(column.text(row)) else {
        throw InputError(
          "symmetry operation \(row + 1) is \(quotedForMessage(column.text(row))), expected one "
            + "such as -x+1/2,y,z", at: column.place)
      }
      if !operation.isIdentity, known.insert(operation).inserted { operations.append(operation) }
    }
    return operations
  }

  /// Warns if the operations are no space group, or another than the one named.
  private mutating func check(
    name: (text: String, place: String)?, lattice: Lattice, place: String
  ) {
    guard let found = TabulatedGroup(operations: operations) else {
      warnings.append("\(place): the symmetry operations are no tabulated setting of a space group")
      return
    }
    guard let name, let named = CIFSymmetry.group(named: name.text, lattice: lattice) else {
      return
    }
    let hasOrigin = CIFSymmetry.normalized(name.text).contains(":")
    if found.number != named.number || (hasOrigin && found.setting != named.setting) {
      warnings.append(
        "\(name.place): the space group is called \(quotedForMessage(name.text)), but the operations "
          + "are those of \(found.fullName); the operations count")
    }
  }

  private static func group(named name: String, lattice: Lattice) -> TabulatedGroup? {
    TabulatedGroup(name: normalized(name), lattice: lattice)
  }

  /// The name with a colon before the setting: `F d -3 m Z` of ICSD becomes `F d -3 m :2`.
  private static func normalized(_ name: String) -> String {
    var words = name.split { $0.isWhitespace || $0 == "_" }.map(String.init)
    guard words.count > 1, let last = words.last, !name.contains(":") else {
      return words.joined(separator: " ")
    }
    let setting: String? =
      switch last.uppercased() {
      case "S": "1"
      case "Z": "2"
      case "H", "HR": "H"
      case "R", "RS", "RR": "R"
      default: nil
      }
    guard let setting else { return words.joined(separator: " ") }
    words[words.count - 1] = ":\(setting)"
    return words.joined(separator: " ")
  }

  private static func ambiguity(
    _ group: TabulatedGroup, found: String, at place: String
  ) -> InputError {
    InputError(
      "\(found) leaves the origin open: \(group.name) :1 and \(group.name) :2 are possible, and "
        + "there are no symmetry operations", at: place,
      hint: "write _space_group_name_H-M_alt '\(group.name) :1' or '\(group.name) :2', or add the "
        + "operations as a loop of _space_group_symop_operation_xyz")
  }

  /// A space group in a conventional cell has at most 192; supercells may list more.
  private static let operationLimit = 1536
}
