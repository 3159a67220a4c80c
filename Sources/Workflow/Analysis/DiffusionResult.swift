internal import Analysis
internal import Crystal
internal import Foundation
internal import Report

/// What `cellgen diffusion` found.
public struct DiffusionResult: Sendable {
  /// What was asked for.
  let specification: DiffusionSpecification

  /// The trajectories.
  let trajectories: [DiffusionOfTrajectory]

  /// Fits over temperatures.
  let arrhenius: [Arrhenius]

  /// What is doubtful.
  public let warnings: [String]

  /// The fit of one element, or of a table.
  struct Arrhenius: Sendable {
    let name: String
    let fit: ArrheniusFit
  }

  /// cm²/s.
  static func cgs(_ diffusivity: Double) -> Double {
    Diffusivity.squareCentimetresPerSecond * diffusivity
  }

  /// The tables for people.
  public var text: String {
    var parts: [String] = []
    for trajectory in trajectories {
      parts.append(head(trajectory) + "\n" + table(trajectory).text)
      if let conductivity = trajectory.conductivity {
        parts.append(table(conductivity).text + havenLine(conductivity))
      }
      for jumps in trajectory.jumps { parts.append(text(jumps)) }
      for ions in trajectory.mobility { parts.append(text(ions)) }
    }
    if !arrhenius.isEmpty { parts.append(arrheniusText.text) }
    return parts.joined(separator: "\n")
  }

  private func head(_ trajectory: DiffusionOfTrajectory) -> String {
    let heat = trajectory.temperature.map { ", \(fixed($0, 0)) K" } ?? ""
    return
      "\(trajectory.path): \(trajectory.frames) frames, \(fixed(trajectory.interval, 3)) fs apart"
      + "\(heat); fit from \(fixed(trajectory.window.from / 1000, 4)) to "
      + "\(fixed(trajectory.window.to / 1000, 4)) ps, "
      + (trajectory.blocks > 0 ? "errors from \(trajectory.blocks) blocks" : "no errors")
  }

  private func table(_ trajectory: DiffusionOfTrajectory) -> Table {
    var table = Table(columns: [
      "species", "ions", "D* (cm²/s)", "±", "D_J (cm²/s)", "±", "Haven", "±", "MSD (Å²)", "slope",
      "regime",
    ])
    for species in trajectory.species {
      table.append([
        species.element.symbol, "\(species.ions)",
        scientific(DiffusionResult.cgs(species.tracer.value)),
        scientific(species.tracer.error.map(DiffusionResult.cgs)),
        scientific(DiffusionResult.cgs(species.jump.value)),
        scientific(species.jump.error.map(DiffusionResult.cgs)),
        species.haven.map { fixed($0.value, 3) } ?? "–",
        species.haven?.error.map { fixed($0, 3) } ?? "–", fixed(species.meanSquareAtEnd, 3),
        species.logSlope.map { fixed($0, 2) } ?? "–", species.regime.rawValue,
      ])
    }
    return table
  }

  private func table(_ conductivity: ConductivityResult) -> Table {
    var table = Table(columns: ["conductivity", "mS/cm", "±"])
    for row in DiffusionResult.parts(conductivity) {
      table.append([row.name, scientific(row.value.value), scientific(row.value.error)])
    }
    return table
  }

  private func havenLine(_ conductivity: ConductivityResult) -> String {
    "Nernst–Einstein (sum of the self parts) \(scientific(conductivity.independent)) mS/cm, Haven ratio "
      + (conductivity.haven.map { fixed($0, 3) } ?? "undefined: no charge moves as a whole") + "\n"
  }

  /// The parts of the conductivity with their names.
  static func parts(
    _ conductivity: ConductivityResult
  ) -> [(name: String, value: DiffusionOfTrajectory.Value)] {
    var parts: [(name: String, value: DiffusionOfTrajectory.Value)] = []
    for (index, element) in conductivity.elements.enumerated() {
      parts.append(("\(element) self", conductivity.nernstEinstein[index]))
      parts.append(("\(element) distinct", conductivity.distinct[index]))
    }
    for pair in conductivity.cross {
      parts.append(
        ("\(conductivity.elements[pair.first])-\(conductivity.elements[pair.second])", pair.value))
    }
    parts.append(("total", conductivity.total))
    return parts
  }

  private func text(_ jumps: SpeciesJumps) -> String {
    let time = Double(jumps.ions) * jumps.duration / 1000
    var text =
      "\(jumps.element): \(jumps.hops.hops.count) jumps between sites, "
      + "\(scientific(Double(jumps.hops.hops.count) / time)) per ion and ps\n"
    if !jumps.rates.isEmpty {
      var table = Table(columns: ["from", "to", "jumps", "rate (1/ps)"])
      for rate in jumps.rates.prefix(10) {
        table.append([rate.from, rate.to, "\(rate.count)", scientific(rate.rate)])
      }
      text += table.text
    }
    let paths = jumps.hops.paths
    if !paths.isEmpty {
      var table = Table(columns: ["path", "and back", "count"])
      for path in paths.prefix(10) {
        table.append([
          path.labels.joined(separator: "–"), path.isReturn ? "same site" : "", "\(path.count)",
        ])
      }
      text += table.text
    }
    return text
      + "concerted: \(jumps.concerted.pairs) pairs of jumps within "
      + "\(fixed(specification.concertedDistance, 1)) Å and \(fixed(specification.concertedTime, 2)) ps, "
      + "\(fixed(jumps.concerted.expected, 1)) expected by chance\n"
  }

  private func text(_ mobility: FastSlowIons) -> String {
    var table = Table(
      title: "\(mobility.element) that end above 90 % and below 10 % of the longest displacement, "
        + "\(fixed(mobility.longest, 2)) Å",
      columns: ["ions", "number", "moved (Å)", "neighbours", "distances (Å)"])
    for group in mobility.groups {
      func joined(_ part: (FastSlowIons.Neighbours) -> String) -> String {
        group.neighbours.map(part).joined(separator: ", ")
      }
      table.append([
        group.name, "\(group.ions)", group.ions > 0 ? fixed(group.displacement, 2) : "–",
        joined { "\($0.anion) \(fixed($0.number, 2))" },
        joined { "\($0.anion) \($0.distance.map { fixed($0, 3) } ?? "–")" },
      ])
    }
    return table.text
  }

  private var arrheniusText: Table {
    var table = Table(columns: [
      "species", "points", "E_a (meV)", "±", "D_0 (cm²/s)",
      "D(\(fixed(specification.target, 0)) K) (cm²/s)", "from", "to",
    ])
    for entry in arrhenius {
      let (value, factor) = entry.fit.diffusivity(at: specification.target)
      table.append([
        entry.name, "\(entry.fit.points.count)", fixed(1000 * entry.fit.activationEnergy, 1),
        entry.fit.activationEnergyError.map { fixed(1000 * $0, 1) } ?? "–",
        scientific(entry.fit.prefactor), scientific(value),
        scientific(factor.map { value / $0 }), scientific(factor.map { value * $0 }),
      ])
    }
    return table
  }
}

/// A number with three digits and an exponent, a dash if there is none.
func scientific(_ value: Double?) -> String {
  guard let value, value.isFinite else { return "–" }
  return String(format: "%.2e", value)
}
