internal import Crystal
internal import Foundation

/// Lines of a file, some at a time, without the whole file in memory.
struct LineBlocks {
  private let path: String
  private let handle: FileHandle
  private var buffer: [UInt8] = []
  private var start = 0
  private var unread: Int

  /// Number of lines taken so far.
  private(set) var lineNumber = 0

  init(_ path: String) throws(InputError) {
    self.path = path
    try StructureFile.checkIsFile(path)
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw InputError("cannot be read", at: path, hint: "check its permissions")
    }
    self.handle = handle
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? nil
    unread = size ?? .max / 2
    if try load() {
      if buffer.starts(with: [0x1F, 0x8B]) { throw StructureFile.compressed(path) }
      if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
    }
  }

  /// Reads more of the file; false at its end.
  private mutating func load() throws(InputError) -> Bool {
    do {
      guard let data = try handle.read(upToCount: 1 << 20), !data.isEmpty else {
        unread = 0
        return false
      }
      if start > 0 {
        buffer.removeSubrange(..<start)
        start = 0
      }
      buffer.append(contentsOf: data)
      unread = max(0, unread - data.count)
      return true
    } catch {
      throw InputError("cannot be read", at: path, hint: "check its permissions")
    }
  }

  /// The integer that begins the next line with text, nil at the end of the file.
  ///
  /// Empty lines before it are taken. With it come the bytes that are left in the file.
  mutating func peekWord() throws(InputError) -> (count: Int?, remaining: Int)? {
    while true {
      var position = start
      while position < buffer.count, isSpace(buffer[position]) {
        if buffer[position] == newline {
          lineNumber += 1
          start = position + 1
        }
        position += 1
      }
      var end = position
      while end < buffer.count, !isSpace(buffer[end]) { end += 1 }
      // The word may go on in the part that is not read yet.
      if end < buffer.count {
        let count = NumberReader.integer(utf8: buffer, in: position..<end)
        return (count, buffer.count - start + unread)
      }
      if try !load() {
        guard position < buffer.count else { return nil }
        return (NumberReader.integer(utf8: buffer, in: position..<end), buffer.count - start)
      }
    }
  }

  /// The next lines, or as many as there are.
  mutating func take(_ count: Int) throws(InputError) -> LineBlock {
    var (found, position) = (0, start)
    while found < count {
      while position < buffer.count, found < count {
        if buffer[position] == newline { found += 1 }
        position += 1
      }
      if found < count {
        let length = position - start
        guard try load() else { break }
        position = start + length
      }
    }
    let bytes = Array(buffer[start..<position])
    let firstLine = lineNumber
    start = position
    lineNumber += max(found, 1)
    try StructureFile.checkUTF8(bytes, path)
    return LineBlock(bytes: bytes, firstLine: firstLine, wanted: count, ended: found)
  }
}

/// Some lines of a file.
struct LineBlock {
  /// Their bytes, with line ends.
  let bytes: [UInt8]

  /// Number of lines before them in the file.
  let firstLine: Int

  /// How many lines were asked for.
  let wanted: Int

  /// How many there are that end with a line feed.
  let ended: Int

  /// Whether all lines are there to their ends.
  var isComplete: Bool { ended == wanted }

  /// Whether the lines can be taken for a frame.
  ///
  /// A number without a line feed behind it may be half a number; only in a file of one frame, which
  /// may be written by hand, a missing line feed means nothing.
  func isUsable(asFrame number: Int) -> Bool {
    isComplete || (number == 1 && ended + 1 == wanted && bytes.last != newline)
  }
}

private let newline = UInt8(ascii: "\n")
