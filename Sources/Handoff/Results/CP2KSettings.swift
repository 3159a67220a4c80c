internal import Crystal

/// The settings in what CP2K prints.
enum CP2KSettings {
  /// Reads them from a part of the text.
  static func read(_ text: ResultText, _ run: Range<Int>) -> CalculationSettings {
    var settings = CalculationSettings()
    settings.code = .cp2k
    settings.cutoffEV = text.firstReal(text.firstRest("QS| Density cutoff [a.u.]:", in: run))
      .map { $0 * UnitFactor.hartree }
    guard text.has("DFT| ", in: run) else { return settings }
    settings.isSpinPolarised = text.has("DFT| Spin unrestricted", in: run)
    settings.functional = functional(text, run)
    settings.dispersion = dispersion(text, run)
    guard let kinds = text.first("ATOMIC KIND INFORMATION", in: run) else { return settings }
    let end = text.first("MOLECULE KIND INFORMATION", in: run) ?? run.upperBound
    var hubbard: [String: Double] = [:]
    var labels: [String: String] = [:]
    let starts = text.each("Atomic kind:", in: kinds..<max(kinds, end))
    for (n, start) in starts.enumerated() {
      let part = start..<(n + 1 < starts.count ? starts[n + 1] : end)
      let words = text.strings(text.restOfLine(start + 12))
      guard let name = words.first, let element = EspressoSettings.element(name) else { continue }
      if let label = text.firstRest("Potential information for", in: part) {
        labels[element.symbol] = text.text(label)
      }
      if let value = text.firstReal(text.firstRest("U(eff) = (U - J) value in [eV]:", in: part)),
        value != 0
      {
        hubbard[element.symbol] = value
      }
    }
    settings.hubbardEV = hubbard
    if !labels.isEmpty { settings.pseudopotentials = labels }
    return settings
  }

  /// The functional as cellgen writes it; several parts of others are joined by `+`.
  private static func functional(_ text: ResultText, _ run: Range<Int>) -> String? {
    let lines = text.each("\n FUNCTIONAL| ", in: run).map { text.text(text.restOfLine($0 + 14)) }
    guard !lines.isEmpty else { return nil }
    let all = lines.joined(separator: " ").uppercased()
    // Names end with a colon; the other lines are references.
    let names = lines.filter { $0.hasSuffix(":") && !$0.contains(" ") }.map {
      String($0.dropLast())
    }
    if all.contains("R2SCAN") { return "r2SCAN" }
    if all.contains("SCAN") { return "SCAN" }
    if names.contains("PBE") { return all.contains("PBESOL") ? "PBEsol" : "PBE" }
    if all.contains("PBE_SOL") { return "PBEsol" }
    if names.contains("PADE") { return "LDA" }
    return names.isEmpty ? lines.first : names.joined(separator: "+")
  }

  private static func dispersion(_ text: ResultText, _ run: Range<Int>) -> String {
    guard text.has("vdW POTENTIAL|", in: run) else { return "none" }
    if text.has("DFT-D3", in: run) { return text.has("BJ Damping", in: run) ? "D3BJ" : "D3" }
    if text.has("DFT-D2", in: run) { return "D2" }
    return "another van der Waals potential"
  }
}
