import Crystal
import Energetics
import Foundation

/// A pair model that is smooth, long enough to feel the images, and knows species:
/// E = Σ_{i<j, images} aᵢ aⱼ exp(-r²/w²), and half of that for an atom and its own images.
struct GaussianModel {
  /// Strength of an element, eV½.
  static func strength(_ element: Element) -> Double { Double(element.atomicNumber) / 10 }

  /// w, Å.
  static let width = 1.9

  /// Energy, forces and virial in the unit of length and energy of the arguments.
  static func evaluate(
    vectors: [SIMD3<Double>], positions: [SIMD3<Double>], strengths: [Double], width: Double
  ) -> (energy: Double, forces: [SIMD3<Double>], virial: [[Double]]) {
    var energy = 0.0
    var forces = [SIMD3<Double>](repeating: .zero, count: positions.count)
    var virial = [[Double]](repeating: [0, 0, 0], count: 3)
    let range = -3...3
    for l in range {
      for m in range {
        for n in range {
          let image = Double(l) * vectors[0] + Double(m) * vectors[1] + Double(n) * vectors[2]
          for i in positions.indices {
            for j in positions.indices where (l, m, n) != (0, 0, 0) || i != j {
              let d = positions[j] + image - positions[i]
              let term =
                strengths[i] * strengths[j] * exp(-dot(d, d) / (width * width))
              energy += 0.5 * term
              // Each ordered pair gives half the energy; the force on i by j comes in full.
              let force = -2 * term / (width * width) * d
              forces[i] += force
              for row in 0..<3 {
                for column in 0..<3 { virial[row][column] -= 0.5 * force[row] * d[column] }
              }
            }
          }
        }
      }
    }
    return (energy, forces, virial)
  }

  /// The same in eV and Å, for comparison.
  static func evaluate(_ configuration: Configuration) -> Evaluation {
    let result = evaluate(
      vectors: configuration.lattice.vectors, positions: configuration.positions,
      strengths: configuration.species.map { strength($0.element) }, width: width)
    return Evaluation(
      energy: result.energy, forces: result.forces,
      strainDerivative: result.virial.map { -SIMD3($0[0], $0[1], $0[2]) })
  }
}

/// An i-PI client on a thread of the test, written from the protocol: its species are fixed at its start.
final class GaussianClient: @unchecked Sendable {
  /// What goes wrong.
  enum Fault: Sendable {
    case none
    /// It goes away instead of its n-th answer, from 1.
    case dies(Int)
    /// It never gives its n-th answer.
    case hangs(Int)
    /// Its n-th energy is no number.
    case notANumber(Int)
    /// Its n-th answer is for one atom more.
    case wrongCount(Int)
    /// It answers something else.
    case babbles
    /// It says that it is busy, for a while.
    case dawdles
    /// Its virial has one triangle only, as LAMMPS sends it.
    case triangle
    /// It computes nothing: for the time that the server takes.
    case trivial
    /// It computes no stress, and sends zeros.
    case withoutStress
  }

  private let species: [Element]
  private let fault: Fault
  private let asksForInitialisation: Bool
  private var socket: Int32 = -1
  private let ended = DispatchSemaphore(value: 0)
  /// The header that ended it.
  private(set) var lastWord = ""
  /// How many answers it gave.
  private(set) var answers = 0

  /// Starts a client for a server that listens already.
  init(
    path: String, species: [Element], fault: Fault = .none, asksForInitialisation: Bool = false
  ) {
    self.species = species
    self.fault = fault
    self.asksForInitialisation = asksForInitialisation
    socket = unixSocket()
    let socket = socket
    let status = unsafe withUnixAddress(path) { unsafe connect(socket, $0, $1) }
    precondition(status == 0, "no server at \(path)")
    Thread { [self] in
      serve()
      close(socket)
      ended.signal()
    }.start()
  }

  /// Waits for its end.
  func wait() { ended.wait() }

  private func read(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var position = 0
    while position < count {
      let got = unsafe bytes.withUnsafeMutableBytes {
        unsafe recv(
          socket, UnsafeMutableRawBufferPointer(rebasing: $0[position...]).baseAddress,
          count - position, 0)
      }
      if got <= 0 { return nil }
      position += got
    }
    return bytes
  }

  private func write(_ bytes: [UInt8]) {
    var position = 0
    while position < bytes.count {
      let sent = unsafe bytes.withUnsafeBytes {
        unsafe send(
          socket, UnsafeRawBufferPointer(rebasing: $0[position...]).baseAddress,
          bytes.count - position, 0x4000)
      }
      if sent <= 0 { return }
      position += sent
    }
  }

