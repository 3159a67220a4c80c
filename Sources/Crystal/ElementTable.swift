/// One row of the periodic table.
struct ElementData: Sendable {
  let symbol: String
  let name: String
  let mass: Double
  let covalentRadius: Double?
  let oxidationStates: [Int]
}

/// The periodic table; row i is the element with atomic number i + 1.
///
/// Masses, amu: IUPAC Commission on Isotopic Abundances and Atomic Weights, 2016 (for elements without
/// a standard weight the mass number of a long-lived isotope). Covalent radii, Å: B. Cordero et al.,
/// Dalton Trans. 2008, 2832. Oxidation states: those usual in oxides, halides and chalcogenides,
/// commonest first (N. N. Greenwood and A. Earnshaw, Chemistry of the Elements, 2nd ed., 1997).
let elementTable: [ElementData] = [
  ElementData(
    symbol: "H", name: "hydrogen", mass: 1.008, covalentRadius: 0.31,
    oxidationStates: [1, -1]),
  ElementData(
    symbol: "He", name: "helium", mass: 4.002602, covalentRadius: 0.28,
    oxidationStates: []),
  ElementData(
    symbol: "Li", name: "lithium", mass: 6.94, covalentRadius: 1.28,
    oxidationStates: [1]),
  ElementData(
    symbol: "Be", name: "beryllium", mass: 9.012183, covalentRadius: 0.96,
    oxidationStates: [2]),
  ElementData(
    symbol: "B", name: "boron", mass: 10.81, covalentRadius: 0.84,
    oxidationStates: [3]),
  ElementData(
    symbol: "C", name: "carbon", mass: 12.011, covalentRadius: 0.76,
    oxidationStates: [4, -4, 2]),
  ElementData(
    symbol: "N", name: "nitrogen", mass: 14.007, covalentRadius: 0.71,
    oxidationStates: [-3, 5, 3]),
  ElementData(
    symbol: "O", name: "oxygen", mass: 15.999, covalentRadius: 0.66,
    oxidationStates: [-2]),
  ElementData(
    symbol: "F", name: "fluorine", mass: 18.998403, covalentRadius: 0.57,
    oxidationStates: [-1]),
  ElementData(
    symbol: "Ne", name: "neon", mass: 20.1797, covalentRadius: 0.58,
    oxidationStates: []),
  ElementData(
    symbol: "Na", name: "sodium", mass: 22.989769, covalentRadius: 1.66,
    oxidationStates: [1]),
  ElementData(
    symbol: "Mg", name: "magnesium", mass: 24.305, covalentRadius: 1.41,
    oxidationStates: [2]),
  ElementData(
    symbol: "Al", name: "aluminium", mass: 26.981538, covalentRadius: 1.21,
    oxidationStates: [3]),
  ElementData(
    symbol: "Si", name: "silicon", mass: 28.085, covalentRadius: 1.11,
    oxidationStates: [4, -4]),
  ElementData(
    symbol: "P", name: "phosphorus", mass: 30.973762, covalentRadius: 1.07,
    oxidationStates: [5, -3, 3]),
  ElementData(
    symbol: "S", name: "sulfur", mass: 32.06, covalentRadius: 1.05,
    oxidationStates: [-2, 6, 4]),
  ElementData(
    symbol: "Cl", name: "chlorine", mass: 35.45, covalentRadius: 1.02,
    oxidationStates: [-1]),
  ElementData(
    symbol: "Ar", name: "argon", mass: 39.948, covalentRadius: 1.06,
    oxidationStates: []),
  ElementData(
    symbol: "K", name: "potassium", mass: 39.0983, covalentRadius: 2.03,
    oxidationStates: [1]),
  ElementData(
    symbol: "Ca", name: "calcium", mass: 40.078, covalentRadius: 1.76,
    oxidationStates: [2]),
  ElementData(
    symbol: "Sc", name: "scandium", mass: 44.955908, covalentRadius: 1.70,
    oxidationStates: [3]),
  ElementData(
    symbol: "Ti", name: "titanium", mass: 47.867, covalentRadius: 1.60,
    oxidationStates: [4, 3, 2]),
  ElementData(
    symbol: "V", name: "vanadium", mass: 50.9415, covalentRadius: 1.53,
    oxidationStates: [5, 4, 3, 2]),
  ElementData(
    symbol: "Cr", name: "chromium", mass: 51.9961, covalentRadius: 1.39,
    oxidationStates: [3, 2, 6, 4]),
  ElementData(
    symbol: "Mn", name: "manganese", mass: 54.938044, covalentRadius: 1.39,
    oxidationStates: [2, 3, 4, 7]),
  ElementData(
    symbol: "Fe", name: "iron", mass: 55.845, covalentRadius: 1.32,
    oxidationStates: [3, 2, 4]),
  ElementData(
    symbol: "Co", name: "cobalt", mass: 58.933194, covalentRadius: 1.26,
    oxidationStates: [2, 3, 4]),
  ElementData(
    symbol: "Ni", name: "nickel", mass: 58.6934, covalentRadius: 1.24,
    oxidationStates: [2, 3, 4]),
  ElementData(
    symbol: "Cu", name: "copper", mass: 63.546, covalentRadius: 1.32,
    oxidationStates: [2, 1, 3]),
  ElementData(
    symbol: "Zn", name: "zinc", mass: 65.38, covalentRadius: 1.22,
    oxidationStates: [2]),
  ElementData(
    symbol: "Ga", name: "gallium", mass: 69.723, covalentRadius: 1.22,
    oxidationStates: [3]),
  ElementData(
    symbol: "Ge", name: "germanium", mass: 72.63, covalentRadius: 1.20,
    oxidationStates: [4, 2]),
  ElementData(
    symbol: "As", name: "arsenic", mass: 74.921595, covalentRadius: 1.19,
    oxidationStates: [5, 3, -3]),
  ElementData(
    symbol: "Se", name: "selenium", mass: 78.971, covalentRadius: 1.20,
    oxidationStates: [-2, 6, 4]),
  ElementData(
    symbol: "Br", name: "bromine", mass: 79.904, covalentRadius: 1.20,
    oxidationStates: [-1]),
  ElementData(
    symbol: "Kr", name: "krypton", mass: 83.798, covalentRadius: 1.16,
    oxidationStates: []),
  ElementData(
    symbol: "Rb", name: "rubidium", mass: 85.4678, covalentRadius: 2.20,
    oxidationStates: [1]),
  ElementData(
    symbol: "Sr", name: "strontium", mass: 87.62, covalentRadius: 1.95,
    oxidationStates: [2]),
  ElementData(
    symbol: "Y", name: "yttrium", mass: 88.90584, covalentRadius: 1.90,
    oxidationStates: [3]),
  ElementData(
    symbol: "Zr", name: "zirconium", mass: 91.224, covalentRadius: 1.75,
    oxidationStates: [4]),
  ElementData(
    symbol: "Nb", name: "niobium", mass: 92.90637, covalentRadius: 1.64,
    oxidationStates: [5, 4, 3]),
  ElementData(
    symbol: "Mo", name: "molybdenum", mass: 95.95, covalentRadius: 1.54,
    oxidationStates: [6, 4, 5, 3]),
  ElementData(
    symbol: "Tc", name: "technetium", mass: 97.90721, covalentRadius: 1.47,
    oxidationStates: []),
  ElementData(
    symbol: "Ru", name: "ruthenium", mass: 101.07, covalentRadius: 1.46,
    oxidationStates: [4, 3, 5]),
  ElementData(
    symbol: "Rh", name: "rhodium", mass: 102.9055, covalentRadius: 1.42,
    oxidationStates: [3]),
  ElementData(
    symbol: "Pd", name: "palladium", mass: 106.42, covalentRadius: 1.39,
    oxidationStates: [2, 4]),
  ElementData(
    symbol: "Ag", name: "silver", mass: 107.8682, covalentRadius: 1.45,
    oxidationStates: [1]),
  ElementData(
    symbol: "Cd", name: "cadmium", mass: 112.414, covalentRadius: 1.44,
    oxidationStates: [2]),
  ElementData(
    symbol: "In", name: "indium", mass: 114.818, covalentRadius: 1.42,
    oxidationStates: [3]),
  ElementData(
    symbol: "Sn", name: "tin", mass: 118.71, covalentRadius: 1.39,
    oxidationStates: [4, 2]),
  ElementData(
    symbol: "Sb", name: "antimony", mass: 121.76, covalentRadius: 1.39,
    oxidationStates: [5, 3, -3]),
  ElementData(
    symbol: "Te", name: "tellurium", mass: 127.6, covalentRadius: 1.38,
    oxidationStates: [-2, 6, 4]),
  ElementData(
    symbol: "I", name: "iodine", mass: 126.90447, covalentRadius: 1.39,
    oxidationStates: [-1]),
  ElementData(
    symbol: "Xe", name: "xenon", mass: 131.293, covalentRadius: 1.40,
    oxidationStates: []),
  ElementData(
    symbol: "Cs", name: "caesium", mass: 132.905452, covalentRadius: 2.44,
    oxidationStates: [1]),
  ElementData(
    symbol: "Ba", name: "barium", mass: 137.327, covalentRadius: 2.15,
    oxidationStates: [2]),
  ElementData(
    symbol: "La", name: "lanthanum", mass: 138.90547, covalentRadius: 2.07,
    oxidationStates: [3]),
  ElementData(
    symbol: "Ce", name: "cerium", mass: 140.116, covalentRadius: 2.04,
    oxidationStates: [3, 4]),
  ElementData(
    symbol: "Pr", name: "praseodymium", mass: 140.90766, covalentRadius: 2.03,
    oxidationStates: [3, 4]),
  ElementData(
    symbol: "Nd", name: "neodymium", mass: 144.242, covalentRadius: 2.01,
    oxidationStates: [3]),
  ElementData(
    symbol: "Pm", name: "promethium", mass: 144.91276, covalentRadius: 1.99,
    oxidationStates: [3]),
  ElementData(
    symbol: "Sm", name: "samarium", mass: 150.36, covalentRadius: 1.98,
    oxidationStates: [3, 2]),
  ElementData(
    symbol: "Eu", name: "europium", mass: 151.964, covalentRadius: 1.98,
    oxidationStates: [3, 2]),
  ElementData(
    symbol: "Gd", name: "gadolinium", mass: 157.25, covalentRadius: 1.96,
    oxidationStates: [3]),
  ElementData(
    symbol: "Tb", name: "terbium", mass: 158.92535, covalentRadius: 1.94,
    oxidationStates: [3, 4]),
  ElementData(
    symbol: "Dy", name: "dysprosium", mass: 162.5, covalentRadius: 1.92,
    oxidationStates: [3]),
  ElementData(
    symbol: "Ho", name: "holmium", mass: 164.93033, covalentRadius: 1.92,
    oxidationStates: [3]),
  ElementData(
    symbol: "Er", name: "erbium", mass: 167.259, covalentRadius: 1.89,
    oxidationStates: [3]),
  ElementData(
    symbol: "Tm", name: "thulium", mass: 168.93422, covalentRadius: 1.90,
    oxidationStates: [3]),
  ElementData(
    symbol: "Yb", name: "ytterbium", mass: 173.054, covalentRadius: 1.87,
    oxidationStates: [3, 2]),
  ElementData(
    symbol: "Lu", name: "lutetium", mass: 174.9668, covalentRadius: 1.87,
    oxidationStates: [3]),
  ElementData(
    symbol: "Hf", name: "hafnium", mass: 178.49, covalentRadius: 1.75,
    oxidationStates: [4]),
  ElementData(
    symbol: "Ta", name: "tantalum", mass: 180.94788, covalentRadius: 1.70,
    oxidationStates: [5]),
  ElementData(
    symbol: "W", name: "tungsten", mass: 183.84, covalentRadius: 1.62,
    oxidationStates: [6, 4, 5]),
  ElementData(
    symbol: "Re", name: "rhenium", mass: 186.207, covalentRadius: 1.51,
    oxidationStates: [7, 4, 6]),
  ElementData(
    symbol: "Os", name: "osmium", mass: 190.23, covalentRadius: 1.44,
    oxidationStates: [4, 8]),
  ElementData(
    symbol: "Ir", name: "iridium", mass: 192.217, covalentRadius: 1.41,
    oxidationStates: [4, 3, 5]),
  ElementData(
    symbol: "Pt", name: "platinum", mass: 195.084, covalentRadius: 1.36,
    oxidationStates: [4, 2]),
  ElementData(
    symbol: "Au", name: "gold", mass: 196.966569, covalentRadius: 1.36,
    oxidationStates: [3, 1]),
  ElementData(
    symbol: "Hg", name: "mercury", mass: 200.592, covalentRadius: 1.32,
    oxidationStates: [2, 1]),
  ElementData(
    symbol: "Tl", name: "thallium", mass: 204.38, covalentRadius: 1.45,
    oxidationStates: [1, 3]),
  ElementData(
    symbol: "Pb", name: "lead", mass: 207.2, covalentRadius: 1.46,
    oxidationStates: [2, 4]),
  ElementData(
    symbol: "Bi", name: "bismuth", mass: 208.9804, covalentRadius: 1.48,
    oxidationStates: [3, 5]),
  ElementData(
    symbol: "Po", name: "polonium", mass: 208.98243, covalentRadius: 1.40,
    oxidationStates: []),
  ElementData(
    symbol: "At", name: "astatine", mass: 209.98715, covalentRadius: 1.50,
    oxidationStates: []),
  ElementData(
    symbol: "Rn", name: "radon", mass: 222.01758, covalentRadius: 1.50,
    oxidationStates: []),
  ElementData(
    symbol: "Fr", name: "francium", mass: 223.01974, covalentRadius: 2.60,
    oxidationStates: []),
  ElementData(
    symbol: "Ra", name: "radium", mass: 226.02541, covalentRadius: 2.21,
    oxidationStates: []),
  ElementData(
    symbol: "Ac", name: "actinium", mass: 227.02775, covalentRadius: 2.15,
    oxidationStates: []),
  ElementData(
    symbol: "Th", name: "thorium", mass: 232.0377, covalentRadius: 2.06,
    oxidationStates: [4]),
  ElementData(
    symbol: "Pa", name: "protactinium", mass: 231.03588, covalentRadius: 2.00,
    oxidationStates: []),
  ElementData(
    symbol: "U", name: "uranium", mass: 238.02891, covalentRadius: 1.96,
    oxidationStates: [6, 4, 5]),
  ElementData(
    symbol: "Np", name: "neptunium", mass: 237.04817, covalentRadius: 1.90,
    oxidationStates: []),
  ElementData(
    symbol: "Pu", name: "plutonium", mass: 244.06421, covalentRadius: 1.87,
    oxidationStates: []),
  ElementData(
    symbol: "Am", name: "americium", mass: 243.06138, covalentRadius: 1.80,
    oxidationStates: []),
  ElementData(
    symbol: "Cm", name: "curium", mass: 247.07035, covalentRadius: 1.69,
    oxidationStates: []),
  ElementData(
    symbol: "Bk", name: "berkelium", mass: 247.07031, covalentRadius: nil,
    oxidationStates: []),
  ElementData(
    symbol: "Cf", name: "californium", mass: 251.07959, covalentRadius: nil,
    oxidationStates: []),
  ElementData(
    symbol: "Es", name: "einsteinium", mass: 252.083, covalentRadius: nil,
    oxidationStates: []),
  ElementData(
    symbol: "Fm", name: "fermium", mass: 257.09511, covalentRadius: nil,
    oxidationStates: []),
  ElementData(
    symbol: "Md", name: "mendelevium", mass: 258.09843, covalentRadius: nil,
    oxidationStates: []),
  ElementData(
    symbol: "No", name: "nobelium", mass: 259.101, covalentRadius: nil,
    oxidationStates: []),
  ElementData(
    symbol: "Lr", name: "lawrencium", mass: 262.11, covalentRadius: nil,
    oxidationStates: []),
  ElementData(
    symbol: "Rf", name: "rutherfordium", mass: 267.122, covalentRadius: nil,
    oxidationStates: []),
  ElementData(
    symbol: "Db", name: "dubnium", mass: 268.126, covalentRadius: nil,
    oxidationStates: []),
  ElementData(
    symbol: "Sg", name: "seaborgium", mass: 271.134, covalentRadius: nil,
    oxidationStates: []),
  ElementData(
    symbol: "Bh", name: "bohrium", mass: 270.133, covalentRadius: nil,
    oxidationStates: []),
  ElementData(
    symbol: "Hs", name: "hassium", mass: 269.1338, covalentRadius: nil,
    oxidationStates: []),
  ElementData(
    symbol: "Mt", name: "meitnerium", mass: 278.156, covalentRadius: nil,
    oxidationStates: []),
  ElementData(
    symbol: "Ds", name: "darmastadtium", mass: 281.165, covalentRadius: nil,
    oxidationStates: []),
  ElementData(
    symbol: "Rg", name: "roentgenium", mass: 281.166, covalentRadius: nil,
    oxidationStates: []),
  ElementData(
    symbol: "Cn", name: "copernicium", mass: 285.177, covalentRadius: nil,
    oxidationStates: []),
  ElementData(
    symbol: "Nh", name: "nihonium", mass: 286.182, covalentRadius: nil,
    oxidationStates: []),
  ElementData(
    symbol: "Fl", name: "flerovium", mass: 289.19, covalentRadius: nil,
    oxidationStates: []),
  ElementData(
    symbol: "Mc", name: "moscovium", mass: 289.194, covalentRadius: nil,
    oxidationStates: []),
  ElementData(
    symbol: "Lv", name: "livermorium", mass: 293.204, covalentRadius: nil,
    oxidationStates: []),
  ElementData(
    symbol: "Ts", name: "tennessine", mass: 293.208, covalentRadius: nil,
    oxidationStates: []),
  ElementData(
    symbol: "Og", name: "oganesson", mass: 294.214, covalentRadius: nil,
    oxidationStates: []),
]
