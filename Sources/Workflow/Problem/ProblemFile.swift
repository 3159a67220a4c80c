public import Arrangement
internal import Crystal
internal import Foundation
internal import StructureIO
internal import Symmetry
internal import Yams

/// An arrangement problem as it stands in a YAML file.
public struct ProblemFile: Sendable {
  /// What is to be arranged.
  public var specification: ProblemSpecification

  /// Which energies rank the arrangements.
  public var energy: EnergyModelChoice

  /// Numbers that are left open within limits, by label; empty for one composition.
  public var ranges: [CountRange] = []

  /// Keys of a problem file.
  static let keys = [
    "parent", "lattice", "spacegroup", "origin", "sites", "allowed", "supercell", "composition",
    "formula_units", "counts", "oxidation", "energy", "round", "allow_charge",
  ]

  /// A problem that was put together elsewhere.
  init(_ specification: ProblemSpecification, energy: EnergyModelChoice) {
    self.specification = specification
    self.energy = energy
  }

  /// Reads a problem.
  ///
  /// - Parameters:
  ///   - text: The YAML text.
  ///   - file: Its name, for messages; a parent structure is looked for beside it.
  /// - Throws: ``InputErrors`` with everything that is wrong.
  public init(parsing text: String, file: String) throws {
    var reader = YAMLReader(file: file)
    guard let root = reader.document(text) else { throw InputErrors(reader.problems) }
    let entries = reader.mapping(root, "", keys: ProblemFile.keys)
    func node(_ key: String) -> Node? { entries.first { $0.0 == key }?.1 }

    var supercell = SupercellMatrix.identity
    if let value = node("supercell") { supercell = reader.supercell(value) ?? .identity }
    let parent: ParentSites? =
      if let value = node("parent") {
        reader.parent(value, file: file, allowed: node("allowed"))
      } else {
        reader.inlineParent(root, node)
      }
    if node("parent") != nil {
      for key in ["lattice", "sites", "spacegroup", "origin"] where node(key) != nil {
        reader.report("a parent file already gives this", at: node(key), key, "remove one of them")
      }
    } else if let value = node("allowed") {
      reader.report(
        "allowed species stand with each site when sites are listed", at: value, "allowed",
        "move them into sites, or give the sites by a parent file")
    }

    var composition: Composition?
    if let value = node("composition"), let formula = reader.text(value, "composition") {
      composition = reader.composition(formula, value)
    }
    let units = node("formula_units").flatMap { reader.integer($0, "formula_units") }
    if let units, units <= 0 {
      reader.report(
        "\(units), expected a positive number", at: node("formula_units"), "formula_units", nil)
    }
    let counts: [ProblemSpecification.LabelCounts]
    if let value = node("counts"), value.scalar?.string == "all" {
      counts = []
      ranges = [CountRange(label: nil, element: nil, numbers: 0...Int.max)]
    } else {
      (counts, ranges) = node("counts").map { reader.counts($0) } ?? ([], [])
    }
    let oxidation = node("oxidation").map { reader.oxidation($0) } ?? [:]
    var energy = EnergyModelChoice.lattice
    if let value = node("energy"), let name = reader.text(value, "energy") {
      if let choice = EnergyModelChoice(rawValue: name) {
        energy = choice
      } else {
        let names = EnergyModelChoice.allCases.map(\.rawValue)
        reader.report(
          "unknown energy model \"\(name)\"", at: value, "energy",
          nearestMatch(to: name, among: names).map { "did you mean \($0)?" }
            ?? "models are \(names.joined(separator: ", "))")
      }
    }
    let rounds = node("round").flatMap { reader.logical($0, "round") } ?? false
    let charged = node("allow_charge").flatMap { reader.logical($0, "allow_charge") } ?? false
    guard reader.problems.isEmpty, let parent else { throw InputErrors(reader.problems) }
    self.energy = energy
    self.specification = ProblemSpecification(
      parent: parent.structure, allowed: parent.allowed, supercell: supercell,
      composition: composition, formulaUnits: units, counts: counts, oxidation: oxidation,
      rounding: rounds ? .nearest : .refuse, chargePolicy: charged ? .background : .neutral)
  }

  /// Reads a problem from a file.
  public init(path: String) throws {
    try self.init(parsing: readText(path), file: path)
  }
}

/// A unit cell and what may sit on its sites.
struct ParentSites {
  var structure: Structure
  var allowed: [[Element]]
}

