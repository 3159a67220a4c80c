public import Crystal
public import Thermodynamics

/// What to make of a table of energies: which hull, of which ion, against which reference.
public struct HullSpecification: Hashable, Sendable {
  /// The tables of energies, files.
  public var tables: [String]

  /// The working ion; nil for the one whose amount varies.
  public var ion: String?

  /// Electrons per ion; nil for the usual oxidation state.
  public var valence: Int?

  /// Energy of the pure ion, eV/atom; nil for the lowest row of the pure element.
  public var reference: Double?

  /// Formulas that formation energies refer to; empty for the elements or for both ends.
  public var endMembers: [String] = []

  /// Whether capacities are per mass of the discharged or of the charged host.
  public var capacityBasis = CapacityBasis.discharged

  /// Tables with the defaults.
  public init(tables: [String]) {
    self.tables = tables
  }

  /// Checks everything that can be checked without the table.
  ///
  /// - Throws: ``InputErrors`` with all that is wrong.
  public func validate() throws(InputErrors) {
    var problems: [InputError] = []
    if tables.isEmpty {
      problems.append(
        InputError("no table of energies", at: "table", hint: "give a file such as energies.csv"))
    }
    if let ion, Element(symbol: ion) == nil {
      let near = nearestMatch(to: ion, among: Element.all.map(\.symbol))
      problems.append(
        InputError(
          "there is no element \"\(ion)\"", at: "ion",
          hint: near.map { "did you mean \($0)?" } ?? "write a symbol such as Mg"))
    }
    if let valence, !(1...8).contains(valence) {
      problems.append(
        InputError(
          "\(valence) electrons per ion, expected 1 to 8", at: "valence",
          hint: "Li and Na have 1, Mg, Ca and Zn 2, Al 3"))
    }
    if let reference {
      if !reference.isFinite {
        problems.append(
          InputError("\(reference), expected a finite energy in eV/atom", at: "reference"))
      } else if reference.magnitude > HullSpecification.largestReference {
        problems.append(
          InputError(
            "\(reference) eV/atom is no energy of a metal", at: "reference",
            hint: "give the energy per atom in eV, from the same method as the table"))
      }
    }
    for member in endMembers {
      do {
        _ = try Composition(parsing: member)
      } catch {
        problems.append(error.inside("end-members"))
      }
    }
    if endMembers.count == 1 {
      problems.append(
        InputError(
          "one end member, expected two or more", at: "end-members",
          hint: "separate formulas by commas, such as MgO,Mn2O3"))
    }
    if !endMembers.isEmpty, ion != nil || valence != nil || reference != nil {
      problems.append(
        InputError(
          "end members belong to a general phase diagram, an ion with its valence and reference to "
            + "an insertion hull", at: "end-members", hint: "give one or the other"))
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
  }

  /// All-electron codes give the largest energies per atom, some 10⁶ eV.
  private static let largestReference = 1e7
}

/// Keys: `tables`, `ion`, `valence`, `reference_eV_atom`, `end_members`, `capacity_basis`.
extension HullSpecification: Codable {
  private enum CodingKeys: String, CodingKey {
    case tables
    case ion
    case valence
    case reference = "reference_eV_atom"
    case endMembers = "end_members"
    case capacityBasis = "capacity_basis"
  }
}
