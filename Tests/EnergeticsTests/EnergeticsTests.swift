import Testing

@Suite struct EnergeticsTests {}
