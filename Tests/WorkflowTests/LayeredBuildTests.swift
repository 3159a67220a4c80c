import Building
import Crystal
import Foundation
import Testing
import Workflow

@Suite struct LayeredBuildTests {
  private func layered(
    _ change: (inout LayeredBuildSpecification) -> Void
  ) throws -> HostBuild {
    var specification = LayeredBuildSpecification()
    change(&specification)
    return try specification.build()
  }

  // Delmas, Fouassier and Hagenmuller, Physica B+C 99, 81 (1980) for the stackings; the groups follow
  // from the positions of the sites in the International Tables.
  @Test(
    "every stacking has its space group and coordination",
    arguments: [
      (.o3, 166, 6), (.o2, 186, 6), (.p2, 194, 6), (.p3, 160, 6), (.o1, 164, 6), (.t1, 164, 4),
    ] as [(DelmasStacking, Int, Int)])
  func stackings(stacking: DelmasStacking, group: Int, neighbours: Int) throws {
    let build = try layered { $0.stacking = .named(stacking) }
    #expect(build.crystal.spaceGroupNumber == group)
    #expect(build.crystal.siteTable[0].coordinationNumber == neighbours)
    #expect(build.totalCharge == 0)
    // Slabs and spacing can be set; the bond and the distance between slabs come out as given.
    let shaped = try layered {
      ($0.stacking, $0.a, $0.spacing, $0.bond) = (.named(stacking), 2.9, 5.5, 2.0)
    }
    #expect(shaped.crystal.spaceGroupNumber == group)
    let metal = try #require(shaped.crystal.siteTable.first { isMetal($0.label, shaped) })
    #expect(metal.coordinationNumber == 6)
    for shell in metal.coordination { #expect(abs(shell.distance - 2) < 1e-6) }
    let slabs: Double = [166: 3.0, 186: 2, 194: 2, 160: 3, 164: 1][group] ?? 0
    #expect(abs((shaped.definition.lattice["c"] ?? 0) - 5.5 * slabs) < 1e-12)
  }

  private func isMetal(_ label: String, _ build: HostBuild) -> Bool {
    build.crystal.prototype.sites.first { $0.label == label }?.occupant.element.symbol == "Co"
  }

  @Test(
    "octahedral ions sit midway between the slabs, tetrahedral ones in the middle of four anions")
  func ionSites() throws {
    let o3 = try layered { ($0.a, $0.spacing, $0.bond) = (2.9, 5.5, 2.0) }
    let height = (4 - 2.9 * 2.9 / 3).squareRoot()
    // Half the gap between the anions of two slabs.
    let expected = hypot(2.9 / 3.0.squareRoot(), 5.5 / 2 - height)
    #expect(abs((o3.crystal.row(of: "3a")?.shell(of: "6c")?.distance ?? 0) - expected) < 1e-6)
    let t1 = try layered { ($0.stacking, $0.a, $0.spacing, $0.bond) = (.named(.t1), 2.9, 5.2, 2.0) }
    let tetrahedron = try #require(t1.crystal.row(of: "2d_A")?.coordination.first)
    #expect(tetrahedron.count == 4)
    #expect((t1.crystal.row(of: "2d_A")?.shell(of: "2d_X")?.count ?? 0) == 4)
  }

  @Test("content and composition of layered hosts are exact")
  func contents() throws {
    let half = try layered { ($0.content, $0.filling.supercell) = ("0.5", "2x2x1") }
    #expect("\(half.formula)" == "Li6Co12O24" && half.totalCharge == 0)
    #expect(half.host.species.contains { $0.description == "Co3.5+" })
    let full = try layered { ($0.stacking, $0.host, $0.content) = (.named(.t1), "NiO2", "2") }
    #expect("\(full.formula)" == "Li2NiO2")
    let empty = try layered { $0.content = "0" }
    #expect("\(empty.formula)" == "Co3O6")
    let magnesium = try layered {
      ($0.stacking, $0.host, $0.ion, $0.content) = (.named(.o1), "TiS2", "Mg", "1/4")
      $0.filling.supercell = "2x2x1"
    }
    #expect("\(magnesium.formula)" == "MgTi4S8")
    let nickel = try layered {
      ($0.host, $0.filling.supercell) = ("Ni1/3Mn1/3Co1/3O2", "3x1x1")
      $0.oxidation = ["Ni": 2, "Mn": 4]
    }
    #expect("\(nickel.formula)" == "Li9Mn3Co3Ni3O18" || "\(nickel.formula)" == "Li9Ni3Mn3Co3O18")
    #expect(nickel.host.species.contains { $0.description == "Co3+" })
  }

  @Test("ions on prisms fill one kind of prism; the other is open to them in the problem")
  func prisms() throws {
    let build = try layered {
      ($0.stacking, $0.ion, $0.content) = (.named(.p2), "Na", "2/3")
      $0.filling.supercell = "3x1x1"
    }
    #expect("\(build.formula)" == "Na4Co6O12")
    let occupied = zip(build.host.labels ?? [], build.host.species).filter {
      $0.1.element.symbol == "Na"
    }
    #expect(occupied.allSatisfy { $0.0 == "2d" })
    let text = try #require(build.problemText)
    #expect(text.contains("{label: 2b, frac: [0.0, 0.0, 0.25], allowed: [Na, Va]}"))
  }

  @Test(
    "layered hosts that cannot be built are refused",
    arguments: [
      ("host", "LiCoO2", "more than one metal"), ("host", "Co", "no anion"),
      ("host", "O2", "no metal"), ("ion", "O", "no ion"), ("ion", "Va", "no ion"),
      ("content", "1.5", "expected 0 to 1"), ("content", "x", "expected 0 to 1"),
      ("content", "-1", "expected 0 to 1"), ("content", "0.4", "no whole numbers"),
    ])
  func refused(key: String, value: String, message: String) {
    #expect {
      try layered {
        switch key {
        case "host": $0.host = value
        case "ion": $0.ion = value
        default: $0.content = value
        }
      }
    } throws: {
      "\($0)".contains(message)
    }
  }

  @Test("slabs must not touch or be flat")
  func lengths() {
    #expect(throws: InputError.self) { try layered { $0.spacing = 2 } }
    #expect(throws: InputError.self) { try layered { $0.bond = 1.5 } }
    #expect(throws: InputError.self) { try layered { $0.a = 0.2 } }
    #expect(throws: InputError.self) { try layered { $0.bond = .nan } }
  }
}