  private func reals(_ count: Int) -> [Double]? {
    read(8 * count).map { bytes in
      unsafe bytes.withUnsafeBytes { raw in
        (0..<count).map { unsafe raw.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
      }
    }
  }

  private func integer() -> Int? {
    read(4).map { bytes in
      Int(unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(as: Int32.self) })
    }
  }

  private func say(_ word: String) {
    write(Array(word.padding(toLength: 12, withPad: " ", startingAt: 0).utf8))
  }

  private func bytes(_ values: [Double]) -> [UInt8] {
    values.flatMap { value in unsafe withUnsafeBytes(of: value) { unsafe Array($0) } }
  }

  private func bytes(_ value: Int) -> [UInt8] {
    unsafe withUnsafeBytes(of: Int32(value)) { unsafe Array($0) }
  }

  private func serve() {
    var state = asksForInitialisation ? "NEEDINIT" : "READY"
    var answer: [UInt8] = []
    var dawdling = 0
    while let header = read(12) {
      let word = String(decoding: header, as: UTF8.self).trimmingCharacters(in: .whitespaces)
      lastWord = word
      switch word {
      case "STATUS":
        if case .babbles = fault { say("HELLO") }
        if case .dawdles = fault, state == "HAVEDATA", dawdling < 3 {
          dawdling += 1
          say("READY")
        } else {
          say(state)
        }
      case "INIT":
        guard integer() != nil, let length = integer(), read(length) != nil else { return }
        state = "READY"
      case "POSDATA":
        guard let cell = reals(9), let inverse = reals(9), let count = integer(),
          let numbers = reals(3 * count), count == species.count
        else { return }
        answers += 1
        switch fault {
        case .dies(answers): return
        case .hangs(answers):
          while read(1) != nil {}
          return
        default: break
        }
        answer = compute(cell, inverse, numbers)
        state = "HAVEDATA"
      case "GETFORCE":
        write(answer)
        state = asksForInitialisation ? "NEEDINIT" : "READY"
      default: return
      }
    }
  }

  private func compute(_ cell: [Double], _ inverse: [Double], _ numbers: [Double]) -> [UInt8] {
    // Lattice vectors are the columns of the 3 × 3 matrix.
    let vectors = (0..<3).map { SIMD3(cell[$0], cell[3 + $0], cell[6 + $0]) }
    let positions = species.indices.map {
      SIMD3(numbers[3 * $0], numbers[3 * $0 + 1], numbers[3 * $0 + 2])
    }
    // A wrong inverse shows as a wrong energy.
    var energyShift = 0.0
    for row in 0..<3 {
      for column in 0..<3 {
        let product = (0..<3).reduce(0.0) { $0 + cell[3 * row + $1] * inverse[3 * $1 + column] }
        energyShift += abs(product - (row == column ? 1 : 0))
      }
    }
    var result: (energy: Double, forces: [SIMD3<Double>], virial: [[Double]])
    if case .trivial = fault {
      result = (1, positions, [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    } else {
      result = GaussianModel.evaluate(
        vectors: vectors, positions: positions,
        strengths: species.map { GaussianModel.strength($0) / 27.211_386_245_988.squareRoot() },
        width: GaussianModel.width / 0.529_177_210_903)
    }
    if energyShift > 1e-9 { result.energy += energyShift }
    var count = species.count
    switch fault {
    case .notANumber(answers): result.energy = .nan
    case .wrongCount(answers): count += 1
    default: break
    }
    let remark = Array("{}".utf8)
    // The virial goes out transposed, as other clients do.
    var virial = (0..<9).map { result.virial[$0 % 3][$0 / 3] }
    if case .withoutStress = fault { virial = [Double](repeating: 0, count: 9) }
    if case .triangle = fault { for place in [1, 2, 5] { virial[place] = 0 } }
    return Array("FORCEREADY  ".utf8) + bytes([result.energy]) + bytes(count)
      + bytes(result.forces.flatMap { [$0.x, $0.y, $0.z] })
      + (count > species.count ? bytes([0, 0, 0]) : []) + bytes(virial) + bytes(remark.count)
      + remark
  }
}

/// A new Unix socket.
func unixSocket() -> Int32 {
  #if canImport(Glibc)
    socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
  #else
    socket(AF_UNIX, SOCK_STREAM, 0)
  #endif
}

/// Calls `body` with the address of a Unix socket.
func withUnixAddress(
  _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
) -> Int32 {
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
  return unsafe withUnsafePointer(to: &address) { pointer in
    unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
    }
  }
}
