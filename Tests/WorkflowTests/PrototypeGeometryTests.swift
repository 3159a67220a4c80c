import Building
import Crystal
import Foundation
import Testing
import Workflow

/// Lattice parameters and distances of the structure types against published numbers and closed forms.
@Suite struct PrototypeGeometryTests {
  private static func distance(_ name: String, _ site: String, _ other: String) throws -> Double {
    let crystal = try PrototypeLibraryTests.crystal(name)
    return try #require(crystal.row(of: site)?.shell(of: other)).distance
  }

  // Database entries and common refinements; the numbers stand in the source line of each file.
  @Test(
    "lattice parameters and free coordinates are those of the source",
    arguments: [
      ("rocksalt", ["a": 4.2112], [:]),  // COD 9008671
      ("antifluorite", ["a": 4.619], [:]),  // COD 9009059
      ("wurtzite", ["a": 3.2495, "c": 5.2069], ["u": 0.382]),  // COD 9008877; u as accepted
      ("fluorite", ["a": 5.46295], [:]),  // COD 9009005
      ("rutile", ["a": 4.59373, "c": 2.95812], ["u": 0.3053]),  // COD 9009083
      ("anatase", ["a": 3.785, "c": 9.514], ["z": 0.2066]),  // COD 9009086
      ("pyrolusite", ["a": 4.396, "c": 2.871], ["u": 0.302]),  // COD 9009081
      ("spinel-normal", ["a": 8.0836], ["u": 0.26171]),  // COD 9002044
      ("spinel-inverse", ["a": 8.44183], ["u": 0.2616]),  // COD 9001690
      ("corundum", ["a": 4.7589, "c": 12.991], ["z": 0.35216, "x": 0.30624]),
      ("mg-hcp", ["a": 3.20927, "c": 5.21033], [:]),  // COD 9008506
      ("li-bcc", ["a": 3.5093], [:]),  // COD 9008542
      (
        "v2o5-alpha", ["a": 11.544, "b": 3.571, "c": 4.383],
        ["x_V": 0.60123, "z_V": 0.1086, "x_O1": 0.4309, "x_O2": 0.6045, "z_O2": 0.4697]
      ),  // COD 9012221
      ("layered-o3", ["a": 2.8156, "c": 14.0542], ["z": 0.2397]),
    ] as [(String, [String: Double], [String: Double])])
  func numbers(name: String, lattice: [String: Double], parameters: [String: Double]) throws {
    let definition = try #require(PrototypeLibraryTests.library).file(named: name).definition
    #expect(definition.lattice == lattice)
    for (parameter, value) in parameters {
      #expect(definition.parameters.first { $0.name == parameter }?.value == value)
    }
    #expect(definition.status == .refined)
  }

  // Recalled from the primary literature that each file names: starting points, not test truth.
  @Test(
    "recalled cells stay as they are, and are called defaults",
    arguments: [
      ("lambda-mno2", ["a": 8.03]), ("spinel-tetragonal", ["a": 5.765, "c": 9.442]),
      ("li2moo3", ["a": 2.878, "c": 14.91]), ("tis2", ["a": 3.407, "c": 5.695]),
      ("mgsc2se4", ["a": 11.11]), ("chevrel", ["a": 9.20, "c": 10.88]),
      ("mgv2o5", ["a": 3.6913, "b": 9.971, "c": 11.0173]),
      ("v2o5-delta", ["a": 3.6913, "b": 9.971, "c": 11.0173]),
      ("mgcl2", ["a": 3.6363, "c": 17.6663]), ("mgf2", ["a": 4.6213, "c": 3.0519]),
      ("gaf3", ["a": 5.0, "c": 12.97]), ("thiospinel-ti2s4", ["a": 9.746]),
    ] as [(String, [String: Double])])
  func recalled(name: String, lattice: [String: Double]) throws {
    let definition = try #require(PrototypeLibraryTests.library).file(named: name).definition
    #expect(definition.lattice == lattice)
  }

  struct Distance: Sendable, CustomTestStringConvertible {
    let name: String
    let site: String
    let other: String
    let value: Double

    init(_ name: String, _ site: String, _ other: String, _ value: Double) {
      (self.name, self.site, self.other, self.value) = (name, site, other, value)
    }

    var testDescription: String { "\(name) \(site)-\(other)" }
  }

  private static let (root2, root3) = (2.0.squareRoot(), 3.0.squareRoot())

  /// The distance over the centre of a triangle of edge a to a plane at a height.
  private static func triangle(_ a: Double, _ height: Double) -> Double { hypot(a / root3, height) }

