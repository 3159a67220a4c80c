public import Crystal

/// One calculation in a database of ASE, in its units: Å, eV.
public struct ASERow: Hashable, Sendable {
  /// Name of the row: its key `name` or `id`, otherwise its number.
  public var id: String

  /// Atomic numbers, n entries.
  public var numbers: [Int]

  /// Cartesian positions, Å, 3 n numbers.
  public var positions: [Double]

  /// Lattice vectors, Å, nine numbers, row by row.
  public var cell: [Double]

  /// eV.
  public var energy: Double?

  /// eV/Å, 3 n numbers.
  public var forces: [Double]?

  /// xx, yy, zz, yz, xz, xy of (1/V) ∂E/∂ε, eV/Å³.
  public var stress: [Double]?

  /// μB, n entries.
  public var moments: [Double]?

  /// Name of the calculator, such as `vasp`.
  public var calculator: String?

  /// A row without results.
  public init(id: String, numbers: [Int], positions: [Double], cell: [Double]) {
    self.id = id
    self.numbers = numbers
    self.positions = positions
    self.cell = cell
  }

  /// The row as a result: finished if it has an energy, since ASE records no convergence.
  ///
  /// - Parameter file: The database, for messages.
  /// - Returns: The result.
  /// - Throws: ``InputError`` if the numbers do not make a structure.
  public func result(file: String) throws(InputError) -> CalculationResult {
    let place = "\(file): row \(id)"
    let count = numbers.count
    let elements = numbers.compactMap { Element(atomicNumber: $0) }
    guard count > 0, elements.count == count, positions.count == 3 * count, cell.count == 9 else {
      throw InputError("numbers, positions and cell do not fit each other", at: place)
    }
    func vectors(_ values: [Double]) -> [SIMD3<Double>] {
      stride(from: 0, to: values.count, by: 3).map {
        SIMD3(values[$0], values[$0 + 1], values[$0 + 2])
      }
    }
    let rows = vectors(cell)
    let lattice: Lattice
    do {
      lattice = try Lattice(a: rows[0], b: rows[1], c: rows[2])
    } catch {
      throw InputError(
        "\(error)", at: place, hint: "only crystals, with three lattice vectors, are read")
    }
    var result = CalculationResult(
      file: file, state: energy == nil ? .failed("the row has no energy") : .finished)
    result.id = id
    result.energy = energy
    result.structure = Structure(
      lattice: lattice, species: elements.map { Species($0) },
      positions: vectors(positions).map { lattice.fractional(Cartesian($0)) })
    if let forces, forces.count == 3 * count { result.forces = vectors(forces) }
    if let s = stress, s.count == 6 {
      result.stress = [SIMD3(s[0], s[5], s[4]), SIMD3(s[5], s[1], s[3]), SIMD3(s[4], s[3], s[2])]
    }
    if let moments, moments.count == count { result.moments = moments }
    let codes: [String: SimulationCode] = [
      "vasp": .vasp, "espresso": .qe, "cp2k": .cp2k, "abinit": .abinit, "lammpsrun": .lammps,
      "lammpslib": .lammps, "lammps": .lammps,
    ]
    if let calculator, calculator != "unknown" {
      if let code = codes[calculator] {
        result.settings.code = code
      } else {
        result.settings.functional = calculator
      }
    }
    return result
  }
}
