internal import Crystal

/// The sets of potentials that come with cellgen, and those of users.
public enum PotentialLibrary {
  /// The files of `Templates/potentials`, which are part of the program: name and text.
  private static let shippedTexts: [(name: String, text: [UInt8])] = [
    ("ball-grimes", PackageResources.ball_grimes_yaml),
    ("ball-grimes-partial", PackageResources.ball_grimes_partial_yaml),
    ("bks", PackageResources.bks_yaml),
    ("bouhadja2013", PackageResources.bouhadja2013_yaml),
    ("lewis-catlow", PackageResources.lewis_catlow_yaml),
    ("matsui-akaogi", PackageResources.matsui_akaogi_yaml),
    ("pedone2006", PackageResources.pedone2006_yaml),
  ]

  /// Names of the sets that come with cellgen.
  static let names = shippedTexts.map(\.name)

  /// The sets that come with cellgen, by name.
  ///
  /// - Returns: One entry a file.
  /// - Throws: ``InputErrors`` if one of them cannot be read.
  public static func shipped() throws -> [PotentialFile] {
    try shippedTexts.map { name, bytes in
      try PotentialFile(parsing: String(decoding: bytes, as: UTF8.self), file: "\(name).yaml")
    }
  }

  /// Whether a name is that of a file.
  static func isFile(_ name: String) -> Bool { name.hasSuffix(".yaml") || name.hasSuffix(".yml") }

  /// The set with a name, or of a file.
  ///
  /// - Parameter name: A name of a shipped set, or a path that ends in `.yaml` or `.yml`.
  /// - Returns: The set.
  /// - Throws: ``InputErrors`` for a file that cannot be read; ``InputError`` with the nearest name for a
  ///   name that does not exist.
  public static func set(named name: String) throws -> PotentialFile {
    if isFile(name) {
      return try PotentialFile(parsing: readText(name), file: name)
    }
    if let entry = shippedTexts.first(where: { $0.name == name.lowercased() }) {
      return try PotentialFile(
        parsing: String(decoding: entry.text, as: UTF8.self), file: "\(entry.name).yaml")
    }
    throw InputError(
      "there are no potentials \"\(name)\"",
      hint: nearestMatch(to: name, among: names).map { "did you mean \($0)?" }
        ?? "sets are \(names.joined(separator: ", ")); a file of your own ends in .yaml")
  }
}
