internal import Crystal

/// Pairs of atoms that are nearer than atoms come, periodic images included.
struct CloseAtoms {
  /// A pair with its distance.
  struct Pair: Hashable {
    /// Atoms, `first` ≤ `second`; the same for an atom and its own image.
    let first: Int
    let second: Int
    /// Å.
    let distance: Double
    /// Distance divided by the sum of the covalent radii.
    let ratio: Double
  }

  /// The pair with the smallest ratio, nil if no atoms are close.
  private(set) var closest: Pair?

  /// Number of pairs below the limit.
  private(set) var count = 0

  /// Finds pairs below a fraction of the sum of their covalent radii.
  ///
  /// - Parameters:
  ///   - structure: The atoms.
  ///   - limit: The fraction.
  /// - Complexity: O(atoms) for atoms that are spread over the cell.
  init(_ structure: Structure, limit: Double) {
    let lattice = structure.lattice
    let radii = structure.species.map { $0.element.covalentRadius ?? 0 }
    let reach = 2 * limit * (radii.max() ?? 0)
    guard reach > 0 else { return }

    // Bins at least as wide as the reach where the cell is wide enough; thin cells look at more images.
    let spacings = lattice.planeSpacings
    var shape = SIMD3(repeating: 1)
    var span = SIMD3(repeating: 1)
    let largest = max(1, Int(Double(structure.count).squareRoot()))
    for axis in 0..<3 {
      shape[axis] = max(1, min(largest, Int(min(1e6, spacings[axis] / reach))))
      let width = spacings[axis] / Double(shape[axis])
      span[axis] = max(1, Int(min(1e3, (reach / width).rounded(.up))))
    }
    func index(_ bin: SIMD3<Int>) -> Int { (bin.x * shape.y + bin.y) * shape.z + bin.z }

    let positions = structure.positions.map { $0.wrapped.components }
    var bins = [[Int32]](repeating: [], count: shape.x * shape.y * shape.z)
    let binOfAtom = positions.map { position in
      var bin = SIMD3<Int>()
      for axis in 0..<3 {
        bin[axis] = min(shape[axis] - 1, max(0, Int(position[axis] * Double(shape[axis]))))
      }
      return bin
    }
    for (atom, bin) in binOfAtom.enumerated() { bins[index(bin)].append(Int32(atom)) }

    for atom in 0..<structure.count where radii[atom] > 0 {
      for x in -span.x...span.x {
        for y in -span.y...span.y {
          for z in -span.z...span.z {
            let target = binOfAtom[atom] &+ SIMD3(x, y, z)
            var (bin, shift) = (SIMD3<Int>(), SIMD3<Double>())
            for axis in 0..<3 {
              let turns = floorQuotient(target[axis], shape[axis])
              bin[axis] = target[axis] - turns * shape[axis]
              shift[axis] = Double(turns)
            }
            for other in bins[index(bin)] {
              let other = Int(other)
              // Every pair once: an atom meets its own image on one side only.
              guard other > atom || other == atom && isPositive(shift) else { continue }
              let step = positions[other] + shift - positions[atom]
              let distance = length(lattice.cartesian(Fractional(step)).components)
              let sum = radii[atom] + radii[other]
              guard radii[other] > 0, distance < limit * sum else { continue }
              count += 1
              let ratio = distance / sum
              if ratio < closest?.ratio ?? .infinity {
                closest = Pair(first: atom, second: other, distance: distance, ratio: ratio)
              }
            }
          }
        }
      }
    }
  }
}

/// n / d rounded down.
private func floorQuotient(_ n: Int, _ d: Int) -> Int { n >= 0 ? n / d : -((-n + d - 1) / d) }

private func isPositive(_ shift: SIMD3<Double>) -> Bool {
  if shift.x != 0 { return shift.x > 0 }
  return shift.y != 0 ? shift.y > 0 : shift.z > 0
}
