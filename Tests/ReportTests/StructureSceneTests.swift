import CellgenTestSupport
import Crystal
import Foundation
import Testing

@testable import Report

@Suite struct StructureSceneTests {
  private func rocksalt(_ shift: Double) throws -> Structure {
    let corners: [SIMD3<Double>] = [
      .zero, SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0),
    ]
    let places = corners + corners.map { $0 + SIMD3(0.5, 0, 0) }
    return Structure(
      lattice: try .cubic(4.2),
      species: [Species](repeating: Species(Element.all[11]), count: 4)
        + [Species](repeating: Species(.oxygen), count: 4),
      positions: places.map { Fractional($0 + SIMD3(repeating: shift)) })
  }

  @Test("atoms on faces, edges and corners are drawn on all of them, others once")
  func images() throws {
    let whole = try #require(StructureScene(rocksalt(0)))
    // 14 of the element on the corners, 13 of the other, as in every textbook.
    #expect(whole.atoms.count { $0.kind == 1 } == 14 && whole.atoms.count { $0.kind == 0 } == 13)
    #expect(whole.kinds.map(\.element.symbol) == ["O", "Mg"])
    let inside = try #require(StructureScene(rocksalt(0.1)))
    #expect(inside.atoms.count == 8 && inside.edges.count == 12)
    // The same atoms a whole cell and a rounding error away.
    let moved = try #require(StructureScene(rocksalt(-3 - 1e-9)))
    #expect(moved.atoms.count == 27)
    let farthest = whole.atoms.map { length($0.place) }.max()
    #expect(abs(whole.radius - 2.1 * 3.0.squareRoot()) < 1e-9 && farthest == whole.radius)
  }

  @Test("edges join the corners of a skewed cell around its middle")
  func edges() throws {
    let structure = Structure(
      lattice: skewedLattice, species: [Species(.oxygen), .vacancy],
      positions: [Fractional(0.2, 0.3, 0.4), Fractional(0.5, 0.5, 0.5)])
    let scene = try #require(StructureScene(structure))
    #expect(scene.atoms.count == 1)
    let sum = scene.edges.reduce(SIMD3<Double>.zero) { $0 + $1.0 + $1.1 }
    #expect(length(sum) < 1e-9)
    let lengths = scene.edges.map { length($0.1 - $0.0) }
    for (axis, expected) in [skewedLattice.a, skewedLattice.b, skewedLattice.c].enumerated() {
      #expect(lengths.count { abs($0 - length(expected)) < 1e-9 } == 4, "axis \(axis)")
    }
  }

  @Test("nothing and too much are not drawn")
  func limits() throws {
    let lattice = try Lattice.cubic(40)
    func structure(_ count: Int) -> Structure {
      Structure(
        lattice: lattice, species: [Species](repeating: Species(.oxygen), count: count),
        positions: (0..<count).map { Fractional(0.1 + 1e-4 * Double($0), 0.5, 0.5) })
    }
    #expect(StructureScene(structure(0)) == nil)
    #expect(StructureScene(structure(StructureScene.mostAtoms)) != nil)
    #expect(StructureScene(structure(StructureScene.mostAtoms + 1)) == nil)
  }

  @Test("a page with a structure is well-formed, lets its one script run, and loads nothing")
  func page() throws {
    let scene = try #require(StructureScene(rocksalt(0)))
    let caption = RichText(plain: "<b>\"MgO\"</b> & more")
    let report = HTMLReport(
      title: "x", parts: [.structure(scene, caption: caption), .structure(scene, caption: caption)])
    let html = report.html()
    let (elements, _) = expectXML(html)
    #expect(elements["script"] == 1 && elements["canvas"] == 2 && elements["b"] == nil)
    #expect(html.contains("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-"))
    #expect(!html.contains("src=") && !html.contains("href=") && !html.contains("onload"))
    for word in ["fetch", "XMLHttp", "import", "eval", "innerHTML", "http:", "https:"] {
      #expect(!StructureScript.text.contains(word), "\(word)")
    }
    try expectGolden(scene.data + "\n", "scene.txt", in: dataFolder())
  }
}
