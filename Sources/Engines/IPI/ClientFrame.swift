internal import Crystal
internal import Energetics

/// How the atoms of a configuration are given to a client: in its order, and in its orientation.
///
/// A client knows the species of its atoms from its own start, and cannot be told others. So the k-th
/// atom of an element goes to the k-th place of that element.
///
/// The cell is turned so that a lies along x and b in the xy plane: LAMMPS cannot take another one, and
/// would take the wrong cell without a word. Left-handed vectors become -a, -b, -c, the same lattice.
struct ClientFrame {
  /// The elements in the order of the client.
  let elements: [Element]

  /// Whether cells are turned.
  let turns: Bool

  /// The composition, `Mg4O4`.
  let composition: String

  /// A frame for a client that was started with these atoms.
  ///
  /// - Parameters:
  ///   - start: The atoms as the client knows them.
  ///   - turns: Whether cells are turned.
  init(_ start: Configuration, turns: Bool) {
    elements = start.species.map(\.element)
    self.turns = turns
    composition = ClientFrame.composition(start)
  }

  /// A configuration as a client gets it, and how its answer is turned back.
  struct Sent {
    /// The cell, Å.
    let lattice: Lattice
    /// Positions in the order of the client, Å.
    let positions: [SIMD3<Double>]
    /// The atom on each place of the client.
    let atoms: [Int]
    /// The axes of the client; nil for those of the configuration.
    let axes: LowerTriangularFrame?

    /// The answer of a client for the atoms as they were given.
    func restored(_ answer: Evaluation) -> Evaluation {
      var result = Evaluation.zero(atoms.count)
      result.energy = answer.energy
      for (place, atom) in atoms.enumerated() {
        let force = answer.forces[place]
        result.forces[atom] = axes?.back(force) ?? force
      }
      result.strainDerivative =
        axes?.back(tensor: answer.strainDerivative) ?? answer.strainDerivative
      return result
    }
  }

  /// A configuration as the clients get it.
  ///
  /// - Throws: ``EngineError`` for other atoms than those the clients were started with.
  func sent(_ configuration: Configuration) throws(EngineError) -> Sent {
    var atomsOfElement: [Element: [Int]] = [:]
    for (atom, species) in configuration.species.enumerated() {
      atomsOfElement[species.element, default: []].append(atom)
    }
    var next: [Element: Int] = [:]
    var atoms: [Int] = []
    for element in elements {
      let k = next[element, default: 0]
      next[element] = k + 1
      guard let list = atomsOfElement[element], k < list.count else {
        throw mismatch(configuration)
      }
      atoms.append(list[k])
    }
    guard atoms.count == configuration.species.count else { throw mismatch(configuration) }

    let given = configuration.lattice
    let positions = atoms.map { configuration.positions[$0] }
    guard turns, !given.isLowerTriangular else {
      return Sent(lattice: given, positions: positions, atoms: atoms, axes: nil)
    }
    let lattice: Lattice
    do {
      lattice = try given.lowerTriangular()
    } catch {
      throw .unsuitable("\(error)")
    }
    let axes = LowerTriangularFrame(given)
    return Sent(
      lattice: lattice, positions: positions.map(axes.turned), atoms: atoms, axes: axes)
  }

  private func mismatch(_ configuration: Configuration) -> EngineError {
    .composition(found: ClientFrame.composition(configuration), expected: composition)
  }

  private static func composition(_ configuration: Configuration) -> String {
    var counts: [Element: Int] = [:]
    for species in configuration.species { counts[species.element, default: 0] += 1 }
    return counts.sorted { $0.key < $1.key }.map { "\($0.key)\($0.value)" }.joined()
  }
}
