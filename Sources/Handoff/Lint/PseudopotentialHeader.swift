internal import Crystal

/// What the first lines of a pseudopotential tell, as far as they do.
struct PseudopotentialHeader: Hashable {
  /// The element it is for.
  var element: Element?

  /// Electrons that are not in the core.
  var valence: Double?

  /// `PZ`, `PW`, `PBE` or `PBESOL`; nil for any other functional and where it is not told.
  var functional: String?

  /// Whether it is ultrasoft or of the projector-augmented waves, which need a higher cutoff of the
  /// density.
  var isUltrasoft = false

  /// Reads the header of a UPF file, version 1 or 2, of a psp8 or another file of ABINIT; nil for others.
  init?(_ text: String) {
    if let start = text.firstRange(of: "<PP_HEADER") {
      readUPF(text[start.upperBound...])
      return
    }
    // ABINIT: a title, then `zatom, zion, pspdat`.
    let words = LintLines(String(text.prefix(2000))).words(2)
    guard words.count >= 3, let z = NumberReader.real(words[0]), z == z.rounded(), z > 0, z < 119,
      let valence = NumberReader.real(words[1]), NumberReader.integer(words[2]) != nil
    else { return nil }
    element = Element(atomicNumber: Int(z))
    self.valence = valence
  }

  private mutating func readUPF(_ rest: Substring) {
    guard let end = rest.firstIndex(of: ">") else { return }
    let inside = rest[..<end]
    if inside.contains("=") {
      func attribute(_ name: String) -> String? {
        // The name must stand alone: `element`, not `xelement`.
        guard let range = inside.firstRange(of: " \(name)=") ?? inside.firstRange(of: "\n\(name)="),
          let quote = inside[range.upperBound...].first, quote == "\"" || quote == "'"
        else { return nil }
        let value = inside[range.upperBound...].dropFirst().prefix { $0 != quote }
        return trimmedText(value)
      }
      element = attribute("element").flatMap { leadingElement($0) }
      valence = attribute("z_valence").flatMap { NumberReader.real($0) }
      functional = attribute("functional").flatMap(PseudopotentialHeader.known)
      let kind = attribute("pseudo_type")?.uppercased() ?? ""
      isUltrasoft = ["US", "USPP", "PAW"].contains(kind)
      return
    }
    // Version 1: a value and a remark a line.
    for line in LintLines(String(rest[end...].prefix(2000))).lines {
      let words = lintWords(line)
      if line.contains("Element") { element = words.first.flatMap { leadingElement($0) } }
      if line.contains("Z valence") { valence = words.first.flatMap { NumberReader.real($0) } }
      if line.contains("Exchange-Correlation") {
        functional = PseudopotentialHeader.known(words.prefix(4).joined(separator: " "))
      }
      if line.contains("pseudopotential"), let word = words.first {
        isUltrasoft = ["US", "PAW"].contains(word)
      }
    }
  }

  /// The functional in one spelling.
  private static func known(_ text: String) -> String? {
    let words = text.uppercased().replacing("-", with: " ").split(separator: " ")
    switch words.joined(separator: " ") {
    case "PZ", "LDA", "SLA PZ NOGX NOGC": return "PZ"
    case "PW", "SLA PW NOGX NOGC": return "PW"
    case "PBE", "SLA PW PBE PBE", "SLA PW PBX PBC": return "PBE"
    case "PBESOL", "SLA PW PSX PSC": return "PBESOL"
    default: return nil
    }
  }
}
