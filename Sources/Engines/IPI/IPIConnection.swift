#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The bytes that go to one client and come from it.
struct IPIConnection {
  /// The socket, to be polled.
  let descriptor: Int32

  /// What has come and was not read yet.
  private(set) var input: [UInt8] = []

  private var output: [UInt8] = []
  private var sent = 0

  /// Takes over a socket that does not block.
  init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// Whether bytes wait to be sent.
  var isSending: Bool { sent < output.count }

  /// Appends bytes to what is to be sent, and sends what the system takes at once.
  mutating func send(_ bytes: [UInt8]) {
    output += bytes
    flush()
  }

  /// Sends what the system takes; a broken connection shows when something is read.
  mutating func flush() {
    while isSending {
      let count = unsafe output.withUnsafeBytes { bytes in
        unsafe systemSend(descriptor, UnsafeRawBufferPointer(rebasing: bytes[sent...]))
      }
      guard count > 0 else { return }
      sent += count
    }
    output.removeAll(keepingCapacity: true)
    sent = 0
  }

  /// Reads all that has come.
  ///
  /// - Returns: False if the client has gone.
  mutating func receive() -> Bool {
    while true {
      let (bytes, count) = unsafe withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) {
        buffer in
        let count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
        return (unsafe Array(buffer.prefix(max(0, count))), count)
      }
      guard count != 0 else { return false }
      guard count > 0 else { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR }
      input += bytes
    }
  }

  /// Takes bytes off the front of what has come.
  mutating func consume(_ count: Int) { input.removeFirst(count) }

  /// Ends the connection.
  func close() {
    #if canImport(Glibc)
      _ = Glibc.close(descriptor)
    #else
      _ = Darwin.close(descriptor)
    #endif
  }
}

/// Sends without a signal if the client has gone.
private func systemSend(_ socket: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  #if canImport(Glibc)
    unsafe send(socket, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
  #else
    unsafe send(socket, bytes.baseAddress, bytes.count, 0)
  #endif
}
