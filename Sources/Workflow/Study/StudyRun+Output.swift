extension StudyRun {
  /// What would run, for programs.
  public static func json(_ forecast: [Forecast]) -> JSONValue {
    .object([
      "cellgen": .text(cellgenVersion),
      "steps": .array(
        forecast.map {
          .object(["command": .text($0.line), "reason": .optional($0.reason)])
        }),
    ])
  }

  /// What ran, for programs.
  ///
  /// - Parameters:
  ///   - events: What was told.
  ///   - status: Of the study.
  /// - Returns: An object with the steps.
  public static func json(_ events: [Event], status: Int32) -> JSONValue {
    var steps: [JSONValue] = []
    var line = ""
    for event in events {
      switch event {
      case .skipped(let number, let text):
        steps.append(
          .object([
            "step": .integer(number), "command": .text(text), "skipped": .logical(true),
          ]))
      case .began(_, let text, _): line = text
      case .ended(let number, let status, let seconds):
        steps.append(
          .object([
            "step": .integer(number), "command": .text(line), "skipped": .logical(false),
            "status": .integer(Int(status)), "wall_s": .real(seconds),
          ]))
      }
    }
    return .object([
      "cellgen": .text(cellgenVersion), "status": .integer(Int(status)), "steps": .array(steps),
    ])
  }
}
