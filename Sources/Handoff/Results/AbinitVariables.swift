internal import Crystal

/// The variables that ABINIT echoes: before the computation, and after it with what came out.
struct AbinitVariables {
  private let text: ResultText
  private let before: Range<Int>
  private let after: Range<Int>

  init(_ text: ResultText) {
    self.text = text
    let end = text.all.upperBound
    let start = text.first("-outvars: echo values of preprocessed input variables") ?? end
    let last = text.last("-outvars: echo values of variables after computation") ?? end
    before = start..<(text.first("\n====", in: start..<end) ?? end)
    after = last..<(text.first("\n====", in: last..<end) ?? end)
  }

  /// The numbers of a variable; of several datasets the last one, and after the computation if it is there.
  func numbers(_ name: String) -> [Double]? {
    numbers(name, in: after) ?? numbers(name, in: before)
  }

  private func numbers(_ name: String, in range: Range<Int>) -> [Double]? {
    var found: Int?
    for mark in text.each(" \(name)", in: range) {
      // Behind the name: nothing or the number of the dataset, and in front of it only spaces.
      var end = mark + name.utf8.count + 1
      while end < text.bytes.count, (48...57).contains(text.bytes[end]) { end += 1 }
      guard end < text.bytes.count, text.bytes[end] == 32,
        text.words(text.line(at: mark).lowerBound..<mark).allSatisfy({
          ["P", "-"].contains(text.text($0))
        })
      else { continue }
      found = end
    }
    guard let found else { return nil }
    var values: [Double] = []
    for line in [text.restOfLine(found)] + text.lines(after: found) {
      guard line.lowerBound < range.upperBound else { break }
      let words = text.words(line)
      let numbers = words.prefix { text.real($0) != nil }.compactMap { text.real($0) }
      values += numbers
      // A unit ends the list, and so does the next name.
      if numbers.count < words.count || words.isEmpty { break }
    }
    return values
  }

  private func integers(_ name: String) -> [Int]? {
    numbers(name).map { $0.compactMap { Int(exactly: $0) } }
  }

  /// Elements of the types.
  private var types: [Element] {
    (integers("znucl") ?? []).compactMap { Element(atomicNumber: $0) }
  }

  /// The last structure; nil before it was echoed.
  func structure() throws(InputError) -> Structure? {
    let types = types
    guard let typat = integers("typat"), !typat.isEmpty, !types.isEmpty,
      let xred = numbers("xred") ?? (typat.count == 1 ? [0, 0, 0] : nil)
    else { return nil }
    let acell = numbers("acell") ?? [1, 1, 1]
    let rprim = numbers("rprim") ?? [1, 0, 0, 0, 1, 0, 0, 0, 1]
    guard acell.count == 3, rprim.count == 9, xred.count == 3 * typat.count,
      typat.allSatisfy({ types.indices.contains($0 - 1) })
    else {
      throw text.problem("acell, rprim, typat and xred do not fit each other", at: after.lowerBound)
    }
    let rows = (0..<3).map { n in
      UnitFactor.bohr * acell[n] * SIMD3(rprim[3 * n], rprim[3 * n + 1], rprim[3 * n + 2])
    }
    do {
      return Structure(
        lattice: try Lattice(a: rows[0], b: rows[1], c: rows[2]),
        species: typat.map { Species(types[$0 - 1]) },
        positions: typat.indices.map { n in
          Fractional(xred[3 * n], xred[3 * n + 1], xred[3 * n + 2])
        })
    } catch {
      throw text.problem("\(error)", at: after.lowerBound)
    }
  }

  /// What the energy depends on.
  func settings() -> CalculationSettings {
    var settings = CalculationSettings()
    settings.code = .abinit
    guard !before.isEmpty else { return settings }
    settings.cutoffEV = numbers("ecut")?.first.map { $0 * UnitFactor.hartree }
    settings.isSpinPolarised =
      (numbers("nsppol")?.first ?? 1) > 1 || (numbers("nspden")?.first ?? 1) > 1
    settings.dispersion =
      switch integers("vdw_xc")?.first ?? 0 {
      case 0: "none"
      case 5: "D2"
      case 6: "D3"
      case 7: "D3BJ"
      case let other: "vdw_xc \(other)"
      }
    settings.functional = functional
    settings.hubbardEV = hubbard
    let files = text.each("pspini: atom type").compactMap { mark -> String? in
      text.firstRest("psp file is", in: text.restOfLine(mark)).map { text.text($0) }
    }
    if files.count >= types.count, !types.isEmpty {
      var labels: [String: String] = [:]
      for (type, file) in zip(types, files) {
        labels[type.symbol] = file.split(separator: "/").last.map(String.init)
      }
      settings.pseudopotentials = labels
    }
    return settings
  }

  /// From the number behind `ixc=` in the line that names the functional.
  private var functional: String? {
    guard let mark = text.first("Exchange-correlation functional for the present dataset will be:"),
      let line = text.lines(after: mark, count: 1).first,
      let number = text.firstInteger(text.firstRest("ixc=", in: line))
    else { return nil }
    return switch number {
    case 1, 2, 3, 4, 5, 6, 7, 8, -1012: "LDA"
    case 11, -101130: "PBE"
    case -116133: "PBEsol"
    case -263267: "SCAN"
    case -497498: "r2SCAN"
    default: "ixc \(number)"
    }
  }

  /// U − J by element, eV.
  private var hubbard: [String: Double]? {
    guard let kind = numbers("usepawu")?.first, kind != 0 else { return [:] }
    guard let u = numbers("upawu"), u.count == types.count else { return nil }
    let j = numbers("jpawu") ?? []
    var values: [String: Double] = [:]
    for (n, type) in types.enumerated() {
      let value = (u[n] - (j.count == u.count ? j[n] : 0)) * UnitFactor.hartree
      if value.magnitude > 1e-9 { values[type.symbol] = value }
    }
    return values
  }
}
