internal import Crystal

/// The potentials of an input of VASP in their order, from a POTCAR or from a list of labels.
struct PotcarLabels {
  /// One potential.
  struct Potential: Hashable {
    /// `Mg_pv`.
    let label: String
    let line: Int
    /// Largest cutoff that it asks for, eV; nil from a list of labels.
    var enmax: Double?
    /// Electrons that are not in the core; nil from a list of labels.
    var valence: Double?

    /// The element that the label begins with.
    var element: Element? { leadingElement(label.prefix { $0 != "_" && $0 != "." }) }
  }

  /// The file.
  let file: String

  private(set) var potentials: [Potential] = []

  /// Names of files that tell the potentials, the best one first.
  static let files = ["POTCAR", "POTCAR.labels", "POTCAR.spec"]

  /// The potentials of a folder, nil if there is no file that tells them.
  init?(_ folder: LintFolder) {
    guard let file = PotcarLabels.files.first(where: { folder.isFile($0) }),
      let text = folder.text(file)
    else { return nil }
    self.file = file
    if file == "POTCAR" { read(potcar: text) } else { read(list: text) }
  }

  private mutating func read(list text: String) {
    for (index, line) in LintLines(text).lines.enumerated() {
      guard let label = lintWords(withoutComment(line, "#", "!")).first else { continue }
      potentials.append(Potential(label: label, line: index + 1))
    }
  }

  /// Reads lines such as `TITEL  = PAW_PBE Mg_pv 13Apr2007` and
  /// `ENMAX  =  403.929; ENMIN  =  302.947 eV`.
  private mutating func read(potcar text: String) {
    for (index, line) in LintLines(text).lines.enumerated() where line.utf8.contains(0x3D) {
      let fields = line.split(whereSeparator: { $0 == ";" })
      for field in fields {
        let parts = field.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else { continue }
        let words = lintWords(parts[1])
        switch lintWords(parts[0]).last {
        case "TITEL":
          let label = words.count > 1 ? words[1] : words.first ?? ""
          potentials.append(Potential(label: label, line: index + 1))
        case "ENMAX" where !potentials.isEmpty:
          potentials[potentials.count - 1].enmax = words.first.flatMap { NumberReader.real($0) }
        case "ZVAL" where !potentials.isEmpty:
          potentials[potentials.count - 1].valence = words.first.flatMap { NumberReader.real($0) }
        default: break
        }
      }
    }
  }
}
