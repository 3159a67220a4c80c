public import Crystal

/// A space group in one setting: symbol, choice of origin or axes, and operations.
///
/// Where the International Tables give two origins, the choice must be stated: coordinates for one
/// origin give another crystal, without any error, when read with the other.
public struct SpaceGroup: Sendable, CustomStringConvertible {
  /// Number in the International Tables, from 1 to 230.
  public let number: Int

  /// Short symbol, `Fd-3m`, `P6_3/mmc`.
  public let symbol: String

  /// Full symbol of the setting, `F 4_1/d -3 2/m`.
  public let fullSymbol: String

  /// The choice of origin (`1`, `2`), axes (`H`, `R`) or unique axis and cell (`b1`); empty where the
  /// group has one setting or this is the first one.
  public let choice: String

  /// Number of the setting in Hall's list, from 1 to 530.
  public let hallNumber: Int

  /// International symbol of the point group, `m-3m`.
  public let pointGroup: String

  /// The operations modulo lattice translations of the conventional cell, centring included.
  public let operations: [SymmetryOperation]

  /// Finds a space group by what users write.
  ///
  /// Spaces and underscores do not matter: `Fd-3m:2`, `F d -3 m :2`, `F d -3 m Z`, `P63/mmc`,
  /// `P6_3/mmc`, `R-3m` (hexagonal axes), `R-3m:R`, `C2/m`, `P21/n`, `Pbnm`, `227:2`. Where a symbol
  /// has several settings apart from the origin, the standard one is taken.
  ///
  /// - Parameters:
  ///   - text: Symbol or number, with or without a choice after a colon.
  ///   - originChoice: 1 or 2, for groups with two origins; nil if it stands in `text` or is not
  ///     needed.
  /// - Throws: ``InputError`` if there is no such group, or if it has two origins and none is chosen.
  public init(_ text: String, originChoice: Int? = nil) throws(InputError) {
    try self.init(SpaceGroupCatalogue.setting(named: text, originChoice: originChoice))
  }

  /// The space group with a number in the International Tables.
  ///
  /// - Throws: ``InputError`` if the number is not in 1 ... 230, or if the group has two origins and
  ///   none is chosen.
  public init(number: Int, originChoice: Int? = nil) throws(InputError) {
    try self.init("\(number)", originChoice: originChoice)
  }

  private init(_ setting: Spglib.Setting) {
    number = setting.number
    symbol = setting.short
    fullSymbol = setting.full
    choice = setting.choice
    hallNumber = setting.hallNumber
    pointGroup = setting.pointGroup
    operations = Spglib.operations(hallNumber: setting.hallNumber)
  }

  /// The symbol with the choice after a colon, `Fd-3m:2`.
  public var description: String { choice.isEmpty ? symbol : "\(symbol):\(choice)" }

  /// Fractional distance within which a point counts as lying on a symmetry element.
  public static let defaultTolerance = 1e-3

  /// The point moved onto the symmetry elements that it nearly lies on.
  ///
  /// The point becomes the mean of those of its images that coincide with it, so that `0.3333`
  /// becomes 1/3 where the group demands it.
  ///
  /// - Parameters:
  ///   - point: Any image.
  ///   - tolerance: Largest difference of a coordinate between coinciding images, fractional.
  /// - Returns: A point near the given one, not wrapped.
  public func symmetrised(
    _ point: Fractional, tolerance: Double = SpaceGroup.defaultTolerance
  ) -> Fractional {
    var sum = SIMD3<Double>.zero
    var count = 0.0
    for operation in operations {
      let step = nearestStep(from: point, to: operation.image(of: point))
      guard largestComponent(step) <= tolerance else { continue }
      sum += step
      count += 1
    }
    // The identity always counts.
    return count > 0 ? Fractional(point.components + sum / count) : point
  }

  /// All points of the cell that are equivalent to a point.
  ///
  /// - Parameters:
  ///   - point: Any image; it is ``symmetrised(_:tolerance:)`` first.
  ///   - tolerance: Largest difference of a coordinate between coinciding images, fractional.
  /// - Returns: Points in [0, 1)³ in ascending order of x, then y, then z; the result is the same,
  ///   whichever of them is given.
  public func orbit(
    of point: Fractional, tolerance: Double = SpaceGroup.defaultTolerance
  ) -> [Fractional] {
    let start = symmetrised(point, tolerance: tolerance)
    var orbit: [Fractional] = []
    for operation in operations {
      let image = operation.image(of: start).wrapped
      let isNew = orbit.allSatisfy {
        largestComponent(nearestStep(from: $0, to: image)) > tolerance
      }
      if isNew { orbit.append(image) }
    }
    // Coordinates that differ by rounding only must not decide the order.
    func key(_ point: Fractional) -> (Double, Double, Double) {
      let steps = (point.components * 1e6).rounded(.toNearestOrEven)
      return (steps.x, steps.y, steps.z)
    }
    return orbit.sorted { key($0) < key($1) }
  }
}

/// The shortest way from one point to any image of another, component by component.
private func nearestStep(from p: Fractional, to q: Fractional) -> SIMD3<Double> {
  let step = q.components - p.components
  return step - step.rounded(.toNearestOrEven)
}

private func largestComponent(_ step: SIMD3<Double>) -> Double {
  max(step.x.magnitude, step.y.magnitude, step.z.magnitude)
}
