public import Crystal

/// The compositions relative to which formation energies are given, and why they were chosen.
public enum References: Hashable, Sendable {
  /// The pure elements.
  case elements([Element])

  /// Compositions that the user named.
  case endMembers([Composition])

  /// The corners of the region that the entries span, such as both ends of a pseudo-binary line.
  case corners([Composition])

  /// The compositions, in the order in which shares refer to them.
  public var compositions: [Composition] {
    switch self {
    case .elements(let elements): elements.map { Composition(counts: [$0: 1]) }
    case .endMembers(let compositions), .corners(let compositions): compositions
    }
  }
}

/// The shares of end members in every entry: x = Σⱼ λⱼ tⱼ for compositions per atom x and tⱼ.
struct Shares {
  let references: References

  /// Numbers of the entries that the end members can make up.
  let inside: [Int]

  /// Shares, one row for each entry of `inside`.
  let coordinates: [Double]

  /// Chooses the references and computes the shares.
  ///
  /// - Throws: ``InputError`` that names what is missing if there are no references.
  init(_ entries: [EnergyEntry], endMembers: [Composition]) throws(InputError) {
    let elements = Set(entries.flatMap(\.formula.elements)).sorted()
    let vectors = entries.map { Shares.perAtom($0.formula, elements) }
    let isPure = elements.indices.map { element in
      vectors.contains { $0[element] > 1 - sameComposition }
    }
    if !endMembers.isEmpty {
      let corners = try Shares.checked(endMembers, elements: elements, vectors: vectors)
      let rows = Shares.solve(vectors, corners: corners)
      references = .endMembers(endMembers)
      inside = entries.indices.filter { rows[$0] != nil }
      coordinates = rows.flatMap { $0 ?? [] }
    } else if isPure.allSatisfy({ $0 }) {
      references = .elements(elements)
      inside = Array(entries.indices)
      coordinates = vectors.flatMap { $0 }
    } else {
      let corners = Shares.corners(of: vectors)
      let rows = Shares.solve(vectors, corners: corners.map { vectors[$0] })
      let names = corners.map { entries[$0].formula }
      if let outside = rows.firstIndex(where: { $0 == nil }) {
        let missing = zip(elements, isPure).filter { !$0.1 }.map(\.0.symbol)
        throw InputError(
          "there is no reference energy for \(listed(missing)), and \(entries[outside].formula) "
            + "is no mixture of \(listed(names.map(\.description)))",
          hint: "add a row for each of the pure elements \(listed(missing)), or name end members "
            + "whose mixtures are the compositions of interest")
      }
      references = .corners(
        try names.map { (name) throws(InputError) in try name.reduced().formula })
      inside = Array(entries.indices)
      coordinates = rows.flatMap { $0 ?? [] }
    }
  }

  /// Atomic fractions of the elements.
  private static func perAtom(_ formula: Composition, _ elements: [Element]) -> [Double] {
    let atoms = formula.atomCount
    return elements.map { formula[$0].doubleValue / atoms }
  }

  /// The atomic fractions of end members that have entries and are independent of each other.
  private static func checked(
    _ endMembers: [Composition], elements: [Element], vectors: [[Double]]
  ) throws(InputError) -> [[Double]] {
    var corners: [[Double]] = []
    for member in endMembers {
      let corner = perAtom(member, elements)
      let isThere = vectors.contains { vector in
        zip(vector, corner).allSatisfy { ($0 - $1).magnitude < sameComposition }
      }
      guard isThere else {
        throw InputError(
          "no row has the composition of the end member \(member)",
          hint: "add a row with its energy")
      }
      if !corners.isEmpty, distance(from: corners, to: corner) < dependence {
        throw InputError(
          "the end member \(member) is a mixture of the end members before it",
          hint: "leave it out")
      }
      corners.append(corner)
    }
    return corners
  }

  /// Numbers of entries at corners of the region that all entries span, as many as are independent.
  ///
  /// A point farthest from the affine hull of the corners found so far is a corner too, because the
  /// distance is a convex function; among equally far points the one farthest from the middle is.
  private static func corners(of vectors: [[Double]]) -> [Int] {
    let count = Double(vectors.count)
    let middle = (vectors.first ?? []).indices.map { element in
      vectors.reduce(0.0) { $0 + $1[element] } / count
    }
    var found: [Int] = []
    while true {
      let distances = vectors.map { vector in
        found.isEmpty
          ? length(vector, middle) : distance(from: found.map { vectors[$0] }, to: vector)
      }
      let farthest = distances.max() ?? 0
      guard found.isEmpty || farthest > dependence else { return found.sorted() }
      let candidates = vectors.indices.filter { distances[$0] > farthest - sameComposition }
      let next = candidates.max {
        (length(vectors[$0], middle), $1) < (length(vectors[$1], middle), $0)
      }
      guard let next else { return found }
      found.append(next)
    }
  }

  /// Shares of the corners for each vector; nil where one is negative or the corners do not suffice.
  private static func solve(_ vectors: [[Double]], corners: [[Double]]) -> [[Double]?] {
    guard let first = corners.first else { return vectors.map { _ in nil } }
    var system = LinearSystem(rows: first.count, columns: corners.count)
    for (column, corner) in corners.enumerated() {
      for (row, value) in corner.enumerated() {
        system.coefficients[row * corners.count + column] = value
      }
    }
    return vectors.map { vector in
      system.right = vector
      guard let solution = system.solve(), solution.residual < inSpan,
        solution.unknowns.allSatisfy({ $0 > -inSpan })
      else { return nil }
      return solution.unknowns.map { max(0, $0) }
    }
  }

  /// Distance of a point from the affine hull of points.
  private static func distance(from points: [[Double]], to point: [Double]) -> Double {
    guard let origin = points.first, points.count > 1 else {
      return points.first.map { length($0, point) } ?? 0
    }
    var system = LinearSystem(rows: point.count, columns: points.count - 1)
    for (column, other) in points.dropFirst().enumerated() {
      for row in point.indices {
        system.coefficients[row * (points.count - 1) + column] = other[row] - origin[row]
      }
    }
    system.right = zip(point, origin).map { $0 - $1 }
    return system.solve()?.residual ?? 0
  }

  private static func length(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  /// Compositions nearer to the mixtures of others than this, in atomic fractions, depend on them.
  private static let dependence = 1e-7

  /// Allowed rounding of shares and of compositions in atomic fractions.
  private static let inSpan = 1e-8
}

/// `A`, `A and B`, `A, B and C`.
func listed(_ words: [String]) -> String {
  guard let last = words.last, words.count > 1 else { return words.first ?? "" }
  return words.dropLast().joined(separator: ", ") + " and " + last
}
