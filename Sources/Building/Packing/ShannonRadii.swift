public import Crystal

/// One ionic radius.
struct ShannonRadius: Sendable {
  let symbol: String
  let oxidationState: Int
  let coordination: String
  let radius: Double
}

/// Effective ionic radii, Å, of the coordination VI where it is tabulated, else of the nearest one;
/// high spin where both are.
///
/// Source: R. D. Shannon, Acta Cryst. A32, 751 (1976); the table follows two digitisations that agree,
/// but for the rows after tellurium, which are recalled.
let shannonRadii: [ShannonRadius] = [
  ShannonRadius(symbol: "Li", oxidationState: 1, coordination: "VI", radius: 0.76),
  ShannonRadius(symbol: "Na", oxidationState: 1, coordination: "VI", radius: 1.02),
  ShannonRadius(symbol: "K", oxidationState: 1, coordination: "VI", radius: 1.38),
  ShannonRadius(symbol: "Mg", oxidationState: 2, coordination: "VI", radius: 0.72),
  ShannonRadius(symbol: "Ca", oxidationState: 2, coordination: "VI", radius: 1.0),
  ShannonRadius(symbol: "Al", oxidationState: 3, coordination: "VI", radius: 0.535),
  ShannonRadius(symbol: "Ga", oxidationState: 3, coordination: "VI", radius: 0.62),
  ShannonRadius(symbol: "In", oxidationState: 3, coordination: "VI", radius: 0.8),
  ShannonRadius(symbol: "Sc", oxidationState: 3, coordination: "VI", radius: 0.745),
  ShannonRadius(symbol: "Y", oxidationState: 3, coordination: "VI", radius: 0.9),
  ShannonRadius(symbol: "Ti", oxidationState: 2, coordination: "VI", radius: 0.86),
  ShannonRadius(symbol: "Ti", oxidationState: 3, coordination: "VI", radius: 0.67),
  ShannonRadius(symbol: "Ti", oxidationState: 4, coordination: "VI", radius: 0.605),
  ShannonRadius(symbol: "V", oxidationState: 2, coordination: "VI", radius: 0.79),
  ShannonRadius(symbol: "V", oxidationState: 3, coordination: "VI", radius: 0.64),
  ShannonRadius(symbol: "V", oxidationState: 4, coordination: "VI", radius: 0.58),
  ShannonRadius(symbol: "V", oxidationState: 5, coordination: "VI", radius: 0.54),
  ShannonRadius(symbol: "Cr", oxidationState: 2, coordination: "VI", radius: 0.8),
  ShannonRadius(symbol: "Cr", oxidationState: 3, coordination: "VI", radius: 0.615),
  ShannonRadius(symbol: "Cr", oxidationState: 4, coordination: "VI", radius: 0.55),
  ShannonRadius(symbol: "Cr", oxidationState: 5, coordination: "VI", radius: 0.49),
  ShannonRadius(symbol: "Cr", oxidationState: 6, coordination: "VI", radius: 0.44),
  ShannonRadius(symbol: "Mn", oxidationState: 2, coordination: "VI", radius: 0.83),
  ShannonRadius(symbol: "Mn", oxidationState: 3, coordination: "VI", radius: 0.645),
  ShannonRadius(symbol: "Mn", oxidationState: 4, coordination: "VI", radius: 0.53),
  ShannonRadius(symbol: "Mn", oxidationState: 5, coordination: "IV", radius: 0.33),
  ShannonRadius(symbol: "Mn", oxidationState: 6, coordination: "IV", radius: 0.255),
  ShannonRadius(symbol: "Mn", oxidationState: 7, coordination: "VI", radius: 0.46),
  ShannonRadius(symbol: "Fe", oxidationState: 2, coordination: "VI", radius: 0.78),
  ShannonRadius(symbol: "Fe", oxidationState: 3, coordination: "VI", radius: 0.645),
  ShannonRadius(symbol: "Fe", oxidationState: 4, coordination: "VI", radius: 0.585),
  ShannonRadius(symbol: "Fe", oxidationState: 6, coordination: "IV", radius: 0.25),
  ShannonRadius(symbol: "Co", oxidationState: 2, coordination: "VI", radius: 0.745),
  ShannonRadius(symbol: "Co", oxidationState: 3, coordination: "VI", radius: 0.61),
  ShannonRadius(symbol: "Co", oxidationState: 4, coordination: "VI", radius: 0.53),
  ShannonRadius(symbol: "Ni", oxidationState: 2, coordination: "VI", radius: 0.69),
  ShannonRadius(symbol: "Ni", oxidationState: 3, coordination: "VI", radius: 0.6),
  ShannonRadius(symbol: "Ni", oxidationState: 4, coordination: "VI", radius: 0.48),
  ShannonRadius(symbol: "Cu", oxidationState: 1, coordination: "VI", radius: 0.77),
  ShannonRadius(symbol: "Cu", oxidationState: 2, coordination: "VI", radius: 0.73),
  ShannonRadius(symbol: "Cu", oxidationState: 3, coordination: "VI", radius: 0.54),
  ShannonRadius(symbol: "Zn", oxidationState: 2, coordination: "VI", radius: 0.74),
  ShannonRadius(symbol: "Zr", oxidationState: 4, coordination: "VI", radius: 0.72),
  ShannonRadius(symbol: "Nb", oxidationState: 3, coordination: "VI", radius: 0.72),
  ShannonRadius(symbol: "Nb", oxidationState: 4, coordination: "VI", radius: 0.68),
  ShannonRadius(symbol: "Nb", oxidationState: 5, coordination: "VI", radius: 0.64),
  ShannonRadius(symbol: "Mo", oxidationState: 3, coordination: "VI", radius: 0.69),
  ShannonRadius(symbol: "Mo", oxidationState: 4, coordination: "VI", radius: 0.65),
  ShannonRadius(symbol: "Mo", oxidationState: 5, coordination: "VI", radius: 0.61),
  ShannonRadius(symbol: "Mo", oxidationState: 6, coordination: "VI", radius: 0.59),
  ShannonRadius(symbol: "Sn", oxidationState: 4, coordination: "VI", radius: 0.69),
  ShannonRadius(symbol: "Si", oxidationState: 4, coordination: "VI", radius: 0.4),
  ShannonRadius(symbol: "Ge", oxidationState: 2, coordination: "VI", radius: 0.73),
  ShannonRadius(symbol: "Ge", oxidationState: 4, coordination: "VI", radius: 0.53),
  ShannonRadius(symbol: "P", oxidationState: 3, coordination: "VI", radius: 0.44),
  ShannonRadius(symbol: "P", oxidationState: 5, coordination: "VI", radius: 0.38),
  ShannonRadius(symbol: "B", oxidationState: 3, coordination: "VI", radius: 0.27),
  ShannonRadius(symbol: "O", oxidationState: -2, coordination: "VI", radius: 1.4),
  ShannonRadius(symbol: "F", oxidationState: -1, coordination: "VI", radius: 1.33),
  ShannonRadius(symbol: "F", oxidationState: 7, coordination: "VI", radius: 0.08),
  ShannonRadius(symbol: "Cl", oxidationState: -1, coordination: "VI", radius: 1.81),
  ShannonRadius(symbol: "Cl", oxidationState: 7, coordination: "VI", radius: 0.27),
  ShannonRadius(symbol: "Br", oxidationState: -1, coordination: "VI", radius: 1.96),
  ShannonRadius(symbol: "Br", oxidationState: 7, coordination: "VI", radius: 0.39),
  ShannonRadius(symbol: "S", oxidationState: -2, coordination: "VI", radius: 1.84),
  ShannonRadius(symbol: "S", oxidationState: 4, coordination: "VI", radius: 0.37),
  ShannonRadius(symbol: "S", oxidationState: 6, coordination: "VI", radius: 0.29),
  ShannonRadius(symbol: "Se", oxidationState: -2, coordination: "VI", radius: 1.98),
  ShannonRadius(symbol: "Se", oxidationState: 4, coordination: "VI", radius: 0.5),
  ShannonRadius(symbol: "Se", oxidationState: 6, coordination: "VI", radius: 0.42),
  ShannonRadius(symbol: "Te", oxidationState: -2, coordination: "VI", radius: 2.21),
  ShannonRadius(symbol: "Te", oxidationState: 4, coordination: "VI", radius: 0.97),
  ShannonRadius(symbol: "Te", oxidationState: 6, coordination: "VI", radius: 0.56),
  ShannonRadius(symbol: "Rb", oxidationState: 1, coordination: "VI", radius: 1.52),
  ShannonRadius(symbol: "Cs", oxidationState: 1, coordination: "VI", radius: 1.67),
  ShannonRadius(symbol: "Ag", oxidationState: 1, coordination: "VI", radius: 1.15),
  ShannonRadius(symbol: "Be", oxidationState: 2, coordination: "VI", radius: 0.45),
  ShannonRadius(symbol: "Sr", oxidationState: 2, coordination: "VI", radius: 1.18),
  ShannonRadius(symbol: "Ba", oxidationState: 2, coordination: "VI", radius: 1.35),
  ShannonRadius(symbol: "Cd", oxidationState: 2, coordination: "VI", radius: 0.95),
  ShannonRadius(symbol: "Pb", oxidationState: 2, coordination: "VI", radius: 1.19),
  ShannonRadius(symbol: "Bi", oxidationState: 3, coordination: "VI", radius: 1.03),
  ShannonRadius(symbol: "La", oxidationState: 3, coordination: "VI", radius: 1.032),
  ShannonRadius(symbol: "Nd", oxidationState: 3, coordination: "VI", radius: 0.983),
  ShannonRadius(symbol: "Gd", oxidationState: 3, coordination: "VI", radius: 0.938),
  ShannonRadius(symbol: "Ce", oxidationState: 4, coordination: "VI", radius: 0.87),
  ShannonRadius(symbol: "Hf", oxidationState: 4, coordination: "VI", radius: 0.71),
  ShannonRadius(symbol: "As", oxidationState: 5, coordination: "VI", radius: 0.46),
  ShannonRadius(symbol: "Sb", oxidationState: 5, coordination: "VI", radius: 0.6),
  ShannonRadius(symbol: "Ta", oxidationState: 5, coordination: "VI", radius: 0.64),
  ShannonRadius(symbol: "W", oxidationState: 6, coordination: "VI", radius: 0.6),
]

/// The ionic radius of a species, Å; nil for elements without any.
///
/// Takes the oxidation state that is tabulated nearest to that of the species, or to the usual one.
///
/// Source: R. D. Shannon, Acta Cryst. A32, 751 (1976).
public func ionicRadius(_ species: Species) -> Double? {
  let rows = shannonRadii.filter { $0.symbol == species.element.symbol }
  let wanted =
    species.oxidationState ?? species.element.oxidationStates.first.map(Double.init) ?? 0
  return rows.min {
    let (a, b) = (
      (Double($0.oxidationState) - wanted).magnitude,
      (Double($1.oxidationState) - wanted).magnitude
    )
    return (a, $0.oxidationState) < (b, $1.oxidationState)
  }?.radius
}
