internal import Crystal

/// What a deck says of its atoms and settings, for comparison with `calculation.json`.
struct DeckSummary {
  /// The file that holds the atoms.
  var file: String

  /// The line at which the atoms are announced.
  var line: Int?

  /// The atoms, nil if they cannot be read.
  var structure: Structure?

  /// Charge of the cell, e; nil if the deck does not tell it.
  var charge: Double? = 0

  /// The file with the settings; nil for that of the atoms.
  var settingsFile: String?

  /// The cutoff as in ``CalculationSettings/cutoffEV``.
  var cutoffEV: Double?

  /// Whether spin is polarised.
  var isSpinPolarised: Bool?

  /// Pseudopotential by element symbol.
  var pseudopotentials: [String: String] = [:]

  /// A summary of a deck of which nothing but the file is known yet.
  init(file: String) { self.file = file }
}
