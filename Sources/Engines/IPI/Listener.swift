internal import Crystal
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A socket at which clients arrive.
final class Listener {
  /// The socket, to be polled.
  let descriptor: Int32

  /// Where it is; a port that was chosen is filled in.
  let address: IPIAddress

  /// Opens a socket.
  ///
  /// A socket file that nobody listens on, left by a program that crashed, is replaced.
  ///
  /// - Throws: ``InputError`` if the place is taken.
  init(_ address: IPIAddress) throws(InputError) {
    switch address {
    case .unix(let name):
      self.address = address
      descriptor = try Listener.openUnix(IPIAddress.path(name))
    case .port(let number):
      let (socket, port) = try Listener.openPort(number)
      descriptor = socket
      self.address = .port(port)
    }
    makeNonBlocking(descriptor)
    guard listen(descriptor, 64) == 0 else {
      let number = errno
      close()
      throw InputError("nothing can listen on \(address): \(systemMessage(number))")
    }
  }

  /// A name that no other engine of this or another process has.
  static func freshName() -> String {
    let number = count.withLock { count in
      count += 1
      return count
    }
    return "cellgen-\(getpid())-\(number)"
  }

  private static let count = Mutex(0)

  /// The next client that waits; nil if there is none.
  func accept() -> Int32? {
    let client = systemAccept(descriptor)
    guard client >= 0 else { return nil }
    makeNonBlocking(client)
    if case .port = address {
      var yes: Int32 = 1
      unsafe setsockopt(
        client, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    }
    return client
  }

  private var isOpen = true

  deinit { close() }

  /// Closes it, and removes its file.
  func close() {
    guard isOpen else { return }
    isOpen = false
    systemClose(descriptor)
    if case .unix(let name) = address { unsafe unlink(IPIAddress.path(name)) }
  }

  private static func openUnix(_ path: String) throws(InputError) -> Int32 {
    let descriptor = socket(AF_UNIX, streamSocket, 0)
    guard descriptor >= 0 else { throw noSocket() }
    if bindUnix(descriptor, path) == 0 { return descriptor }
    let number = errno
    var status = stat()
    let isSocket = unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
    if number == EADDRINUSE, isSocket, !isAnswered(path) {
      unsafe unlink(path)
      if bindUnix(descriptor, path) == 0 { return descriptor }
    }
    systemClose(descriptor)
    throw number == EADDRINUSE
      ? InputError(
        isSocket
          ? "a program listens on \(path) already" : "\(path) exists already and is no socket",
        hint: "choose another name, or end that program")
      : InputError("\(path) cannot be made: \(systemMessage(number))")
  }

  private static func bindUnix(_ descriptor: Int32, _ path: String) -> Int32 {
    unsafe withUnixAddress(path) { unsafe bind(descriptor, $0, $1) }
  }

  /// Whether a program accepts connections at a socket file.
  private static func isAnswered(_ path: String) -> Bool {
    let descriptor = socket(AF_UNIX, streamSocket, 0)
    defer { systemClose(descriptor) }
    return unsafe withUnixAddress(path) { unsafe connect(descriptor, $0, $1) } == 0
  }

  private static func openPort(_ number: UInt16) throws(InputError) -> (Int32, UInt16) {
    let descriptor = socket(AF_INET, streamSocket, 0)
    guard descriptor >= 0 else { throw noSocket() }
    var yes: Int32 = 1
    unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = number.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        guard unsafe bind(descriptor, generic, size) == 0 else { return errno }
        return unsafe getsockname(descriptor, generic, &size) == 0 ? 0 : errno
      }
    }
    guard status == 0 else {
      systemClose(descriptor)
      throw InputError(
        status == EADDRINUSE
          ? "port \(number) is in use"
          : "port \(number) cannot be opened: \(systemMessage(status))",
        hint: "choose another port from 1024 to 65535, or a Unix socket")
    }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  private static func noSocket() -> InputError {
    InputError("no socket can be made: \(systemMessage(errno))")
  }
}

/// Calls `body` with the address of a Unix socket.
///
/// - Precondition: the path has at most 100 bytes.
private func withUnixAddress(
  _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
) -> Int32 {
  var address = sockaddr_un()
  precondition(path.utf8.count <= 100, "the path of a socket is short")
  address.sun_family = sa_family_t(AF_UNIX)
  unsafe withUnsafeMutableBytes(of: &address.sun_path) { bytes in
    unsafe bytes.copyBytes(from: path.utf8)
  }
  return unsafe withUnsafePointer(to: &address) { pointer in
    unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
    }
  }
}

/// Makes reads and writes return at once, and keeps a socket out of the programs that are started.
private func makeNonBlocking(_ descriptor: Int32) {
  _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  #if canImport(Darwin)
    var yes: Int32 = 1
    unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<Int32>.size))
  #endif
}

#if canImport(Glibc)
  private let streamSocket = Int32(SOCK_STREAM.rawValue)
  private func systemAccept(_ socket: Int32) -> Int32 { Glibc.accept(socket, nil, nil) }
  private func systemClose(_ descriptor: Int32) { _ = Glibc.close(descriptor) }
#else
  private let streamSocket = SOCK_STREAM
  private func systemAccept(_ socket: Int32) -> Int32 { Darwin.accept(socket, nil, nil) }
  private func systemClose(_ descriptor: Int32) { _ = Darwin.close(descriptor) }
#endif
