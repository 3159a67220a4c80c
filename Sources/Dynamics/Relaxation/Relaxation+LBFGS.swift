internal import Crystal

extension Relaxation {
  private enum LBFGS {
    /// Pairs of moves and changes of the gradient that are remembered.
    static let memory = 20
    /// Curvature that is assumed before any is known, eV/Å².
    static let firstCurvature = 20.0
    /// Share of the expected descent that a step must bring (Armijo).
    static let descent = 1e-4
    /// Change of the enthalpy, relative, that is put down to rounding.
    static let rounding = 1e-12
    /// Times that a step is shortened before the direction is given up.
    static let attempts = 12
  }

  /// A move and what it changed.
  private struct Pair {
    var move: [SIMD3<Double>]
    var change: [SIMD3<Double>]
    /// move · change, positive.
    var curvature: Double
  }

  /// Quasi-Newton steps along which the enthalpy does not rise.
  func descendByLBFGS(
    _ surface: inout EnthalpySurface, _ follow: (Step) throws -> Bool
  ) throws -> (last: Step, ending: Ending) {
    var memory: [Pair] = []
    var step = surface.step(0, change: nil)
    while true {
      if let ending = try ending(after: step, follow) { return (step, ending) }
      let (point, gradient, enthalpy) = (surface.point, surface.gradient, surface.enthalpy)
      if try !search(along: newtonStep(gradient, memory), &surface) {
        guard !memory.isEmpty else {
          try surface.move(to: point)
          return (step, .stalled)
        }
        memory = []
        guard try search(along: newtonStep(gradient, memory), &surface, from: point) else {
          try surface.move(to: point)
          return (step, .stalled)
        }
      }
      var pair = Pair(move: point, change: gradient, curvature: 0)
      for i in point.indices {
        pair.move[i] = surface.point[i] - point[i]
        pair.change[i] = surface.gradient[i] - gradient[i]
      }
      pair.curvature = product(pair.move, pair.change)
      // A pair without positive curvature would spoil the approximation of the Hessian.
      if pair.curvature > 1e-10 * product(pair.move, pair.move) {
        memory.append(pair)
        if memory.count > LBFGS.memory { memory.removeFirst() }
      }
      step = surface.step(step.number + 1, change: surface.enthalpy - enthalpy)
    }
  }

  /// -H g with the inverse Hessian H of the remembered pairs (two-loop recursion).
  private func newtonStep(_ gradient: [SIMD3<Double>], _ memory: [Pair]) -> [SIMD3<Double>] {
    var q = gradient
    var weights = [Double](repeating: 0, count: memory.count)
    for (k, pair) in memory.enumerated().reversed() {
      weights[k] = product(pair.move, q) / pair.curvature
      for i in q.indices { q[i] -= weights[k] * pair.change[i] }
    }
    let scale =
      memory.last.map { $0.curvature / product($0.change, $0.change) } ?? 1 / LBFGS.firstCurvature
    for i in q.indices { q[i] *= -scale }
    for (k, pair) in memory.enumerated() {
      let weight = weights[k] + product(pair.change, q) / pair.curvature
      for i in q.indices { q[i] -= weight * pair.move[i] }
    }
    return q
  }

  /// Goes along a direction until the enthalpy is low enough; the first step is the whole direction, or
  /// the longest move that is allowed.
  ///
  /// A point counts, too, at which the slope has fallen while the enthalpy is the same to rounding: near
  /// the minimum differences of enthalpies say nothing (W. W. Hager and H. Zhang, SIAM J. Optim. 16, 170,
  /// 2005).
  ///
  /// - Returns: Whether there was such a point; if not, the surface is left at the last attempt.
  private func search(
    along direction: [SIMD3<Double>], _ surface: inout EnthalpySurface,
    from start: [SIMD3<Double>]? = nil
  ) throws -> Bool {
    if let start { try surface.move(to: start) }
    let (point, enthalpy) = (surface.point, surface.enthalpy)
    let slope = product(direction, surface.gradient)
    let noise = LBFGS.rounding * max(1, enthalpy.magnitude)
    var share = min(1, largestMove / max(longest(direction), .leastNormalMagnitude))
    var target = point
    for _ in 0..<LBFGS.attempts {
      for i in point.indices { target[i] = point[i] + share * direction[i] }
      try surface.move(to: target)
      let rise = surface.enthalpy - enthalpy
      if rise <= LBFGS.descent * share * slope { return true }
      let newSlope = product(direction, surface.gradient)
      if rise <= noise, newSlope.magnitude <= 0.9 * slope.magnitude { return true }
      // The minimum of the parabola through both enthalpies and the first slope.
      let best = -slope * share * share / (2 * (rise - slope * share))
      share = best.isFinite ? min(0.5 * share, max(0.1 * share, best)) : 0.1 * share
    }
    return false
  }
}
