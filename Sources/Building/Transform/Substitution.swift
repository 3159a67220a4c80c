public import Crystal

/// Puts another species, or none, on some of the sites of a structure, chosen at random.
public struct Substitution: Hashable, Sendable {
  /// The atoms that may be replaced.
  public var sites: SiteSelection

  /// What replaces them; the vacancy leaves an empty site.
  public var replacement: Species

  /// How many.
  public var amount: Amount

  /// How many atoms are replaced.
  public enum Amount: Hashable, Sendable {
    /// A number.
    case count(Int)
    /// A fraction of those that may be.
    case fraction(Double)
  }

  /// A substitution.
  public init(_ sites: SiteSelection, by replacement: Species, _ amount: Amount) {
    self.sites = sites
    self.replacement = replacement
    self.amount = amount
  }

  /// What became of a structure.
  public struct Result: Sendable {
    /// The structure; all columns are kept, but charges are those of the new species.
    public var structure: Structure
    /// Indices of the atoms that were replaced, ascending.
    public var replaced: [Int]
    /// What was rounded, one sentence; nil if nothing was.
    public var note: String?
  }

  /// Replaces atoms.
  ///
  /// - Parameters:
  ///   - structure: Where.
  ///   - seed: Of the choice.
  /// - Returns: The structure with what was replaced.
  /// - Throws: ``InputError`` if there are not as many atoms, or the structure has charges and the
  ///   replacement none.
  public func callAsFunction(_ structure: Structure, seed: UInt64) throws(InputError) -> Result {
    var candidates = try sites.indices(in: structure)
      .filter { structure.species[$0] != replacement }
    guard !candidates.isEmpty else {
      throw InputError("every atom that matches is \(replacement) already")
    }
    let count: Int
    var note: String?
    switch amount {
    case .count(let number):
      guard (1...candidates.count).contains(number) else {
        throw InputError(
          "\(number) atoms to replace, but \(candidates.count) match",
          hint: "expected 1 to \(candidates.count)")
      }
      count = number
    case .fraction(let fraction):
      guard fraction > 0, fraction <= 1 else {
        throw InputError("a fraction of \(fraction), expected above 0, up to 1")
      }
      let exact = fraction * Double(candidates.count)
      count = Int(exact.rounded(.toNearestOrEven))
      guard count > 0 else {
        throw InputError(
          "\(fraction) of \(candidates.count) atoms is less than one",
          hint: "use a larger supercell, or give a number")
      }
      if (exact - Double(count)).magnitude > 1e-9 {
        note =
          "\(fixed(fraction, 5)) × \(candidates.count) = \(fixed(exact, 3)) → \(count), which is "
          + "\(fixed(Double(count) / Double(candidates.count), 5))"
      }
    }
    var stream = RandomStream(seed: seed, purpose: "substitution")
    stream.shuffle(&candidates)
    let replaced = candidates.prefix(count).sorted()
    var copy = structure
    for index in replaced { copy.setSpecies(replacement, at: index) }
    if var charges = copy.charges {
      guard let state = replacement.oxidationState else {
        throw InputError(
          "the structure has charges, but \(replacement) has no oxidation state",
          hint: replacement.element.oxidationStates.first.map {
            "write \(Species(replacement.element, oxidationState: Double($0)))"
          })
      }
      for index in replaced { charges[index] = state }
      copy.charges = charges
    }
    return Result(structure: copy, replaced: replaced, note: note)
  }
}
