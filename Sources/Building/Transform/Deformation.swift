public import Crystal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A small strain of a lattice: r' = r (1 + ε), with the symmetric tensor ε of xx, yy, zz, yz, xz, xy.
public struct Strain: Hashable, Sendable, Codable {
  /// The components in Voigt's order; shear components are those of the tensor, half of the
  /// engineering strains.
  public var components: [Double]

  /// A strain.
  ///
  /// - Throws: ``InputError`` for anything but six small numbers that leave a crystal.
  public init(_ components: [Double]) throws(InputError) {
    guard components.count == 6 else {
      throw InputError(
        "a strain has six numbers: xx, yy, zz, yz, xz, xy; found \(components.count)")
    }
    if let component = components.first(where: { !$0.isFinite }) {
      throw InputError("a strain of \(component), expected less than 0.9")
    }
    guard components.allSatisfy({ $0.magnitude < 0.9 }) else {
      throw InputError(
        "a strain of \(components.max { $0.magnitude < $1.magnitude } ?? 0), expected less than 0.9",
        hint: "strains are fractions: 1 % is 0.01")
    }
    // Every direction must keep a positive length: the leading minors of 1 + ε are positive.
    let (x, y, z) = (1 + components[0], 1 + components[1], 1 + components[2])
    let (yz, xz, xy) = (components[3], components[4], components[5])
    let plane = x * y - xy * xy
    let whole = x * (y * z - yz * yz) - xy * (xy * z - yz * xz) + xz * (xy * yz - y * xz)
    guard plane > 1e-6, whole > 1e-6 else {
      throw InputError(
        "the strains turn the crystal inside out: 1 + ε has a determinant of \(fixed(whole, 4)), or "
          + "\(fixed(plane, 4)) in the xy plane, expected positive ones",
        hint: "shear strains are too large")
    }
    self.components = components
  }

  /// The same strain along all directions.
  public static func isotropic(_ strain: Double) throws(InputError) -> Strain {
    try Strain([strain, strain, strain, 0, 0, 0])
  }
}

extension Structure {
  /// The structure with its lattice strained; fractional coordinates and columns stay.
  ///
  /// - Throws: ``LatticeError`` if the lattice becomes flat.
  public func strained(_ strain: Strain) throws(LatticeError) -> Structure {
    let e = strain.components
    func moved(_ r: SIMD3<Double>) -> SIMD3<Double> {
      r
        + SIMD3(
          e[0] * r.x + e[5] * r.y + e[4] * r.z, e[5] * r.x + e[1] * r.y + e[3] * r.z,
          e[4] * r.x + e[3] * r.y + e[2] * r.z)
    }
    var copy = self
    copy.lattice = try Lattice(
      a: moved(lattice.a), b: moved(lattice.b), c: moved(lattice.c))
    return copy
  }

  /// The structure with every atom displaced at random.
  ///
  /// - Parameters:
  ///   - deviation: Standard deviation of each Cartesian component, Å.
  ///   - seed: Of the random numbers; one stream for each atom, so that an atom's displacement does not
  ///     depend on the others.
  /// - Returns: The structure with new positions.
  public func rattled(_ deviation: Double, seed: UInt64) -> Structure {
    var copy = self
    for index in species.indices {
      var stream = RandomStream(seed: seed, purpose: "rattle", index: index)
      let step = SIMD3(stream.normal(), stream.normal(), stream.normal()) * deviation
      let point = lattice.cartesian(positions[index]).components + step
      copy.setPosition(lattice.fractional(Cartesian(point)), at: index)
    }
    return copy
  }
}

extension RandomStream {
  /// A number from the normal distribution with mean 0 and variance 1, by the method of Box and Muller.
  fileprivate mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }
}
