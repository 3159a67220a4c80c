public import Crystal
internal import Foundation
internal import Report
internal import StructureIO
internal import Thermodynamics

/// One page with everything that is in the folder of a run: settings, tables, figures, structures.
public struct FolderReport {
  /// The page.
  public let html: String

  /// Number of tables, figures and structures.
  public let counts: (tables: Int, figures: Int, structures: Int)

  /// What was left out, one sentence each.
  public let warnings: [String]

  /// Collects what is in a folder.
  ///
  /// - Parameter path: The folder.
  /// - Throws: ``InputError`` if there is no such folder, or nothing of a run in it.
  public init(_ path: String) throws {
    let folder = URL(filePath: path)
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw InputError("there is no such folder", at: path)
    }
    guard isFolder.boolValue else {
      throw InputError("this is a file, expected the folder of a run", at: path)
    }
    var pages = [FolderContents(folder, title: "")]
    let below = FolderContents.names(in: folder).filter { name in
      FolderContents.isFolder(folder.appending(path: name))
        && !["figures", "structures"].contains(name)
    }
    pages += below.prefix(FolderReport.mostFolders)
      .map { FolderContents(folder.appending(path: $0), title: $0) }.filter { !$0.isEmpty }
    guard pages.contains(where: { !$0.isEmpty }) else {
      throw InputError(
        "there is nothing of a run in this folder: no manifest.json, summary.json, table, figure or "
          + "structure", at: path)
    }
    let name = pages[0].command.map { "cellgen \($0)" } ?? "Results"
    html = HTMLReport(
      title: "\(name): \(folder.lastPathComponent)",
      subtitle: "put together by cellgen \(cellgenVersion)", parts: pages.flatMap(\.parts)
    ).html()
    counts = pages.reduce((0, 0, 0)) {
      ($0.0 + $1.tables.count, $0.1 + $1.figures.count, $0.2 + $1.scenes.count)
    }
    var warnings = pages.flatMap(\.warnings)
    if below.count > FolderReport.mostFolders {
      warnings.append("only the first \(FolderReport.mostFolders) folders in it are shown")
    }
    self.warnings = warnings
  }

  private static let mostFolders = 12

  /// Writes the page.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - replaces: What to do about a file that exists.
  /// - Throws: ``InputError`` if it is in the way or cannot be written.
  public func write(to path: String, replaces: Bool) throws(InputError) {
    guard replaces || !FileManager.default.fileExists(atPath: path) else {
      throw InputError(
        "the file exists", at: path, hint: "choose another --out, or replace it with --force")
    }
    do {
      try Data(html.utf8).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw InputError("cannot be written: \(reason(error))", at: path)
    }
  }
}

/// What one folder holds.
struct FolderContents {
  let title: String
  /// The verb that made it, if its manifest says so.
  let command: String?
  let values: [(key: String, value: String)]
  let notes: [String]
  let tables: [Table]
  let figures: [(name: String, svg: SafeSVG)]
  let scenes: [(name: String, scene: StructureScene)]
  let warnings: [String]

  /// Rows of a table at most; all of them are in its file.
  private static let mostRows = 30

  /// Columns of a table at most.
  private static let mostColumns = 14

  /// Structures at most.
  private static let mostScenes = 3

  /// Files that are larger are left out, bytes.
  private static let largestFile = 50_000_000

  var isEmpty: Bool {
    values.isEmpty && tables.isEmpty && figures.isEmpty && scenes.isEmpty
  }

