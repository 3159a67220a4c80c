internal import Crystal

/// An input file found in a folder, and the program that it is for.
public struct InputDeck: Hashable, Sendable {
  /// The program.
  public let code: SimulationCode

  /// The file that the program is started with, `INCAR` for VASP.
  public let file: String

  /// The input files of a folder.
  ///
  /// Those of VASP are known by their names, the others by what they say; files above 100 MB are left
  /// alone.
  ///
  /// - Returns: The decks by file name; none if the folder holds no input.
  public static func decks(in folder: LintFolder) -> [InputDeck] {
    let names = folder.names
    var decks: [InputDeck] = []
    let hasPoscar = names.contains("POSCAR")
    if names.contains("INCAR")
      || hasPoscar && (names.contains("KPOINTS") || names.contains("POTCAR"))
    {
      decks.append(InputDeck(code: .vasp, file: "INCAR"))
    }
    for name in names where mayBeInput(name) {
      if let code = code(ofText: folder.head(name, bytes: 1 << 16) ?? "") {
        decks.append(InputDeck(code: code, file: name))
      }
    }
    // Scripts that another one includes are checked with that.
    let included = Set(
      decks.filter { $0.code == .lammps }.flatMap { deck in
        LAMMPSScript(folder, file: deck.file).all("include").compactMap {
          $0.words.dropFirst().first
        }
      })
    return decks.filter { !included.contains($0.file) }.sorted { $0.file < $1.file }
  }

  private static func mayBeInput(_ name: String) -> Bool {
    let ending = name.split(separator: ".").last?.lowercased() ?? ""
    return name.contains(".")
      && ["in", "pwi", "pw", "inp", "cp2k", "abi", "lmp", "lammps", "qe"].contains(ending)
      || name.hasPrefix("in.")
  }

  /// The program that an input is for, nil if it is for none of them.
  static func code(ofText text: String) -> SimulationCode? {
    var seen: Set<String> = []
    for line in LintLines(text).lines {
      guard let word = lintWords(withoutComment(line, "#", "!")).first else { continue }
      seen.insert(word.lowercased())
    }
    if seen.contains("&force_eval") { return .cp2k }
    if seen.contains("&system"), seen.contains("&control") || seen.contains("atomic_positions") {
      return .qe
    }
    if seen.intersection(["pair_style", "read_data", "atom_style", "units", "create_box"]).count > 1
    {
      return .lammps
    }
    if seen.intersection(["natom", "ntypat", "znucl", "typat", "acell", "ecut"]).count > 2 {
      return .abinit
    }
    return nil
  }
}

extension LintFolder {
  /// Whether the folder holds an input, or is one of cellgen's.
  public var holdsInput: Bool { RecordLint.isOwn(self) || !InputDeck.decks(in: self).isEmpty }
}
