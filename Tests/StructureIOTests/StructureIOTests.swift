import Testing

@Suite struct StructureIOTests {}
