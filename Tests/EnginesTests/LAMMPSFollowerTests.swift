import Crystal
import Energetics
import Foundation
import Testing

@testable import Engines

/// What LAMMPS writes, read while it comes; needs no LAMMPS.
@Suite struct LAMMPSFollowerTests {
  private let start: Configuration

  init() throws {
    let argon = Species(try #require(Element(symbol: "Ar")))
    start = Configuration(
      lattice: try Lattice(a: [6, 0, 0], b: [1, 7, 0], c: [-2, 3, 8]), species: [argon, argon],
      positions: [.zero, SIMD3(1, 2, 3)])
  }

  private func withFolder(_ work: (String) throws -> Void) throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try work(folder.path)
  }

  private func append(_ text: String, _ folder: String, _ name: String) throws {
    let path = "\(folder)/\(name)"
    guard let handle = FileHandle(forUpdatingAtPath: path) else {
      try Data(text.utf8).write(to: URL(filePath: path))
      return
    }
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }

  /// A frame as LAMMPS writes it for a cell with the edges 6, 7, 8 and the tilts 1, -2, 3.
  private func frame(_ step: Int) -> String {
    """
    ITEM: TIMESTEP
    \(step)
    ITEM: NUMBER OF ATOMS
    2
    ITEM: BOX BOUNDS xy xz yz pp pp pp
    -2.0 7.0 1.0
    0.0 10.0 -2.0
    0.0 8.0 3.0
    ITEM: ATOMS id type xu yu zu
    1 1 0 0 0
    2 1 1 2 3.\(step)

    """
  }

  @Test("lines and frames are told once, when they are whole and have come both")
  func growth() throws {
    try withFolder { folder in
      var follower = LAMMPSDynamics.Follower(folder, start: start)
      #expect(try follower.newRows().isEmpty && follower.newFrames().isEmpty)
      let log = LAMMPSDynamics.Name.log
      try append("LAMMPS (29 Sep 2021)\n  2 by 1 by 1 MPI processor grid\n", folder, log)
      try append("       0 300 -10.5 1.5 1602.1765 336 -9 4000000\n  10 310 -", folder, log)
      let row = try #require(try follower.newRows().first)
      #expect(row.step == 0 && row.temperature == 300 && row.energy == -10.5)
      #expect(row.kineticEnergy == 1.5 && row.pressure == 1e-3 && row.volume == 336)
      #expect(row.conservedEnergy == -9 && row.largestSpeed == 2)
      // The frame is there before its line of the log, and cut off in a line.
      let trajectory = LAMMPSDynamics.Name.trajectory
      try append(String(frame(10).dropLast(3)), folder, trajectory)
      #expect(try follower.newFrames().isEmpty)
      try append(String(frame(10).suffix(3)), folder, trajectory)
      #expect(try follower.newFrames().isEmpty)
      try append("11 1.6 1 336 -9 4\n  10 310 -11 1.6 1 336 -9 4\n", folder, log)
      #expect(try follower.newRows().map(\.step) == [10], "the line that is repeated is left out")
      let missing = #expect(throws: InputError.self) {
        try follower.checkEnd(10, frameInterval: 10)
      }
      #expect(missing?.message == "the trajectory of LAMMPS ends after step 0 of 10")
      let frames = try follower.newFrames()
      #expect(frames.map(\.row.step) == [10])
      let configuration = try #require(frames.first?.configuration)
      for (a, b) in zip(configuration.lattice.vectors, start.lattice.vectors) {
        #expect(length(a - b) < 1e-12)
      }
      #expect(length(configuration.positions[1] - SIMD3(1, 2, 3.1)) < 1e-12)
      for (steps, interval) in [(10, 10), (10, 5), (10, 0)] {
        #expect(throws: Never.self) { try follower.checkEnd(steps, frameInterval: interval) }
      }
      let short = #expect(throws: InputError.self) { try follower.checkEnd(20, frameInterval: 0) }
      #expect(short?.message == "the log of LAMMPS ends after step 10 of 20")
    }
  }

  @Test("what is no number is an error, and a damaged frame as well")
  func nonsense() throws {
    try withFolder { folder in
      var follower = LAMMPSDynamics.Follower(folder, start: start)
      try append("  5 nan nan -nan inf 336 nan nan\n", folder, LAMMPSDynamics.Name.log)
      let error = #expect(throws: InputError.self) { try follower.newRows() }
      #expect(error?.message.contains("the motion blew up") ?? false)
      #expect(error?.hint?.contains("shorter time step") ?? false)
      let other = frame(5).replacing("ATOMS\n2", with: "ATOMS\n1")
      try append(other, folder, LAMMPSDynamics.Name.trajectory)
      #expect(throws: InputError.self) { try follower.newFrames() }
    }
  }
}