  /// Distances in closed form, from the numbers above and those of the files, Å.
  static let distances: [Distance] = [
    Distance("rocksalt", "4a", "4b", 4.2112 / 2), Distance("rocksalt", "4a", "4a", 4.2112 / root2),
    Distance("fluorite", "4a", "8c", 5.46295 * root3 / 4),
    Distance("antifluorite", "8c", "4a", 4.619 * root3 / 4),
    Distance("cscl", "1a", "1b", 4.123 * root3 / 2),
    Distance("zincblende", "4a", "4c", 5.4093 * root3 / 4),
    Distance("perovskite", "1b", "3c", 3.905 / 2),
    Distance("perovskite", "1a", "3c", 3.905 / root2),
    // Four at √(2 (½ − u)² a² + c²/4); the other two are at √2 u a.
    Distance("rutile", "2a", "4f", hypot(root2 * 0.1947 * 4.59373, 1.47906)),
    Distance("anatase", "4a", "8e", hypot(1.8925, 0.0434 * 9.514)),
    Distance("corundum", "12c", "18e", corundum),
    Distance("wurtzite", "2b_M", "2b_X", triangle(3.2495, 0.118 * 5.2069)),
    Distance("layered-o3", "3b", "6c", triangle(2.8156, (0.2397 - 1.0 / 6) * 14.0542)),
    Distance("layered-o3", "3a", "6c", triangle(2.8156, (1.0 / 3 - 0.2397) * 14.0542)),
    Distance("layered-o2", "2b_M", "2a_X1", triangle(2.8024, 0.108 * 9.536)),
    Distance("layered-p2", "2d", "4f", triangle(2.84, 0.1587 * 10.811)),
    Distance("layered-p2", "2d", "2b", 2.84 / root3),
    Distance("layered-p3", "3a_A1", "3a_X1", triangle(2.83, 0.1063 * 16.56)),
    Distance("layered-o1", "1a", "2d", triangle(3.455, 0.23 * 6.19)),
    Distance("layered-t1", "1a", "2d_X", triangle(3.095, 0.214 * 5.07)),
    Distance("tis2", "1a", "2d", triangle(3.407, 0.25 * 5.695)),
    Distance("mgcl2", "3a", "6c", triangle(3.6363, (1.0 / 3 - 0.2578) * 17.6663)),
    Distance("spinel-normal", "8a", "32e", 8.0836 * root3 * 0.13671),
    Distance("spinel-inverse", "16d", "32e", 8.44183 * octahedron(0.2616)),
    Distance("spinel-tetragonal", "4a", "16h", hypot(0.2777 * 5.765, 0.1342 * 9.442)),
    Distance("spinel-normal", "16d", "32e", 8.0836 * octahedron(0.26171)),
    Distance("spinel-normal", "8a", "8a", 8.0836 * root3 / 4),
    Distance("spinel-normal", "8a", "16c", 8.0836 * root3 / 8),
    Distance("spinel-normal", "8a", "16d", 8.0836 * 11.0.squareRoot() / 8),
    Distance("spinel-normal", "16c", "16d", 8.0836 * root2 / 4),
    Distance("spinel-defect", "8a", "32e", 8.346 * root3 * 0.1297),
    Distance("lambda-mno2", "16d", "32e", 8.03 * octahedron(0.2631)),
    Distance("mgsc2se4", "8a", "32e", 11.11 * root3 * 0.132),
    Distance("thiospinel-ti2s4", "16d", "32e", 9.746 * octahedron(0.253)),
    // The two apices of the octahedron, which are nearer than the other four.
    Distance("pyrolusite", "2a", "4f", root2 * 0.302 * 4.396),
    Distance("mgf2", "2a", "4f", root2 * 0.303 * 4.6213),
    Distance("gaf3", "6b", "18e", hypot(5 * plane(0.59 - 2.0 / 3, -1.0 / 3), 12.97 / 12)),
    Distance("li2moo3", "3b", "6c", triangle(2.878, (0.248 - 1.0 / 6) * 14.91)),
    Distance("rocksalt-disordered", "4a", "4b", 4.143 / 2),
    Distance("v2o5-alpha", "4f_V", "4f_O2", hypot(0.00327 * 11.544, 0.3611 * 4.383)),
    Distance("v2o5-alpha", "4f_V", "2b_O3", hypot(0.14877 * 11.544, 0.1078 * 4.383)),
    Distance("olivine", "4c_P", "4c_O1", hypot(0.00192 * 10.329, 0.32459 * 4.6908)),
    Distance("hollandite", "8h_M", "8h_O1", 9.7847 * hypot(0.1965, 0.013)),
    Distance("mg-hcp", "2c", "2c", triangle(3.20927, 2.605165)),
    Distance("zn-hcp", "2c", "2c", 2.6649), Distance("li-bcc", "2a", "2a", 3.5093 * root3 / 2),
  ]

  /// √(3u² − 2u + 3/8), the distance 16d-32e in a spinel in units of the edge.
  private static func octahedron(_ u: Double) -> Double { (3 * u * u - 2 * u + 0.375).squareRoot() }

  /// Corundum: in-plane offset (⅓ − x, −⅓) on hexagonal axes, height (5/12 − z) c.
  private static var corundum: Double {
    hypot(4.7589 * plane(1.0 / 3 - 0.30624, -1.0 / 3), (5.0 / 12 - 0.35216) * 12.991)
  }

