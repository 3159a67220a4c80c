internal import Crystal

/// The loops over atoms of a step; masses are in eV fs²/Å².
extension DynamicsState {
  /// Changes velocities by the forces alone.
  mutating func kick(_ time: Double, _ masses: [Double]) {
    for i in masses.indices { velocities[i] += (time / masses[i]) * forces[i] }
  }

  /// Changes velocities to `decay` v + `push` F/m.
  mutating func kick(_ masses: [Double], decay: Matrix3, push: Matrix3) {
    for i in masses.indices {
      velocities[i] = decay * velocities[i] + (1 / masses[i]) * (push * forces[i])
    }
  }

  /// Moves atoms by their velocities alone.
  mutating func drift(_ time: Double) {
    for i in positions.indices { positions[i] += time * velocities[i] }
  }

  /// Moves atoms to `stretch` r + `advance` v.
  mutating func drift(stretch: Matrix3, advance: Matrix3) {
    for i in positions.indices {
      positions[i] = stretch * positions[i] + advance * velocities[i]
    }
  }

  /// Multiplies all velocities.
  mutating func scaleVelocities(by factor: Double) {
    for i in velocities.indices { velocities[i] *= factor }
  }

  /// Changes velocities to `decay` v + `strength` m^(-½) ξ with random numbers ξ of this step.
  mutating func shake(
    decay: Double, strength: Double, _ masses: [Double], _ noise: GaussianNumbers
  ) {
    for i in masses.indices {
      let random = noise.vector(step: step, index: i)
      velocities[i] = decay * velocities[i] + (strength / masses[i].squareRoot()) * random
    }
  }

  /// Leaves atoms without velocity and without force, so that they stay.
  mutating func hold(_ atoms: [Int]) {
    for i in atoms {
      velocities[i] = .zero
      forces[i] = .zero
    }
  }

  /// Copies the positions; false if an atom went farther than any can, or its place is no number.
  func place(in others: inout [SIMD3<Double>]) -> Bool {
    var isWell = true
    for i in positions.indices {
      let move = positions[i] - others[i]
      let limit = DynamicsError.longestMove
      if !(dot(move, move) < limit * limit) { isWell = false }
      others[i] = positions[i]
    }
    return isWell
  }
}
