import CellgenTestSupport
import Crystal
import Foundation
import StructureIO
import Testing

@Suite struct TrajectoryTests {
  /// Writes a text to a file in a new folder, which is removed afterwards.
  private func withFile<Result>(
    _ text: String, _ name: String, _ work: (String) throws -> Result
  ) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: name).path
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return try work(path)
  }

  /// All frames of a text.
  private func frames(
    _ text: String, _ name: String, types: [String] = [], every: Int = 1, skip: Int = 0
  ) throws -> (frames: [TrajectoryFrame], warnings: [String], isUnwrapped: Bool) {
    try withFile(text, name) { path in
      let trajectory = try Trajectory(path, types: types.compactMap { Species($0) })
      var frames: [TrajectoryFrame] = []
      let pass = try trajectory.forEachFrame(every: every, skip: skip) { frames.append($0) }
      #expect(pass.frames == frames.count)
      return (frames, pass.warnings, trajectory.isUnwrapped)
    }
  }

  /// The message for a text that must be refused, without the folder.
  private func refusal(
    _ text: String, _ name: String = "x.xyz", types: [String] = []
  ) throws -> String {
    let error = #expect(throws: InputError.self) { _ = try frames(text, name, types: types) }
    let description = error?.description ?? ""
    return description.split(separator: "/").last.map(String.init) ?? description
  }

  private func xyz(_ frame: Int, _ atoms: String = "Mg 0 0 0\nCl 1 1 1\n", count: Int = 2) -> String
  {
    "\(count)\nLattice=\"4 0 0 0 4 0 0 0 4\" step=\(10 * frame) time_fs=\(20 * frame).0\n\(atoms)"
  }

  @Test("extended XYZ gives frames, steps and times; skip and every choose among them")
  func extendedXYZ() throws {
    let text = (0..<7).map { xyz($0) }.joined()
    let all = try frames(text, "x.xyz")
    #expect(all.frames.map(\.number) == Array(1...7))
    #expect(all.frames.map(\.step) == (0..<7).map { 10 * $0 })
    #expect(all.frames.map(\.time) == (0..<7).map { Double(20 * $0) })
    #expect(all.warnings.isEmpty)
    #expect(try frames(text, "x.xyz", every: 2, skip: 1).frames.map(\.number) == [2, 4, 6])
    #expect(try frames(text, "x.xyz", skip: 6).frames.map(\.number) == [7])
    #expect(throws: InputError.self) { try frames(text, "x.xyz", skip: 7) }
  }

  @Test("a column id sorts the atoms of extended XYZ")
  func identifiers() throws {
    func frame(_ atoms: String) -> String {
      "2\nLattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:pos:R:3:id:I:1\n\(atoms)"
    }
    let text = frame("Mg 0 0 0 7\nMg 1 0 0 3\n") + frame("Mg 1 1 0 3\nMg 0 1 0 7\n")
    let positions = try frames(text, "x.xyz").frames.map {
      $0.structure.positions.map(\.components.x)
    }
    #expect(positions == [[0.25, 0], [0.25, 0]])
    #expect(
      try refusal(frame("Mg 0 0 0 7\nMg 1 0 0 3\n") + frame("Mg 0 0 0 7\nMg 1 0 0 4\n"))
        == "x.xyz:5: frame 2 has an atom 4 that not all frames have\n"
        + "hint: the same atoms have to be in every frame")
    #expect(try refusal(frame("Mg 0 0 0 7\nMg 1 0 0 7\n")).contains("two atoms with the number 7"))
  }

  @Test("atoms that change their number or element are refused with their line")
  func changedAtoms() throws {
    #expect(
      try refusal(xyz(0) + xyz(1, "Mg 0 0 0\n", count: 1))
        == "x.xyz:5: frame 2 has 1 atoms, the first one 2\n"
        + "hint: all frames need the same atoms in the same order")
    #expect(
      try refusal(xyz(0) + xyz(1, "Cl 0 0 0\nMg 1 1 1\n"))
        .hasPrefix("x.xyz:5: atom 1 of frame 2 is Cl, in the first frame it is Mg"))
    #expect(try refusal("1\nno box\nMg 0 0 0\n").contains("no Lattice"))
  }

  @Test(
    "a last frame that is cut off anywhere is left out with a warning",
    arguments: [
      ("x.xyz", xyzText), ("x.dump", dumpText), ("XDATCAR", xdatcarText),
      ("XDATCAR", variableText),
    ])
  func truncation(name: String, text: String) throws {
    let whole = try frames(text, name).frames
    #expect(whole.count == 3)
    #expect(try frames(text, name).warnings.isEmpty)
    // The third frame begins after two thirds of the frames' lines; cut inside it.
    let place = try #require(whole[2].place.split(separator: ":").last.flatMap { Int($0) })
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let start = lines[..<(place - 1)].reduce(0) { $0 + $1.utf8.count + 1 }
    for length in (start + 1)..<text.utf8.count {
      let cut = try frames(String(decoding: text.utf8.prefix(length), as: UTF8.self), name)
      #expect(cut.frames == relocated(Array(whole.prefix(2)), cut.frames), "\(length)")
      #expect(
        cut.warnings.count == 1 && cut.warnings[0].contains("the file ends inside frame 3"),
        "\(length) \(cut.warnings)")
    }
    #expect(try frames(String(text.dropLast(text.utf8.count - start)), name).warnings.isEmpty)
  }

  /// The same frames as if they were read from the other files.
  private func relocated(_ frames: [TrajectoryFrame], _ other: [TrajectoryFrame])
    -> [TrajectoryFrame]
  {
    guard frames.map(\.structure) == other.map(\.structure), frames.map(\.step) == other.map(\.step)
    else { return frames }
    return other
  }

  private static let xyzText = (0..<3).map { frame in
    "2\nLattice=\"4 0 0 0 4 0 0 0 4\" step=\(frame)\nMg 0 0 0\nCl 1 1 1.\(frame)\n"
  }.joined()

  private static let dumpText = (0..<3).map { frame in
    """
    ITEM: TIMESTEP
    \(100 * frame)
    ITEM: NUMBER OF ATOMS
    2
    ITEM: BOX BOUNDS pp pp pp
    0 4
    0 4
    0 4
    ITEM: ATOMS id element x y z
    2 Cl 1 1 1.\(frame)
    1 Mg 0 0 0

    """
  }.joined()

  private static let header = "MgCl\n 2.0\n2 0 0\n0 2 0\n0 0 2\nMg_pv Cl\n1 1\n"

  private static let xdatcarText =
    header
    + (0..<3).map { "Direct configuration=     \($0 + 1)\n0 0 0\n0.25 0.25 0.3\($0)\n" }.joined()

  private static let variableText = (0..<3).map {
    "\(header)Direct configuration=     \($0 + 1)\n0 0 0\n0.25 0.25 0.3\($0)\n"
  }.joined()

  @Test("the four spellings of one trajectory give the same positions")
  func formats() throws {
    let xyz = try frames(TrajectoryTests.xyzText, "x.xyz").frames
    let dump = try frames(TrajectoryTests.dumpText, "any.name").frames
    #expect(dump.map(\.structure.species) == xyz.map(\.structure.species))
    for (one, two) in zip(xyz, dump) {
      for (p, q) in zip(one.structure.positions, two.structure.positions) {
        #expect(length(p.components - q.components) < 1e-12)
      }
    }
    #expect(dump.map(\.step) == [0, 100, 200])
    for text in [TrajectoryTests.xdatcarText, TrajectoryTests.variableText] {
      let vasp = try frames(text, "XDATCAR").frames
      #expect(vasp.map(\.structure.species) == xyz.map(\.structure.species))
      #expect(vasp.map(\.step) == [1, 2, 3])
      #expect(vasp[2].structure.positions[1] == Fractional(0.25, 0.25, 0.32))
      #expect(vasp[0].structure.lattice == xyz[0].structure.lattice)
    }
  }

  @Test("an XDATCAR may change its cell")
  func variableCell() throws {
    let larger =
      TrajectoryTests.variableText + TrajectoryTests.header.replacing("2.0", with: "2.5")
      + "Direct configuration= 4\n0 0 0\n0 0 0.5\n"
    let read = try frames(larger, "XDATCAR").frames
    #expect(read.map { $0.structure.lattice.a.x } == [4, 4, 4, 5])
  }

  /// A triclinic box as LAMMPS writes it: bounds of its bounding box, in every kind of coordinates.
  @Test("wrapped, scaled and unwrapped columns of a triclinic dump agree")
  func triclinicDump() throws {
    let (xy, xz, yz) = (1.5, -0.75, 0.5)
    let lattice = try Lattice(
      a: SIMD3(6, 0, 0), b: SIMD3(xy, 5, 0), c: SIMD3(xz, yz, 4))
    let origin = SIMD3(-1.0, 2.0, 0.5)
    let f = [Fractional(0.25, 0.5, 0.75), Fractional(0.125, 0.875, 0.0625)]
    let images = [SIMD3(1, -2, 0), SIMD3(0, 0, 3)]
    func text(_ columns: String, _ atom: (Int) -> String) -> String {
      """
      ITEM: UNITS
      metal
      ITEM: TIMESTEP
      5
      ITEM: TIME
      0.25
      ITEM: NUMBER OF ATOMS
      2
      ITEM: BOX BOUNDS xy xz yz pp pp ff
      \(origin.x + min(0, xy, xz, xy + xz)) \(origin.x + 6 + max(0, xy, xz, xy + xz)) \(xy)
      \(origin.y + min(0, yz)) \(origin.y + 5 + max(0, yz)) \(xz)
      \(origin.z) \(origin.z + 4) \(yz)
      ITEM: ATOMS \(columns)
      9 2 -1.0 \(atom(1))
      4 1 2.0 \(atom(0))

      """
    }
    func words(_ v: SIMD3<Double>) -> String { "\(v.x) \(v.y) \(v.z)" }
    func shifted(_ n: Int) -> SIMD3<Double> {
      f[n].components + SIMD3(Double(images[n].x), Double(images[n].y), Double(images[n].z))
    }
    func cartesian(_ f: SIMD3<Double>) -> SIMD3<Double> {
      lattice.cartesian(Fractional(f)).components + origin
    }
    let wrapped = [
      text("id type q x y z") { words(cartesian(f[$0].components)) },
      text("id type q xs ys zs") { words(f[$0].components) },
    ]
    let unwrapped = [
      text("id type q xu yu zu") { words(cartesian(shifted($0))) },
      text("id type q xsu ysu zsu") { words(shifted($0)) },
      text("id type q x y z ix iy iz") {
        "\(words(cartesian(f[$0].components))) \(images[$0].x) \(images[$0].y) \(images[$0].z)"
      },
    ]
    for (n, text) in (wrapped + unwrapped).enumerated() {
      let (read, warnings, isUnwrapped) = try frames(text, "dump", types: ["Mg2+", "Cl-"])
      #expect(isUnwrapped == (n >= 2))
      #expect(warnings.count == 1 && warnings[0].contains("boundaries pp pp ff"))
      let frame = read[0]
      #expect(frame.step == 5 && frame.time == 250)
      #expect(frame.structure.species.map(\.description) == ["Mg2+", "Cl-"])
      #expect(frame.structure.charges == [2, -1])
      for (vector, expected) in zip(frame.structure.lattice.vectors, lattice.vectors) {
        #expect(length(vector - expected) < 1e-12)
      }
      for atom in 0..<2 {
        let expected = n < 2 ? f[atom].components : shifted(atom)
        #expect(length(frame.structure.positions[atom].components - expected) < 1e-12)
      }
    }
  }

  @Test("mistakes in a dump are refused with their line and a hint")
  func badDumps() throws {
    let good = TrajectoryTests.dumpText
    #expect(
      try refusal(good.replacing("element", with: "type").replacing("Mg", with: "1"), "x")
        .contains("x:10: found \"Cl\"") == false)
    #expect(
      try refusal(good.replacing("Cl", with: "2").replacing("Mg", with: "1"), "x")
        .hasPrefix("x:10: nothing tells the element of atom type 2"))
    #expect(
      try refusal(good.replacing("Cl", with: "2").replacing("Mg", with: "1"), "x", types: ["Mg"])
        .hasPrefix("x:10: atom type 2, but species of 1 types are given"))
    #expect(
      try refusal(good.replacing("x y z", with: "fx fy fz"), "x").hasPrefix("x:9: no positions"))
    #expect(
      try refusal(good.replacing("ITEM: BOX BOUNDS pp pp pp\n0 4\n0 4\n0 4\n", with: ""), "x")
        .hasPrefix("x:1: frame 1 has no ITEM: BOX BOUNDS"))
    #expect(
      try refusal(good.replacing("id element", with: "mol element"), "x")
        .contains("x:20: no column id"))
    #expect(
      try refusal(good.replacing("1 Mg 0 0 0", with: "1 Mg 0 0"), "x")
        .hasPrefix("x:11: atom line 2 has 4 values, expected 5"))
    #expect(
      try refusal("ITEM: UNITS\nlj\n" + good, "x").hasPrefix("x:2: the units are \"lj\""))
    let mixed = good + dump(step: 300, columns: "id element xu yu zu")
    #expect(try refusal(mixed, "x").hasPrefix("x:42: the columns are not those of the first frame"))
    #expect(
      try refusal("ITEM: ENTRIES c_1\n", "x").hasPrefix("x:1: found \"ITEM: ENTRIES c_1\""))
  }

  private func dump(step: Int, columns: String) -> String {
    "ITEM: TIMESTEP\n\(step)\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n0 4\n0 4\n0 4\n"
      + "ITEM: ATOMS \(columns)\n1 Mg 0 0 0\n2 Cl 1 1 1\n"
  }

  @Test("mistakes in an XDATCAR are refused with their line and a hint")
  func badXDATCAR() throws {
    let good = TrajectoryTests.xdatcarText
    #expect(try refusal(good.replacing("2.0", with: "-8"), "XDATCAR").hasPrefix("XDATCAR:2: found"))
    #expect(
      try refusal(good.replacing("Mg_pv Cl\n", with: ""), "XDATCAR")
        .hasPrefix("XDATCAR:6: found \"1 1\", expected element symbols"))
    #expect(
      try refusal(good.replacing("1 1\n", with: "1 1 1\n"), "XDATCAR")
        .hasPrefix("XDATCAR:7: found 3 numbers of atoms for 2 elements"))
    #expect(
      try refusal(good.replacing("0.25 0.25", with: "0.25 nan"), "XDATCAR")
        .hasPrefix("XDATCAR:10: coordinate \"nan\""))
    #expect(
      try refusal(good.replacing("Direct conf", with: "Some conf"), "XDATCAR").contains(":8: "))
    #expect(try refusal("", "XDATCAR").contains("the file is empty"))
  }

  @Test("times come from the file or the time step; uneven frames are refused")
  func times() throws {
    func interval(_ text: String, timeStep: Double?, name: String = "x.xyz") throws -> (
      Double, [String], used: Int
    ) {
      var times = TrajectoryTimes(timeStep: timeStep)
      var used = 0
      for frame in try frames(text, name).frames where try times.accept(frame) { used += 1 }
      let interval = try times.finish(name)
      return (interval, times.warnings, used)
    }
    let text = (0..<4).map { xyz($0) }.joined()
    #expect(try interval(text, timeStep: nil).0 == 20)
    #expect(try interval(text, timeStep: 2).0 == 20)
    #expect(try interval(text, timeStep: 3).0 == 30)
    // The last frame of a run may come early, and a restart writes a frame again.
    let last = try interval(
      text + xyz(4).replacing("time_fs=80", with: "time_fs=71"), timeStep: nil)
    #expect(last.0 == 20 && last.used == 4)
    #expect(last.1.count == 1 && last.1[0].contains("the last frame is left out"))
    let twice = try interval(xyz(0) + xyz(1) + xyz(1) + xyz(2), timeStep: nil)
    #expect(twice.0 == 20 && twice.used == 3 && twice.1.count == 1)
    for (text, timeStep, message) in [
      (
        xyz(0) + xyz(1) + xyz(3) + xyz(4), nil as Double?, "comes 40.000 fs after the one before it"
      ),
      (xyz(3) + xyz(1), nil, "before the frame ahead of it"),
      (xyz(0), nil, "has 1 frame, expected several"),
      (TrajectoryTests.xyzText, nil, "--timestep 1 [fs]"),
      (TrajectoryTests.xyzText.replacing("step", with: "note"), nil, "--timestep 50 [fs]"),
    ] {
      let error = #expect(throws: InputError.self) { _ = try interval(text, timeStep: timeStep) }
      #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
    #expect(try interval(TrajectoryTests.xyzText, timeStep: 5).0 == 5)
    #expect(
      try interval(TrajectoryTests.xyzText.replacing("step", with: "note"), timeStep: 7).0 == 7)
  }

  @Test("a structure file is a trajectory of its structures")
  func structureFile() throws {
    let structure = try randomStructure(seed: 3)
    let read = try frames(POSCAR.write(structure), "POSCAR").frames
    #expect(read.count == 1 && read[0].structure.count == structure.count)
    #expect(try refusal("hello", "notes.txt").contains("neither the name nor the first lines"))
  }
}
