import Building
import Crystal
import Foundation
import StructureIO
import Testing

/// Figures of the commands that build and change structures.
@Suite struct EditingCommandTests {
  /// Writes `host.extxyz`, a spinel ZnMn2O4 with every site.
  private func writeSpinel(_ cellgen: Program) throws -> Structure {
    let spinel = try spinelWithStates()
    try StructureFile.write(spinel, to: cellgen.path("host.extxyz"))
    return spinel
  }

  private func json(_ cellgen: Program, _ line: String) throws -> [String: Any] {
    let result = try cellgen.run(line.split(separator: " ").map(String.init) + ["--json"])
    #expect(result.status == 0, "\(line): \(result.errors)")
    return try result.json
  }

  private func charge(_ structure: Structure) -> Double {
    structure.species.reduce(0) { $0 + ($1.oxidationState ?? .nan) }
  }

  @Test("supercells have det S cells, primitive and conventional ones lead to each other")
  func supercell() throws {
    try Program.inFolder { cellgen in
      let host = try writeSpinel(cellgen)
      let tilted = try json(cellgen, "supercell host.extxyz 1,1,0,-1,1,0,0,0,2 --out tilted.extxyz")
      #expect(tilted["sites"] as? Int == 4 * host.count)
      #expect(tilted["supercell"] as? String == "1 1 0  -1 1 0  0 0 2")
      let primitive = try json(
        cellgen, "supercell tilted.extxyz --primitive --out primitive.extxyz")
      #expect(primitive["sites"] as? Int == host.count / 4)
      let back = try json(cellgen, "supercell primitive.extxyz --conventional --out back.extxyz")
      #expect(back["formula"] as? String == "\(host.composition)")
      let round = try json(cellgen, "supercell primitive.extxyz --min-image 8 --out round.extxyz")
      #expect((round["notes"] as? [String])?.contains { $0.contains("cells") } ?? false)
    }
  }

  @Test("a strain changes the lattice, a rattle the positions, by what is asked for")
  func deformation() throws {
    try Program.inFolder { cellgen in
      let host = try writeSpinel(cellgen)
      let edge = host.lattice.lengths.x
      let strained = try json(cellgen, "strain host.extxyz --components 0.01,0,-0.02,0,0,0.005")
      let lattice = try #require(strained["lattice_A"] as? [[Double]])
      let expected = [[1.01, 0.005, 0], [0.005, 1, 0], [0, 0, 0.98]]
      for (row, other) in zip(lattice, expected) {
        for (value, factor) in zip(row, other) { #expect(abs(value - factor * edge) < 1e-9) }
      }
      #expect(
        try json(cellgen, "rattle host.extxyz --deviation 0.05 --seed 4")["seed"] as? Int == 4)
      let rattled = try cellgen.structure("rattle.extxyz")
      let squares = host.positions.indices.map { index in
        let distance = host.lattice.distance(host.positions[index], rattled.positions[index])
        return distance * distance
      }
      // 216 components: their variance is known to 10 %.
      let variance = squares.reduce(0, +) / Double(3 * host.count)
      #expect(abs(variance / 0.0025 - 1) < 0.4)
      // The same seed gives the same bytes, another one others.
      _ = try json(cellgen, "rattle host.extxyz --deviation 0.05 --seed 4 --out same.extxyz")
      _ = try json(cellgen, "rattle host.extxyz --deviation 0.05 --seed 5 --out other.extxyz")
      #expect(try cellgen.read("same.extxyz") == cellgen.read("rattle.extxyz"))
      #expect(try cellgen.read("other.extxyz") != cellgen.read("rattle.extxyz"))
    }
  }

