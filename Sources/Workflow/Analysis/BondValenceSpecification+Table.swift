internal import Analysis
internal import Crystal

extension BondValenceSpecification {
  /// The table with the parameters that were given before it.
  ///
  /// - Throws: ``InputError`` for what is no pair or no parameters.
  func table() throws(InputError) -> BondValenceTable {
    var table = BondValenceTable()
    for (name, text) in parameters.sorted(by: { $0.key < $1.key }) {
      let option = "--parameters \(name)=\(text)"
      let symbols = name.split(separator: "-", maxSplits: 1).map(String.init)
      guard symbols.count == 2, let cation = Species(symbols[0]), !cation.isVacancy,
        let anion = Species(symbols[1])?.element, anion.isUsualAnion
      else {
        throw InputError(
          "\"\(name)\" is no cation and anion", at: option, hint: "write Mg-O or Mn3+-O")
      }
      let numbers = text.split(separator: ":", omittingEmptySubsequences: false)
        .map { NumberReader.real($0) }
      let (r0, b) = (numbers[0], numbers.count > 1 ? numbers[1] : 0.37)
      guard numbers.count < 3, let r0, let b, (0.1...5).contains(r0), (0.05...2).contains(b) else {
        throw InputError(
          "\"\(text)\" is no R0 or R0:b, expected 0.1 to 5 Å and 0.05 to 2 Å", at: option,
          hint: "write \(name)=1.693 or \(name)=1.693:0.37")
      }
      let pair = BondValenceTable.Pair(
        cation: cation.element, state: cation.oxidationState, anion: anion)
      table.own[pair] = BondValence(r0: r0, b: b)
    }
    return table
  }
}
