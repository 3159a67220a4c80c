internal import Crystal

/// Colours that people with colour-blindness can tell apart.
enum Palette {
  /// Text and frames.
  static let ink = "#222222"

  /// Secondary text.
  static let grey = "#666666"

  /// Grid lines.
  static let grid = "#E4E4E4"

  /// Lines and points of the main result.
  static let blue = "#0072B2"

  /// Lines and points that must be seen first.
  static let red = "#D62728"

  /// Empty sites.
  static let vacancy = "#DADADA"

  /// Curves that are no elements, in this order.
  static let curves = [
    "#0072B2", "#D62728", "#009E73", "#E69F00", "#882255", "#56B4E9", "#999933", "#332288",
    "#CC79A7", "#44AA99", "#661100", "#888888",
  ]

  /// The colour of each element of the list, the fixed one unless another element took it before.
  ///
  /// Colours: M. Okabe and K. Ito, Color Universal Design (2008); P. Tol, SRON/EPS/TN/09-002 (2021).
  static func colours(of elements: [Element]) -> [Element: String] {
    var chosen: [Element: String] = [.vacancy: vacancy]
    var free = spare
    // Elements with a colour of their own come first, so that spare ones never displace them.
    for element in Set(elements).sorted() {
      guard let own = fixed[element.symbol], !chosen.values.contains(own) else { continue }
      chosen[element] = own
      free.removeAll { $0 == own }
    }
    for element in Set(elements).sorted() where chosen[element] == nil {
      chosen[element] =
        free.isEmpty ? spare[element.atomicNumber.magnitude.isMultiple(of: 2) ? 0 : 1] : free[0]
      if !free.isEmpty { free.removeFirst() }
    }
    return chosen
  }

  private static let fixed = [
    "Mg": "#E69F00", "Zn": "#0072B2", "Mn": "#882255", "O": "#D55E00", "Li": "#009E73",
    "Na": "#F0E442", "Ti": "#56B4E9", "V": "#332288", "Mo": "#44AA99", "Al": "#999933",
    "Fe": "#AA4499", "Co": "#117733", "Ni": "#88CCEE", "Cr": "#661100", "Ca": "#DDCC77",
    "K": "#CC6677", "Nb": "#6699CC", "W": "#888888", "S": "#F0E442", "F": "#88CCEE",
  ]

  private static let spare = [
    "#CC79A7", "#56B4E9", "#009E73", "#DDCC77", "#332288", "#CC6677", "#44AA99", "#882255",
    "#999933", "#88CCEE", "#117733", "#E69F00", "#0072B2", "#D55E00", "#F0E442",
  ]

  /// A colour between dark violet (0) and yellow (1), of even lightness steps.
  ///
  /// Source: viridis of N. Smith and S. van der Walt (matplotlib, CC0), nine stops.
  static func viridis(_ fraction: Double) -> String {
    let stops: [SIMD3<Double>] = [
      SIMD3(68, 1, 84), SIMD3(71, 44, 122), SIMD3(59, 82, 139), SIMD3(44, 114, 142),
      SIMD3(33, 145, 140), SIMD3(40, 174, 128), SIMD3(94, 201, 98), SIMD3(173, 220, 48),
      SIMD3(253, 231, 37),
    ]
    let place = min(1, max(0, fraction.isNaN ? 0 : fraction)) * Double(stops.count - 1)
    let low = min(Int(place), stops.count - 2)
    let colour = stops[low] + (place - Double(low)) * (stops[low + 1] - stops[low])
    return "#" + [colour.x, colour.y, colour.z].map { hexadecimal(Int($0 + 0.5)) }.joined()
  }

  private static func hexadecimal(_ value: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return text.count < 2 ? "0" + text : text
  }
}
