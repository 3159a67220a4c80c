import Building
import Foundation
import Testing

@Suite struct SpinelSpecificationTests {
  @Test("keys that are absent keep their defaults, and what is written is read back")
  func codable() throws {
    let json = #"{"origin": 1, "A": "Mg", "B": "Mn2.5+", "inversion": 0.25, "extra_sites": ["8b"]}"#
    let read = try JSONDecoder().decode(SpinelSpecification.self, from: Data(json.utf8))
    #expect(read.originChoice == 1)
    #expect(read.a == 8.5 && read.u == nil)
    #expect(read.speciesA == "Mg" && read.speciesB == "Mn2.5+" && read.anion == "O")
    let again = try JSONDecoder().decode(
      SpinelSpecification.self, from: JSONEncoder().encode(read))
    #expect(again == read)
    #expect(throws: (any Error).self) {
      try JSONDecoder().decode(SpinelSpecification.self, from: Data(#"{"a": "x"}"#.utf8))
    }
  }
}
