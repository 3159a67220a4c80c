import ArgumentParser

/// The option `--fix`, the same for every command in which atoms move.
enum FixedSiteWords {
  static let help = ArgumentHelp(
    "Sites that stay: numbers from 1, ranges, labels, elements, such as 1-4,16d,O.",
    valueName: "list")

  /// The words of a list; an empty one, which names nothing, is a word as well.
  static func words(_ list: String?) -> [String] {
    list?.split(separator: ",", omittingEmptySubsequences: false)
      .map { word in word.filter { !$0.isWhitespace } } ?? []
  }
}
