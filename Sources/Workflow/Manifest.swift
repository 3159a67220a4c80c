internal import Crystal
internal import Foundation

#if canImport(CryptoKit)
  internal import CryptoKit
#else
  internal import COpenSSL
#endif

/// What made the results in a folder: enough to make them again.
struct Manifest<Specification: Codable & Sendable>: Codable, Sendable {
  /// Version of cellgen.
  var cellgen: String
  /// The verb, such as `ga`.
  var command: String
  /// All settings, defaults included.
  var specification: Specification
  /// Seed of the random numbers, where there were any.
  var seed: UInt64?
  /// SHA-256 of the files that were read, by name.
  var inputs: [String: String]
  /// Wall time, s; with the dates the only part that differs between equal runs.
  var wall_s: Double?
  /// When the run began, ISO 8601.
  var started: String
  /// When it ended; nil for a run that was interrupted.
  var finished: String?
  /// What was doubtful when the problem was read: a resumed run, which reads it in another form, repeats
  /// it.
  var warnings: [String]? = nil
}

extension Manifest {
  /// The manifest of a folder that a command is to resume.
  ///
  /// - Throws: ``InputError`` if the folder holds nothing of that command.
  init(in folder: OutputFolder, command: String) throws {
    do {
      self = try jsonValue(Self.self, from: folder.read(OutputFolder.manifestName))
    } catch let error as InputError {
      throw error
    } catch {
      throw InputError(
        "the manifest does not describe a run of cellgen \(command)",
        at: folder.file(OutputFolder.manifestName))
    }
    guard self.command == command else {
      throw InputError("this is the folder of cellgen \(self.command)", at: folder.path)
    }
  }
}

/// Refuses files that are not what they were when a run began: it would go on with another model.
///
/// - Parameters:
///   - files: SHA-256 of the files now, by path.
///   - recorded: SHA-256 of files when the run began; those that are not listed are new.
/// - Throws: ``InputError`` that names the first of them.
func checkUnchanged(
  _ files: [String: String], since recorded: [String: String]
) throws(InputError) {
  for (path, digest) in files.sorted(by: { $0.key < $1.key }) {
    guard recorded[path] == digest || recorded[path] == nil else {
      throw InputError(
        "the file has changed since the run began", at: path,
        hint: "put the old one back, or begin a new run")
    }
  }
}

/// The current time as ISO 8601.
func timestamp() -> String { Date.now.formatted(.iso8601) }

/// SHA-256 of a text in UTF-8, as 64 hexadecimal digits.
func sha256(_ text: String) -> String {
  #if canImport(CryptoKit)
    let digest = Array(SHA256.hash(data: Data(text.utf8)))
  #else
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    let bytes = Array(text.utf8)
    _ = unsafe SHA256(bytes, bytes.count, &digest)
  #endif
  return hexadecimal(digest)
}

/// Two digits for each byte.
func hexadecimal(_ bytes: [UInt8]) -> String {
  bytes.map { byte in
    let text = String(byte, radix: 16)
    return text.count == 1 ? "0" + text : text
  }.joined()
}
