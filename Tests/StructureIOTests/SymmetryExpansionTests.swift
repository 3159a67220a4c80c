import CellgenTestSupport
import Crystal
import Testing

@testable import StructureIO

@Suite struct SymmetryExpansionTests {
  private func cif(_ symmetry: String, _ sites: String, cell: String = "8 8 8 90 90 90") -> String {
    let names = ["length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma"]
    let cell = zip(names, cell.split(separator: " ")).map { "_cell_\($0) \($1)" }
    return """
      data_x
      \(cell.joined(separator: "\n"))
      \(symmetry)
      loop_
      _atom_site_label
      _atom_site_fract_x
      _atom_site_fract_y
      _atom_site_fract_z
      \(sites)

      """
  }

  private let name = "_space_group_name_H-M_alt"

  @Test(
    "ways to name a space group give the cell that they should",
    arguments: [
      ("'F d -3 m :2'", "Mg 0.125 0.125 0.125", 8), ("'F d -3 m :1'", "Mg 0.125 0.125 0.125", 16),
      ("'Fd-3m:2'", "Mg 0.5 0.5 0.5", 16), ("'F d -3 m S'", "Mg 0 0 0", 8),
      ("'F m -3 m'", "Mg 0 0 0", 4), ("P1", "Mg 0 0 0", 1), ("'P -1'", "Mg 0.1 0.2 0.3", 2),
      ("'C 2/m'", "Mg 0.1 0.2 0.3", 8), ("Pnma", "Mg 0.1 0.2 0.3", 8),
      ("'P b n m'", "Mg 0.1 0.25 0.3", 8), ("'I a -3 d'", "Mg 0.1 0.2 0.3", 96),
      ("'F d -3 m :2'", "Mg 0.11 0.23 0.37", 192),
    ])
  func names(symbol: String, site: String, count: Int) throws {
    #expect(try CIF.read(cif("\(name) \(symbol)", site)).structure.count == count)
  }

  @Test("axes of a rhombohedral group follow the cell")
  func rhombohedral() throws {
    let hexagonal = cif("\(name) 'R -3 m'", "Li 0 0 0", cell: "2.8 2.8 14 90 90 120")
    #expect(try CIF.read(hexagonal).structure.count == 3)
    let primitive = cif("\(name) 'R -3 m'", "Li 0 0 0", cell: "5 5 5 33 33 33")
    #expect(try CIF.read(primitive).structure.count == 1)
    let number = cif("_space_group_IT_number 166", "Li 0 0 0", cell: "5 5 5 33 33 33")
    #expect(try CIF.read(number).structure.count == 1)
  }

