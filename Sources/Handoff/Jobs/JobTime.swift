internal import Crystal

/// Wall times as Slurm writes them.
public enum JobTime {
  /// Seconds of a time: `90` (minutes), `30:00`, `2:00:00`, `1-12`, `1-12:30`, `1-12:30:00`.
  ///
  /// - Returns: nil if it is no time, or none that is more than 0 and less than a year.
  public static func seconds(_ text: String) -> Int? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let clock = parts.last else { return nil }
    let words = clock.split(separator: ":", omittingEmptySubsequences: false)
    let fields = words.compactMap { word -> Int? in
      word.count <= 5 && word.allSatisfy { $0.isASCII && $0.isNumber } ? Int(word) : nil
    }
    guard fields.count == words.count, (1...3).contains(fields.count) else { return nil }
    var total: Int
    if parts.count == 2 {
      guard parts[0].count <= 3, let days = Int(parts[0]), days >= 0 else { return nil }
      total = days * 86_400
      for (field, unit) in zip(fields, [3600, 60, 1]) { total += field * unit }
    } else {
      let units = fields.count == 3 ? [3600, 60, 1] : [60, 1]
      total = zip(fields, units).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return (1..<366 * 86_400).contains(total) ? total : nil
  }

  /// A time as Slurm takes it: `2:00:00`, `1-12:30:00`.
  public static func text(_ seconds: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let clock = "\(two(seconds % 3600 / 60)):\(two(seconds % 60))"
    let (days, hours) = (seconds / 86_400, seconds % 86_400 / 3600)
    return days > 0 ? "\(days)-\(two(hours)):\(clock)" : "\(hours):\(clock)"
  }
}
