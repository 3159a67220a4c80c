public import Crystal
internal import Foundation

/// Where the templates of inputs come from: cellgen itself, or a folder of the user's.
public enum TemplateFolder {
  /// The files of `Templates`, which are part of the program.
  private static let shippedTexts: [SimulationCode: [(name: String, text: [UInt8])]] = [
    .vasp: [("INCAR", PackageResources.INCAR), ("KPOINTS", PackageResources.KPOINTS)],
    .qe: [("pw.in", PackageResources.pw_in)],
    .cp2k: [("cp2k.inp", PackageResources.cp2k_inp)],
    .abinit: [("run.abi", PackageResources.run_abi)],
    .lammps: [("in.lammps", PackageResources.in_lammps)],
  ]

  /// The templates of a code.
  ///
  /// - Parameters:
  ///   - code: Which code.
  ///   - folder: A folder with templates, itself or in a folder named after the code; files that it lacks are
  ///     those of cellgen. Nil for those of cellgen alone.
  /// - Returns: Templates by file name.
  /// - Throws: ``InputError`` if the folder has none of them, or one leads out of it.
  public static func templates(
    _ code: SimulationCode, folder: String? = nil
  ) throws(InputError) -> [String: DeckTemplate] {
    let shipped = shippedTexts[code] ?? []
    var templates: [String: DeckTemplate] = [:]
    for (name, bytes) in shipped {
      templates[name] = DeckTemplate(
        String(decoding: bytes, as: UTF8.self), file: "\(code.rawValue)/\(name)")
    }
    guard let folder else { return templates }
    var found = false
    for (name, _) in shipped {
      for path in ["\(folder)/\(code.rawValue)/\(name)", "\(folder)/\(name)"]
      where FileManager.default.fileExists(atPath: path) {
        try checkInside(path, folder)
        guard let data = FileManager.default.contents(atPath: path),
          let text = String(data: data, encoding: .utf8)
        else { throw InputError("the template is not text in UTF-8", at: path) }
        templates[name] = DeckTemplate(text, file: path)
        found = true
        break
      }
    }
    guard found else {
      let names = shipped.map { "\(code.rawValue)/\($0.name)" }.joined(separator: ", ")
      throw InputError(
        "there is no template for \(code.title) in this folder", at: folder,
        hint:
          "expected \(names); begin with cellgen input \(code.rawValue) --write-templates \(folder)"
      )
    }
    return templates
  }

  /// The texts of cellgen's templates of a code, to be changed.
  public static func shipped(_ code: SimulationCode) -> [(name: String, text: String)] {
    (shippedTexts[code] ?? []).map { ($0.name, String(decoding: $0.text, as: UTF8.self)) }
  }

  /// Refuses a link that leads out of the folder: what it names was not named on the command line.
  private static func checkInside(_ path: String, _ folder: String) throws(InputError) {
    let real = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
    let root = URL(filePath: folder).resolvingSymlinksInPath().path(percentEncoded: false)
    guard real.hasPrefix(root.hasSuffix("/") ? root : root + "/") else {
      throw InputError("the template leads out of its folder, to \(real)", at: path)
    }
  }
}
