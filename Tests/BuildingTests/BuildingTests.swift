import Testing

@Suite struct BuildingTests {}