  /// The length of (p, q) on hexagonal axes in units of the edge.
  private static func plane(_ p: Double, _ q: Double) -> Double {
    (p * p + q * q - p * q).squareRoot()
  }

  @Test("distances follow the closed forms", arguments: distances)
  func closedForms(expected: Distance) throws {
    let found = try PrototypeGeometryTests.distance(expected.name, expected.site, expected.other)
    #expect(abs(found - expected.value) < 1e-6, "\(found) \(expected.value)")
  }

  @Test(
    "coordination of cations, the long bonds of Jahn-Teller ions included",
    arguments: [
      ("rutile", "2a", 6), ("anatase", "4a", 6), ("corundum", "12c", 6), ("wurtzite", "2b_M", 4),
      ("spinel-tetragonal", "8d", 6), ("spinel-tetragonal", "8c", 6), ("v2o5-alpha", "4f_V", 5),
      ("mgv2o5", "4c_A", 6), ("postspinel", "4c_A", 8), ("olivine", "4c_P", 4),
      ("nasicon", "6b_A1", 6), ("chevrel", "18f_inner", 4), ("chevrel", "18f_Mo", 5),
      ("gacl3", "2i_Ga", 4), ("layered-p2", "2b", 6), ("layered-t1", "2d_A", 4),
      ("gamma-mno2", "2a_M1", 6), ("gamma-mno2", "4i_M2", 6), ("perovskite", "1a", 12),
      ("mg-hcp", "2c", 12), ("li-bcc", "2a", 8), ("cscl", "1a", 8),
    ])
  func coordination(name: String, site: String, number: Int) throws {
    let row = try PrototypeLibraryTests.crystal(name).row(of: site)
    #expect(row?.coordinationNumber == number)
  }

  @Test("the Jahn-Teller ratio is 1 in the cubic spinel, and the cell then is one")
  func jahnTeller() throws {
    var specification = PrototypeBuildSpecification(prototype: "spinel-tetragonal")
    let ratio = try #require(specification.build().definition.ratios.first)
    // 9.442 / (√2 5.765)
    #expect(abs(try #require(ratio.value(["a": 5.765, "c": 9.442])) - 1.15811) < 1e-6)
    specification.parameters = ["jahn_teller": 1.2]
    let build = try specification.build()
    #expect(abs((build.definition.lattice["c"] ?? 0) - 1.2 * 2.0.squareRoot() * 5.765) < 1e-9)
    // The cubic oxygen u has y = 1 − 2u and z = u in the tetragonal axes.
    specification.parameters = ["jahn_teller": 1, "y": 0.475, "z": 0.2625]
    #expect {
      try specification.build()
    } throws: {
      "\($0)".contains("Fd-3m, expected I4_1/amd")
    }
  }

  @Test("gamma-MnO2 has chains of single and of double width, as its two parents")
  func gamma() throws {
    let crystal = try PrototypeLibraryTests.crystal("gamma-mno2")
    // Octahedra share edges along the chains, and across them in double chains only.
    let (single, double) = (crystal.row(of: "2a_M1"), crystal.row(of: "4i_M2"))
    #expect(abs((single?.shell(of: "2a_M1")?.distance ?? 0) - 2.868) < 1e-6)
    #expect((single?.shell(of: "4i_M2")?.distance ?? 0) > 3.4)
    #expect(abs((double?.shell(of: "4i_M2")?.distance ?? 0) - 2.777) < 2e-3)
    let ramsdellite = try PrototypeLibraryTests.crystal("ramsdellite").row(of: "4c_M")
    #expect(abs((ramsdellite?.shell(of: "4c_M")?.distance ?? 0) - 2.777) < 0.15)
    for row in [single, double] {
      for shell in row?.coordination ?? [] { #expect((1.89...1.91).contains(shell.distance)) }
    }
    // Two of three Mn are in double chains: the volume is that of the mixture.
    func volume(_ name: String, _ units: Double) throws -> Double {
      try PrototypeLibraryTests.crystal(name).unitCell.lattice.volume / units
    }
    let mixture = try (volume("pyrolusite", 2) + 2 * volume("ramsdellite", 4)) / 3
    #expect(abs(try volume("gamma-mno2", 6) / mixture - 1) < 0.01)
  }

  @Test("Chevrel phases have clusters of six Mo, with an inner ring and outer sites")
  func chevrel() throws {
    let crystal = try PrototypeLibraryTests.crystal("chevrel")
    let molybdenum = try #require(crystal.row(of: "18f_Mo"))
    #expect(abs((molybdenum.shell(of: "18f_Mo")?.distance ?? 0) - 2.69) < 0.01)
    let inner = try #require(crystal.row(of: "18f_inner"))
    let outer = try #require(crystal.row(of: "18f_outer"))
    // The ring of inner sites is about 1 Å across neighbours; only one of six can be filled.
    #expect((inner.shell(of: "18f_inner")?.distance ?? 9) < 1.5)
    #expect((outer.shell(of: "18f_Mo")?.distance ?? 0) > 2.7)
  }
}
