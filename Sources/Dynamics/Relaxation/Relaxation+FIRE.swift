internal import Crystal

extension Relaxation {
  /// Numbers of FIRE 2.0; unit masses, so times are in Å/(eV/Å)^½.
  private enum FIRE {
    static let firstTimeStep = 0.05
    static let timeSteps = 0.001...0.5
    static let (growth, shrinkage) = (1.1, 0.5)
    static let (firstMixing, mixingDecay) = (0.25, 0.99)
    /// Downhill steps in a row before the time step grows, and steps before it may shrink.
    static let delay = 20
  }

  /// Dynamics that are turned towards the force while they go downhill and stopped when they go uphill.
  func descendByFIRE(
    _ surface: inout EnthalpySurface, _ follow: (Step) throws -> Bool
  ) throws -> (last: Step, ending: Ending) {
    let count = surface.point.count
    var velocity = [SIMD3<Double>](repeating: .zero, count: count)
    var move = velocity
    var target = surface.point
    var (timeStep, mixing, downhill) = (FIRE.firstTimeStep, FIRE.firstMixing, 0)
    var step = surface.step(0, change: nil)
    while true {
      if let ending = try ending(after: step, follow) { return (step, ending) }
      let isDownhill = product(surface.gradient, velocity) < 0
      if isDownhill {
        downhill += 1
        if downhill > FIRE.delay {
          timeStep = min(timeStep * FIRE.growth, FIRE.timeSteps.upperBound)
          mixing *= FIRE.mixingDecay
        }
      } else {
        downhill = 0
        if step.number >= FIRE.delay {
          timeStep = max(timeStep * FIRE.shrinkage, FIRE.timeSteps.lowerBound)
        }
        mixing = FIRE.firstMixing
      }
      for i in 0..<count {
        // Uphill: back by half of the last move, and a stop.
        move[i] = isDownhill ? .zero : -0.5 * timeStep * velocity[i]
        if !isDownhill { velocity[i] = .zero }
        velocity[i] -= timeStep * surface.gradient[i]
      }
      let force = product(surface.gradient, surface.gradient).squareRoot()
      let turn = force > 0 ? mixing * product(velocity, velocity).squareRoot() / force : 0
      for i in 0..<count {
        velocity[i] = (1 - mixing) * velocity[i] - turn * surface.gradient[i]
        move[i] += timeStep * velocity[i]
      }
      let scale = min(1, largestMove / max(longest(move), .leastNormalMagnitude))
      for i in 0..<count { target[i] = surface.point[i] + scale * move[i] }
      let before = surface.enthalpy
      try surface.move(to: target)
      step = surface.step(step.number + 1, change: surface.enthalpy - before)
    }
  }
}
