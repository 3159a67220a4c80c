internal import Crystal
internal import Foundation

/// POTCAR data sets in a folder of the user's: cellgen comes with none.
enum PotcarFile {
  /// The data set with a label, from `FOLDER/LABEL/POTCAR`.
  ///
  /// - Throws: ``InputError`` if there is none, or its title is another.
  static func text(_ label: String, folder: String) throws(InputError) -> String {
    let path = "\(folder)/\(label)/POTCAR"
    guard !label.contains("/"), FileManager.default.fileExists(atPath: path) else {
      let isCompressed = ["gz", "Z"].contains {
        FileManager.default.fileExists(atPath: "\(path).\($0)")
      }
      throw InputError(
        "there is no POTCAR for \(label)", at: path,
        hint: isCompressed
          ? "it is compressed: gunzip it first"
          : "name another with --pseudopotential, or leave --pseudopotentials out to get the list of "
            + "labels")
    }
    let text = try readText(path)
    // PAW_PBE Mg_pv 13Apr2007
    let title = text.split(separator: "\n", maxSplits: 1).first?.split(separator: " ") ?? []
    guard title.count > 1, title[1] == label else {
      throw InputError(
        "the title is \"\(title.joined(separator: " "))\", expected a data set \(label)", at: path)
    }
    return text.hasSuffix("\n") ? text : text + "\n"
  }
}
