internal import Crystal
internal import Dynamics

extension FastestMode {
  /// Steps per period below which energies are not kept well.
  private static let fewestSteps = 12.0

  /// What is wrong with a time step, fs; nil if nothing is.
  func doubt(about timeStep: Double) -> String? {
    guard angularFrequency > 0, timeStep * FastestMode.fewestSteps > period else { return nil }
    let length = fixed(period, 1)
    return timeStep * angularFrequency >= 2
      ? "a time step of \(timeStep) fs is unstable: the fastest mode has a period of \(length) fs, and "
        + "steps must be shorter than \(fixed(period / Double.pi, 2)) fs"
      : "a time step of \(timeStep) fs is long for the fastest mode, whose period is \(length) fs: "
        + "\(fixed(period / 20, 2)) fs or less keep the energy well"
  }
}
