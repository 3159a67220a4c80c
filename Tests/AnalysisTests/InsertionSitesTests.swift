import Analysis
import Building
import CellgenTestSupport
import Crystal
import Foundation
import StructureIO
import Symmetry
import Testing

/// Sites of a structure that are within a distance of a point.
private func count(_ points: [Fractional], near point: Fractional, in lattice: Lattice) -> Int {
  points.count { lattice.distance($0, point) < 0.02 }
}

@Suite struct InsertionSitesTests {
  /// Anions of the spinel alone, or with Mn on 16d, and the positions with a label.
  private func spinel(keeping labels: Set<String>) throws -> (Structure, Structure) {
    var specification = SpinelSpecification()
    specification.extraSites = ["8b", "48f"]
    let cell = try Spinel(specification).unitCell
    let all = try #require(cell.labels)
    return (cell.selecting(all.indices.filter { labels.contains(all[$0]) }), cell)
  }

  @Test("the anions of a spinel leave 8a, 8b, 16c, 16d and 48f")
  func spinelAnions() throws {
    let (host, whole) = try spinel(keeping: ["32e"])
    // The least void, 8b, has a radius of 1.66 Å; edges of the tetrahedra have 1.5 Å.
    let sites = try InsertionSites(host, InsertionSpecification(minimumDistance: 1.62))
    let found = Array(sites.structure.positions.dropFirst(sites.hostCount))
    for (label, position) in zip(whole.labels ?? [], whole.positions) where label != "32e" {
      if label == "48f" {
        // x is free; the void lies on the twofold axis, near 3/8.
        #expect(found.contains { host.lattice.distance($0, position) < 0.5 }, "\(label)")
      } else {
        #expect(count(found, near: position, in: host.lattice) == 1, "\(label)")
      }
    }
    // The widest are the octahedra, then the tetrahedra on 8a.
    #expect(sites.kinds.prefix(3).map(\.multiplicity) == [16, 16, 8])
  }

  @Test("Mg fits 8a and 16c of a spinel without ions on 8a")
  func magnesiumInSpinel() throws {
    let (host, whole) = try spinel(keeping: ["16d", "32e"])
    let sites = try InsertionSites(host, InsertionSpecification(ion: "Mg2+"))
    let found = Array(sites.structure.positions.dropFirst(sites.hostCount))
    for (label, position) in zip(whole.labels ?? [], whole.positions)
    where label == "8a" || label == "16c" {
      #expect(count(found, near: position, in: host.lattice) == 1, "\(label)")
    }
    let multiplicities = Set(sites.kinds.map(\.multiplicity))
    #expect(multiplicities.isSuperset(of: [8, 16]))
  }

