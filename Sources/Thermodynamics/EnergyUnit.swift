internal import Crystal

/// Units of energy that tables of other programs use.
public enum EnergyUnit: String, CaseIterable, Sendable {
  /// Electronvolt.
  case electronvolt = "eV"

  /// Thousandth of an electronvolt.
  case millielectronvolt = "meV"

  /// Rydberg.
  case rydberg = "Ry"

  /// Hartree.
  case hartree = "Ha"

  /// Kilojoule per mole, of the formula or of atoms.
  case kilojoulePerMole = "kJ/mol"

  /// Kilocalorie per mole, of the formula or of atoms.
  case kilocaloriePerMole = "kcal/mol"

  /// The energy in eV of one unit.
  public var electronvolts: Double {
    switch self {
    case .electronvolt: 1
    case .millielectronvolt: 1e-3
    case .rydberg: UnitFactor.rydberg
    case .hartree: UnitFactor.hartree
    case .kilojoulePerMole: UnitFactor.kilojoulePerMole
    case .kilocaloriePerMole: UnitFactor.kilocaloriePerMole
    }
  }

  /// The unit among the words of a column name, such as `energy`, `kj`, `mol`; nil if there is none.
  init?(words: [String]) {
    for (position, word) in words.enumerated() {
      switch word {
      case "ev": self = .electronvolt
      case "mev": self = .millielectronvolt
      case "ry", "ryd", "rydberg", "rydbergs": self = .rydberg
      case "ha", "hartree", "hartrees", "eh": self = .hartree
      case "kj" where words.dropFirst(position + 1).contains("mol"): self = .kilojoulePerMole
      case "kcal" where words.dropFirst(position + 1).contains("mol"): self = .kilocaloriePerMole
      default: continue
      }
      return
    }
    return nil
  }
}