extension YAMLReader {
  fileprivate mutating func supercell(_ node: Node) -> SupercellMatrix? {
    let text: String
    if let sequence = node.sequence {
      // Nine numbers, flat or row by row.
      text = sequence.flatMap { $0.sequence.map(Array.init) ?? [$0] }
        .compactMap { $0.scalar?.string }.joined(separator: " ")
    } else {
      text = node.scalar?.string ?? ""
    }
    do {
      return try SupercellMatrix(parsing: text)
    } catch {
      report(error.message, at: node, "supercell", error.hint)
      return nil
    }
  }

  fileprivate mutating func composition(_ formula: String, _ node: Node) -> Composition? {
    do {
      return try Composition(parsing: formula)
    } catch {
      report(error.message, at: node, "composition", error.hint)
      return nil
    }
  }

  fileprivate mutating func elements(_ node: Node, _ path: String) -> [Element] {
    var elements: [Element] = []
    for entry in list(node, path) {
      guard let name = text(entry, path) else { continue }
      guard let species = Species(name) else {
        let near = nearestMatch(to: name, among: Element.all.map(\.symbol) + ["Va"])
        report(
          "there is no element \"\(name)\"", at: entry, path, near.map { "did you mean \($0)?" })
        continue
      }
      if let state = species.oxidationState, !species.isVacancy {
        report(
          "\(name) has an oxidation state here", at: entry, path,
          "write \(species.element) and give its state as oxidation: {\(species.element): "
            + "\(fixed(state, 0))}")
        continue
      }
      if elements.contains(species.element) {
        report("\(species.element) is listed twice", at: entry, path, nil)
      } else {
        elements.append(species.element)
      }
    }
    return elements
  }

  fileprivate mutating func counts(
    _ node: Node
  ) -> ([ProblemSpecification.LabelCounts], [CountRange]) {
    var exact: [ProblemSpecification.LabelCounts] = []
    var ranges: [CountRange] = []
    for (label, value) in mapping(node, "counts", keys: nil) {
      if value.scalar?.string == "all" {
        ranges.append(CountRange(label: label, element: nil, numbers: 0...Int.max))
        continue
      }
      var counts: [Element: Int] = [:]
      for (name, number) in mapping(value, "counts: \(label)", keys: nil) {
        let path = "counts: \(label): \(name)"
        guard let species = Species(name) else {
          report(
            "there is no element \"\(name)\"", at: value, "counts: \(label)",
            nearestMatch(to: name, among: Element.all.map(\.symbol) + ["Va"])
              .map { "did you mean \($0)?" })
          continue
        }
        if let limits = countRange(number, path) {
          ranges.append(CountRange(label: label, element: species.element, numbers: limits))
          continue
        }
        guard let count = integer(number, path) else { continue }
        if count < 0 { report("\(count), expected 0 or more", at: number, path, nil) }
        counts[species.element] = count
      }
      exact.append(ProblemSpecification.LabelCounts(label: label, counts: counts))
    }
    return (exact, ranges)
  }

  /// Two numbers with dots between them, `0..8`; nil for anything without dots.
  private mutating func countRange(_ node: Node, _ path: String) -> ClosedRange<Int>? {
    guard let text = node.scalar?.string, text.contains("..") else { return nil }
    let limits = text.replacingOccurrences(of: "..", with: " ").split(separator: " ")
      .map { NumberReader.integer($0) }
    guard limits.count == 2, let lower = limits[0], let upper = limits[1], 0 <= lower,
      lower <= upper
    else {
      report(
        "\"\(text)\" is not a range of numbers", at: node, path,
        "write the smallest and the largest number, such as 0..8")
      return 0...0
    }
    return lower...upper
  }

  fileprivate mutating func oxidation(
    _ node: Node
  ) -> [Element: ProblemSpecification.OxidationRule] {
    var rules: [Element: ProblemSpecification.OxidationRule] = [:]
    for (name, value) in mapping(node, "oxidation", keys: nil) {
      let path = "oxidation: \(name)"
      guard let element = Element(symbol: name) else {
        report(
          "there is no element \"\(name)\"", at: value, "oxidation",
          nearestMatch(to: name, among: Element.all.map(\.symbol)).map { "did you mean \($0)?" })
        continue
      }
      switch value.scalar?.string {
      case "auto": rules[element] = .auto
      case "integer": rules[element] = .integer
      case .some(let word):
        guard let state = NumberReader.real(word), state.magnitude <= 9 else {
          report(
            "\"\(word)\" is not an oxidation state", at: value, path,
            "write a number from -9 to 9, auto (one element balances the charge) or integer (auto, "
              + "split into whole states)")
          continue
        }
        rules[element] = .fixed(state)
      case nil:
        report("expected a number, auto or integer", at: value, path, nil)
      }
    }
    return rules
  }

