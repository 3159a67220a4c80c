import Testing

@Suite struct SymmetryTests {}
