public import Crystal

/// What a user asks to be arranged: a parent crystal, what may sit where, and how much of it.
public struct ProblemSpecification: Sendable {
  /// The unit cell with every site, labelled; the species in it are ignored.
  public var parent: Structure

  /// The elements that may sit on each site of the parent, n entries; one entry makes a site fixed.
  public var allowed: [[Element]]

  /// The supercell in which the species are arranged.
  public var supercell: SupercellMatrix

  /// Composition of a formula unit, fixed sites included; nil if ``counts`` says it all.
  public var composition: Composition?

  /// Formula units in the supercell, if the fixed sites do not determine them.
  public var formulaUnits: Int?

  /// Exact numbers on the variable sites of a label, in the supercell.
  public var counts: [LabelCounts]

  /// Oxidation states by element; elements without an entry take their only usual one.
  public var oxidation: [Element: OxidationRule]

  /// What to do with a composition that does not fit the cell.
  public var rounding: Rounding

  /// Whether a cell with a net charge is accepted.
  public var chargePolicy: ChargePolicy

  /// What was assumed on the way to this specification, one sentence each; they come first in the
  /// notes of the charge ledger.
  public var notes: [String]

  /// The elements on the variable sites of one label.
  public struct LabelCounts: Hashable, Sendable {
    /// The label.
    public var label: String
    /// Numbers in the supercell; an allowed element that is not listed takes the rest.
    public var counts: [Element: Int]

    /// Counts for a label.
    public init(label: String, counts: [Element: Int]) {
      self.label = label
      self.counts = counts
    }
  }

  /// How the oxidation state of an element is found.
  public enum OxidationRule: Hashable, Sendable {
    /// A given state, e.
    case fixed(Double)
    /// The average that makes the cell neutral.
    case auto
    /// As `auto`, split into the two neighbouring whole numbers, which are arranged like species.
    case integer
  }

  /// What to do with counts that are not whole numbers.
  public enum Rounding: Hashable, Sendable {
    /// An error that names the nearest compositions that fit.
    case refuse
    /// The nearest whole numbers; the shift is reported.
    case nearest
  }

  /// What to do with a cell that is not neutral.
  public enum ChargePolicy: Hashable, Sendable {
    /// An error.
    case neutral
    /// Compensated by a uniform background.
    case background
    /// No charges at all: arrangements are counted or listed, not ranked.
    case ignored
  }

  /// A specification; see the properties.
  public init(
    parent: Structure, allowed: [[Element]], supercell: SupercellMatrix = .identity,
    composition: Composition? = nil, formulaUnits: Int? = nil, counts: [LabelCounts] = [],
    oxidation: [Element: OxidationRule] = [:], rounding: Rounding = .refuse,
    chargePolicy: ChargePolicy = .neutral, notes: [String] = []
  ) {
    self.parent = parent
    self.allowed = allowed
    self.supercell = supercell
    self.composition = composition
    self.formulaUnits = formulaUnits
    self.counts = counts
    self.oxidation = oxidation
    self.rounding = rounding
    self.chargePolicy = chargePolicy
    self.notes = notes
  }
}
