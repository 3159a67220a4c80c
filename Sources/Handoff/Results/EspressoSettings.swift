internal import Crystal

/// The settings in what `pw.x` prints.
enum EspressoSettings {
  /// Reads them from a part of the text.
  static func read(_ text: ResultText, _ run: Range<Int>) -> CalculationSettings {
    var settings = CalculationSettings()
    settings.code = .qe
    settings.cutoffEV = text.firstReal(
      text.firstRest("kinetic-energy cutoff     =", in: run)
    ).map { $0 * UnitFactor.rydberg }
    if let mark = text.first("Exchange-correlation", in: run),
      let sign = text.first("=", in: text.restOfLine(mark))
    {
      settings.functional = functional(text.text(text.restOfLine(sign + 1)))
    }
    let hasStarted = text.has("Self-consistent Calculation", in: run)
    if hasStarted {
      settings.isSpinPolarised =
        text.has("total magnetization       =", in: run)
        || text.has("Starting magnetic structure", in: run)
      settings.dispersion = dispersion(text, run)
      settings.hubbardEV = hubbard(text, run)
    }
    let labels = pseudopotentials(text, run)
    if !labels.isEmpty { settings.pseudopotentials = labels }
    return settings
  }

  /// The functional as cellgen writes it, from a name or from those of its four parts.
  static func functional(_ text: String) -> String {
    let words = text.uppercased().split { $0 == " " || $0 == "+" || $0 == "-" }
    let name = words.prefix { !$0.hasPrefix("(") }.joined(separator: " ")
    return switch name {
    case "PZ", "LDA", "SLA PZ NOGX NOGC": "LDA"
    case "PBE", "SLA PW PBE PBE", "SLA PW PBX PBC": "PBE"
    case "PBESOL", "SLA PW PSX PSC": "PBEsol"
    case "SCAN": "SCAN"
    case "R2SCAN": "r2SCAN"
    default: name
    }
  }

  /// D3 stands for either damping, which is not printed.
  private static func dispersion(_ text: ResultText, _ run: Range<Int>) -> String {
    if text.has("DFT-D3 Dispersion", in: run) { return "D3" }
    if text.has("Grimme-D2", in: run) { return "D2" }
    if text.has("Tkatchenko-Scheffler", in: run) { return "TS" }
    if text.has("Parameters for XDM", in: run) { return "XDM" }
    return "none"
  }

  /// U by element: a table up to version 7.0, `U(Ni-3d) = 4.0000` since.
  private static func hubbard(_ text: ResultText, _ run: Range<Int>) -> [String: Double]? {
    var values: [String: Double] = [:]
    if let table = text.first("LDA+U calculation (l_max", in: run) {
      for line in text.lines(after: table, count: 100).dropFirst() {
        let words = text.strings(line)
        guard words.count >= 3, let element = element(words[0]),
          let value = NumberReader.real(words[2])
        else { break }
        if value != 0 { values[element.symbol] = value }
      }
    } else if let table = text.first("Hubbard parameters of DFT+U", in: run) {
      for line in text.lines(after: table, count: 100) {
        let words = text.text(line)
        guard words.hasPrefix("U("), let element = element(String(words.dropFirst(2))),
          let sign = text.first("=", in: line),
          let value = text.firstReal((sign + 1)..<line.upperBound)
        else { break }
        if value != 0 { values[element.symbol] = value }
      }
    } else if text.has("+U", in: run), text.has("Hubbard energy", in: run) {
      return nil
    }
    return values
  }

  private static func pseudopotentials(_ text: ResultText, _ run: Range<Int>) -> [String: String] {
    var labels: [String: String] = [:]
    for mark in text.each("PseudoPot. #", in: run) {
      let words = text.strings(text.restOfLine(mark))
      guard words.count > 4, let place = words.firstIndex(of: "for"), place + 1 < words.count,
        let element = element(words[place + 1]),
        let path = text.lines(after: mark, count: 1).first.map({ text.text($0) })
      else { continue }
      labels[element.symbol] = path.split(separator: "/").last.map(String.init)
    }
    return labels
  }

  /// The element of a species, which is named `Fe`, `Fe1` or `Fe_up`.
  static func element(_ name: String) -> Element? {
    let letters = name.prefix { $0.isLetter && $0.isASCII }
    for length in [2, 1] where letters.count >= length {
      let symbol =
        letters.prefix(1).uppercased() + letters.dropFirst().prefix(length - 1).lowercased()
      if let element = Element(symbol: symbol) { return element }
    }
    return nil
  }
}
