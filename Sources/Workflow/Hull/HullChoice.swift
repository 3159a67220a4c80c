internal import Crystal
internal import Thermodynamics

/// Which kind of hull suits a table, and why.
struct HullChoice {
  let kind: Kind

  /// The reason, half a sentence.
  let reason: String

  enum Kind {
    case insertion(Element)
    case general(endMembers: [Composition])
  }

  /// - Throws: ``InputError`` if an ion was named that no row contains.
  init(_ entries: [EnergyEntry], _ specification: HullSpecification) throws {
    if let ion = specification.ion.flatMap({ Element(symbol: $0) }) {
      guard entries.contains(where: { $0.formula[ion] > .zero }) else {
        let elements = Set(entries.flatMap(\.formula.elements)).sorted().map(\.symbol)
        throw InputError(
          "no row contains \(ion)", at: specification.tables.joined(separator: ", "),
          hint: "its elements are \(elements.joined(separator: ", "))")
      }
      kind = .insertion(ion)
      reason = "the ion was named"
      return
    }
    guard specification.endMembers.isEmpty else {
      kind = .general(
        endMembers: try specification.endMembers.map { try Composition(parsing: $0) })
      reason = "end members were named"
      return
    }
    let elements = Set(entries.flatMap(\.formula.elements)).sorted()
    let candidates = WorkingIon.candidates(among: entries)
      .filter { $0.oxidationStates.contains { $0 > 0 } }
    if elements.count > 2, candidates.count == 1 {
      kind = .insertion(candidates[0])
      reason = "the rows are one host with a varying amount of \(candidates[0])"
    } else {
      kind = .general(endMembers: [])
      reason =
        elements.count == 2 && !candidates.isEmpty
        ? "the rows have two elements (--ion \(candidates[0]) for voltages of \(candidates[0]))"
        : "the rows are not one host with one varying ion"
    }
    let needsIon = [
      specification.valence.map { _ in "valence" },
      specification.reference.map { _ in "reference" },
    ].compactMap { $0 }
    if case .general = kind, !needsIon.isEmpty {
      throw InputError(
        "a \(needsIon.joined(separator: " and ")) was given, but \(reason)",
        at: specification.tables.joined(separator: ", "),
        hint: "name the ion with --ion")
    }
  }
}
