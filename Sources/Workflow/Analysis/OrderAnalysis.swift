internal import Analysis
internal import Crystal
internal import StructureIO

/// Long-range order of structures, direction by direction, and on the sublattices of a parent.
public struct OrderAnalysis {
  /// Settings.
  public let specification: OrderSpecification

  /// What is doubtful, one sentence each.
  public let warnings: [String]

  /// The order of one element in one structure.
  struct Entry {
    var path: String
    var element: Element
    var atoms: Int
    var order: DirectionalOrder
    var signed: [DirectionalOrder.Sample]
    var absolute: [DirectionalOrder.Sample]

    func samples(_ projection: DirectionalOrder.Projection) -> [DirectionalOrder.Sample] {
      projection == .signed ? signed : absolute
    }
  }

  /// What the atoms of a structure do on one sublattice of the parent.
  struct Sublattice {
    var path: String
    var label: String
    var element: Element
    var sites: Int
    /// Part of the sites that the element has.
    var fraction: Double
    /// Part of all sites of its kind, cations' or anions', that it has.
    var average: Double
    /// S = (fraction − average)/(1 − average).
    var orderParameter: Double?
    /// Root mean square distance of its atoms from the sites, Å.
    var displacement: Double
  }

  let entries: [Entry]
  let sublattices: [Sublattice]
  let inputs: [String: String]
  let started = timestamp()

  /// Reads and analyses structures.
  ///
  /// - Throws: ``InputError`` or ``InputErrors`` with what is wrong.
  public init(_ specification: OrderSpecification) throws {
    try specification.validate()
    let parent = try specification.parent.map { try StructureFile.read($0) }
    var (entries, sublattices): ([Entry], [Sublattice]) = ([], [])
    var (warnings, inputs): ([String], [String: String]) = (parent?.warnings ?? [], [:])
    if let path = specification.parent { inputs[path] = sha256(try readText(path)) }
    for path in specification.structures {
      let input = try AnalysedStructure(path)
      warnings += input.warnings
      inputs.merge(input.inputs) { $1 }
      for element in try OrderAnalysis.elements(specification, input) {
        entries.append(try OrderAnalysis.entry(specification, input, element))
      }
      if let parent {
        do {
          let mapping = try SiteMapping(input.structure, parent: parent.structure)
          sublattices += OrderAnalysis.sublattices(mapping, input)
          let lost = mapping.unassigned.count
          if lost > 0 {
            warnings.append(
              "\(lost) atoms of \(path) are more than \(shortNumber(MappingSpecification().cutoff))"
                + " Å from every free site of the parent")
          }
        } catch {
          throw error.inside(path)
        }
      }
    }
    self.specification = specification
    self.entries = entries
    self.sublattices = sublattices
    self.warnings = warnings
    self.inputs = inputs
  }

  /// The elements to look at: those that are named, or the rarest one.
  private static func elements(
    _ specification: OrderSpecification, _ input: AnalysedStructure
  ) throws(InputError) -> [Element] {
    var named: [Element] = []
    for symbol in specification.elements {
      named.append(try input.element(symbol, option: "--element"))
    }
    guard named.isEmpty else { return named }
    let rarest = input.structure.elementCounts.min { ($0.value, $0.key) < ($1.value, $1.key) }
    return rarest.map { [$0.key] } ?? []
  }

  private static func entry(
    _ specification: OrderSpecification, _ input: AnalysedStructure, _ element: Element
  ) throws(InputError) -> Entry {
    let positions = input.structure.species.indices
      .filter { input.structure.species[$0].element == element }
      .map { input.structure.positions[$0] }
    let order: DirectionalOrder
    do {
      if let n = specification.divisions, n.count == 3 {
        order = try DirectionalOrder(
          positions, lattice: input.structure.lattice, divisions: SIMD3(n[0], n[1], n[2]))
      } else {
        order = try DirectionalOrder(planesOf: positions)
      }
    } catch {
      throw InputError(
        "\(element): \(error.message)", at: input.path,
        hint: error.hint ?? "take another element")
    }
    return Entry(
      path: input.path, element: element, atoms: positions.count, order: order,
      signed: order.sphere(specification.directions, .signed),
      absolute: order.sphere(specification.directions, .absolute))
  }

  /// Bragg–Williams order parameters of the elements on the labels of the parent.
  private static func sublattices(
    _ mapping: SiteMapping, _ input: AnalysedStructure
  ) -> [Sublattice] {
    let fillings = mapping.fillings
    func isAnionic(_ filling: LabelFilling) -> Bool {
      let anions = filling.atoms.filter { Element(symbol: $0.element)?.isUsualAnion ?? false }
      return 2 * anions.reduce(0) { $0 + $1.count } > filling.sites
    }
    var squares: [String: (sum: Double, count: Int)] = [:]
    for atom in mapping.atoms {
      guard let site = atom.site else { continue }
      let key = "\(site.label) \(input.structure.species[atom.atom].element)"
      squares[key, default: (0, 0)].sum += dot(atom.displacement, atom.displacement)
      squares[key, default: (0, 0)].count += 1
    }
    return fillings.flatMap { filling in
      let alike = fillings.filter { isAnionic($0) == isAnionic(filling) }
      let all = alike.reduce(0) { $0 + $1.sites }
      return filling.atoms.compactMap { content -> Sublattice? in
        guard let element = Element(symbol: content.element) else { return nil }
        let held = alike.reduce(0) { sum, other in
          sum + other.atoms.filter { $0.element == content.element }.reduce(0) { $0 + $1.count }
        }
        let fraction = Double(content.count) / Double(max(1, filling.sites))
        let average = Double(held) / Double(max(1, all))
        let square = squares["\(filling.label) \(element)"] ?? (0, 1)
        return Sublattice(
          path: input.path, label: filling.label, element: element, sites: filling.sites,
          fraction: fraction, average: average,
          orderParameter: average < 1 ? (fraction - average) / (1 - average) : nil,
          displacement: (square.sum / Double(max(1, square.count))).squareRoot())
      }
    }
  }
}
