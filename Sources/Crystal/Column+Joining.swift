extension Column {
  /// The column with values for more atoms, of which nothing is known: `.`, −1, 0 and true, and 1 for
  /// an occupancy.
  public func padded(by atoms: Int) -> Column {
    let count = atoms * width
    let unknown: Double = name == Name.occupancy ? 1 : 0
    return switch values {
    case .text(let own):
      Column(name, width: width, .text(own + Array(repeating: ".", count: count)))
    case .integer(let own):
      Column(name, width: width, .integer(own + Array(repeating: -1, count: count)))
    case .real(let own):
      Column(name, width: width, .real(own + Array(repeating: unknown, count: count)))
    case .logical(let own):
      Column(name, width: width, .logical(own + Array(repeating: true, count: count)))
    }
  }

  /// The values of this column and then those of another one with the same name.
  ///
  /// - Returns: nil if the other one has another width or type; integers go with real numbers.
  public func appending(_ other: Column) -> Column? {
    guard width == other.width else { return nil }
    let joined: Values
    switch (values, other.values) {
    case (.text(let own), .text(let more)): joined = .text(own + more)
    case (.integer(let own), .integer(let more)): joined = .integer(own + more)
    case (.real(let own), .real(let more)): joined = .real(own + more)
    case (.logical(let own), .logical(let more)): joined = .logical(own + more)
    // Programs write charges of 2 and of 1.5.
    case (.real(let own), .integer(let more)): joined = .real(own + more.map(Double.init))
    case (.integer(let own), .real(let more)): joined = .real(own.map(Double.init) + more)
    default: return nil
    }
    return Column(name, width: width, joined)
  }
}
