import Crystal
import Handoff
import Testing

@Suite struct SettingsDifferenceTests {
  private func settings(
    _ functional: String?, cutoff: Double? = 520, u: [String: Double]? = [:],
    labels: [String: String]? = nil
  ) -> CalculationSettings {
    var settings = CalculationSettings()
    settings.code = .vasp
    settings.functional = functional
    settings.cutoffEV = cutoff
    settings.hubbardEV = u
    settings.pseudopotentials = labels
    return settings
  }

  private let manganese = Element(symbol: "Mn").map { Set([$0, .oxygen]) } ?? []
  private let magnesium = Element(symbol: "Mg").map { Set([$0]) } ?? []

  @Test func `functional, cutoff and U of a common element may not differ`() {
    let found = SettingsDifference.all([
      ("a", manganese, settings("PBE", u: ["Mn": 3.9])),
      ("b", manganese, settings("PBEsol", cutoff: 400)),
      ("c", manganese, settings("PBE", u: ["Mn": 3.9])),
    ])
    #expect(found.map(\.setting) == ["functional", "cutoff", "U of Mn"])
    #expect(found[0].description == "functional: PBE (a, c); PBEsol (b)")
    #expect(found[1].description == "cutoff: 400.0 eV (b); 520.0 eV (a, c)")
    #expect(found[2].description == "U of Mn: 0.00 eV (b); 3.90 eV (a, c)")
  }

  @Test func `a metal without U goes with an oxide with U`() {
    let found = SettingsDifference.all([
      ("oxide", manganese, settings("PBE", u: ["Mn": 3.9], labels: ["Mn": "Mn_pv"])),
      ("metal", magnesium, settings("PBE", u: [:], labels: ["Mg": "Mg_pv"])),
    ])
    #expect(found.isEmpty)
  }

  @Test func `what is not known equals everything`() {
    #expect(
      SettingsDifference.all([
        ("a", manganese, settings(nil, cutoff: nil, u: nil)),
        ("b", manganese, settings("PBE", u: ["Mn": 3.9])),
      ]).isEmpty)
  }

  @Test func `another pseudopotential of one element is told`() {
    let found = SettingsDifference.all([
      ("a", magnesium, settings("PBE", labels: ["Mg": "Mg"])),
      ("b", magnesium, settings("PBE", labels: ["Mg": "Mg_pv"])),
    ])
    #expect(found.map(\.setting) == ["pseudopotential of Mg"])
  }

  @Test func `an output with other settings than wanted is told`() {
    let told = SettingsDifference.departures(
      from: settings("PBEsol", cutoff: 600), in: settings("PBE"), elements: magnesium)
    #expect(
      told == [
        "different settings: functional: PBE (the output); PBEsol (calculation.json)",
        "different settings: cutoff: 520.0 eV (the output); 600.0 eV (calculation.json)",
      ])
  }

  @Test func `potentials of CP2K are compared by their electrons`() {
    var (wanted, found) = (settings("PBE"), settings("PBE"))
    (wanted.code, found.code) = (.cp2k, .cp2k)
    (wanted.pseudopotentials, found.pseudopotentials) = (["Mg": "q10"], ["Mg": "GTH-PBE-q10"])
    #expect(
      SettingsDifference.departures(from: wanted, in: found, elements: magnesium).isEmpty)
    found.pseudopotentials = ["Mg": "GTH-PBE-q2"]
    #expect(
      SettingsDifference.departures(from: wanted, in: found, elements: magnesium).count == 1)
  }

  @Test func `pw.x does not print which damping D3 has`() {
    var (wanted, found) = (settings("PBE"), settings("PBE"))
    (wanted.code, found.code) = (.qe, .qe)
    (wanted.dispersion, found.dispersion) = ("D3BJ", "D3")
    #expect(
      SettingsDifference.departures(from: wanted, in: found, elements: magnesium).isEmpty)
    found.dispersion = "D2"
    #expect(
      !SettingsDifference.departures(from: wanted, in: found, elements: magnesium).isEmpty)
  }
}
