public import Crystal

/// A structure as the rotating view of a report draws it.
public struct StructureScene: Sendable {
  /// The most atoms that are drawn.
  public static let mostAtoms = 5000

  /// Elements in the order of the legend, with their colours and radii, Å.
  let kinds: [(element: Element, colour: String, radius: Double)]

  /// Kind and place of each atom from the middle of the cell, Å.
  let atoms: [(kind: Int, place: SIMD3<Double>)]

  /// Ends of the edges of the cell from its middle, Å.
  let edges: [(SIMD3<Double>, SIMD3<Double>)]

  /// Distance of the farthest corner or atom from the middle, Å.
  let radius: Double

  /// A scene of all atoms inside one cell; those on its faces are drawn on the opposite faces too.
  ///
  /// Empty sites are left out. Nil for a structure without atoms, or with more than ``mostAtoms``.
  ///
  /// - Parameter structure: What to draw.
  public init?(_ structure: Structure) {
    let sites = structure.species.indices.filter { !structure.species[$0].isVacancy }
    guard !sites.isEmpty, sites.count <= StructureScene.mostAtoms else { return nil }
    let lattice = structure.lattice
    let elements = Set(sites.map { structure.species[$0].element }).sorted()
    let colours = Palette.colours(of: elements)
    kinds = elements.map { element in
      // Covalent radii, scaled so that bonds stay visible between the spheres.
      (element, colours[element] ?? Palette.grey, 0.45 * (element.covalentRadius ?? 1.2))
    }
    func place(_ f: SIMD3<Double>) -> SIMD3<Double> {
      lattice.cartesian(Fractional(f - SIMD3(repeating: 0.5))).components
    }
    var atoms: [(kind: Int, place: SIMD3<Double>)] = []
    for site in sites {
      let kind = elements.firstIndex(of: structure.species[site].element) ?? 0
      var f = structure.positions[site].wrapped.components
      var images: [SIMD3<Double>] = [.zero]
      for axis in 0..<3 {
        // A site a rounding error below a face lies on it.
        if f[axis] > 1 - StructureScene.onFace { f[axis] = 0 }
        guard f[axis] < StructureScene.onFace else { continue }
        var step = SIMD3<Double>.zero
        step[axis] = 1
        images += images.map { $0 + step }
      }
      atoms += images.map { (kind, place(f + $0)) }
    }
    self.atoms = atoms
    let corners = (0..<8).map { SIMD3(Double($0 & 1), Double($0 >> 1 & 1), Double($0 >> 2)) }
    edges = corners.flatMap { corner in
      (0..<3).filter { corner[$0] == 0 }.map { axis in
        var end = corner
        end[axis] = 1
        return (place(corner), place(end))
      }
    }
    radius = (corners.map(place) + atoms.map(\.place)).map(length).max() ?? 1
  }

  /// Fractional distance from a face within which an atom counts as on it.
  private static let onFace = 1e-6

  /// The numbers that the script reads: kinds, atoms and edges separated by `;`, numbers by spaces.
  var data: String {
    func text(_ value: Double) -> String {
      let text = coordinate(value)
      return text == "-0" ? "0" : text
    }
    func vector(_ v: SIMD3<Double>) -> String { "\(text(v.x)) \(text(v.y)) \(text(v.z))" }
    let kinds = kinds.map { "\($0.colour) \(text($0.radius))" }.joined(separator: " ")
    let atoms = atoms.map { "\($0.kind) \(vector($0.place))" }.joined(separator: " ")
    let edges = edges.map { "\(vector($0.0)) \(vector($0.1))" }.joined(separator: " ")
    return "\(text(radius));\(kinds);\(atoms);\(edges)"
  }

  /// The view with its legend.
  ///
  /// - Parameter caption: What it shows.
  /// - Returns: Elements of XHTML.
  func html(caption: RichText) -> String {
    let legend = kinds.map {
      "<span class=\"kind\"><svg width=\"14\" height=\"14\" aria-hidden=\"true\">"
        + "<circle cx=\"7\" cy=\"7\" r=\"6\" fill=\"\($0.colour)\" stroke=\"#222222\"/></svg> "
        + "\($0.element.symbol)</span>"
    }
    return """
      <figure class="structure">
      <canvas class="structure" width="640" height="480" tabindex="0" role="img" \
      aria-label="\(xmlEscaped(caption.plain)): turn with the arrow keys, zoom with + and −" \
      data-scene="\(data)">The structure is drawn by a script of this page.</canvas>
      <p class="legend">\(legend.joined(separator: " ")) <span class="hint">drag or arrow keys: turn; \
      + and −: zoom; 0: back</span></p>
      <figcaption>\(caption.html)</figcaption>
      </figure>

      """
  }
}
