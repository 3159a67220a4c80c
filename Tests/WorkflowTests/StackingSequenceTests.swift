import Building
import Crystal
import Foundation
import Symmetry
import Testing

@testable import Workflow

/// Layered hosts by the letters of their anion layers.
@Suite struct StackingSequenceTests {
  private func build(
    _ stacking: LayeredStacking, _ change: (inout LayeredBuildSpecification) -> Void = { _ in }
  ) throws -> HostBuild {
    var specification = LayeredBuildSpecification()
    specification.stacking = stacking
    change(&specification)
    return try specification.build()
  }

  private func build(_ text: String) throws -> HostBuild {
    try build(LayeredStacking(parsing: text))
  }

  /// Sorted distances between the atoms of each pair of elements up to 6 Å, per slab.
  private func distances(_ build: HostBuild) -> [String: [Double]] {
    let atoms = build.host.withoutVacancies()
    let images = atoms.lattice.latticePoints(within: 6 + atoms.lattice.lengths.sum() / 2)
    let slabs = Double(atoms.species.count { $0.element.symbol == "Co" })
    var found: [String: [Double]] = [:]
    for (i, p) in atoms.positions.enumerated() {
      for (j, q) in atoms.positions.enumerated() {
        let step = (q.components - p.components)
        let near = step - step.rounded(.toNearestOrEven)
        for image in images {
          let shift = SIMD3(Double(image.x), Double(image.y), Double(image.z))
          let d = length(atoms.lattice.cartesian(Fractional(near + shift)).components)
          guard d > 1e-3, d < 6 else { continue }
          found["\(atoms.species[i].element)-\(atoms.species[j].element)", default: []].append(d)
        }
      }
    }
    return found.mapValues { $0.sorted() + [Double($0.count) / slabs] }
  }

  @Test(
    "the letters of a simple stacking give the crystal of its structure type",
    arguments: [
      ("AB CA BC", "O3"), ("AB CB", "O2"), ("AB BA", "P2"), ("AB BC CA", "P3"), ("AB", "O1"),
    ])
  func twins(letters: String, name: String) throws {
    let named = try LayeredStacking(parsing: name)
    #expect(try LayeredStacking(parsing: letters) == named)
    #expect(try LayeredStacking(parsing: letters.lowercased()) == named)
    // Other letters, the other sense, and two periods.
    let turned = String(letters.map { ["A": "C", "C": "A"][$0] ?? $0 })
    #expect(try LayeredStacking(parsing: turned) == named)
    #expect(try LayeredStacking(parsing: "\(letters) \(letters)") == named)
    #expect(try LayeredStacking(parsing: "\(name)x2") == named)
    // Built from the letters, not from the file of the structure type.
    let sequence = LayeredStacking.sequence(try StackingSequence(layers: letters))
    let (built, type) = (try build(sequence), try build(named))
    #expect(built.crystal.spaceGroupNumber == type.crystal.spaceGroupNumber)
    #expect(built.crystal.unitCell.count == type.crystal.unitCell.count)
    let (found, expected) = (distances(built), distances(type))
    #expect(found.keys.sorted() == expected.keys.sorted())
    for (pair, values) in expected {
      let others = found[pair] ?? []
      #expect(values.count == others.count, "\(pair)")
      #expect(zip(values, others).allSatisfy { abs($0 - $1) < 1e-6 }, "\(pair)")
    }
  }

  // OP4 and O4: Berthelot et al. 2009, hexagonal with four slabs. O6: six slabs, two kinds of MX6 (Carlier
  // et al. 2002). H1-3: R-3m, six slabs, one kind (Van der Ven et al. 1998). The groups follow from mirrors
  // in prismatic gaps and inversion centres in octahedral ones.
  @Test(
    "longer stackings have their slabs, groups and sites",
    arguments: [
      ("OP4", "AB BA CB BC", 194, 4, ["2a_oct", "2c_edge", "2d_face", "4f_M"]),
      ("O4", "AB CB AC BC", 186, 4, ["2a_oct1", "2b_oct2"]),
      ("O6", "AB CB CA BA BC AC", 166, 6, ["6c_oct", "3b_M1", "3a_M2"]),
      ("H1-3", "AB CA CA BC BC AB", 166, 6, ["6c_M"]),
    ] as [(String, String, Int, Int, [String])])
  func longer(name: String, letters: String, group: Int, slabs: Int, labels: [String]) throws {
    let stacking = try LayeredStacking(parsing: name)
    #expect(stacking.description == letters)
    let built = try build(stacking)
    #expect(built.crystal.spaceGroupNumber == group)
    let sites = built.crystal.siteTable
    #expect(Set(labels).isSubset(of: Set(sites.map(\.label))))
    try expectSound(built, slabs: slabs)
  }

  /// What holds for every stacking: six anions around every metal and ion, all at the distances of the
  /// slab and of the gap, and as many ions and metals as slabs.
  private func expectSound(_ built: HostBuild, slabs: Int) throws {
    let cell = built.crystal
    let number = slabs == 1 ? "" : "\(slabs)"
    #expect("\(built.formula)" == "Li\(number)Co\(number)O\(2 * slabs)")
    for row in cell.siteTable where !row.label.contains("_X") {
      #expect(row.coordinationNumber == 6, "\(row.label)")
    }
    let metals = cell.siteTable.filter { $0.label.contains("_M") }
    #expect(metals.reduce(0) { $0 + $1.multiplicity } == slabs)
    #expect(built.totalCharge == 0)
  }

