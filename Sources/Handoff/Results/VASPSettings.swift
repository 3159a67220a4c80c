internal import Crystal

/// What the settings of VASP mean, the same for `vasprun.xml` and `OUTCAR`.
enum VASPSettings {
  /// Sets functional and labels that the titles of the POTCAR tell, such as `PAW_PBE Mg_pv 06Sep2000`.
  ///
  /// - Parameters:
  ///   - settings: To be filled.
  ///   - titles: One for each element symbol.
  static func fill(_ settings: inout CalculationSettings, titles: [String: String]) {
    guard !titles.isEmpty else { return }
    settings.pseudopotentials = titles.mapValues { title in
      let words = title.split(separator: " ")
      return words.count > 1 ? String(words[1]) : title
    }
    let kinds = Set(titles.values.compactMap { $0.split(separator: " ").first.map(String.init) })
    guard kinds.count == 1, let kind = kinds.first else { return }
    settings.functional =
      switch kind {
      case "PAW_PBE": "PBE"
      case "PAW_GGA": "PW91"
      case "PAW", "US", "PAW_LDA": "LDA"
      default: nil
      }
  }

  /// The functional as cellgen writes it.
  ///
  /// - Parameters:
  ///   - gga: Tag GGA; `--` leaves it to the POTCAR.
  ///   - meta: Tag METAGGA.
  ///   - exchange: Fraction of exact exchange and its screening, 1/Å, for a hybrid.
  ///   - isNonlocal: Whether there is a non-local correlation.
  ///   - fallback: The functional of the POTCAR.
  /// - Returns: nil if nothing tells it.
  static func functional(
    gga: String?, meta: String?, exchange: (fraction: Double, screening: Double)?,
    isNonlocal: Bool, default fallback: String?
  ) -> String? {
    let known = [
      "PE": "PBE", "PS": "PBEsol", "RP": "RPBE", "RE": "revPBE", "AM": "AM05", "91": "PW91",
      "CA": "LDA", "PZ": "LDA",
    ]
    let tag = gga?.uppercased() ?? "--"
    let base = tag == "--" || tag.isEmpty ? fallback : known[tag] ?? tag
    let metaTag = meta?.uppercased() ?? "--"
    var name = base
    if !["--", "", "NONE", "F", ".FALSE."].contains(metaTag) {
      name = ["R2SCAN": "r2SCAN", "RSCAN": "rSCAN"][metaTag] ?? metaTag
    }
    if let exchange {
      let percent = fixed(100 * exchange.fraction, 0)
      switch (exchange.fraction, exchange.screening) {
      case (0.25, 0.2...0.21): name = "HSE06"
      case (0.25, 0): name = "PBE0"
      default:
        name =
          "\(base ?? "?") with \(percent) % exact exchange"
          + (exchange.screening > 0 ? ", screening \(fixed(exchange.screening, 3)) 1/Å" : "")
      }
    }
    return isNonlocal ? "vdW-DF (\(name ?? "?"))" : name
  }

  /// The correction of dispersion for a value of IVDW.
  static func dispersion(_ value: Int) -> String {
    switch value {
    case 0: "none"
    case 1, 10: "D2"
    case 11: "D3"
    case 12: "D3BJ"
    case 13: "D4"
    default: "IVDW=\(value)"
    }
  }

  /// Effective U = U − J of the elements that have one, eV.
  ///
  /// - Parameters:
  ///   - types: Element of each type in the POSCAR.
  ///   - l: Angular momenta, −1 for none.
  ///   - u: U, eV.
  ///   - j: J, eV.
  /// - Returns: nil if there is not one value for each type.
  static func hubbard(
    _ types: [Element], l: [Double], u: [Double], j: [Double]
  ) -> [String: Double]? {
    guard u.count == types.count, l.isEmpty || l.count == types.count else { return nil }
    var result: [String: Double] = [:]
    for (n, type) in types.enumerated() where l.isEmpty || l[n] >= 0 {
      let value = u[n] - (j.count == u.count ? j[n] : 0)
      if value != 0 { result[type.symbol] = value }
    }
    return result
  }

  /// What ends a calculation.
  struct Limits {
    /// NELM.
    var electronic: Int?
    /// NSW.
    var ionic: Int?
    /// IBRION.
    var algorithm: Int?
    /// EDIFFG: the largest force, eV/Å, if negative.
    var change: Double?
    /// ISIF: the cell relaxes from 3 on, and the stress has to be small as well.
    var cell: Int?
  }

  /// How a calculation ended whose output is complete, from the numbers of steps.
  ///
  /// - Parameters:
  ///   - steps: Ionic steps.
  ///   - iterations: Electronic iterations of the last one.
  ///   - largestForce: In the last one, eV/Å.
  ///   - limits: What ended it.
  /// - Returns: Finished, or what did not converge.
  static func state(
    steps: Int, iterations: Int, largestForce: Double?, limits: Limits
  ) -> CalculationResult.State {
    if let most = limits.electronic, most > 0, iterations >= most {
      return .electronsNotConverged(iterations: iterations)
    }
    // Only IBRION 1, 2 and 3 relax; NSW of 0 or 1 is a single point.
    guard let most = limits.ionic, most > 1, steps >= most, let algorithm = limits.algorithm,
      (1...3).contains(algorithm)
    else { return .finished }
    if let limit = limits.change, limit < 0, let largestForce, largestForce <= -limit,
      let cell = limits.cell, cell < 3
    {
      return .finished
    }
    return .ionsNotConverged(steps: steps)
  }
}
