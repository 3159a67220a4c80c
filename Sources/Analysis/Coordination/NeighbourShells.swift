public import Crystal

/// The nearest neighbours of every atom: within cutoffs that depend on the elements, or across large faces of
/// its Voronoi cell.
public struct NeighbourShells: Sendable {
  /// An image of an atom beside another atom.
  public struct Neighbour: Hashable, Sendable {
    /// Index of the atom.
    public var atom: Int
    /// The cell of the image, counted from that of the first atom when both are wrapped into the cell.
    public var cell: SIMD3<Int32>
    /// From the first atom to the image, Å.
    public var vector: SIMD3<Double>
    /// Length of ``vector``, Å.
    public var distance: Double
  }

  /// The elements of the atoms.
  public let atoms: [Element]

  /// The neighbours of each atom, nearest first.
  public let neighbours: [[Neighbour]]

  /// A distance up to which atoms of two elements are neighbours.
  public struct Cutoff: Hashable, Codable, Sendable {
    /// One element.
    public var first: String
    /// The other, or the same.
    public var second: String
    /// Å.
    public var distance: Double

    /// A cutoff.
    public init(_ first: String, _ second: String, _ distance: Double) {
      self.first = first
      self.second = second
      self.distance = distance
    }
  }

  /// Finds the neighbours within cutoffs; pairs without a cutoff are no neighbours.
  ///
  /// - Parameters:
  ///   - lattice: The cell, of any shape and size.
  ///   - positions: Any images.
  ///   - atoms: What they are.
  ///   - cutoffs: At most one for each pair of elements.
  public init(
    _ lattice: Lattice, positions: [Fractional], atoms: [Element], cutoffs: [Cutoff]
  ) {
    self.atoms = atoms
    let elements = Set(atoms).sorted()
    var limits = [Double](repeating: -1, count: elements.count * elements.count)
    for cutoff in cutoffs {
      guard let a = elements.firstIndex(where: { $0.symbol == cutoff.first }),
        let b = elements.firstIndex(where: { $0.symbol == cutoff.second })
      else { continue }
      limits[a * elements.count + b] = cutoff.distance
      limits[b * elements.count + a] = cutoff.distance
    }
    let numbers = Dictionary(uniqueKeysWithValues: zip(elements, elements.indices))
    let kinds = atoms.map { numbers[$0] ?? 0 }
    guard let largest = limits.max(), largest > 0 else {
      neighbours = atoms.map { _ in [] }
      return
    }
    let grid = NeighbourGrid(lattice: lattice, positions: positions, radius: largest)
    let wrapped = positions.map { $0.wrapped.components }
    neighbours = positions.indices.map { i in
      var found: [Neighbour] = []
      let row = kinds[i] * elements.count
      grid.forEach(near: positions[i], within: largest) { other in
        guard other.distance <= limits[row + kinds[other.index]],
          other.index != i || other.distance > 0
        else { return }
        found.append(
          NeighbourShells.neighbour(
            other.index, other.vector, from: wrapped[i], to: wrapped[other.index], lattice))
      }
      return found.sorted { ($0.distance, $0.atom) < ($1.distance, $1.atom) }
    }
  }

  static func neighbour(
    _ atom: Int, _ vector: SIMD3<Double>, from start: SIMD3<Double>, to end: SIMD3<Double>,
    _ lattice: Lattice
  ) -> Neighbour {
    let step = lattice.fractional(Cartesian(vector)).components
    let cell = (start + step - end).rounded(.toNearestOrEven)
    return Neighbour(
      atom: atom, cell: SIMD3<Int32>(truncatingIfNeeded: SIMD3<Int>(cell)), vector: vector,
      distance: length(vector))
  }

  init(atoms: [Element], neighbours: [[Neighbour]]) {
    self.atoms = atoms
    self.neighbours = neighbours
  }

  /// Neighbours of an atom that are of an element.
  public func neighbours(of atom: Int, _ element: Element) -> [Neighbour] {
    neighbours[atom].filter { atoms[$0.atom] == element }
  }
}