  @Test("an fcc metal has octahedral voids on 4b and tetrahedral ones on 8c")
  func faceCentredCubic() throws {
    let copper = try #require(Element(symbol: "Cu"))
    let corners = [(0, 0, 0), (0, 0.5, 0.5), (0.5, 0, 0.5), (0.5, 0.5, 0)]
    let host = Structure(
      lattice: try .cubic(3.615), species: corners.map { _ in Species(copper) },
      positions: corners.map { Fractional($0.0, $0.1, $0.2) })
    let sites = try InsertionSites(host, InsertionSpecification(minimumDistance: 1.4))
    #expect(sites.kinds.map(\.multiplicity) == [4, 8])
    #expect(sites.kinds.map(\.label) == ["i1", "i2"])
    let found = Array(sites.structure.positions.dropFirst(4))
    #expect(count(found, near: Fractional(0.5, 0.5, 0.5), in: host.lattice) == 1)
    #expect(count(found, near: Fractional(0.25, 0.25, 0.75), in: host.lattice) == 1)
    #expect(
      sites.structure.labels == ["Cu", "Cu", "Cu", "Cu"]
        + sites.kinds.flatMap { kind in
          Array(repeating: kind.label, count: kind.multiplicity)
        })
  }

  @Test("every operation of the host maps sites of a kind onto sites of that kind")
  func completeOrbits() throws {
    let (host, _) = try spinel(keeping: ["16d", "32e"])
    let sites = try InsertionSites(
      host, InsertionSpecification(minimumDistance: 1.3, cationDistance: 1.5))
    let operations = try SymmetryDataset(host).operations
    let labels = try #require(sites.structure.labels)
    for site in sites.hostCount..<sites.structure.count {
      for operation in operations {
        let image = operation.image(of: sites.structure.positions[site])
        let match = (sites.hostCount..<sites.structure.count).first {
          labels[$0] == labels[site]
            && host.lattice.distance(sites.structure.positions[$0], image) < 0.02
        }
        #expect(match != nil, "\(labels[site]) \(operation.triplet)")
        if match == nil { return }
      }
    }
  }

  @Test("a shifted host in another cell has the same sites", arguments: [1, 2] as [UInt64])
  func shiftInvariance(seed: UInt64) throws {
    let (host, _) = try spinel(keeping: ["16d", "32e"])
    let specification = InsertionSpecification(ion: "Mg2+")
    let reference = try InsertionSites(host, specification)
    var stream = RandomStream(seed: seed, purpose: "shift")
    let step = SIMD3(stream.uniform(), stream.uniform(), stream.uniform())
    var moved = host
    for site in host.species.indices {
      moved.setPosition(Fractional(host.positions[site].components + step), at: site)
    }
    let cell = try CellChoice.primitive(moved)
    let found = try InsertionSites(cell, specification)
    #expect(found.kinds.map { 4 * $0.multiplicity } == reference.kinds.map(\.multiplicity))
    for (a, b) in zip(found.kinds, reference.kinds) {
      #expect((a.penalty - b.penalty).magnitude < 1e-3)
    }
  }

  // Cells of MgV2O5 glass by molecular dynamics, see Data/SOURCES.md. Found within 0.5 Å: 11 of 12 at
  // 900 K (96 sites; the last one at 0.58 Å) and 12 of 12 at 1200 K (109 sites), 96 % in all.
  @Test(
    "nine of ten Mg are found again within 0.5 Å in a glass",
    arguments: ["CONTCAR_900K", "POSCAR_1200K"])
  func glass(file: String) throws {
    let path = dataFolder().appending(path: "amorphous-MgV2O5/\(file)").path()
    let whole = try StructureFile.read(path, format: .poscar).structure
    let magnesium = try #require(Element(symbol: "Mg"))
    let ions = whole.species.indices.filter { whole.species[$0].element == magnesium }
    let host = whole.selecting(whole.species.indices.filter { !ions.contains($0) })
    let sites = try InsertionSites(host, InsertionSpecification(ion: "Mg2+"))
    let found = sites.structure.positions.dropFirst(sites.hostCount)
    let distances = ions.map { ion in
      found.map { whole.lattice.distance($0, whole.positions[ion]) }.min() ?? .infinity
    }
    let near = distances.count { $0 <= 0.5 }
    #expect(Double(near) >= 0.9 * Double(ions.count), "\(near) of \(ions.count): \(distances)")
  }

  @Test("sites are filled to a composition, apart from each other")
  func filling() throws {
    let (host, _) = try spinel(keeping: ["16d", "32e"])
    let sites = try InsertionSites(host, InsertionSpecification(ion: "Mg2+"))
    let magnesium = try #require(Species("Mg2+"))
    let needed = try sites.count(
      of: magnesium.element, for: Composition(parsing: "Mg0.5Mn2O4"))
    #expect(needed == 4)
    let filled = try sites.filled(with: magnesium, count: needed, separation: 3)
    #expect("\(filled.composition)" == "Mg4Mn16O32")
    let inserted = filled.species.indices.filter { filled.species[$0] == magnesium }
    for i in inserted {
      for j in inserted where i < j {
        #expect(filled.lattice.distance(filled.positions[i], filled.positions[j]) >= 3)
      }
    }
    #expect(throws: InputError.self) { try sites.filled(with: magnesium, count: 1000) }
    #expect(throws: InputError.self) {
      try sites.count(of: magnesium.element, for: Composition(parsing: "Mg0.3Mn2O4"))
    }
    #expect(throws: InputError.self) {
      try sites.count(of: magnesium.element, for: Composition(parsing: "MgMn3O4"))
    }
  }

  @Test("what cannot be judged is refused with a reason")
  func badInput() throws {
    let (host, _) = try spinel(keeping: ["16d", "32e"])
    func message(_ structure: Structure, _ specification: InsertionSpecification) -> String {
      do {
        _ = try InsertionSites(structure, specification)
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(message(host, .init(ion: "Mg")).contains("needs a positive oxidation state"))
    #expect(message(host, .init(ion: "Cs+")).contains("no bond-valence parameters for Cs+ and O"))
    #expect(message(host, .init(ion: "?")).contains("is no ion"))
    #expect(message(host, .init(mergeTolerance: .nan)).contains("merging tolerance nan"))
    #expect(message(host.selecting([]), .init()).contains("has no atoms"))
    var lost = host
    lost.setPosition(Fractional(0, .infinity, 0), at: 2)
    #expect(message(lost, .init()).contains("the position of atom 3 is not a usable number"))
    let twice = host.selecting(Array(host.species.indices) + [3])
    #expect(message(twice, .init()).contains("are on the same point"))
  }
}
