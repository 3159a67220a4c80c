internal import Crystal

/// Which sites stay where they are, in words: numbers from 1, ranges `1-4`, labels, elements.
enum FixedSites {
  /// The sites of a structure that words name.
  ///
  /// - Returns: Indices from 0.
  /// - Throws: ``InputErrors`` that name the words that are no site, label or element.
  static func sites(_ words: [String], of structure: Structure) throws(InputErrors) -> Set<Int> {
    var sites: Set<Int> = []
    var problems: [InputError] = []
    let labels = structure.labels ?? []
    let elements = structure.species.map(\.element.symbol)
    for word in words {
      let ends = word.split(separator: "-", omittingEmptySubsequences: false)
        .map { NumberReader.integer($0) }
      if (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1] {
        if first >= 1, last >= first, last <= structure.count {
          sites.formUnion((first - 1)...(last - 1))
        } else {
          problems.append(
            InputError(
              "\"\(word)\", expected numbers of sites from 1 to \(structure.count)", at: "--fix"))
        }
        continue
      }
      let found = structure.species.indices.filter {
        elements[$0] == word || (!labels.isEmpty && labels[$0] == word)
      }
      if found.isEmpty {
        let names = Set(labels + elements).sorted()
        problems.append(
          InputError(
            "there is no site with the label or element \"\(word)\"", at: "--fix",
            hint: nearestMatch(to: word, among: names).map { "did you mean \($0)?" }
              ?? "there are \(names.prefix(20).joined(separator: ", "))"))
      }
      sites.formUnion(found)
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
    return sites
  }
}
