internal import Crystal
internal import Foundation

#if canImport(CryptoKit)
  internal import CryptoKit
#else
  internal import COpenSSL
#endif

/// SHA-256 of a file of any size, as 64 hexadecimal digits.
///
/// The file is mapped into memory, not read into it.
///
/// - Throws: ``InputError`` if it cannot be read.
func sha256(ofFile path: String) throws(InputError) -> String {
  let data: Data
  do {
    data = try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
  } catch {
    throw InputError("the file cannot be read", at: path, hint: "check its permissions")
  }
  #if canImport(CryptoKit)
    let digest = Array(SHA256.hash(data: data))
  #else
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    unsafe data.withUnsafeBytes { bytes in
      _ = unsafe SHA256(bytes.baseAddress, bytes.count, &digest)
    }
  #endif
  return hexadecimal(digest)
}
