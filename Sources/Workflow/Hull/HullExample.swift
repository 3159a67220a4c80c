/// A small table of energies that comes with cellgen, for a first try of `hull`.
///
/// Total energies of Mgₙ Zn10Mn11O32 and of hcp Mg: arrangements from annealing on the lattice,
/// relaxed with CHGNet 0.3.0. The same rows as `Examples/hull/energies.csv`.
public enum HullExample {
  /// The name under which it is written.
  public static let fileName = "energies.csv"

  /// The table.
  public static let text = """
    id,formula,atoms,energy_eV,source
    mg0,Zn10Mn11O32,53,-364.919556,CHGNet 0.3.0 relaxed (force 0.1 eV/A)
    mg2,Mg2Zn10Mn11O32,55,-379.912140,CHGNet 0.3.0 relaxed (force 0.1 eV/A)
    mg3,Mg3Zn10Mn11O32,56,-388.487793,CHGNet 0.3.0 relaxed (force 0.1 eV/A)
    mg5,Mg5Zn10Mn11O32,58,-396.965668,CHGNet 0.3.0 relaxed (force 0.1 eV/A)
    mg8,Mg8Zn10Mn11O32,61,-414.742004,CHGNet 0.3.0 relaxed (force 0.1 eV/A)
    mg11,Mg11Zn10Mn11O32,64,-429.546997,CHGNet 0.3.0 relaxed (force 0.1 eV/A)
    mg-hcp,Mg,1,-1.596313,CHGNet 0.3.0 relaxed

    """
}
