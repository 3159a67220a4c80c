internal import Building
internal import Crystal
internal import Yams

extension YAMLReader {
  /// Free coordinates by name.
  mutating func parameters(_ node: Node) -> [PrototypeDefinition.Parameter] {
    var parameters: [PrototypeDefinition.Parameter] = []
    for (name, value) in mapping(node, "parameters", keys: nil) {
      guard CoordinateExpression.isName(name) else {
        report(
          "\"\(name)\" cannot name a parameter", at: value, "parameters",
          "use letters, digits and underscores, such as u or x_O1")
        continue
      }
      guard let number = real(value, "parameters: \(name)") else { continue }
      parameters.append(PrototypeDefinition.Parameter(name, number))
    }
    return parameters
  }

  /// Ratios of edges by name.
  mutating func ratios(_ node: Node) -> [EdgeRatio] {
    var ratios: [EdgeRatio] = []
    for (name, value) in mapping(node, "ratios", keys: nil) {
      let path = "ratios: \(name)"
      let entries = mapping(value, path, keys: ["numerator", "denominator", "factor"])
      func node(_ key: String) -> Node? { entries.first { $0.0 == key }?.1 }
      var edges: [String] = []
      for key in ["numerator", "denominator"] {
        guard let edge = node(key)?.scalar?.string, ["a", "b", "c"].contains(edge) else {
          report("\(key) is none of the edges a, b, c", at: value, path, nil)
          continue
        }
        edges.append(edge)
      }
      let factor = node("factor").map { real($0, path) ?? 0 } ?? 1
      if factor <= 0 { report("factor \(factor), expected more than 0", at: value, path, nil) }
      guard edges.count == 2 else { continue }
      ratios.append(
        EdgeRatio(name: name, numerator: edges[0], denominator: edges[1], factor: factor))
    }
    return ratios
  }

  /// A Wyckoff position.
  mutating func site(_ node: Node, _ path: String) -> PrototypeDefinition.Site? {
    let entries = mapping(
      node, path,
      keys: ["label", "frac", "symmetry", "species", "allowed", "coordination", "role"])
    func value(_ key: String) -> Node? { entries.first { $0.0 == key }?.1 }
    guard let labelNode = value("label"), let fracNode = value("frac"),
      let speciesNode = value("species")
    else {
      let missing = ["label", "frac", "species"].filter { value($0) == nil }
      report(
        "no \(missing.joined(separator: ", "))", at: node, path,
        "write {label: 4a, frac: [0, 0, 0], species: Mg2+}")
      return nil
    }
    let problemsBefore = problems.count
    let label = text(labelNode, "\(path): label") ?? ""
    let multiplicity = wyckoffMultiplicity(label)
    if multiplicity == nil {
      report(
        "label \"\(label)\" does not begin with multiplicity and Wyckoff letter", at: labelNode,
        "\(path): label", "write 16d, or 4c_O1 where several sites share a position")
    }
    var position: [CoordinateExpression] = []
    for entry in list(fracNode, "\(path): frac") {
      do {
        position.append(try CoordinateExpression(parsing: entry.scalar?.string ?? ""))
      } catch {
        report(error.message, at: entry, "\(path): frac", error.hint)
      }
    }
    if position.count != 3, problems.count == problemsBefore {
      report(
        "\(position.count) coordinates, expected three", at: fracNode, "\(path): frac", nil)
    }
    let shares = siteShares(speciesNode, "\(path): species")
    var site = PrototypeDefinition.Site(
      label: label, multiplicity: multiplicity ?? 0, position: position, shares: shares)
    site.siteSymmetry = value("symmetry").flatMap { text($0, "\(path): symmetry") }?
      .filter { $0 != "." }
    if let node = value("allowed") { site.allowed = allowed(node, "\(path): allowed") }
    site.coordinationNumber = value("coordination").flatMap { integer($0, "\(path): coordination") }
    if let node = value("role") {
      switch node.scalar?.string {
      case "cation": site.role = .cation
      case "anion": site.role = .anion
      default: report("expected cation or anion", at: node, "\(path): role", nil)
      }
    }
    return problems.count == problemsBefore ? site : nil
  }

