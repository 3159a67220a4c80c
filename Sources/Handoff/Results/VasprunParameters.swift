internal import Crystal

/// The settings in the head of a `vasprun.xml`: all of them under `<parameters>`, those of the INCAR
/// under `<incar>`.
struct VasprunParameters {
  private let text: ResultText
  private let parts: [Range<Int>]

  init(_ text: ResultText, _ head: Range<Int>) {
    self.text = text
    parts = ["parameters", "incar"].compactMap { text.element($0, in: head) }
  }

  private func range(_ name: String) -> Range<Int>? {
    parts.lazy.compactMap { text.item(name, in: $0) }.first
  }

  private func word(_ name: String) -> String? { range(name).map { text.text($0) } }
  private func real(_ name: String) -> Double? { text.firstReal(range(name)) }
  private func isOn(_ name: String) -> Bool { word(name)?.hasPrefix("T") ?? false }

  /// Puts what the energy depends on into settings.
  func fill(_ settings: inout CalculationSettings, _ types: [Element]) {
    guard !parts.isEmpty else { return }
    settings.cutoffEV = real("ENMAX") ?? real("ENCUT")
    settings.isSpinPolarised =
      real("ISPIN").map { $0 == 2 || isOn("LNONCOLLINEAR") }
    settings.functional = VASPSettings.functional(
      gga: word("GGA"), meta: word("METAGGA"),
      exchange: isOn("LHFCALC") ? (real("AEXX") ?? 0.25, real("HFSCREEN") ?? 0) : nil,
      isNonlocal: isOn("LUSE_VDW"), default: settings.functional)
    settings.dispersion = VASPSettings.dispersion(Int(real("IVDW") ?? 0))
    // The INCAR has these with one value for each type.
    func list(_ name: String) -> [Double] { range(name).flatMap { text.reals($0) } ?? [] }
    settings.hubbardEV =
      isOn("LDAU")
      ? VASPSettings.hubbard(types, l: list("LDAUL"), u: list("LDAUU"), j: list("LDAUJ")) : [:]
  }

  /// How a calculation ended of which the file is complete.
  ///
  /// - Parameters:
  ///   - steps: Ionic steps.
  ///   - iterations: Electronic iterations of the last one.
  ///   - largestForce: In the last one, eV/Å.
  /// - Returns: Finished, or what did not converge.
  func state(
    steps: Int, iterations: Int, largestForce: Double?
  ) -> CalculationResult.State {
    VASPSettings.state(
      steps: steps, iterations: iterations, largestForce: largestForce,
      limits: VASPSettings.Limits(
        electronic: real("NELM").map { Int($0) }, ionic: real("NSW").map { Int($0) },
        algorithm: real("IBRION").map { Int($0) }, change: real("EDIFFG"),
        cell: real("ISIF").map { Int($0) }))
  }
}
