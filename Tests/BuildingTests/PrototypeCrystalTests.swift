import Building
import Crystal
import Testing

@Suite struct PrototypeCrystalTests {
  /// Rocksalt, Fm-3m.
  private func rocksalt(anion: Fractional = Fractional(0.5, 0.5, 0.5)) throws -> Prototype {
    let (magnesium, oxygen) = (Species("Mg") ?? .vacancy, Species("O") ?? .vacancy)
    return Prototype(
      name: "rocksalt", spaceGroup: "Fm-3m", lattice: try .cubic(4.2112),
      sites: [
        PrototypeSite(
          label: "4a", representative: Fractional(0, 0, 0), multiplicity: 4, siteSymmetry: "m-3m",
          occupant: magnesium, allowed: [magnesium], role: .cation),
        PrototypeSite(
          label: "4b", representative: anion, multiplicity: 4, siteSymmetry: "m-3m",
          occupant: oxygen, allowed: [oxygen], role: .anion),
      ], source: "test")
  }

  @Test func rocksaltIsBuilt() throws {
    let crystal = try PrototypeCrystal(rocksalt())
    #expect(crystal.unitCell.count == 8)
    #expect(crystal.siteTable.map(\.coordinationNumber) == [6, 6])
    #expect(abs((crystal.row(of: "4a")?.shell(of: "4b")?.distance ?? 0) - 2.1056) < 1e-12)
    #expect(crystal.row(of: "4a")?.shell(of: "4a")?.count == 12)
    #expect(crystal.row(of: "4c") == nil)
  }

  @Test("sites that are not those of the prototype are refused")
  func refused() throws {
    // A general point instead of 4b.
    #expect {
      try PrototypeCrystal(rocksalt(anion: Fractional(0.5, 0.5, 0.4)))
    } throws: {
      "\($0)".contains("site 4b has 24 points per cell, expected 4")
    }
    // 4b on top of 4a.
    #expect(throws: InputError.self) { try PrototypeCrystal(rocksalt(anion: Fractional(0, 0, 0))) }
    var wrong = try rocksalt()
    wrong.spaceGroup = "Fd-3m"
    #expect {
      try PrototypeCrystal(wrong)
    } throws: {
      "\($0)".contains("two origin choices")
    }
    wrong.spaceGroup = "F-43m"
    #expect {
      try PrototypeCrystal(wrong)
    } throws: {
      "\($0)".contains("have space group Fm-3m, expected F-43m")
    }
    wrong = try rocksalt()
    wrong.sites[1].label = "4a"
    #expect(throws: InputError.self) { try PrototypeCrystal(wrong) }
    wrong = try rocksalt()
    wrong.sites[0].siteSymmetry = "-43m"
    #expect {
      try PrototypeCrystal(wrong)
    } throws: {
      "\($0)".contains("site symmetry m-3m, expected -43m")
    }
  }

  @Test("nearest shells in a triclinic cell come from all images")
  func obliqueCell() throws {
    let lattice = try Lattice(a: SIMD3(3, 0, 0), b: SIMD3(2.6, 2, 0), c: SIMD3(-1.2, 0.9, 4))
    let species = Species("Mg") ?? .vacancy
    let prototype = Prototype(
      name: "oblique", spaceGroup: "P-1", lattice: lattice,
      sites: [
        PrototypeSite(
          label: "1a", representative: Fractional(0, 0, 0), multiplicity: 1, siteSymmetry: "-1",
          occupant: species, allowed: [species], role: .cation)
      ], source: "test")
    let crystal = try PrototypeCrystal(prototype)
    let shell = try #require(crystal.siteTable.first?.shells.first)
    // The shortest lattice vector is b - a = (-0.4, 2, 0).
    #expect(abs(shell.distance - 4.16.squareRoot()) < 1e-12)
    #expect(shell.count == 2)
  }
}
