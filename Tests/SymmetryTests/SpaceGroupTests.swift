import Crystal
import Symmetry
import Testing

@Suite struct SpaceGroupTests {
  @Test(
    "symbols as users write them",
    arguments: [
      ("Fd-3m:2", 526), ("F d -3 m:2", 526), ("F d -3 m :1", 525), ("Fd-3m Z", 526),
      ("fd-3m:2", 526),
      ("F d -3 m S", 525), ("227:2", 526), ("Fm-3m", 523), ("F m -3 m", 523), ("225", 523),
      ("P6_3/mmc", 488), ("P63/mmc", 488), ("P 63/m m c", 488), ("R-3m", 458), ("R-3m:H", 458),
      ("R -3 m H", 458), ("R-3m:R", 459), ("R-3m:r", 459), ("166", 458), ("C2/m", 63),
      ("C 1 2/m 1", 63),
      ("P21/c", 81), ("P2_1/c", 81), ("P21/n", 82), ("P 1 21/n 1", 82), ("P 1 1 21/b", 86),
      ("14:c1", 84), ("Pnma", 292), ("Pbnm", 294), ("Cmcm", 298), ("Cmce", 304), ("Cmca", 304),
      ("P4_2/mnm", 419), ("I41/amd:2", 427), ("Pnnn:1", 228), ("Pncb:2", 236), ("P1", 1), ("1", 1),
      ("P-1", 2), ("Ia-3d", 530), ("230", 530), ("P4/nmm:2", 409), ("Ccca:2", 323),
    ])
  func lookup(text: String, hallNumber: Int) throws {
    #expect(try SpaceGroup(text).hallNumber == hallNumber)
  }

  @Test(
    "two origins without a choice are an error that names both",
    arguments: ["Fd-3m", "227", "I41/amd", "Pn-3m", "P4/nmm"])
  func originNeeded(text: String) throws {
    #expect {
      try SpaceGroup(text)
    } throws: { error in
      let text = "\(error)"
      return text.contains("two origin choices") && text.contains(":1") && text.contains(":2")
    }
    #expect(try SpaceGroup(text, originChoice: 1).choice == "1")
    #expect(try SpaceGroup(text, originChoice: 2).choice == "2")
  }

  @Test(
    "wrong symbols are errors with a hint",
    arguments: [
      ("Fd3m", "did you mean Fd-3m?"), ("P63/mmx", "did you mean P63/mmc?"), ("0", "1 to 230"),
      ("231", "1 to 230"), ("-1", "1 to 230"), ("", "write a symbol"), (":2", "write a symbol"),
      ("Fd-3m:3", "Fd-3m:1, Fd-3m:2"), ("Fm-3m:2", "one setting"), ("R-3m:X", "R-3m:H, R-3m:R"),
      ("Zn", "hint"), ("🙂", "hint"), ("227:1:2", "Fd-3m:1"),
    ])
  func wrong(text: String, expected: String) {
    #expect {
      try SpaceGroup(text)
    } throws: { error in
      error is InputError && "\(error)".contains(expected)
    }
  }

  @Test func contradiction() throws {
    #expect(throws: InputError.self) { try SpaceGroup("Fd-3m:1", originChoice: 2) }
    #expect(throws: InputError.self) { try SpaceGroup("Fd-3m", originChoice: 3) }
    #expect(throws: InputError.self) { try SpaceGroup("Fm-3m", originChoice: 2) }
    #expect(try SpaceGroup("Fm-3m", originChoice: 1).number == 225)
    #expect(try SpaceGroup("Fd-3m:2", originChoice: 2).hallNumber == 526)
  }

  @Test("every group is found by its number, and its setting by symbol and choice")
  func allGroups() throws {
    for number in 1...230 {
      let group =
        try (try? SpaceGroup(number: number)) ?? SpaceGroup(number: number, originChoice: 2)
      #expect(group.number == number)
      #expect(
        [1, 2, 3, 4, 6, 8, 9, 12, 16, 18, 24, 32, 36, 48, 64, 96, 192].contains(
          group.operations.count)
      )
      #expect(group.operations.contains(.identity))
      let again = try SpaceGroup(group.description)
      #expect(again.hallNumber == group.hallNumber)
    }
    #expect(try SpaceGroup("Fd-3m:2").operations.count == 192)
    #expect(try SpaceGroup("Fd-3m:2").description == "Fd-3m:2")
    #expect(try SpaceGroup("Fm-3m").pointGroup == "m-3m")
  }

  // Multiplicities: International Tables for Crystallography A, Fd-3m, origin choice 2.
  @Test(
    "orbits have the multiplicities of the International Tables",
    arguments: [
      (Fractional(0.125, 0.125, 0.125), 8), (Fractional(0.375, 0.375, 0.375), 8),
      (Fractional(0, 0, 0), 16), (Fractional(0.5, 0.5, 0.5), 16),
      (Fractional(0.2625, 0.2625, 0.2625), 32), (Fractional(0.375, 0.125, 0.125), 48),
      (Fractional(0.05, 0.05, 0.3), 96), (Fractional(0, 0.1, 0.9), 96),
      (Fractional(0.05, 0.11, 0.31), 192),
    ])
  func multiplicities(point: Fractional, multiplicity: Int) throws {
    let group = try SpaceGroup("Fd-3m:2")
    let orbit = group.orbit(of: point)
    #expect(orbit.count == multiplicity)
    #expect(orbit.allSatisfy { f in (0..<3).allSatisfy { (0..<1).contains(f.components[$0]) } })
    // The orbit does not depend on the point of it that is given, nor on its image.
    let other = group.orbit(of: Fractional(orbit[multiplicity / 2].components + SIMD3(3, -2, 1)))
    for (p, q) in zip(orbit, other) {
      let step = p.components - q.components
      #expect(dot(step, step) < 1e-24)
    }
  }

  @Test("a rounded third becomes a third")
  func symmetrised() throws {
    let group = try SpaceGroup("P6_3/mmc")
    let orbit = group.orbit(of: Fractional(0.3333, 0.6667, 0.25))
    #expect(orbit.count == 2)
    #expect(abs(orbit[0].components.x - 1.0 / 3) < 1e-14)
    #expect(abs(orbit[0].components.y - 2.0 / 3) < 1e-14)
    // A point that is off a mirror plane by more than the tolerance stays there.
    #expect(group.orbit(of: Fractional(0.3333, 0.6667, 0.26)).count == 4)
  }
}
