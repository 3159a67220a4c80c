internal import Crystal
internal import Foundation

/// Turns a CIF block into a structure.
struct CIFReader {
  private let block: CIFBlock
  private let mergeTolerance: Double
  private let lattice: Lattice
  private let symmetry: CIFSymmetry
  private var warnings: [String]

  init(_ block: CIFBlock, mergeTolerance: Double) throws(InputError) {
    self.block = block
    self.mergeTolerance = mergeTolerance
    var warnings: [String] = []
    lattice = try CIFReader.lattice(block, warnings: &warnings)
    symmetry = try CIFSymmetry(block, lattice: lattice)
    self.warnings = warnings + symmetry.warnings
  }

  mutating func read() throws(InputError) -> StructureReading {
    let sites = try CIFSites(block)
    warnings += sites.warnings
    let own = try ownColumns(sites)

    var listed: [Int] = []
    var positions: [SIMD3<Double>] = []
    var labels: [String] = []
    listed.reserveCapacity(sites.positions.count)
    positions.reserveCapacity(sites.positions.count)
    for n in sites.positions.indices {
      if symmetry.operations.count == 1, sites.wyckoff == nil {
        listed.append(n)
        positions.append(sites.positions[n])
        continue
      }
      let expansion = SiteExpansion(
        sites.positions[n], operations: symmetry.operations, lattice: lattice,
        tolerance: mergeTolerance)
      if !expansion.isConsistent {
        warnings.append(
          "\(sites.place): site \(sites.labels[n]) is so near to a special position that its "
            + "\(expansion.images.count) images may be wrong")
      }
      if let given = sites.multiplicities?[n] ?? nil, symmetry.operations.count > 1,
        given != expansion.images.count, given != expansion.siteSymmetryOrder
      {
        warnings.append(
          "\(sites.place): site \(sites.labels[n]) has multiplicity \(given) in the file, but "
            + "\(expansion.images.count) by symmetry")
      }
      if let letters = sites.wyckoff {
        let multiplicity =
          symmetry.operations.count > 1 ? expansion.images.count : sites.multiplicities?[n] ?? nil
        let label = CIFReader.label(letters[n], multiplicity: multiplicity)
        labels.append(contentsOf: repeatElement(label, count: expansion.images.count))
      }
      listed.append(contentsOf: repeatElement(n, count: expansion.images.count))
      positions.append(contentsOf: expansion.images)
      guard positions.count <= CIFReader.atomLimit else {
        throw InputError("more than \(CIFReader.atomLimit) atoms in the cell", at: sites.place)
      }
    }
    let amounts = CIFReader.amounts(sites, listed)
    if let disagreement = CIFFormula.disagreement(block, amounts) { warnings.append(disagreement) }
    let sharesPoints = try checkFullness(sites, listed, positions)

    var columns: [Column] = []
    if let own {
      columns = own.map { $0.selecting(listed) }
    } else {
      if sites.wyckoff != nil { columns.append(Column(Column.Name.label, .text(labels))) }
      columns.append(Column(Column.Name.fileLabel, .text(listed.map { sites.labels[$0] })))
      columns += sites.disorderColumns(listed, sharesPoints: sharesPoints)
    }
    let structure = Structure(
      lattice: lattice, species: listed.map { sites.species[$0] },
      positions: positions.map { Fractional($0) }, columns: columns, title: title(), info: info())
    return StructureReading(structure, warnings: warnings)
  }

  /// Atoms of each element in the cell, by occupancy.
  private static func amounts(_ sites: CIFSites, _ listed: [Int]) -> [Element: Double] {
    var amounts: [Element: Double] = [:]
    // Neighbours mostly hold the same element.
    var run: (element: Element, amount: Double)?
    for n in listed {
      let element = sites.species[n].element
      if let found = run, found.element != element {
        amounts[found.element, default: 0] += found.amount
        run = nil
      }
      run = (element, (run?.amount ?? 0) + sites.occupancies[n])
    }
    if let run { amounts[run.element, default: 0] += run.amount }
    return amounts
  }

  /// `16d` of letter `d` and multiplicity 16; a file without a letter gives `?`.
  private static func label(_ letter: String, multiplicity: Int?) -> String {
    guard let first = letter.first else { return "?" }
    let word = oneWord(letter)
    guard let multiplicity, !first.isNumber else { return word }
    return "\(multiplicity)\(word)"
  }