  @Test("a substitution replaces so many atoms on the sites with a label, and names them")
  func substitution() throws {
    try Program.inFolder { cellgen in
      let host = try writeSpinel(cellgen)
      let answer = try json(
        cellgen, "substitute host.extxyz --from Mn3+ --to Al3+ --label 16d --fraction 0.3 --seed 1")
      let replaced = try #require(answer["replaced"] as? [Int])
      #expect(replaced.count == 5)
      #expect((answer["notes"] as? [String])?.contains { $0.contains("= 4.800 → 5") } ?? false)
      let result = try cellgen.structure("substitute.extxyz")
      for index in host.species.indices {
        let isReplaced = replaced.contains(index + 1)
        #expect(result.species[index] == (isReplaced ? Species("Al3+") : host.species[index]))
        #expect(!isReplaced || host.labels?[index] == "16d")
      }
      let empty = try json(cellgen, "vacancies host.extxyz --of O --count 3 --seed 1 --out va.cif")
      #expect(empty["atoms"] as? Int == 53 && empty["sites"] as? Int == 72)
      // The CIF has no empty sites, and says so.
      #expect(
        (empty["notes"] as? [String])?.contains("va.cif: 19 vacancies are left out") ?? false)
    }
  }

  @Test("an exchange keeps the charge, and the ranked one is the lowest")
  func exchange() throws {
    try Program.inFolder { cellgen in
      let build = try cellgen("rocksalt", "--composition", "Li2TiO3", "--supercell", "3x1x1")
      #expect(build.status == 0)
      let host = try cellgen.structure("rocksalt/host.extxyz")
      let call = "exchange rocksalt/host.extxyz --from Li --to Mg --fraction 0.5"
      let ranked = try json(cellgen, "\(call) --method rank --threads 1 --out ranked.extxyz")
      #expect(ranked["counts"] as? [String: Int] == ["Li": 4, "Mg": 2, "Va": 2])
      let lowest = try #require(ranked["energy_eV"] as? Double)
      let again = try cellgen.run(
        call.split(separator: " ").map(String.init)
          + ["--method", "rank", "--threads", "2", "--out", "again.extxyz"])
      #expect(again.errors.contains("proved lowest of"))
      #expect(try cellgen.read("again.extxyz") == cellgen.read("ranked.extxyz"))
      for seed in 1...4 {
        _ = try json(cellgen, "\(call) --seed \(seed) --out \(seed).extxyz")
        let random = try cellgen.structure("\(seed).extxyz")
        #expect(charge(random) == charge(host))
        let energy = try json(cellgen, "energy \(seed).extxyz")
        #expect(try #require(energy["energy_eV"] as? Double) > lowest - 1e-6)
      }
    }
  }

  @Test("the charge that rounding left in a host is kept, and said")
  func chargedHost() throws {
    try Program.inFolder { cellgen in
      // 16 cations: 10.67 Li+, 1.78 Ti4+ and 3.56 Mo4+ are rounded to a charge of −1 e.
      let build = try cellgen(
        "rocksalt", "--composition", "Li2Ti1/3Mo2/3O3", "--supercell", "2x2x1", "--seed", "1")
      #expect(build.status == 0)
      let host = try cellgen.structure("rocksalt/host.extxyz")
      let left = charge(host)
      #expect(left == -1)
      let answer = try json(
        cellgen,
        "exchange rocksalt/host.extxyz --from Li --to Mg --fraction 0.5 --round --method rank "
          + "--seed 1")
      #expect(
        (answer["notes"] as? [String])?.contains { $0.contains("compensated by a uniform") }
          ?? false)
      #expect(charge(try cellgen.structure("exchange.extxyz")) == left)
    }
  }

  @Test("slabs, interfaces, particles and packings have the figures that were asked for")
  func building() throws {
    try Program.inFolder { cellgen in
      _ = try writeSpinel(cellgen)
      let slab = try json(
        cellgen, "slab host.extxyz --plane 1,1,1 --thickness 12 --out above.extxyz")
      #expect(slab["stoichiometric"] as? Bool == true && slab["tasker_type"] as? Int == 3)
      #expect(try #require(slab["thickness_A"] as? Double) >= 12)
      #expect(abs(try #require(slab["charge_e"] as? Double)) < 1e-9)
      #expect((slab["terminations"] as? [Any])?.count == 6)
      _ = try json(cellgen, "slab host.extxyz --plane 1,0,0 --out below.extxyz")
      let interface = try json(cellgen, "interface below.extxyz above.extxyz --strain 0.03")
      let matches = try #require(interface["matches"] as? [[String: Any]])
      #expect(!matches.isEmpty)
      #expect(matches.allSatisfy { ($0["mean_strain"] as? Double ?? 1) < 0.03 })
      #expect(matches.first?["area_A2"] as? Double == interface["area_A2"] as? Double)

      let particles = try json(cellgen, "particles host.extxyz --units 10 --seed 2")
      let cubes = try #require(particles["particles"] as? [[String: Any]])
      #expect(cubes.count == 8 && cubes.allSatisfy { $0["formula_units"] as? Int == 10 })
      #expect(particles["formula"] as? String == "Mn160Zn80O320")
      #expect(abs(try #require(particles["charge_e"] as? Double)) < 1e-9)
      #expect(particles["overlaps"] as? Int == 0)

      let pack = try json(cellgen, "pack MgO --units 40 --density 2.5 --seed 2")
      let packed = try cellgen.structure("pack.extxyz")
      #expect("\(packed.composition)" == "Mg40O40")
      #expect(abs(try #require(pack["density_g_cm3"] as? Double) - 2.5) < 1e-9)
      let least = try #require(pack["least_distances_A"] as? [String: Double])
      for i in 0..<packed.count {
        for j in 0..<i {
          let pair = [packed.species[i], packed.species[j]].sorted { $0 > $1 }
          let name = pair.map(\.element.symbol).joined(separator: "-")
          let distance = packed.lattice.distance(packed.positions[i], packed.positions[j])
          #expect(distance > (try #require(least[name])) - 1e-6, "\(name)")
        }
      }
    }
  }
}
