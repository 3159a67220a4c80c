/// A rectangle that text, a line or a point occupies in a picture.
struct Box {
  let x: Double
  let y: Double
  let width: Double
  let height: Double

  func overlaps(_ other: Box) -> Bool {
    x < other.x + other.width && other.x < x + width && y < other.y + other.height
      && other.y < y + height
  }
}

/// Finds places for labels that hide neither data nor each other.
struct LabelPlacer {
  /// Rectangle that labels may not leave.
  let frame: Box

  private var taken: [Box] = []

  /// An empty picture inside a frame.
  init(frame: PlotFrame) {
    self.frame = Box(x: frame.left, y: frame.top, width: frame.width, height: frame.height)
  }

  /// Keeps labels away from a point.
  mutating func avoid(x: Double, y: Double, radius: Double) {
    taken.append(Box(x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius))
  }

  /// Keeps labels away from a line through points.
  mutating func avoid(line points: [(x: Double, y: Double)]) {
    for (start, end) in zip(points, points.dropFirst()) {
      let length = max((end.x - start.x).magnitude, (end.y - start.y).magnitude)
      let pieces = max(1, min(1000, Int(length / 3)))
      for piece in 0...pieces {
        let share = Double(piece) / Double(pieces)
        avoid(
          x: start.x + share * (end.x - start.x), y: start.y + share * (end.y - start.y), radius: 2)
      }
    }
  }

  /// Takes the first of several places for a label that is free.
  ///
  /// - Parameters:
  ///   - width: Width of the text.
  ///   - size: Font size.
  ///   - candidates: Left ends of the base line, the preferred one first.
  /// - Returns: The place, or nil if all are taken.
  mutating func place(
    width: Double, size: Double, candidates: [(x: Double, y: Double)]
  ) -> (x: Double, y: Double)? {
    for candidate in candidates {
      let box = Box(
        x: candidate.x - 1, y: candidate.y - 0.8 * size, width: width + 2, height: 1.1 * size)
      let isInside =
        box.x > frame.x + 2 && box.x + box.width < frame.x + frame.width - 2 && box.y > frame.y + 2
        && box.y + box.height < frame.y + frame.height - 2
      if isInside, !taken.contains(where: { $0.overlaps(box) }) {
        taken.append(box)
        return candidate
      }
    }
    return nil
  }
}
