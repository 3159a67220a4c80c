extension Structure {
  /// Two atoms on one point, by index, nil if there are none; vacancies are not looked at.
  ///
  /// Points are the same if their fractional coordinates agree to four digits or so: atoms that are
  /// listed twice, not atoms that are merely near.
  ///
  /// - Complexity: O(n).
  public var coincidence: (first: Int, second: Int)? {
    var atomOfPoint: [SIMD3<Double>: Int] = [:]
    for index in species.indices where !species[index].isVacancy {
      var point = (1e4 * positions[index].wrapped.components).rounded(.toNearestOrEven)
      // 0.99999 is next to 0.
      point.replace(with: 0, where: point .== 1e4)
      if let first = atomOfPoint.updateValue(index, forKey: point) { return (first, index) }
    }
    return nil
  }
}
