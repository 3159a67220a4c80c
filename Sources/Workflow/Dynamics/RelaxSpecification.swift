public import Crystal
public import Dynamics

/// All settings of a relaxation.
public struct RelaxSpecification: Hashable, Codable, Sendable {
  /// Which energy of which structure.
  public var energy: EnergySpecification

  /// How the steps are chosen.
  public var method = Relaxation.Method.lbfgs

  /// How the cell may change.
  public var cell = CellFreedom.fixed

  /// Pressure outside, GPa.
  public var pressureGPa = 0.0

  /// What stays: numbers of sites from 1, ranges `1-4`, labels, elements.
  public var fixed: [String] = []

  /// Largest force at the end, eV/Å.
  public var force = 0.01

  /// Largest stress at the end, less the target, GPa.
  public var stressGPa = 0.02

  /// Largest change of the energy in the last step, eV/atom; nil for any.
  public var energyChange: Double?

  /// Steps at most.
  public var steps = 500

  /// The defaults for a structure.
  public init(energy: EnergySpecification) { self.energy = energy }

  /// Checks everything that can be checked without the file.
  ///
  /// - Throws: ``InputErrors`` with all that is wrong.
  public func validate() throws(InputErrors) {
    var problems: [InputError] = []
    do {
      try energy.validate()
    } catch {
      problems += error.problems
    }
    func check(_ value: Double, _ range: ClosedRange<Double>, _ place: String, _ unit: String) {
      if !range.contains(value) {
        problems.append(
          InputError(
            "\(value), expected \(range.lowerBound) to \(range.upperBound) \(unit)", at: place))
      }
    }
    check(force, 1e-9...100, "--force-tolerance", "eV/Å")
    check(stressGPa, 1e-9...1000, "--stress-tolerance", "GPa")
    if let energyChange { check(energyChange, 1e-15...1, "--energy-tolerance", "eV/atom") }
    check(pressureGPa, -1000...10_000, "--pressure", "GPa")
    if !(1...1_000_000).contains(steps) {
      problems.append(InputError("\(steps), expected 1 to 1000000", at: "--steps"))
    }
    if cell == .fixed || cell == .shape, pressureGPa != 0 {
      problems.append(
        InputError(
          "a pressure needs a cell whose volume can change", at: "--pressure",
          hint: "add --cell isotropic or --cell full"))
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
  }

  /// The relaxation that does this.
  var relaxation: Relaxation {
    var relaxation = Relaxation()
    relaxation.method = method
    relaxation.cell = cell
    relaxation.pressure = pressureGPa * UnitFactor.gigapascal
    relaxation.criteria.force = force
    relaxation.criteria.stress = stressGPa * UnitFactor.gigapascal
    relaxation.criteria.energyChange = energyChange
    relaxation.criteria.steps = steps
    return relaxation
  }

  /// Which sites stay.
  ///
  /// - Throws: ``InputErrors`` that name the words that are no site, label or element.
  func fixedSites(_ structure: Structure) throws(InputErrors) -> Set<Int> {
    var sites: Set<Int> = []
    var problems: [InputError] = []
    let labels = structure.labels ?? []
    let elements = structure.species.map(\.element.symbol)
    for word in fixed {
      let ends = word.split(separator: "-", omittingEmptySubsequences: false)
        .map { NumberReader.integer($0) }
      if (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1] {
        if first >= 1, last >= first, last <= structure.count {
          sites.formUnion((first - 1)...(last - 1))
        } else {
          problems.append(
            InputError(
              "\"\(word)\", expected numbers of sites from 1 to \(structure.count)", at: "--fix"))
        }
        continue
      }
      let found = structure.species.indices.filter {
        elements[$0] == word || (!labels.isEmpty && labels[$0] == word)
      }
      if found.isEmpty {
        let names = Set(labels + elements).sorted()
        problems.append(
          InputError(
            "there is no site with the label or element \"\(word)\"", at: "--fix",
            hint: nearestMatch(to: word, among: names).map { "did you mean \($0)?" }
              ?? "there are \(names.prefix(20).joined(separator: ", "))"))
      }
      sites.formUnion(found)
    }
    guard problems.isEmpty else { throw InputErrors(problems) }
    return sites
  }
}
