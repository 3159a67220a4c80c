import Testing

@Suite struct ThermodynamicsTests {}
