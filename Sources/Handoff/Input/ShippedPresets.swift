/// The files of `Templates/presets`, which are part of the program.
public enum ShippedPresets {
  /// Name and YAML text of each, the default first.
  public static let texts: [(name: String, text: String)] = [
    ("materials-project-like", PackageResources.materials_project_like_yaml),
    ("kawaguchi2025", PackageResources.kawaguchi2025_yaml),
    ("nakahara2025", PackageResources.nakahara2025_yaml),
    ("choyal2025", PackageResources.choyal2025_yaml),
    ("yang2024", PackageResources.yang2024_yaml),
  ].map { ($0.0, String(decoding: $0.1, as: UTF8.self)) }
}