  /// Refuses several atoms on one point that together fill it more than once, unless they are
  /// alternatives of different disorder groups.
  ///
  /// - Returns: Whether any point is overfull, which is no more than doubtful without symmetry.
  private mutating func checkFullness(
    _ sites: CIFSites, _ listed: [Int], _ positions: [SIMD3<Double>]
  ) throws(InputError) -> Bool {
    let firstOfAtom = Coincidences(positions, lattice: lattice, tolerance: mergeTolerance)
      .firstOfAtom
    var fullness = [Double](repeating: 0, count: positions.count)
    for atom in positions.indices {
      let first = firstOfAtom[atom]
      fullness[first] += sites.occupancies[listed[atom]]
      guard first != atom, fullness[first] > 1 + CIFReader.occupancySlack else { continue }
      let (n, m) = (listed[first], listed[atom])
      if !sites.disorderGroups.isEmpty, sites.disorderGroups[n] != sites.disorderGroups[m] {
        continue
      }
      func name(_ n: Int) -> String {
        "\(sites.labels[n]) (\(sites.species[n]) \(sites.occupancies[n]))"
      }
      let message =
        (n == m
          ? "images of site \(name(n)) share a point"
          : "sites \(name(n)) and \(name(m)) share a point")
        + ", with a total occupancy of \(fixed(fullness[first], 3))"
      guard symmetry.operations.count > 1 else {
        warnings.append("\(sites.loop.place(sites.rows[n])): \(message)")
        return true
      }
      let areFull = sites.occupancies[n] == 1 && sites.occupancies[m] == 1
      throw InputError(
        "\(message); the second is listed at \(sites.loop.place(sites.rows[m]))",
        at: sites.loop.place(sites.rows[n]),
        hint: areFull
          ? "are atoms listed that symmetry generates as well, or occupancies missing?"
          : "scale the occupancies so that they add up to at most 1; what is missing is vacant")
    }
    return false
  }

  /// The columns written by cellgen, one value per listed site; nil in files of other programs.
  private func ownColumns(_ sites: CIFSites) throws(InputError) -> [Column]? {
    guard let list = block.value(CIF.Tag.columns) else { return nil }
    if list.text == "none" { return [] }
    var columns: [Column] = []
    for field in try ColumnField.parse(list.text, at: list.place) {
      var sources: [CIFColumn] = []
      for component in 0..<field.width {
        let tag = CIF.Tag.column(field, component)
        guard let source = block.column(CIFBlock.key(tag), beside: sites.loop) else {
          throw InputError("\(CIF.Tag.columns) announces \(tag), which is missing", at: list.place)
        }
        sources.append(source)
      }
      var builder = ColumnBuilder(field, atoms: sites.rows.count)
      // One reference to the bytes for all rows.
      let bytes = sites.loop.strings.bytes
      for row in sites.rows {
        for source in sources {
          if let expected = builder.append(bytes, source.range(row)) {
            throw InputError(
              "\(field.name) in row \(row + 1) is \(quotedForMessage(source.text(row))), expected "
                + expected, at: source.place)
          }
        }
      }
      columns.append(builder.column)
    }
    return columns
  }

  private func title() -> String { block.value(CIF.Tag.title)?.text ?? ownTitle ?? block.name }

  /// The empty title of a file of cellgen, whose block has a name all the same.
  private var ownTitle: String? { block.column(CIF.Tag.title) == nil ? nil : "" }

  private func info() -> [Structure.InfoEntry] {
    guard let keys = block.column(CIF.Tag.infoKey),
      let values = block.column(CIF.Tag.infoValue, beside: keys)
    else { return [] }
    return (0..<keys.rows).map { Structure.InfoEntry(keys.text($0), values.text($0)) }
  }

  /// The lattice from `_cell_…`, in the orientation of `_cellgen_lattice_…` if that is the same.
  private static func lattice(
    _ block: CIFBlock, warnings: inout [String]
  ) throws(InputError) -> Lattice {
    let names = ["length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma"]
    var numbers: [Double] = []
    var places: [String] = []
    for name in names {
      guard let column = block.column("_cell_\(name)"), !column.isNull(0) else {
        throw InputError("no cell: _cell_\(name) is missing", at: block.source)
      }
      guard let value = column.real(0) else {
        throw InputError(
          "_cell_\(name) is \(quotedForMessage(column.text(0))), expected a number",
          at: column.place)
      }
      numbers.append(value)
      places.append(column.place)
    }
    let standard: Lattice
    do {
      standard = try Lattice(
        lengths: SIMD3(numbers[0], numbers[1], numbers[2]),
        anglesDegrees: SIMD3(numbers[3], numbers[4], numbers[5]))
    } catch {
      let culprit: Int?
      switch error {
      case .length(let value), .angle(let value): culprit = numbers.firstIndex(of: value)
      case .flat, .notFinite: culprit = nil
      }
      throw InputError(error.description, at: culprit.map { places[$0] } ?? places[3])
    }
    guard let x = block.column(CIF.Tag.vector[0]), x.rows == 3,
      let y = block.column(CIF.Tag.vector[1], beside: x),
      let z = block.column(CIF.Tag.vector[2], beside: x)
    else { return standard }
    let rows = (0..<3).map { row -> SIMD3<Double>? in
      guard let x = x.real(row), let y = y.real(row), let z = z.real(row) else { return nil }
      return SIMD3(x, y, z)
    }
    if let a = rows[0], let b = rows[1], let c = rows[2], let own = try? Lattice(a: a, b: b, c: c),
      (0..<3).allSatisfy({
        (own.lengths[$0] - numbers[$0]).magnitude < 1e-6 * numbers[$0]
          && (own.anglesDegrees[$0] - numbers[3 + $0]).magnitude < 1e-4
      })
    {
      return own
    }
    warnings.append(
      "\(x.place): _cellgen_lattice_x, _y, _z are not the vectors of the cell and were not read")
    return standard
  }

  /// Occupancies of one point may add up to this much more than 1 by rounding.
  private static let occupancySlack = 0.02

  /// Atoms beyond this are a mistake.
  private static let atomLimit = 10_000_000
}
