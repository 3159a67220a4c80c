internal import Crystal

/// Finds settings of space groups by their names.
enum SpaceGroupCatalogue {
  private static let settings = Spglib.settings()

  /// Settings by every name that is accepted for them, in the order of Hall's list.
  private static let settingsByName: [String: [Spglib.Setting]] = {
    var table: [String: [Spglib.Setting]] = [:]
    for setting in settings {
      for name in names(of: setting) { table[name, default: []].append(setting) }
    }
    return table
  }()

  /// The names before the introduction of the double glide plane e in 1992.
  private static let formerSymbols = [
    39: "Abm2", 41: "Aba2", 64: "Cmca", 67: "Cmma", 68: "Ccca",
  ]

  /// Letters that stand for a choice behind a symbol in some databases: `F d -3 m S`, `R -3 m H`.
  private static let choiceOfLetter: [Character: String] = ["S": "1", "Z": "2", "H": "H", "R": "R"]

  /// The setting that is meant by a symbol or number.
  static func setting(
    named text: String, originChoice: Int?
  ) throws(InputError) -> Spglib.Setting {
    var (symbol, choice) = split(text)
    var candidates = candidates(symbol)
    if candidates.isEmpty, choice == nil, let letter = symbol.last,
      let meant = choiceOfLetter[letter]
    {
      // Perhaps the choice is glued to the symbol: "Fd-3mZ".
      symbol.removeLast()
      choice = meant
      candidates = self.candidates(symbol)
    }
    guard let first = candidates.first else { throw unknown(text, symbol) }
    if let originChoice {
      guard (1...2).contains(originChoice) else {
        throw InputError("origin choice \(originChoice), expected 1 or 2")
      }
      if let choice, origin(of: choice) != originChoice {
        throw InputError("space group \"\(text)\" contradicts origin choice \(originChoice)")
      }
    }
    if let choice {
      if let setting = candidates.first(where: { $0.choice.lowercased() == choice.lowercased() })
        ?? candidates.first(where: { isDigit(choice) && $0.choice.hasPrefix(choice) })
      {
        return setting
      }
      let known = candidates.map(\.choice).filter { !$0.isEmpty }
      throw InputError(
        "space group \(first.short) has no setting \"\(choice)\"",
        hint: known.isEmpty
          ? "it has one setting, write \(first.short)"
          : "its settings are \(known.map { "\(first.short):\($0)" }.joined(separator: ", "))")
    }
    guard hasTwoOrigins(first) else {
      guard (originChoice ?? 1) == 1 else {
        throw InputError("space group \(first.short) has one origin only, found origin choice 2")
      }
      return first
    }
    guard let originChoice else {
      throw InputError(
        "space group \(first.short) (number \(first.number)) has two origin choices",
        hint: "write \(first.short):1 or \(first.short):2; "
          + "choice 2 has its origin on an inversion centre and is the usual one today")
    }
    return candidates.first { origin(of: $0.choice) == originChoice } ?? first
  }

  private static func candidates(_ symbol: String) -> [Spglib.Setting] {
    if let number = NumberReader.integer(symbol) { return settings.filter { $0.number == number } }
    return settingsByName[normalised(symbol)] ?? []
  }

  /// Symbol and choice: `Fd-3m` and `2` for `F d -3 m :2`.
  private static func split(_ text: String) -> (symbol: String, choice: String?) {
    let compact = text.filter { !$0.isWhitespace && $0 != "_" }
    let parts = compact.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return (compact, nil) }
    let choice = String(parts[1])
    guard choice.count == 1, let letter = choice.first, let meant = choiceOfLetter[letter] else {
      return (String(parts[0]), choice)
    }
    return (String(parts[0]), meant)
  }

  private static func normalised(_ name: String) -> String {
    name.filter { !$0.isWhitespace && $0 != "_" }.lowercased()
  }

  /// The short and the full symbol, other names of the setting, and the full symbol without the ones
  /// along which a monoclinic group has no element (`P 1 2_1/n 1`: `P2_1/n`).
  private static func names(of setting: Spglib.Setting) -> Set<String> {
    var names = [setting.short, setting.full]
    names += setting.names.split(separator: "=").map(String.init)
    if (3...15).contains(setting.number) {
      names += names.map { name in
        name.split(separator: " ").filter { $0 != "1" }.joined(separator: " ")
      }
    }
    if let former = formerSymbols[setting.number], ["", "1", "2"].contains(setting.choice) {
      names.append(former)
    }
    return Set(names.map(normalised))
  }

  private static func hasTwoOrigins(_ setting: Spglib.Setting) -> Bool {
    origin(of: setting.choice) != nil
  }

  /// The origin that a choice such as `2` or `1cab` begins with.
  private static func origin(of choice: String) -> Int? {
    switch choice.first {
    case "1": 1
    case "2": 2
    default: nil
    }
  }

  private static func isDigit(_ choice: String) -> Bool { choice == "1" || choice == "2" }

  private static func unknown(_ text: String, _ symbol: String) -> InputError {
    if NumberReader.integer(symbol) != nil {
      return InputError("there is no space group number \(symbol), expected 1 to 230")
    }
    let near = nearestMatch(
      to: symbol, among: settings.map { $0.short.filter { $0 != "_" } })
    return InputError(
      "there is no space group \"\(text)\"",
      hint: near.map { "did you mean \($0)?" } ?? "write a symbol such as Fd-3m:2, or a number")
  }
}