  @Test("any sequence is sound, and gaps in turn are the same as letters")
  func random() throws {
    var stream = RandomStream(seed: 11, purpose: "stackings")
    for _ in 0..<30 {
      let count = 2 + stream.integer(below: 5)
      let letters = (0..<count).map { _ in
        let lower = stream.integer(below: 3)
        let upper = (lower + 1 + stream.integer(below: 2)) % 3
        return "\(StackingSequence.letter(lower))\(StackingSequence.letter(upper))"
      }.joined(separator: " ")
      let sequence = try StackingSequence(layers: letters)
      #expect(sequence.description == letters)
      let built = try build(.sequence(sequence)) { ($0.a, $0.spacing, $0.bond) = (2.9, 5.5, 2.0) }
      // Periods that repeat within the letters, and centrings, make the cell smaller.
      let slabs = built.crystal.siteTable.filter { $0.label.contains("_M") }
        .reduce(0) { $0 + $1.multiplicity }
      #expect(abs((built.definition.lattice["c"] ?? 0) - 5.5 * Double(slabs)) < 1e-6, "\(letters)")
      try expectSound(built, slabs: slabs)
      for row in built.crystal.siteTable where row.label.contains("_M") {
        for shell in row.coordination { #expect(abs(shell.distance - 2) < 1e-6, "\(letters)") }
      }
      // In the middle of its gap an ion has six equal bonds.
      let half = 5.5 / 2 - (4 - 2.9 * 2.9 / 3).squareRoot()
      for row in built.crystal.siteTable
      where !row.label.contains("_M") && !row.label.contains("_X") {
        for shell in row.coordination {
          #expect(abs(shell.distance - hypot(2.9 / 3.0.squareRoot(), half)) < 1e-6, "\(letters)")
        }
      }
    }
    for (gaps, letters) in [
      ("P2+O3", "AB BA CB BC"), ("o3 x2 + P3", "AB CA BC CA BC AB BC AB CA"), ("O1x2", "AB"),
    ] {
      #expect(try LayeredStacking(parsing: gaps) == LayeredStacking(parsing: letters), "\(gaps)")
    }
  }

  @Test("one kind of prism is filled in each gap, the other is open to the ions in the problem")
  func prisms() throws {
    let built = try build(LayeredStacking(parsing: "OP4")) {
      ($0.ion, $0.content, $0.filling.supercell) = ("Na", "1/2", "2x2x1")
    }
    let filled = Set(
      zip(built.host.labels ?? [], built.host.species).filter { $0.1.element.symbol == "Na" }
        .map(\.0))
    #expect(filled.count == 2 && filled.contains("2a_oct"))
    #expect(filled.contains { $0.hasSuffix("_edge") })
    let face = try #require(built.crystal.siteTable.first { $0.label.hasSuffix("_face") })
    let edge = try #require(built.crystal.siteTable.first { $0.label.hasSuffix("_edge") })
    // A prism that shares faces has a metal right above and below; the kinds are a/√3 apart.
    let metal = try #require(built.crystal.siteTable.first { $0.label.hasSuffix("_M") }).label
    #expect((face.shell(of: metal)?.count ?? 0) == 2 && (edge.shell(of: metal)?.count ?? 0) == 6)
    let a = built.definition.lattice["a"] ?? 0
    #expect(abs((face.shell(of: edge.label)?.distance ?? 0) - a / 3.0.squareRoot()) < 1e-6)
    #expect(built.problemText?.contains("label: \(face.label)") ?? false)
    #expect(built.notes.contains { $0.contains("\(face.label) is open to them") })
  }

  @Test(
    "sequences that are none are refused with what to do",
    arguments: [
      ("AB C", "\"C\" has 1 anion layers, expected two"), ("ABC ABC", "has 3 anion layers"),
      ("AB BB", "slab 2 is BB: its anions would lie one above the other"),
      ("AB AD", "D is none of the anion layers A, B, C"), ("", "0 slabs, expected 1 to 120"),
      ("O7", "there is no stacking \"O7\"\nhint: known are O3, O2, P2, P3, O1, T1, OP4"),
      ("O3+T1", "there is no gap \"T1\""), ("O3x0+P3", "does not repeat O3 1 to 20 times"),
      ("O3xx+P3", "does not repeat"), ("O3x20+P3x20", "40 gaps, expected at most 20"),
      ("O3+", "there is no gap \"\""),
    ])
  func refused(text: String, message: String) {
    #expect {
      try LayeredStacking(parsing: text)
    } throws: {
      let isSaid = "\($0)".hasPrefix("stacking: ") && "\($0)".contains(message)
      if !isSaid { print($0) }
      return isSaid
    }
  }

  @Test("a stacking is kept in the manifest as it can be given again")
  func codable() throws {
    for text in ["O3", "OP4", "O2+O3", "AB CA AB CB"] {
      let stacking = try LayeredStacking(parsing: text)
      let data = try JSONEncoder().encode([stacking])
      #expect(try JSONDecoder().decode([LayeredStacking].self, from: data) == [stacking])
      #expect(try LayeredStacking(parsing: stacking.description) == stacking)
    }
  }
}