  /// The parent from a structure file, with labels from its column, or else from its elements.
  fileprivate mutating func parent(
    _ node: Node, file: String, allowed: Node?
  ) -> ParentSites? {
    guard let name = text(node, "parent") else { return nil }
    let folder = URL(filePath: file).deletingLastPathComponent().relativePath
    let path = name.hasPrefix("/") || folder == "." ? name : "\(folder)/\(name)"
    var structure: Structure
    do {
      structure = try StructureFile.read(path).structure
    } catch {
      report(error.message, at: node, "parent: \(error.location ?? path)", error.hint)
      return nil
    }
    if structure[column: Column.Name.occupancy] != nil {
      report(
        "\(name) has partial occupancies", at: node, "parent",
        "give it to the command itself, as in cellgen rank \(name) --supercell auto; or list the sites "
          + "here with what each may take")
      return nil
    }
    let labels = structure.labels ?? structure.species.map(\.element.symbol)
    structure.labels = labels
    var species: [String: [Element]] = [:]
    if let allowed {
      for (label, value) in mapping(allowed, "allowed", keys: Array(Set(labels)).sorted()) {
        species[label] = elements(value, "allowed: \(label)")
        if species[label] == [] {
          report("nothing may occupy \(label)", at: value, "allowed: \(label)", nil)
        }
      }
    }
    return ParentSites(
      structure: structure,
      allowed: structure.species.indices.map {
        species[labels[$0]] ?? [structure.species[$0].element]
      })
  }

  /// The parent from `lattice` and `sites`, expanded by a space group if one is given.
  fileprivate mutating func inlineParent(
    _ root: Node, _ value: (String) -> Node?
  ) -> ParentSites? {
    guard let latticeNode = value("lattice"), let sitesNode = value("sites") else {
      report(
        "no \(value("lattice") == nil ? "lattice" : "sites")", at: root, "",
        "give lattice and sites, or a parent file")
      return nil
    }
    let lattice = self.lattice(latticeNode)
    var group: SpaceGroup?
    let origin = value("origin").flatMap { integer($0, "origin") }
    if let groupNode = value("spacegroup"), let name = text(groupNode, "spacegroup") {
      do {
        group = try SpaceGroup(name, originChoice: origin)
      } catch {
        report(error.message, at: groupNode, "spacegroup", error.hint)
      }
    } else if value("origin") != nil {
      report(
        "an origin choice needs a space group", at: value("origin"), "origin",
        "add spacegroup, such as Fd-3m")
    }
    var sites: [InlineSite] = []
    for (index, entry) in list(sitesNode, "sites").enumerated() {
      if let site = inlineSite(entry, "sites[\(index + 1)]") { sites.append(site) }
    }
    guard let lattice, problems.isEmpty else { return nil }
    if let group, !isCompatible(group, lattice) {
      report(
        "the lattice does not have the symmetry of \(group)", at: latticeNode, "lattice",
        "check the lattice vectors, or leave out spacegroup and list all sites")
      return nil
    }
    return expand(sites, lattice, group)
  }

  private struct InlineSite {
    var label: String
    var position: Fractional
    var allowed: [Element]
    var node: Node
    var path: String
  }

  private mutating func lattice(_ node: Node) -> Lattice? {
    do {
      if let edge = node.scalar.flatMap({ NumberReader.real($0.string) }) {
        return try Lattice.cubic(edge)
      }
      guard let rows = node.sequence else {
        report(
          "expected three vectors, six numbers (a b c alpha beta gamma) or one cubic edge",
          at: node,
          "lattice", nil)
        return nil
      }
      if rows.count == 6 {
        let numbers = rows.compactMap { real($0, "lattice") }
        guard numbers.count == 6 else { return nil }
        return try Lattice(
          lengths: SIMD3(numbers[0], numbers[1], numbers[2]),
          anglesDegrees: SIMD3(numbers[3], numbers[4], numbers[5]))
      }
      guard rows.count == 3 else {
        report("\(rows.count) rows, expected three", at: node, "lattice", nil)
        return nil
      }
      let vectors = rows.compactMap { vector($0, "lattice") }
      guard vectors.count == 3 else { return nil }
      return try Lattice(a: vectors[0], b: vectors[1], c: vectors[2])
    } catch {
      report("\(error)", at: node, "lattice", nil)
      return nil
    }
  }

