public import Crystal
internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What an attempt left in its calculation folder: `job/1/` with `started`, `exit` and `log`.
///
/// The job itself writes these files, so that nothing depends on the process that submitted it. The folder
/// of an attempt is made by whoever owns the attempt, and can be made once only: no attempt runs twice,
/// however often it was submitted.
public struct JobTrace: Hashable, Sendable {
  /// Who runs an attempt.
  public struct Start: Hashable, Sendable {
    /// The machine.
    public var host: String
    /// The process.
    public var process: Int32
    /// When the process began, in the units of the system, so that another one of this number is not
    /// taken for it.
    public var began: String
    /// The job of the scheduler.
    public var job: String
  }

  /// The folder for attempts in a calculation folder.
  public static let folderName = "job"

  /// Whether somebody owns the attempt.
  public private(set) var isClaimed: Bool

  /// Who runs it; nil if it has not begun.
  public private(set) var start: Start?

  /// The word in `exit`; nil while there is none.
  public private(set) var exit: String?

  /// Looks into the folder of an attempt.
  public init(folder: String, attempt: Int) {
    let place = JobTrace.path(folder, attempt)
    // A listing is fresher than a name that a network file system remembers as missing.
    let names = try? FileManager.default.contentsOfDirectory(atPath: place)
    isClaimed = names != nil
    func text(_ name: String) -> String? {
      guard names?.contains(name) ?? false,
        let data = FileManager.default.contents(atPath: "\(place)/\(name)"), data.last == 0x0A
      else { return nil }
      return String(decoding: data.dropLast(), as: UTF8.self)
    }
    exit = text("exit")
    start = text("started").flatMap { text in
      var values: [Substring: String] = [:]
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ", maxSplits: 1)
        if words.count == 2 { values[words[0]] = String(words[1]) }
      }
      guard let host = values["host"], let process = values["pid"].flatMap({ Int32($0) }),
        process > 1, let began = values["began"]
      else { return nil }
      return Start(host: host, process: process, began: began, job: values["job"] ?? "")
    }
  }

  /// The folder of an attempt.
  public static func path(_ folder: String, _ attempt: Int) -> String {
    "\(folder)/\(folderName)/\(attempt)"
  }

  /// What an attempt printed besides its results.
  public static func log(_ folder: String, _ attempt: Int) -> String {
    path(folder, attempt) + "/log"
  }

  /// The numbers of the attempts that somebody owns, from the first.
  public static func attempts(in folder: String) -> [Int] {
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(folderName)")) ?? []
    return names.compactMap { Int($0) }.filter { $0 > 0 }.sorted()
  }

  /// Makes the folder of an attempt, so that no job can begin it.
  ///
  /// - Returns: False if somebody owns it.
  /// - Throws: ``InputError`` if it cannot be made.
  public static func claim(_ folder: String, _ attempt: Int) throws(InputError) -> Bool {
    let place = path(folder, attempt)
    _ = unsafe mkdir("\(folder)/\(folderName)", 0o777)
    if unsafe mkdir(place, 0o777) == 0 { return true }
    let reason = errno
    if reason == EEXIST { return false }
    throw InputError(
      "the folder cannot be made: \(unsafe String(cString: strerror(reason)))", at: place)
  }

  /// Writes how an attempt ended that could not write it itself.
  ///
  /// - Returns: False if it has, meanwhile.
  /// - Throws: ``InputError`` if it cannot be written.
  public static func end(
    _ folder: String, _ attempt: Int, _ ending: JobEnding
  ) throws(InputError) -> Bool {
    let place = path(folder, attempt) + "/exit"
    let file = unsafe open(place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    if file < 0, errno == EEXIST { return false }
    let text = Array("\(ending.rawValue)\n".utf8)
    guard file >= 0, unsafe write(file, text, text.count) == text.count, close(file) == 0 else {
      throw InputError(
        "the file cannot be written: \(unsafe String(cString: strerror(errno)))", at: place)
    }
    return true
  }
}
