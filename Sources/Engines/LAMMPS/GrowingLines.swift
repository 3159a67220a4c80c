internal import Foundation

/// The lines of a file that another program is writing.
struct GrowingLines {
  /// The file, which may come later.
  let path: String

  private var handle: FileHandle?
  /// The line that is not finished.
  private var rest = Data()

  init(_ path: String) { self.path = path }

  /// Lines that were finished since the last call.
  mutating func next() -> [String] {
    handle = handle ?? FileHandle(forReadingAtPath: path)
    guard let data = try? handle?.readToEnd() else { return [] }
    rest += data
    guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
    let lines = String(decoding: rest[..<end], as: UTF8.self)
    rest = Data(rest[(end + 1)...])
    return lines.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}
