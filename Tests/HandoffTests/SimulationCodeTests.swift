import Handoff
import Testing

@Suite struct SimulationCodeTests {
  @Test func `every code has files of its own`() {
    let files = SimulationCode.allCases.flatMap { [$0.inputFile, $0.printedFile] }
    #expect(Set(files).count == files.count)
  }
}