  init(_ folder: URL, title: String) {
    self.title = title
    var warnings: [String] = []
    func text(_ name: String) -> String? {
      let file = folder.appending(path: name)
      guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else {
        return nil
      }
      let size = (try? file.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0
      guard size <= FolderContents.largestFile else {
        warnings.append("\(name) is larger than 50 MB and left out")
        return nil
      }
      do {
        return try readText(file.path(percentEncoded: false))
      } catch {
        warnings.append("\(name) is left out: \(error.message)")
        return nil
      }
    }
    let manifest = text(OutputFolder.manifestName).flatMap(FolderContents.object)
    let summary = text("summary.json").flatMap(FolderContents.object)
    command = manifest?["command"] as? String ?? summary?["command"] as? String
    values = FolderContents.values(manifest, summary)
    notes = (manifest?["warnings"] as? [String]) ?? (summary?["warnings"] as? [String]) ?? []
    let names = FolderContents.names(in: folder)
    tables = names.filter { $0.hasSuffix(".csv") }.compactMap { name in
      text(name).flatMap { FolderContents.table($0, name: name) }
    }
    let pictures = FolderContents.names(in: folder.appending(path: "figures"))
    figures = pictures.filter { $0.hasSuffix(".svg") }.compactMap { name in
      guard let file = text("figures/\(name)") else { return nil }
      guard let svg = SafeSVG(file) else {
        warnings.append("figures/\(name) is left out: it is no chart of cellgen")
        return nil
      }
      return (String(name.dropLast(4)).replacing("_", with: " "), svg)
    }
    var scenes: [(name: String, scene: StructureScene)] = []
    for name in FolderContents.structures(in: folder, names)
    where scenes.count < FolderContents.mostScenes {
      do throws(InputError) {
        var frames = try StructureFrames(folder.appending(path: name).path(percentEncoded: false))
        guard let structure = try frames.next()?.structure else { continue }
        if let scene = StructureScene(structure) {
          scenes.append(("\(name): \(structure.composition)", scene))
        } else {
          warnings.append(
            "\(name) is not drawn: \(structure.count) atoms, at most \(StructureScene.mostAtoms)")
        }
      } catch {
        warnings.append("\(name) is left out: \(error.message)")
      }
    }
    self.scenes = scenes
    self.warnings = warnings
  }

  /// Names in a folder, sorted; none if there is no such folder.
  static func names(in folder: URL) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)))
      ?? []).sorted()
  }

  static func isFolder(_ url: URL) -> Bool {
    (try? url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false
  }

  /// Structures that a run ends with: the best of a search, relaxed if it was, or the last one; not
  /// trajectories and states in between.
  private static func structures(in folder: URL, _ names: [String]) -> [String] {
    let best = FolderContents.names(in: folder.appending(path: "structures"))
      .filter { $0.hasPrefix("001") && $0.hasSuffix(".extxyz") }.map { "structures/\($0)" }
    let known = [
      "final.extxyz", "relaxed.extxyz", "host.extxyz", "structure.extxyz", "mapped.extxyz",
    ]
    return best + known.filter(names.contains)
  }

  private static func object(_ text: String) -> [String: Any]? {
    (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]
  }

  /// What was set and what came out, as far as it is a number or a text.
  private static func values(
    _ manifest: [String: Any]?, _ summary: [String: Any]?
  ) -> [(key: String, value: String)] {
    var values: [(key: String, value: String)] = []
    for key in ["cellgen", "command", "seed", "started", "finished", "wall_s"] {
      if let value = manifest?[key].flatMap(FolderContents.text) { values.append((key, value)) }
    }
    let specification = manifest?["specification"] as? [String: Any] ?? [:]
    values += flattened(specification, prefix: "")
    let known = Set(values.map(\.key))
    values += flattened(summary ?? [:], prefix: "").filter { !known.contains($0.key) }
    return values
  }

  /// Numbers and texts of an object and the objects in it, by key.
  private static func flattened(
    _ object: [String: Any], prefix: String
  ) -> [(key: String, value: String)] {
    object.sorted { $0.key < $1.key }.flatMap { key, value -> [(key: String, value: String)] in
      if let inner = value as? [String: Any], prefix.isEmpty {
        return flattened(inner, prefix: "\(key) ")
      }
      if let list = value as? [Any] {
        let texts = list.compactMap(FolderContents.text)
        return texts.isEmpty || texts.count != list.count || texts.count > 6
          ? [] : [(prefix + key, texts.joined(separator: ", "))]
      }
      return FolderContents.text(value).map { [(prefix + key, $0)] } ?? []
    }
  }

  private static func text(_ value: Any) -> String? {
    switch value {
    case let text as String: text.isEmpty || text.count > 300 ? nil : text
    case let number as NSNumber: number.stringValue
    default: nil
    }
  }

  /// The first rows and columns of a table; nil if the text is none.
  private static func table(_ text: String, name: String) -> Table? {
    let records = csvRecords(text)
    guard let header = records.first, records.count > 1 else { return nil }
    let columns = min(header.count, mostColumns)
    let rows = records.dropFirst()
    var title = name
    if rows.count > mostRows || header.count > columns {
      title +=
        " (the first \(min(rows.count, mostRows)) of \(rows.count) rows"
        + (header.count > columns ? " and \(columns) of \(header.count) columns)" : ")")
    }
    return Table(
      title: title, columns: Array(header.prefix(columns)),
      rows: rows.prefix(mostRows).map { Array($0.prefix(columns)) })
  }

  /// The parts of the page.
  var parts: [HTMLReport.Part] {
    var parts: [HTMLReport.Part] = title.isEmpty || isEmpty ? [] : [.heading(title)]
    parts += notes.map { .note($0) }
    parts += scenes.map { .structure($0.scene, caption: RichText(plain: $0.name)) }
    parts += figures.map {
      .figure(svg: $0.svg.text, caption: RichText(plain: $0.name))
    }
    if !tables.isEmpty && title.isEmpty { parts.append(.heading("Tables")) }
    parts += tables.map { .table($0) }
    if !values.isEmpty {
      if title.isEmpty { parts.append(.heading("Settings and results")) }
      parts.append(.values(values))
    }
    parts += warnings.map { .paragraph("\($0).") }
    return parts
  }
}
