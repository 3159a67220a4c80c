public import Crystal

/// Some atoms of a structure, by element and label.
public struct SiteSelection: Hashable, Sendable, Codable {
  /// Symbol of the element, `Mn`, or of one species of it, `Mn3+`; `Va` for empty sites; nil for any.
  public var element: String?

  /// Labels; empty for any.
  public var labels: [String]

  /// A selection.
  public init(element: String? = nil, labels: [String] = []) {
    self.element = element
    self.labels = labels
  }

  /// Indices of the atoms.
  ///
  /// - Throws: ``InputError`` that names what there is, if nothing matches.
  public func indices(in structure: Structure) throws(InputError) -> [Int] {
    var wanted: Species?
    if let element {
      guard let species = Species(element) else {
        throw InputError(
          "there is no element \"\(element)\"",
          hint: nearestMatch(to: element, among: Element.all.map(\.symbol) + ["Va"])
            .map { "did you mean \($0)?" })
      }
      wanted = species
    }
    let labelOfSite = structure.labels
    if !labels.isEmpty, labelOfSite == nil {
      throw InputError(
        "the structure has no labels", hint: "leave out the labels, or use a file that keeps them")
    }
    let known = Set(labelOfSite ?? [])
    if let stranger = labels.first(where: { !known.contains($0) }) {
      throw InputError(
        "there are no sites with the label \(stranger)",
        hint: nearestMatch(to: stranger, among: known.sorted()).map { "did you mean \($0)?" }
          ?? "labels are \(known.sorted().joined(separator: ", "))")
    }
    let chosen = structure.species.indices.filter { index in
      let own = structure.species[index]
      let isWanted =
        wanted.map {
          own.element == $0.element
            && ($0.isVacancy || $0.oxidationState == nil || own.oxidationState == $0.oxidationState)
        } ?? true
      return isWanted && (labels.isEmpty || labels.contains(labelOfSite?[index] ?? ""))
    }
    guard !chosen.isEmpty else {
      let elements = Set(structure.species).sorted().map(\.description)
      throw InputError(
        "no atom matches" + (element.map { ": there is no \($0)" } ?? "")
          + (labels.isEmpty ? "" : " on \(labels.joined(separator: ", "))"),
        hint: "the structure has \(elements.joined(separator: ", "))")
    }
    return chosen
  }
}
