public import Crystal
internal import Symmetry

/// Which lattice parameters a crystal system leaves free, and how the others follow.
public enum LatticeShape: String, Hashable, Sendable {
  /// a; all edges equal, all angles 90 degrees.
  case cubic
  /// a, c; γ = 120 degrees.
  case hexagonal
  /// a, α; all edges and angles equal.
  case rhombohedral
  /// a, c.
  case tetragonal
  /// a, b, c.
  case orthorhombic
  /// a, b, c, β.
  case monoclinic
  /// All six.
  case triclinic

  /// Names of all lattice parameters: edges in Å, angles in degrees.
  public static let allParameters = ["a", "b", "c", "alpha", "beta", "gamma"]

  /// The shape of a space group; monoclinic groups need b as their unique axis.
  ///
  /// - Throws: ``InputError`` for a monoclinic setting with another unique axis.
  init(_ group: SpaceGroup) throws(InputError) {
    switch group.number {
    case 1...2: self = .triclinic
    case 3...15:
      let axis = group.choice.first { $0.isLetter }
      guard axis == nil || axis == "b" else {
        throw InputError(
          "\(group) has the unique axis \(group.choice), expected b", at: "spacegroup",
          hint: "use the setting with b as the unique axis")
      }
      self = .monoclinic
    case 16...74: self = .orthorhombic
    case 75...142: self = .tetragonal
    case 143...194: self = group.choice == "R" ? .rhombohedral : .hexagonal
    default: self = .cubic
    }
  }

  /// The parameters that have to be given.
  public var freeParameters: [String] {
    switch self {
    case .cubic: ["a"]
    case .hexagonal, .tetragonal: ["a", "c"]
    case .rhombohedral: ["a", "alpha"]
    case .orthorhombic: ["a", "b", "c"]
    case .monoclinic: ["a", "b", "c", "beta"]
    case .triclinic: LatticeShape.allParameters
    }
  }

  /// The lattice with given parameters.
  ///
  /// - Throws: ``InputError``, located at the parameter, if one is missing, fixed by the symmetry or
  ///   out of range.
  public func lattice(_ values: [String: Double]) throws(InputError) -> Lattice {
    for name in values.keys.sorted() where !freeParameters.contains(name) {
      guard LatticeShape.allParameters.contains(name) else {
        throw InputError("there is no lattice parameter \(name)", at: "lattice: \(name)")
      }
      throw InputError(
        "\(name) is fixed in a \(rawValue) lattice", at: "lattice: \(name)",
        hint: "give \(freeParameters.joined(separator: ", "))")
    }
    for name in freeParameters {
      guard let value = values[name] else {
        throw InputError("no lattice parameter \(name)", at: "lattice: \(name)")
      }
      let isEdge = name.count == 1
      guard value.isFinite,
        isEdge ? Lattice.lengthRange.contains(value) : (0.1..<180).contains(value)
      else {
        throw InputError(
          "\(name) = \(value), expected "
            + (isEdge ? "an edge from 0.1 to 100000 Å" : "an angle between 0 and 180 degrees"),
          at: "lattice: \(name)")
      }
    }
    let six = sixParameters(values)
    do {
      return try Lattice(
        lengths: SIMD3(six[0], six[1], six[2]),
        anglesDegrees: SIMD3(six[3], six[4], six[5]))
    } catch {
      throw InputError("\(error)", at: "lattice")
    }
  }

  /// a, b, c, Å, and α, β, γ, degrees, from the free parameters.
  public func sixParameters(_ values: [String: Double]) -> [Double] {
    let a = values["a"] ?? 0
    let alpha = values["alpha"] ?? 90
    let angles: [Double] =
      switch self {
      case .rhombohedral: [alpha, alpha, alpha]
      case .hexagonal: [90, 90, 120]
      default: [alpha, values["beta"] ?? 90, values["gamma"] ?? 90]
      }
    return [a, values["b"] ?? a, values["c"] ?? a] + angles
  }
}
