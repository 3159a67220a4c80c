package import Crystal
internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A folder of its own for the files of one engine, removed with it.
package final class TemporaryFolder {
  /// Its path.
  package let path: String

  /// Makes a folder that only this user can read.
  ///
  /// - Throws: ``InputError`` if there is no room for temporary files.
  package init() throws(InputError) {
    var pattern = Array(
      (FileManager.default.temporaryDirectory.path() + "/cellgen-engine-XXXXXX").utf8CString)
    guard unsafe mkdtemp(&pattern) != nil else {
      throw InputError("no temporary folder can be made: \(systemMessage(errno))")
    }
    path = String(decoding: pattern.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The path of a file in it.
  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Removes it with all that it holds.
  package func remove() { try? FileManager.default.removeItem(atPath: path) }

  deinit { remove() }
}