  private mutating func inlineSite(_ node: Node, _ path: String) -> InlineSite? {
    let entries = mapping(node, path, keys: ["label", "frac", "allowed"])
    func value(_ key: String) -> Node? { entries.first { $0.0 == key }?.1 }
    guard let fracNode = value("frac"), let allowedNode = value("allowed") else {
      report(
        "no \(value("frac") == nil ? "frac" : "allowed")", at: node, path,
        "write {label: 8a, frac: [0.125, 0.125, 0.125], allowed: [Mg, Va]}")
      return nil
    }
    guard let position = vector(fracNode, "\(path): frac") else { return nil }
    for axis in 0..<3 where position[axis].magnitude > 1000 {
      report(
        "\(position[axis]) is no fractional coordinate", at: fracNode, "\(path): frac",
        "divide Cartesian coordinates by the lattice")
      return nil
    }
    let allowed = elements(allowedNode, "\(path): allowed")
    if allowed.isEmpty {
      report(
        "nothing may occupy this site", at: allowedNode, "\(path): allowed",
        "list species, with Va for a site that may be empty")
      return nil
    }
    let label =
      value("label").flatMap { text($0, "\(path): label") }
      ?? allowed.map(\.symbol).joined(separator: "/")
    return InlineSite(
      label: label, position: Fractional(position), allowed: allowed, node: node, path: path)
  }

  private mutating func expand(
    _ sites: [InlineSite], _ lattice: Lattice, _ group: SpaceGroup?
  ) -> ParentSites? {
    var labels: [String] = []
    var positions: [Fractional] = []
    var allowed: [[Element]] = []
    for site in sites {
      let orbit = group?.orbit(of: site.position) ?? [site.position]
      // A label such as 16d promises a multiplicity: the cheapest way to notice a wrong origin.
      let promised = Int(site.label.prefix(while: \.isNumber))
      let isWyckoff = site.label.last?.isLetter ?? false
      if let group, let promised, isWyckoff, promised != orbit.count {
        report(
          "\(site.label) at this position has \(orbit.count) sites in \(group), expected \(promised)",
          at: site.node, site.path,
          "check the coordinates and the origin choice; the other origin of Fd-3m is 1/8 away")
      }
      labels += Array(repeating: site.label, count: orbit.count)
      positions += orbit
      allowed += Array(repeating: site.allowed, count: orbit.count)
    }
    guard problems.isEmpty else { return nil }
    for i in positions.indices {
      for j in 0..<i
      where isNear(positions[i], positions[j], lattice) {
        report(
          "two sites, \(labels[j]) and \(labels[i]), are less than "
            + "\(fixed(YAMLReader.shortestDistance, 1)) Å apart", at: nil, "sites",
          "one position may be listed twice, or belong to the orbit of another")
        return nil
      }
    }
    var structure = Structure(
      lattice: lattice,
      species: allowed.map { $0.count == 1 ? Species($0[0]) : .vacancy }, positions: positions)
    structure.labels = labels
    return ParentSites(structure: structure, allowed: allowed)
  }

  /// Sites nearer than this, Å, cannot be meant as two.
  private static let shortestDistance = 0.5

  /// Whether two sites are nearer than ``shortestDistance``; so near, rounding finds the right image.
  private func isNear(_ p: Fractional, _ q: Fractional, _ lattice: Lattice) -> Bool {
    var step = p.components - q.components
    step -= step.rounded(.toNearestOrEven)
    return length(lattice.cartesian(Fractional(step)).components) < YAMLReader.shortestDistance
  }

  /// Whether every operation of the group leaves the lengths and angles of the lattice unchanged.
  private func isCompatible(_ group: SpaceGroup, _ lattice: Lattice) -> Bool {
    let vectors = lattice.vectors
    return group.operations.allSatisfy { operation in
      // Columns of W are the images of the basis vectors in fractional coordinates.
      let images = (0..<3).map { j in
        (0..<3).reduce(SIMD3<Double>.zero) {
          $0 + Double(operation.rotation[$1, j]) * vectors[$1]
        }
      }
      return (0..<3).allSatisfy { i in
        (0..<3).allSatisfy { j in
          let difference = dot(images[i], images[j]) - dot(vectors[i], vectors[j])
          return difference.magnitude < 1e-3 * length(vectors[i]) * length(vectors[j])
        }
      }
    }
  }
}
