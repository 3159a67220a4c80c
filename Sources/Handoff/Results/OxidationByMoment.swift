public import Crystal

/// The oxidation state of a transition metal from its magnetic moment.
///
/// The moment of an ion with n unpaired electrons is n μB, of which hybridisation with the anions takes a
/// part, and the spheres over which a code integrates miss another one. The table holds typical
/// projected moments of oxides in PBE+U, high spin except for Co³⁺, Ni³⁺ and Ni⁴⁺; the number of unpaired
/// electrons is in brackets:
///
///     Ti 3+ 0.9 (1)   4+ 0.0 (0)               Fe 2+ 3.7 (4)   3+ 4.25 (5)
///     V  3+ 1.85 (2)  4+ 1.05 (1)  5+ 0.1 (0)  Co 2+ 2.7 (3)   3+ 0.05 (0)
///     Cr 3+ 2.9 (3)   4+ 2.1 (2)   6+ 0.1 (0)  Ni 2+ 1.7 (2)   3+ 1.0 (1)   4+ 0.15 (0)
///     Mn 2+ 4.55 (5)  3+ 3.8 (4)   4+ 3.05 (3) Cu 1+ 0.0 (0)   2+ 0.65 (1)
///
/// The nearest one within 0.6 μB counts, unless the next one is nearly as near: then nothing is said. A
/// moment says nothing about ions that are not in the table.
public enum OxidationByMoment {
  /// Typical moments by element: oxidation state and μB.
  static let table: [String: [(state: Int, moment: Double)]] = [
    "Ti": [(3, 0.9), (4, 0)], "V": [(3, 1.85), (4, 1.05), (5, 0.1)],
    "Cr": [(3, 2.9), (4, 2.1), (6, 0.1)], "Mn": [(2, 4.55), (3, 3.8), (4, 3.05)],
    "Fe": [(2, 3.7), (3, 4.25)], "Co": [(2, 2.7), (3, 0.05)],
    "Ni": [(2, 1.7), (3, 1.0), (4, 0.15)], "Cu": [(1, 0), (2, 0.65)],
  ]

  /// The largest distance of a moment from the typical one, μB.
  static let reach = 0.6

  /// How much nearer than the next one the typical moment must be, μB.
  static let margin = 0.1

  /// What a moment tells.
  public enum Finding: Hashable, Sendable {
    /// The oxidation state.
    case state(Int)
    /// The moment fits none, or two.
    case unclear
    /// The element is not in the table.
    case unknown
  }

  /// The oxidation state that a moment tells.
  ///
  /// - Parameters:
  ///   - moment: μB; its sign does not matter.
  ///   - element: The element.
  /// - Returns: What it tells.
  public static func finding(_ moment: Double, of element: Element) -> Finding {
    guard let entries = table[element.symbol] else { return .unknown }
    let ranked = entries.map { ($0.state, ($0.moment - moment.magnitude).magnitude) }
      .sorted { $0.1 < $1.1 }
    guard ranked[0].1 <= reach, ranked.count < 2 || ranked[1].1 - ranked[0].1 >= margin else {
      return .unclear
    }
    return .state(ranked[0].0)
  }
}
