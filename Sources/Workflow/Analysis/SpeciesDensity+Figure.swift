internal import Analysis
internal import Crystal
internal import Report
internal import StructureIO

extension SpeciesDensity {
  /// Pixels along the longer side of a picture.
  private static let pixels = 160

  /// Distance from the plane at which sites are still marked, Å.
  private static let markDistance = 0.3

  /// The density in a plane as colours, with its contours and sites.
  ///
  /// The first of the two vectors of the plane lies along the horizontal axis.
  func figure(_ slice: DensitySlice) -> String {
    let vectors = sites.lattice.vectors
    let (first, second) = ((slice.axis + 1) % 3, (slice.axis + 2) % 3)
    // c: a to the right; a: b to the right; b: c to the right.
    let x = vectors[first] / length(vectors[first])
    let along = dot(vectors[second], x)
    let across = vectors[second] - along * x
    let (width, height) = (length(vectors[first]), length(across))
    let (low, high) = (min(0, along), width + max(0, along))
    let pixel = max(high - low, height) / Double(Self.pixels)
    let columns = max(1, Int(((high - low) / pixel).rounded(.up)))
    let rows = max(1, Int((height / pixel).rounded(.up)))
    func fractions(_ u: Double, _ v: Double) -> (Double, Double) {
      let b = v / height
      return ((u - b * along) / width, b)
    }
    var values: [Double] = []
    values.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        let u = low + (Double(column) + 0.5) / Double(columns) * (high - low)
        let (a, b) = fractions(u, (Double(row) + 0.5) / Double(rows) * height)
        var f = SIMD3<Double>()
        (f[first], f[second], f[slice.axis]) = (a, b, slice.fraction)
        // Outside of the cell the picture of a skewed plane stays white.
        values.append(a >= 0 && a <= 1 ? grid.value(at: Fractional(f)) : .nan)
      }
    }
    let names = ["a", "b", "c"]
    var map = HeatMap(
      values: values, columns: columns, xRange: low...high, yRange: 0...height,
      xTitle: RichText("Along /{\(names[first])}, Å"),
      yTitle: RichText(
        along.magnitude > 1e-3 ? "Across /{\(names[first])}, Å" : "Along /{\(names[second])}, Å"),
      valueTitle: RichText("Density, Å^{−3}"))
    map.title = RichText("\(element), /{\(names[slice.axis])} = \(slice.name.dropFirst(2))")
    map.levels = levels
    map.valueRange = largest > 0 ? 0...(values.filter(\.isFinite).max() ?? largest) : nil
    map.marks = marks(slice, first, second, along: along, width: width, height: height)
    return map.svg()
  }

  private func marks(
    _ slice: DensitySlice, _ first: Int, _ second: Int, along: Double, width: Double,
    height: Double
  ) -> [HeatMap.Mark] {
    let spacing = sites.lattice.planeSpacings[slice.axis]
    return sites.sites.compactMap { site in
      let f = site.position.components
      let away = f[slice.axis] - slice.fraction
      guard (away - away.rounded(.toNearestOrEven)).magnitude * spacing <= Self.markDistance else {
        return nil
      }
      let inside = Fractional(f).wrapped.components
      return HeatMap.Mark(
        x: inside[first] * width + inside[second] * along, y: inside[second] * height,
        label: site.label)
    }
  }
}
