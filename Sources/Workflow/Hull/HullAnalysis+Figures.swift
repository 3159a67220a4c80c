internal import Crystal
internal import Report
internal import Thermodynamics

extension HullAnalysis {
  /// The hull as a picture; nil for three and more components.
  var hullFigure: String? {
    switch diagram {
    case .insertion(let hull):
      return HullChart(
        points: rows.map { row in
          let x = row.x ?? .zero
          return HullChart.Point(
            x: x.doubleValue, energy: row.formationPerUnit ?? 0, aboveHull: 1000 * row.abovePerAtom,
            isStable: row.isStable,
            label: row.isStable ? RichText("/{x} = \(contentText(x))") : RichText(""))
        }, xTitle: HullAnalysis.contentTitle(hull),
        yTitle: RichText("Formation energy (eV per ") + RichText(formula: "\(hull.host)")
          + RichText(")")
      ).svg()
    case .general(let diagram):
      let ends = diagram.references.compositions
      guard ends.count == 2 else { return nil }
      return HullChart(
        points: diagram.phases.map { phase in
          HullChart.Point(
            x: phase.shares[1], energy: phase.formationEnergyPerAtom,
            aboveHull: 1000 * phase.energyAboveHullPerAtom, isStable: phase.isStable,
            label: phase.isStable ? RichText(formula: "\(phase.entry.formula)") : RichText(""))
        },
        xTitle: RichText("Fraction of atoms of ") + RichText(formula: "\(ends[1])")
          + RichText(" in ") + RichText(formula: "\(ends[0])") + RichText("–")
          + RichText(formula: "\(ends[1])")
      ).svg()
    }
  }

  /// The voltage profile as a picture; nil without voltages.
  var voltageFigure: String? {
    guard let hull = insertion, let voltages = hull.voltages, let capacity else { return nil }
    func steps(_ profile: VoltageProfile?) -> [VoltageChart.Step] {
      (profile?.steps ?? []).map {
        VoltageChart.Step(
          from: $0.xFrom.doubleValue, to: $0.xTo.doubleValue, voltage: $0.voltage)
      }
    }
    let width = hull.dischargedEnd.x.doubleValue - hull.chargedEnd.x.doubleValue
    let element = hull.ion.element
    var chart = VoltageChart(
      steps: steps(voltages), xTitle: HullAnalysis.contentTitle(hull),
      yTitle: RichText("Voltage against \(element) (V)"), mean: voltages.mean,
      capacityPerIon: capacity.gravimetric / width)
    chart.alternative = steps(stepsThroughAll)
    return chart.svg()
  }

  private static func contentTitle(_ hull: InsertionHull) -> RichText {
    RichText("/{x} in \(hull.ion.element)_{x}") + RichText(formula: "\(hull.host)")
  }
}
