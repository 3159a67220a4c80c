/// Where i-PI clients find the server.
public enum IPIAddress: Hashable, Sendable, CustomStringConvertible {
  /// The Unix socket `/tmp/ipi_NAME`, by name.
  case unix(String)
  /// A port of this machine; 0 takes a free one.
  case port(UInt16)

  /// The path of the socket of a name, where all clients look for it.
  static func path(_ name: String) -> String { "/tmp/ipi_\(name)" }

  /// Whether a word can name a socket: short, and of letters, digits, `.`, `_` and `-`.
  static func isName(_ word: some StringProtocol) -> Bool {
    !word.isEmpty && word.utf8.count <= 64
      && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
  }

  /// `Unix socket NAME (/tmp/ipi_NAME)` or `port N of localhost`.
  public var description: String {
    switch self {
    case .unix(let name): "Unix socket \(name) (\(IPIAddress.path(name)))"
    case .port(let number): "port \(number) of localhost"
    }
  }

  /// How programs are told to connect, one line each.
  public var instructions: String {
    switch self {
    case .unix(let name):
      """
        LAMMPS   fix 1 all ipi \(name) 31415 unix
        CP2K     &DRIVER  HOST \(name)  UNIX .TRUE.  &END
        QE       pw.x --ipi \(name):UNIX -in scf.in
        ABINIT   abinit --ipi \(name):UNIX scf.abi
        ASE      SocketClient(unixsocket="\(name)").run(atoms, use_stress=True)
      """
    case .port(let number):
      """
        LAMMPS   fix 1 all ipi localhost \(number)
        CP2K     &DRIVER  HOST localhost  PORT \(number)  &END
        QE       pw.x --ipi localhost:\(number) -in scf.in
        ABINIT   abinit --ipi localhost:\(number) scf.abi
        ASE      SocketClient(port=\(number)).run(atoms, use_stress=True)
      """
    }
  }
}
