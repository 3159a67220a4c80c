public import Crystal
internal import Foundation

/// Reads and writes structure files.
public enum StructureFile {
  /// Reads the structure in a file; the first one, if there are several.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - format: Its format; nil goes by its name.
  /// - Returns: The structure, with remarks.
  /// - Throws: ``InputError`` with the path, and the line where there is one.
  public static func read(
    _ path: String, format: StructureFormat? = nil
  ) throws(InputError) -> StructureReading {
    let format = try self.format(of: path, given: format)
    let text = try contents(path)
    return try read(text: text, format: format, source: path)
  }

  /// Reads the structure in a text; the first one, if there are several.
  ///
  /// - Parameters:
  ///   - text: The contents of a file.
  ///   - format: Its format.
  ///   - source: The name of the file in messages.
  /// - Returns: The structure, with remarks.
  /// - Throws: ``InputError`` with the place of the first mistake.
  public static func read(
    text: String, format: StructureFormat, source: String
  ) throws(InputError) -> StructureReading {
    switch format {
    case .extxyz: try ExtendedXYZ.read(text, source: source)
    case .poscar: try POSCAR.read(text, source: source)
    case .cif: try CIF.read(text, source: source)
    case .lammps: try LAMMPSData.read(text, source: source)
    case .xsf: try XSF.read(text, source: source)
    case .json: try PymatgenJSON.read(text, source: source)
    case .espresso: try Espresso.read(text, source: source)
    case .cp2k: try CP2K.read(text, source: source)
    case .res: try RES.read(text, source: source)
    }
  }

  /// Reads all structures in a file; extxyz, XSF and JSON may hold several.
  ///
  /// - Throws: ``InputError`` with the path, and the line where there is one.
  public static func readFrames(
    _ path: String, format: StructureFormat? = nil
  ) throws(InputError) -> [StructureReading] {
    let format = try self.format(of: path, given: format)
    let text = try contents(path)
    return switch format {
    case .extxyz: try ExtendedXYZ.readFrames(text, source: path)
    case .xsf: try XSF.readFrames(text, source: path)
    case .json: try PymatgenJSON.readFrames(text, source: path)
    default: [try read(text: text, format: format, source: path)]
    }
  }

  /// The text of a file in a format.
  ///
  /// - Throws: ``InputError`` for what the format cannot hold.
  public static func text(
    of structure: Structure, format: StructureFormat
  ) throws(InputError) -> String {
    switch format {
    case .extxyz: try ExtendedXYZ.write(structure)
    case .poscar: try POSCAR.write(structure)
    case .cif: try CIF.write(structure)
    case .lammps: try LAMMPSData.write(structure)
    case .xsf: try XSF.write(structure)
    case .json: try PymatgenJSON.write(structure)
    case .espresso: try Espresso.write(structure)
    case .cp2k: try CP2K.write(structure)
    case .res: try RES.write(structure)
    }
  }

  /// What to do about a file that exists.
  public enum ExistingFile: Sendable {
    /// Leave it as it is and throw.
    case keep
    /// Put the new one in its place.
    case replace
  }

  /// Writes a structure to a file, which appears under its name only when it is complete.
  ///
  /// - Parameters:
  ///   - structure: What to write.
  ///   - path: The file.
  ///   - format: Its format; nil goes by its name.
  ///   - existing: What to do about a file that exists.
  /// - Throws: ``InputError`` with the path.
  public static func write(
    _ structure: Structure, to path: String, format: StructureFormat? = nil,
    existing: ExistingFile = .keep
  ) throws(InputError) {
    let format = try self.format(of: path, given: format)
    if existing == .keep, FileManager.default.fileExists(atPath: path) {
      throw InputError("the file exists already", at: path)
    }
    let text: String
    do {
      text = try self.text(of: structure, format: format)
    } catch {
      throw error.inside(path)
    }
    do {
      try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw InputError(
        "cannot be written", at: path, hint: "does the folder exist, with space left?")
    }
  }

  /// The format of a file: the given one, or that for which its name stands.
  ///
  /// - Throws: ``InputError`` that lists the endings, if the name stands for none.
  public static func format(
    of path: String, given format: StructureFormat? = nil
  ) throws(InputError) -> StructureFormat {
    guard let format = format ?? StructureFormat(fileName: path) else {
      throw InputError(
        "the name tells no structure format", at: path,
        hint: "use "
          + StructureFormat.allCases.map { ".\($0.fileExtensions[0])" }.joined(separator: ", ")
          + ", or a name that begins with POSCAR or CONTCAR")
    }
    return format
  }

  /// The text in a file.
  private static func contents(_ path: String) throws(InputError) -> String {
    try checkIsFile(path)
    let data: Data
    do {
      data = try Data(contentsOf: URL(filePath: path))
    } catch {
      throw InputError("cannot be read", at: path, hint: "check its permissions")
    }
    if data.starts(with: [0x1F, 0x8B]) { throw compressed(path) }
    guard let text = String(validating: Array(data), as: UTF8.self) else { throw notText(path) }
    return text
  }

  /// Refuses what is missing or a folder.
  static func checkIsFile(_ path: String) throws(InputError) {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw InputError("no such file", at: path)
    }
    guard !isFolder.boolValue else { throw InputError("is a folder, expected a file", at: path) }
  }

  static func compressed(_ path: String) -> InputError {
    InputError("is compressed", at: path, hint: "gunzip it first")
  }

  private static func notText(_ path: String) -> InputError {
    InputError(
      "is not UTF-8 text", at: path, hint: "convert it, for example with iconv -f latin1 -t utf-8")
  }

  /// Refuses bytes that are no UTF-8.
  static func checkUTF8(_ bytes: [UInt8], _ path: String) throws(InputError) {
    if bytes.allSatisfy({ $0 < 128 }) { return }
    guard String(validating: bytes, as: UTF8.self) != nil else { throw notText(path) }
  }
}
