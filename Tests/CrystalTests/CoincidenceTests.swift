import Crystal
import Testing

struct CoincidenceTests {
  private func pair(_ second: Fractional, _ species: String) throws -> Structure {
    Structure(
      lattice: try .cubic(4),
      species: [try #require(Species("Mg")), try #require(Species(species))],
      positions: [Fractional(0, 0.5, 0.25), second])
  }

  @Test("atoms listed twice are found, in any image and next to the border of the cell")
  func found() throws {
    for second in [
      Fractional(0, 0.5, 0.25), Fractional(1, -0.5, 3.25), Fractional(0.999_999, 0.5, 0.25),
    ] {
      let found = try #require(try pair(second, "O").coincidence)
      #expect(found.first == 0 && found.second == 1)
    }
  }

  @Test("neighbours and empty sites are no coincidence")
  func none() throws {
    #expect(try pair(Fractional(0.02, 0.5, 0.25), "O").coincidence == nil)
    #expect(try pair(Fractional(0, 0.5, 0.25), "Va").coincidence == nil)
  }
}
