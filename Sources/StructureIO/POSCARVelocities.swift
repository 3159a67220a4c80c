internal import Crystal

extension POSCARReader {
  /// The velocities after the atoms, Å/fs, 3 × n; nil if there are none.
  ///
  /// A block of lattice velocities before them is skipped with a warning. Velocities in direct
  /// coordinates are per time step, which is taken from the block after them.
  mutating func velocities(_ count: Int, _ lattice: Lattice) throws(InputError) -> [Double]? {
    guard !scanner.isAtEnd, var header = scanner.nextLine() else { return nil }
    if firstLetter(header) == UInt8(ascii: "l") {
      warnings.append("\(scanner.place): the lattice velocities were not read")
      // A flag, three velocities, three vectors.
      for _ in 0..<7 { _ = try line("the lattice velocities and vectors") }
      guard !scanner.isAtEnd, let next = scanner.nextLine() else { return nil }
      header = next
    }
    let isDirect: Bool
    switch firstLetter(header) {
    case nil, UInt8(ascii: "c"), UInt8(ascii: "k"): isDirect = false
    case UInt8(ascii: "d"): isDirect = true
    default:
      warnings.append("\(scanner.place): text after the atoms was not read")
      return nil
    }
    guard !scanner.isAtEnd else { return nil }

    var velocities: [SIMD3<Double>] = []
    velocities.reserveCapacity(count)
    var words: [Range<Int>] = []
    for atom in 0..<count {
      guard let line = scanner.nextLine() else {
        throw scanner.problem("the file ends after the velocities of \(atom) of \(count) atoms")
      }
      scanner.split(line, into: &words)
      if atom == 0, words.prefix(3).compactMap({ scanner.real($0) }).count < 3 {
        warnings.append("\(scanner.place): text after the atoms was not read")
        return nil
      }
      velocities.append(try vector(words, "velocity components of atom \(atom + 1)"))
    }
    if isDirect {
      let step = timeStep()
      if step == nil {
        warnings.append(
          "\(scanner.place): velocities in direct coordinates are per time step; taken as 1 fs")
      }
      velocities = velocities.map { lattice.cartesian(Fractional($0)).components / (step ?? 1) }
    }
    guard velocities.allSatisfy(\.isFinite) else {
      throw scanner.problem("a velocity is too large to be meant")
    }
    return velocities.flatMap { [$0.x, $0.y, $0.z] }
  }

  /// The time step in the predictor-corrector block: a blank line, a flag, the step in fs.
  private mutating func timeStep() -> Double? {
    guard let blank = scanner.nextLine(), firstLetter(blank) == nil,
      let flag = scanner.nextLine(),
      scanner.words(flag).first.flatMap({ scanner.integer($0) }) == 1,
      let line = scanner.nextLine(), let word = scanner.words(line).first,
      let step = scanner.real(word), step > 0
    else { return nil }
    return step
  }
}