  /// 16 for `16d` and `16d_A`; nil if the label is something else.
  private func wyckoffMultiplicity(_ label: String) -> Int? {
    let digits = label.prefix { $0.isASCII && $0.isNumber }
    let rest = label.dropFirst(digits.count)
    guard let number = Int(digits), (1...192).contains(number), let letter = rest.first,
      letter.isASCII, letter.isLetter
    else { return nil }
    let tail = rest.dropFirst()
    return tail.isEmpty || (tail.first == "_" && tail.count > 1) ? number : nil
  }

  /// One species, or species with fractions; what they leave is empty.
  private mutating func siteShares(_ node: Node, _ path: String) -> [SiteShare] {
    guard node.mapping != nil else {
      guard let name = text(node, path), let species = species(name, node, path) else { return [] }
      return [SiteShare(species, .one)]
    }
    var shares: [SiteShare] = []
    for (name, value) in mapping(node, path, keys: nil) {
      guard let species = species(name, value, path) else { continue }
      guard let fraction = value.scalar.flatMap({ NumberReader.rational($0.string) }),
        fraction > .zero, fraction <= .one
      else {
        report(
          "the fraction of \(name) is not between 0 and 1", at: value, path,
          "write a decimal or a fraction such as 1/3")
        continue
      }
      shares.append(SiteShare(species, fraction))
    }
    do {
      return try shares.filledWithVacancies()
    } catch {
      report(error.message, at: node, path, error.hint)
      return shares
    }
  }

  private mutating func species(_ name: String, _ node: Node, _ path: String) -> Species? {
    if let species = Species(name) { return species }
    let near = nearestMatch(to: name, among: Element.all.map(\.symbol) + ["Va"])
    report(
      "there is no species \"\(name)\"", at: node, path,
      near.map { "did you mean \($0)?" } ?? "write an element such as Mg or Mn4+, or Va")
    return nil
  }

  private mutating func allowed(_ node: Node, _ path: String) -> [Element] {
    list(node, path).compactMap { entry in
      guard let name = text(entry, path) else { return nil }
      return species(name, entry, path)?.element
    }
  }

  /// Reports parameters that no coordinate uses, or that are used without a value.
  mutating func checkParameters(_ definition: PrototypeDefinition, _ node: Node?) {
    let used = Set(definition.sites.flatMap { $0.position.flatMap(\.parameters) })
    let names = definition.parameters.map(\.name)
    for name in names where !used.contains(name) {
      report("no coordinate uses the parameter \(name)", at: node, "parameters: \(name)", nil)
    }
    for name in used.sorted() where !names.contains(name) {
      report(
        "the parameter \(name) of a coordinate has no value", at: node, "parameters",
        nearestMatch(to: name, among: names).map { "did you mean \($0)?" }
          ?? "list it under parameters")
    }
  }
}

extension [SiteShare] {
  /// The shares with the vacancies that fill the sites up.
  ///
  /// - Throws: ``InputError`` if the fractions add up to more than 1.
  func filledWithVacancies() throws(InputError) -> [SiteShare] {
    var rest = Rational.one
    do {
      for share in self { rest = try rest.subtracting(share.fraction) }
    } catch {
      throw InputError("the fractions have too many digits")
    }
    guard rest >= .zero else {
      let sum = 1 - rest.doubleValue
      throw InputError("the fractions add up to \(fixed(sum, 6)), expected at most 1")
    }
    if rest == .zero { return self }
    return filter { !$0.species.isVacancy }
      + [SiteShare(.vacancy, (try? rest.adding(vacancyFraction)) ?? rest)]
  }

  private var vacancyFraction: Rational {
    first { $0.species.isVacancy }?.fraction ?? .zero
  }
}
