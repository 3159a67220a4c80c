/// How a search converged: the energy of every individual, and the lowest so far, over generations.
public struct ConvergenceChart: Sendable {
  /// An individual that was evaluated.
  public struct Individual: Hashable, Sendable {
    /// Generation, from 0.
    public let generation: Int

    /// Energy, in the unit of the axis title.
    public let energy: Double

    /// An individual.
    public init(generation: Int, energy: Double) {
      self.generation = generation
      self.energy = energy
    }
  }

  /// All individuals, in any order.
  public var individuals: [Individual]

  /// Heading, such as the composition.
  public var title: RichText

  /// Title of the horizontal axis.
  public var xTitle = RichText("Generation")

  /// Title of the vertical axis.
  public var yTitle = RichText("Energy (eV/atom)")

  /// A chart of individuals.
  public init(individuals: [Individual], title: RichText = RichText("")) {
    self.individuals = individuals
    self.title = title
  }

  /// The lowest energy up to each generation with an individual.
  public var best: [Individual] {
    var lowest: [Int: Double] = [:]
    for individual in individuals where individual.energy.isFinite {
      lowest[individual.generation] = min(
        lowest[individual.generation] ?? .infinity, individual.energy)
    }
    var sofar = Double.infinity
    return lowest.sorted { $0.key < $1.key }.map { generation, energy in
      sofar = min(sofar, energy)
      return Individual(generation: generation, energy: sofar)
    }
  }

  /// Side of the squares of which only one cross is drawn, pixels.
  private static let cell = 1.5

  /// The vertical range: all of the lowest energies and nearly all individuals, but not the few
  /// random arrangements of the first generations that lie far above all others.
  private func energyAxis(_ best: [Individual]) -> Axis {
    let energies = individuals.map(\.energy).filter(\.isFinite).sorted()
    guard let least = energies.first, let start = best.first?.energy else {
      return Axis(from: 0, to: 1)
    }
    func quantile(_ share: Double) -> Double {
      energies[min(energies.count - 1, Int(share * Double(energies.count)))]
    }
    let typical = quantile(0.9) - least
    let most = max(quantile(0.98), start)
    let upper = typical > 0 ? min(most, least + 4 * typical) : most
    let room = upper - least
    return Axis(from: least - 0.07 * room, to: upper + 0.05 * room)
  }

  /// The picture.
  public func svg() -> String {
    let best = best
    let yAxis = energyAxis(best)
    let generations = individuals.map(\.generation)
    let last = Double(max(generations.max() ?? 0, 5))
    var canvas = SVGCanvas(width: 640, height: 430)
    let left = PlotFrame.leftMargin(yAxis)
    let frame = PlotFrame(
      left: left, top: 40, width: 640 - left - 24, height: 330,
      xAxis: Axis(from: -0.02 * last, to: 1.02 * last), yAxis: yAxis)
    frame.drawGrid(&canvas)

    let shown = individuals.filter { $0.energy.isFinite && yAxis.contains($0.energy) }
    let places = shown.map { (x: frame.x(Double($0.generation)), y: frame.y($0.energy)) }
    let crosses = thinned(places, cell: Self.cell).map { places[$0] }
    let changes = best.indices.filter {
      $0 == 0 || best[$0].energy < best[$0 - 1].energy
    }
    frame.clipped(&canvas) { canvas in
      canvas.crosses(crosses, radius: 1.75, stroke: "#000000", width: 0.7, opacity: 0.75)
      var steps: [(x: Double, y: Double)] = []
      for index in best.indices where changes.contains(index) || index == best.count - 1 {
        let (x, y) = (frame.x(Double(best[index].generation)), frame.y(best[index].energy))
        if let previous = steps.last, previous.y != y { steps.append((x, previous.y)) }
        steps.append((x, y))
      }
      canvas.polyline(steps, stroke: Palette.red, width: 1.8)
      for index in changes {
        canvas.circle(
          frame.x(Double(best[index].generation)), frame.y(best[index].energy), radius: 2.4,
          fill: Palette.red)
      }
    }
    frame.drawAxes(&canvas, xTitle: xTitle, yTitle: yTitle)
    canvas.text(title, x: frame.left, y: 24, size: 14, isBold: true)
    drawLegend(&canvas, frame, hidden: individuals.count - shown.count)
    return canvas.text(title: "Convergence of the search. \(title.plain)")
  }

  private func drawLegend(_ canvas: inout SVGCanvas, _ frame: PlotFrame, hidden: Int) {
    let count = individuals.count
    let x = frame.right - 178
    canvas.rectangle(
      x: x, y: frame.top + 10, width: 168, height: hidden > 0 ? 64 : 46, fill: "#FFFFFF",
      stroke: "#BBBBBB", opacity: 0.9)
    canvas.crosses([(x + 18, frame.top + 24)], radius: 3, stroke: "#000000", width: 1)
    canvas.text(
      RichText(plain: count == 1 ? "1 individual" : "\(grouped(count)) individuals"), x: x + 36,
      y: frame.top + 28, size: 12)
    canvas.line(
      x + 8, frame.top + 44, x + 28, frame.top + 44, stroke: Palette.red, width: 1.8)
    canvas.circle(x + 18, frame.top + 44, radius: 2.4, fill: Palette.red)
    canvas.text(RichText("lowest so far"), x: x + 36, y: frame.top + 48, size: 12)
    if hidden > 0 {
      canvas.text(
        RichText(plain: "\(grouped(hidden)) outside the frame"), x: x + 36, y: frame.top + 67,
        size: 11, fill: Palette.grey)
    }
  }
}

/// A whole number with a thin space between groups of three digits.
func grouped(_ count: Int) -> String {
  let digits = Array(String(count.magnitude))
  var text = count < 0 ? "−" : ""
  for (position, digit) in digits.enumerated() {
    if position > 0, digits.count > 4, (digits.count - position).isMultiple(of: 3) {
      text += "\u{2009}"
    }
    text.append(digit)
  }
  return text
}