  @Test("operations come before the name, and a disagreement is told")
  func operationsFirst() throws {
    let operations = "loop_\n_space_group_symop_operation_xyz\nx,y,z\n'-x, -y, -z'\n"
    let agreed = try CIF.read(cif("\(name) 'P -1'\n\(operations)", "Mg 0.1 0.2 0.3"))
    #expect(agreed.structure.count == 2)
    #expect(agreed.warnings.isEmpty)
    let other = try CIF.read(cif("\(name) 'F d -3 m'\n\(operations)", "Mg 0.1 0.2 0.3"))
    #expect(other.structure.count == 2)
    #expect(other.warnings.count == 1)
    // Also when the origin is the other one.
    let group = try #require(
      TabulatedGroup(name: "F d -3 m:1", lattice: try Lattice.cubic(8)))
    let triplets = group.operations.map { triplet($0) }.joined(separator: "\n")
    let first = "loop_\n_symmetry_equiv_pos_as_xyz\n\(triplets)\n"
    #expect(try CIF.read(cif("\(name) 'F d -3 m :2'\n\(first)", "Mg 0 0 0")).warnings.count == 1)
    let plain = try CIF.read(cif("\(name) 'F d -3 m'\n\(first)", "Mg 0 0 0"))
    #expect(plain.structure.count == 8)
    #expect(plain.warnings.isEmpty)
  }

  private func triplet(_ operation: SymmetryOperation) -> String {
    [operation.x, operation.y, operation.z].enumerated().map { i, row in
      let parts = ["x", "y", "z"].enumerated().map {
        row[$0] == 0 ? "" : "\(row[$0] < 0 ? "-" : "+")\($1)"
      }
      return parts.joined() + "+\(operation.translation[i])/24"
    }.joined(separator: ",")
  }

  @Test("operations with decimals are read, impossible ones refused")
  func operationText() {
    #expect(SymmetryOperation("x+0.5,-y+.25,z") == SymmetryOperation("x+1/2, 1/4-y, Z"))
    #expect(SymmetryOperation("x+0.3333,y-0.3333,z") == SymmetryOperation("x+1/3,y+2/3,z"))
    for text in [
      "", "x,y", "x,y,z,t", "x,x,z", "2x,y,z", "x+0.123,y,z", "x,y,99999999999999999999",
      "x,y,z+1/0", "x,y,z/", "x,y,z+", "\"", "x,y,z\u{E9}", String(repeating: "x+", count: 60),
    ] {
      #expect(SymmetryOperation(text) == nil, "\(text)")
    }
  }

  @Test("a site near a special position keeps its images, and one within the tolerance does not")
  func tolerance() throws {
    let near = cif("\(name) 'P -1'", "Mg 0.01 0 0")
    #expect(try CIF.read(near).structure.count == 2)
    let within = cif("\(name) 'P -1'", "Mg 0.001 0 0")
    let reading = try CIF.read(within)
    #expect(reading.structure.positions == [Fractional(0, 0, 0)])
    #expect(try CIF.read(within, mergeTolerance: 0.001).structure.count == 2)
  }

  @Test(
    "every image of every site is found, and no image twice", arguments: 0..<20 as Range<UInt64>)
  func orbits(seed: UInt64) throws {
    var random = RandomNumbers(state: seed)
    let names = ["F d -3 m:2", "P 63/m m c", "I 41/a m d:2", "R -3 m:H", "P n m a", "C 1 2/m 1"]
    let lattice = try Lattice(
      lengths: SIMD3(6, 6, 9),
      anglesDegrees: SIMD3(90, 90, seed % 6 == 1 || seed % 6 == 3 ? 120 : 90))
    let group = try #require(TabulatedGroup(name: names[Int(seed % 6)], lattice: lattice))
    let site = SIMD3(random.real(), random.real(), random.real())
    let expansion = SiteExpansion(
      site, operations: group.operations, lattice: lattice, tolerance: 0.05)
    #expect(expansion.isConsistent)
    let firsts = Coincidences(expansion.images, lattice: lattice, tolerance: 0.05).firstOfAtom
    #expect(firsts == Array(expansion.images.indices))
    for operation in group.operations {
      let image = operation.apply(expansion.images[0])
      #expect(
        expansion.images.contains { lattice.distance(Fractional($0), Fractional(image)) < 1e-9 })
    }
  }

  @Test(
    "the search for atoms on one point finds what comparing all pairs finds",
    arguments: 0..<20 as Range<UInt64>)
  func coincidences(seed: UInt64) throws {
    var random = RandomNumbers(state: seed)
    let lattice = seed.isMultiple(of: 2) ? skewedLattice : try Lattice.cubic(0.6)
    var points: [SIMD3<Double>] = []
    for n in 0..<200 {
      if n.isMultiple(of: 3), let last = points.randomElement(with: &random) {
        let shift = SIMD3((random.real() * 3).rounded(.down), -1, 2)
        points.append(last + shift + SIMD3(random.real(), random.real(), random.real()) * 1e-3)
      } else {
        points.append(SIMD3(random.real(), random.real(), random.real() * 1e-3) * 2 - 1)
      }
    }
    let tolerance = 0.02
    var naive = Array(points.indices)
    for n in points.indices {
      for m in 0..<n where naive[m] == m {
        if lattice.distance(Fractional(points[m]), Fractional(points[n])) < tolerance {
          naive[n] = m
          break
        }
      }
    }
    let fast = Coincidences(points, lattice: lattice, tolerance: tolerance).firstOfAtom
    // Where several atoms are near enough, either may be named; who is first on a point may not differ.
    #expect(fast.indices.filter { fast[$0] == $0 } == naive.indices.filter { naive[$0] == $0 })
    for n in fast.indices {
      #expect(lattice.distance(Fractional(points[fast[n]]), Fractional(points[n])) < tolerance)
    }
  }
}

extension Array {
  fileprivate func randomElement(with random: inout RandomNumbers) -> Element? {
    isEmpty ? nil : self[Int(random.next() % UInt64(count))]
  }
}
