internal import CGSL

/// Switches off the handler of GSL that would end the process; status codes are checked instead.
private let handlerIsOff: Bool = {
  _ = unsafe gsl_set_error_handler_off()
  return true
}()

/// Linear equations with a fixed number of unknowns, solved by GSL with the same scratch memory.
///
/// A square system is solved by LU decomposition, one with more equations than unknowns in the
/// least-squares sense by QR decomposition.
@safe struct LinearSystem: ~Copyable {
  /// Number of equations.
  let rowCount: Int

  /// Number of unknowns.
  let columnCount: Int

  /// Coefficients, row after row.
  var coefficients: [Double]

  /// Right-hand side.
  var right: [Double]

  private let matrix: UnsafeMutablePointer<gsl_matrix>
  private let vector: UnsafeMutablePointer<gsl_vector>
  private let unknowns: UnsafeMutablePointer<gsl_vector>
  private let rest: UnsafeMutablePointer<gsl_vector>
  private let scales: UnsafeMutablePointer<gsl_vector>
  private let permutation: UnsafeMutablePointer<gsl_permutation>

  /// A system of zeros.
  ///
  /// - Precondition: 1 ≤ `columns` ≤ `rows`, and memory for them.
  init(rows: Int, columns: Int) {
    precondition(columns >= 1 && rows >= columns, "there must be an equation for each unknown")
    precondition(handlerIsOff)
    rowCount = rows
    columnCount = columns
    coefficients = [Double](repeating: 0, count: rows * columns)
    right = [Double](repeating: 0, count: rows)
    guard let matrix = unsafe gsl_matrix_alloc(rows, columns),
      let vector = unsafe gsl_vector_alloc(rows), let unknowns = unsafe gsl_vector_alloc(columns),
      let rest = unsafe gsl_vector_alloc(rows), let scales = unsafe gsl_vector_alloc(columns),
      let permutation = unsafe gsl_permutation_alloc(columns)
    else { preconditionFailure("no memory for \(rows) × \(columns) equations") }
    unsafe self.matrix = matrix
    unsafe self.vector = vector
    unsafe self.unknowns = unknowns
    unsafe self.rest = rest
    unsafe self.scales = scales
    unsafe self.permutation = permutation
  }

  deinit {
    unsafe gsl_matrix_free(matrix)
    unsafe gsl_vector_free(vector)
    unsafe gsl_vector_free(unknowns)
    unsafe gsl_vector_free(rest)
    unsafe gsl_vector_free(scales)
    unsafe gsl_permutation_free(permutation)
  }

  /// The unknowns, and the length of what no choice of them can explain.
  ///
  /// - Returns: nil if the equations do not determine the unknowns.
  func solve() -> (unknowns: [Double], residual: Double)? {
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        unsafe gsl_matrix_set(matrix, row, column, coefficients[row * columnCount + column])
      }
      unsafe gsl_vector_set(vector, row, right[row])
    }
    guard rowCount == columnCount ? decomposeSquare() : decomposeTall() else { return nil }
    let values = (0..<columnCount).map { unsafe gsl_vector_get(unknowns, $0) }
    guard values.allSatisfy(\.isFinite) else { return nil }
    var squares = 0.0
    for row in 0..<rowCount {
      var difference = right[row]
      for column in 0..<columnCount {
        difference -= coefficients[row * columnCount + column] * values[column]
      }
      squares += difference * difference
    }
    return (values, squares.squareRoot())
  }

  private func decomposeSquare() -> Bool {
    var sign: Int32 = 0
    return unsafe gsl_linalg_LU_decomp(matrix, permutation, &sign) == 0
      && gsl_linalg_LU_solve(matrix, permutation, vector, unknowns) == 0
  }

  private func decomposeTall() -> Bool {
    unsafe gsl_linalg_QR_decomp(matrix, scales) == 0
      && gsl_linalg_QR_lssolve(matrix, scales, vector, unknowns, rest) == 0
  }
}
